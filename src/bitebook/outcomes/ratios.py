"""Risk ratio and odds ratio of two arms, with their logarithmic intervals."""

from __future__ import annotations

import math

from bitebook import validate
from bitebook.outcomes import checks
from bitebook.outcomes.results import Ratio


def risk_ratio(
    *,
    events_treated: int,
    n_treated: int,
    events_control: int,
    n_control: int,
    confidence: float = 0.95,
    continuity_correction: float = 0.0,
) -> Ratio:
    r"""Risk ratio, treated over control, with the logarithmic interval of Katz and colleagues.

    .. math:: \ln RR \pm z\sqrt{1/a - 1/n_1 + 1/b - 1/n_2}

    Parameters
    ----------
    events_treated, events_control
        Patients with the event, a and b: whole numbers from 0 to the arm's size.
    n_treated, n_control
        Patients in each arm, whole numbers from 1 to 10 million.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.
    continuity_correction
        Added to each of the four cells, from 0 to 1; 0.5 is usual when an arm has no event.

    Returns
    -------
    Ratio
        The ratio and its limits (dimensionless).

    Raises
    ------
    ValueError
        If counts are impossible, or an arm has no event and no correction was asked for.

    Notes
    -----
    With few events the interval is very wide: that is missing evidence, not evidence of no effect. The formula is that
    of Katz and colleagues (Biometrics 1978).

    Examples
    --------
    >>> print(risk_ratio(events_treated=17, n_treated=54, events_control=31, n_control=54))
    0.55 (95% CI 0.35 to 0.86)
    """
    a, b, c, d = _cells(events_treated, n_treated, events_control, n_control, continuity_correction)
    level = checks.confidence_level(confidence)
    if a == 0 or c == 0:
        raise ValueError(_no_events("risk ratio", events_treated, n_treated, events_control, n_control))
    # Non-events over events times patients is 1/a - 1/n without the cancellation.
    variance = b / (a * (a + b)) + d / (c * (c + d))
    if variance == 0:
        raise ValueError(
            "every patient of both arms had the event, so the risk ratio has no standard error "
            f"({_said(events_treated, n_treated, events_control, n_control)}); report the difference"
        )
    return _log_ratio("risk ratio", math.log(a / (a + b)) - math.log(c / (c + d)), variance, level, "Katz log")


def odds_ratio(
    *,
    events_treated: int,
    n_treated: int,
    events_control: int,
    n_control: int,
    confidence: float = 0.95,
    continuity_correction: float = 0.0,
) -> Ratio:
    r"""Odds ratio, treated over control, with Woolf's logarithmic interval.

    .. math:: \ln OR \pm z\sqrt{1/a + 1/b + 1/c + 1/d}

    Parameters
    ----------
    events_treated, events_control
        Patients with the event, whole numbers from 0 to the arm's size.
    n_treated, n_control
        Patients in each arm, whole numbers from 1 to 10 million.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.
    continuity_correction
        Added to each of the four cells, from 0 to 1; 0.5 is usual when a cell is empty.

    Returns
    -------
    Ratio
        The ratio and its limits (dimensionless).

    Raises
    ------
    ValueError
        If counts are impossible, or one of the four cells is empty and no correction was asked for.

    Notes
    -----
    Do not read it as a risk ratio: with common events it lies further from 1. The formula is Woolf's
    (Annals of Human Genetics 1955).

    Examples
    --------
    >>> print(odds_ratio(events_treated=17, n_treated=54, events_control=31, n_control=54))
    0.34 (95% CI 0.16 to 0.75)
    """
    a, b, c, d = _cells(events_treated, n_treated, events_control, n_control, continuity_correction)
    level = checks.confidence_level(confidence)
    if 0 in (a, b, c, d):
        raise ValueError(_no_events("odds ratio", events_treated, n_treated, events_control, n_control))
    variance = math.fsum((1 / a, 1 / b, 1 / c, 1 / d))
    return _log_ratio("odds ratio", math.log(a / b) - math.log(c / d), variance, level, "Woolf log")


def _cells(
    events_treated: int, n_treated: int, events_control: int, n_control: int, correction: float
) -> tuple[float, float, float, float]:
    """Return events and non-events of both arms, each with the continuity correction."""
    x1, n1 = checks.counts("events_treated", events_treated, "n_treated", n_treated)
    x2, n2 = checks.counts("events_control", events_control, "n_control", n_control)
    add = validate.number("continuity_correction", correction, unit="patients", low=0, high=1)
    if 0 < add < 0.01:
        raise ValueError(f"continuity_correction must be 0 or from 0.01 to 1 patients, got {add:g}")
    return x1 + add, n1 - x1 + add, x2 + add, n2 - x2 + add


def _log_ratio(measure: str, log_estimate: float, variance: float, confidence: float, method: str) -> Ratio:
    half = checks.z_for(confidence) * math.sqrt(variance)
    return Ratio(
        measure=measure,
        estimate=math.exp(log_estimate),
        low=math.exp(log_estimate - half),
        high=math.exp(log_estimate + half),
        confidence=confidence,
        method=method,
    )


def _no_events(measure: str, *counts: int) -> str:
    return (
        f"a cell without patients gives no {measure} ({_said(*counts)}); report the difference with "
        "absolute_difference, or pass continuity_correction=0.5 and say so"
    )


def _said(events_treated: int, n_treated: int, events_control: int, n_control: int) -> str:
    """Return counts that were checked before, by the names of their arguments."""
    treated = f"events_treated={int(events_treated)} of n_treated={int(n_treated)}"
    return f"{treated}, events_control={int(events_control)} of n_control={int(n_control)}"
