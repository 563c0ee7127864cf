"""What a published hazard ratio and its interval imply: P value, interval, and survival."""

from __future__ import annotations

import math
from itertools import product
from statistics import NormalDist

from bitebook import validate
from bitebook.outcomes import checks
from bitebook.outcomes.results import PValue, Ratio

#: Half of it is still a float, so that its normal deviate exists.
SMALLEST_P = 1e-300


def p_from_hazard_ratio(
    *, hazard_ratio: float, ci_low: float, ci_high: float, sides: int, confidence: float = 0.95
) -> PValue:
    r"""Recover the P value that a published hazard ratio and its interval imply.

    With :math:`z = \ln(HR) / SE` and :math:`SE = (\ln U - \ln L) / (2 \times 1.96)`, the one-sided P value in favor of
    treatment is :math:`\Phi(z)` and the two-sided one :math:`2\Phi(-|z|)`.

    Parameters
    ----------
    hazard_ratio, ci_low, ci_high
        Treatment over control with its two-sided interval; dimensionless, from 1e-6 to 1e6,
        ``ci_low <= hazard_ratio <= ci_high``.
    sides
        1 (benefit of treatment, as pre-specified in AALL1331) or 2.
    confidence
        Level of the printed interval, a fraction from 0.5 to 0.9999.

    Returns
    -------
    PValue
        The implied value and its number of sides.

    Raises
    ------
    ValueError
        If a number is out of range, the interval does not hold the estimate, has no width, or lies so unevenly about it
        on the log scale (by more than half its half-width) that a digit must be wrong.

    Notes
    -----
    An approximation: a log-rank test and a Cox interval need not agree, least of all in small trials. Use it to check
    whether a printed P value is possible, not to replace it. Works for risk and odds ratios too.

    References
    ----------
    altman2011 : interval to P value; hogan2023 and brown2021jama : the examples.

    Examples
    --------
    The review prints P = 0.89 for disease-free survival in low-risk AALL1331. Its hazard ratio says otherwise:

    >>> print(p_from_hazard_ratio(hazard_ratio=0.76, ci_low=0.51, ci_high=1.14, sides=1))
    P = 0.091 (one-sided)

    In the high-risk stratum an interval that holds 1 and a one-sided P below 0.05 describe the same data:

    >>> print(p_from_hazard_ratio(hazard_ratio=0.70, ci_low=0.47, ci_high=1.03, sides=2))
    P = 0.075 (two-sided)
    """
    ratio, low, high = checks.ratio_interval(hazard_ratio, ci_low, ci_high)
    return _p(ratio, low, high, checks.sides_of(sides), checks.z_for(checks.confidence_level(confidence)))


def p_range_from_printed(
    *, hazard_ratio: float, ci_low: float, ci_high: float, sides: int, decimals: int = 2
) -> tuple[PValue, PValue]:
    """Smallest and largest P value that fit a hazard ratio and 95% interval printed with few decimals.

    Every printed number stands for all that round to it; the P value is computed at the corners of that box.

    Parameters
    ----------
    hazard_ratio, ci_low, ci_high
        As printed; dimensionless, from 1e-6 to 1e6, ``ci_low <= hazard_ratio <= ci_high``.
    sides
        1 or 2.
    decimals
        Printed decimals, a whole number from 1 to 6.

    Returns
    -------
    tuple of PValue
        Smallest and largest; a printed P value outside them cannot come from the same analysis.

    Raises
    ------
    ValueError
        As :func:`p_from_hazard_ratio`, or if rounding could hide a ratio of zero (print more decimals).

    Notes
    -----
    Rounding is not the only reason for a mismatch: a log-rank P value differs from a Cox interval by more than this.

    References
    ----------
    altman2011

    Examples
    --------
    >>> low, high = p_range_from_printed(hazard_ratio=0.76, ci_low=0.51, ci_high=1.14, sides=1)
    >>> f"{low.value:.3f} to {high.value:.3f}"
    '0.082 to 0.100'
    """
    printed = checks.ratio_interval(hazard_ratio, ci_low, ci_high)
    half = 0.5 * 10.0 ** -validate.whole("decimals", decimals, unit="decimals", low=1, high=6)
    side_count = checks.sides_of(sides)
    if printed[1] - half <= 0:
        raise ValueError(f"ci_low={printed[1]:g} printed with this rounding could be zero; more decimals are needed")
    z_level = checks.z_for(0.95)
    boxes = [(value - half, value + half) for value in printed]
    if boxes[1][1] >= boxes[2][0]:
        raise ValueError(
            f"ci_low={printed[1]:g} and ci_high={printed[2]:g} could be the same number before rounding; "
            "more decimals are needed"
        )
    values = [_p(ratio, low, high, side_count, z_level).value for ratio, low, high in product(*boxes)]
    if side_count == 2 and boxes[0][0] <= 1 <= boxes[0][1]:
        values.append(1.0)  # a ratio of 1 lies inside the box, not at a corner
    return PValue(value=min(values), sides=side_count), PValue(value=max(values), sides=side_count)


def hazard_ratio_from_p(*, hazard_ratio: float, p_value: float, sides: int, confidence: float = 0.95) -> Ratio:
    r"""Give a hazard ratio that was printed with a P value alone its implied interval.

    With z the normal deviate of the P value, :math:`SE = |\ln HR| / |z|` and the interval is
    :math:`\exp(\ln HR \pm 1.96\,SE)`.

    Parameters
    ----------
    hazard_ratio
        Treatment over control, dimensionless, from 1e-6 to 1e6, not 1.
    p_value
        As printed, above 0 and below 1; a one-sided value must point the way the ratio does.
    sides
        1 or 2, as the source states; a guess here changes the interval.
    confidence
        Level of the interval wanted, a fraction from 0.5 to 0.9999.

    Returns
    -------
    Ratio
        The hazard ratio with the implied interval.

    Raises
    ------
    ValueError
        If the ratio is 1 (any interval fits), the P value shows no effect, or points the other way.

    Notes
    -----
    Not for "P < 0.001": use the number, not the bound. The interval is only as good as the printed digits, and wide of
    the mark for a P value near 1.

    References
    ----------
    altman2011 : the inverse; the companion note of the same authors (BMJ 2011;343:d2090) gives this direction.

    Examples
    --------
    >>> print(hazard_ratio_from_p(hazard_ratio=0.30, p_value=0.034, sides=2))
    0.30 (95% CI 0.10 to 0.91)
    """
    ratio = checks.ratio("hazard_ratio", hazard_ratio)
    p = checks.inner_fraction("p_value", p_value)
    if p < SMALLEST_P:
        raise ValueError(f"p_value must be a number from {SMALLEST_P:g} to below 1, got {p:g}: no source prints less")
    side_count = checks.sides_of(sides)
    level = checks.confidence_level(confidence)
    # One-sided tests are against "treatment is no better": below 0.5 the ratio must be below 1.
    z = NormalDist().inv_cdf(p if side_count == 1 else p / 2)
    log_ratio = math.log(ratio)
    if log_ratio == 0 or abs(z) < 1e-6:
        raise ValueError(
            f"hazard_ratio={ratio:g} with p_value={p:g} fixes no standard error: a ratio of 1 or no effect "
            "fits any interval; look for the printed interval"
        )
    if side_count == 1 and (z < 0) != (log_ratio < 0):
        raise ValueError(f"a one-sided p_value={p:g} cannot belong to hazard_ratio={ratio:g}; are the arms swapped?")
    half = checks.z_for(level) * abs(log_ratio / z)
    if abs(log_ratio) + half > 700:
        raise ValueError(f"p_value={p:g} says nothing about hazard_ratio={ratio:g}: the interval has no usable limits")
    return Ratio(
        measure="hazard ratio",
        estimate=ratio,
        low=math.exp(log_ratio - half),
        high=math.exp(log_ratio + half),
        confidence=level,
        method="from the P value",
    )


def survival_from_hazard_ratio(*, control_survival: float, hazard_ratio: float) -> float:
    r"""Survival with treatment if hazards are proportional.

    .. math:: S_1(t) = S_0(t)^{HR}

    Parameters
    ----------
    control_survival
        Survival of the control arm at the time, a fraction from 0 to 1.
    hazard_ratio
        Treatment over control, dimensionless, from 1e-6 to 1e6.

    Returns
    -------
    float
        Survival with treatment at the same time, a fraction.

    Raises
    ------
    ValueError
        If a number is out of range (a percentage, for instance).

    Notes
    -----
    Not when the curves cross or the benefit fades: compare with the survival that the trial printed.

    References
    ----------
    altman1999nnt

    Examples
    --------
    AALL1331, higher-risk first relapse (brown2021jama): 39.0% and HR 0.70 give 51.7%; the trial reports 54.4%.

    >>> round(100 * survival_from_hazard_ratio(control_survival=0.390, hazard_ratio=0.70), 1)
    51.7
    """
    survival = checks.fraction("control_survival", control_survival)
    ratio = checks.ratio("hazard_ratio", hazard_ratio)
    return float(survival**ratio)


def _p(ratio: float, low: float, high: float, sides: int, z_level: float) -> PValue:
    z = math.log(ratio) * 2 * z_level / (math.log(high) - math.log(low))
    p = checks.lower_tail(z) if sides == 1 else min(1.0, 2 * checks.lower_tail(-abs(z)))
    return PValue(value=p, sides=sides)
