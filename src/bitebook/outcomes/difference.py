"""Treated minus control: two proportions (Newcombe), or two survival estimates with standard errors."""

from __future__ import annotations

import math

from bitebook.outcomes import checks
from bitebook.outcomes.proportions import wilson_interval
from bitebook.outcomes.results import Difference, PValue


def absolute_difference(
    *, events_treated: int, n_treated: int, events_control: int, n_control: int, confidence: float = 0.95
) -> Difference:
    r"""Difference of two independent proportions with Newcombe's hybrid score interval (his method 10).

    .. math:: d - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2} \quad\text{to}\quad d + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}

    where :math:`l_i` and :math:`u_i` are the Wilson limits of each arm.

    Parameters
    ----------
    events_treated, events_control
        Patients with the event, whole numbers from 0 to the arm's size.
    n_treated, n_control
        Patients in each arm, whole numbers from 1 to 10 million.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.

    Returns
    -------
    Difference
        Treated minus control, as fractions.

    Raises
    ------
    ValueError
        If a count is not whole, events exceed patients, or the level is out of range.

    Notes
    -----
    Crude: it ignores when events happened and who was censored. For Kaplan-Meier estimates use
    :func:`survival_difference`. Not for paired data.

    References
    ----------
    newcombe1998 : method 10; wilson1927 : the limits of each arm.

    Examples
    --------
    Event-free survival events in the European phase III trial (locatelli2021), 17 of 54 against 31 of 54:

    >>> print(absolute_difference(events_treated=17, n_treated=54, events_control=31, n_control=54))
    −25.9 percentage points (95% CI −42.3 to −7.2)
    """
    counts_1 = checks.counts("events_treated", events_treated, "n_treated", n_treated)
    counts_2 = checks.counts("events_control", events_control, "n_control", n_control)
    level = checks.confidence_level(confidence)
    one = wilson_interval(events=counts_1[0], n=counts_1[1], confidence=level)
    two = wilson_interval(events=counts_2[0], n=counts_2[1], confidence=level)
    # One division: equal proportions give exactly zero (0.8 - 0.6 would not even give 0.2).
    d = (counts_1[0] * counts_2[1] - counts_2[0] * counts_1[1]) / (counts_1[1] * counts_2[1])
    below = math.hypot(one.estimate - one.low, two.high - two.estimate)
    above = math.hypot(one.high - one.estimate, two.estimate - two.low)
    return Difference(
        estimate=d,
        low=max(-1.0, d - below),
        high=min(1.0, d + above),
        confidence=level,
        treated=one.estimate,
        control=two.estimate,
        method="Newcombe hybrid score",
    )


def survival_difference(
    *,
    survival_treated: float,
    standard_error_treated: float,
    survival_control: float,
    standard_error_control: float,
    confidence: float = 0.95,
    sides: int = 2,
) -> Difference:
    r"""Difference of two survival estimates at one time, from their standard errors.

    .. math:: (S_1 - S_2) \pm z\sqrt{SE_1^2 + SE_2^2}, \qquad z_{test} = (S_1 - S_2)/\sqrt{SE_1^2 + SE_2^2}

    Parameters
    ----------
    survival_treated, survival_control
        Survival at the same time, fractions from 0 to 1.
    standard_error_treated, standard_error_control
        Their standard errors, fractions above 0, up to 0.5.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.
    sides
        2, or 1 for a P value against "treatment is no better".

    Returns
    -------
    Difference
        Treated minus control as fractions (positive: more alive with treatment), z, and the P value.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Compares the curves at one time; a log-rank test or hazard ratio compares them over all time and may disagree.
    The arms must be independent.

    References
    ----------
    altman1999nnt

    Examples
    --------
    Low-risk first relapse in AALL1331 (hogan2023), disease-free survival at four years:

    >>> d = survival_difference(survival_treated=0.612, standard_error_treated=0.050,
    ...                         survival_control=0.495, standard_error_control=0.052)
    >>> print(d, d.p_value, sep="; ")
    11.7 percentage points (95% CI −2.4 to 25.8); P = 0.105 (two-sided)
    """
    s1 = checks.fraction("survival_treated", survival_treated)
    s2 = checks.fraction("survival_control", survival_control)
    se1 = checks.standard_error("standard_error_treated", standard_error_treated)
    se2 = checks.standard_error("standard_error_control", standard_error_control)
    level = checks.confidence_level(confidence)
    side_count = checks.sides_of(sides)
    se = math.hypot(se1, se2)
    d = s1 - s2
    # A standard error near the smallest float would push z to infinity; no P value changes beyond 1e6.
    z = max(-1e6, min(1e6, d / se))
    p = checks.lower_tail(-z) if side_count == 1 else min(1.0, 2 * checks.lower_tail(-abs(z)))
    half = checks.z_for(level) * se
    return Difference(
        estimate=d,
        low=max(-1.0, d - half),
        high=min(1.0, d + half),
        confidence=level,
        treated=s1,
        control=s2,
        method="normal, standard errors of both arms",
        z=z,
        p_value=PValue(value=p, sides=side_count),
    )
