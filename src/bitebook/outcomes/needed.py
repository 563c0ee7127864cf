"""Number needed to treat: from counts, from survival at a time, from a hazard ratio; none where its sign is open."""

from __future__ import annotations

from bitebook import validate
from bitebook.outcomes import checks
from bitebook.outcomes.difference import absolute_difference, survival_difference
from bitebook.outcomes.results import Difference, NumberNeeded

#: More patients than there are people: below it a difference is rounding, and its reciprocal would be endless.
SMALLEST_DIFFERENCE = 1e-10


def number_needed_to_treat(
    *,
    events_treated: int,
    n_treated: int,
    events_control: int,
    n_control: int,
    event_is: str = "undesired",
    confidence: float = 0.95,
) -> NumberNeeded:
    r"""Patients to treat so that one more is better off, from counts.

    .. math:: NNT = 1 / |p_1 - p_2|

    with limits that are the reciprocals of the limits of the difference.

    Parameters
    ----------
    events_treated, events_control
        Patients with the event, whole numbers from 0 to the arm's size.
    n_treated, n_control
        Patients in each arm, whole numbers from 1 to 10 million.
    event_is
        ``"undesired"`` (relapse, death) or ``"desired"`` (remission, MRD response).
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.

    Returns
    -------
    NumberNeeded
        Patients and limits; all ``None``, with the reason, where the interval of the difference includes zero.

    Raises
    ------
    ValueError
        If a count is impossible, a word is not known, or the level is out of range.

    Notes
    -----
    Belongs to the follow-up and the baseline risk of its trial. Where the difference may be zero the number would jump
    through infinity to harm; the book then shows the difference alone.

    References
    ----------
    altman1998nnt : the limits; newcombe1998 : the interval of the difference.

    Examples
    --------
    >>> print(number_needed_to_treat(events_treated=17, n_treated=54, events_control=31, n_control=54))
    4 (95% CI 3 to 14) to benefit one
    """
    difference = absolute_difference(
        events_treated=events_treated,
        n_treated=n_treated,
        events_control=events_control,
        n_control=n_control,
        confidence=confidence,
    )
    return nnt_from_difference(difference=difference, event_is=event_is)


def nnt_from_survival(
    *,
    survival_treated: float,
    standard_error_treated: float,
    survival_control: float,
    standard_error_control: float,
    confidence: float = 0.95,
) -> NumberNeeded:
    """Patients to treat for one more survivor at a chosen time, from two survival estimates.

    The reciprocal of the difference in survival, with the interval of that difference.

    Parameters
    ----------
    survival_treated, survival_control
        Survival at the same time, fractions from 0 to 1.
    standard_error_treated, standard_error_control
        Their standard errors, fractions above 0, up to 0.5.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.

    Returns
    -------
    NumberNeeded
        Patients and limits, or none with the reason.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    True for that time only: name it with the number.

    References
    ----------
    altman1999nnt

    Examples
    --------
    Low-risk first relapse in AALL1331 (hogan2023), disease-free survival at four years:

    >>> print(nnt_from_survival(survival_treated=0.612, standard_error_treated=0.050,
    ...                         survival_control=0.495, standard_error_control=0.052))
    no NNT: the 95% CI of the difference, −2.4 to 25.8 percentage points, includes zero
    """
    difference = survival_difference(
        survival_treated=survival_treated,
        standard_error_treated=standard_error_treated,
        survival_control=survival_control,
        standard_error_control=standard_error_control,
        confidence=confidence,
    )
    return nnt_from_difference(difference=difference, event_is="desired")


def nnt_from_hazard_ratio(
    *, control_survival: float, hazard_ratio: float, ci_low: float, ci_high: float, confidence: float = 0.95
) -> NumberNeeded:
    r"""Patients to treat for one more survivor at a chosen time, from control survival and a hazard ratio.

    .. math:: NNT = 1 / (S_0^{HR} - S_0)

    Parameters
    ----------
    control_survival
        Survival of the control arm at the time, a fraction above 0 and below 1.
    hazard_ratio, ci_low, ci_high
        Treatment over control with its two-sided interval; dimensionless, from 1e-6 to 1e6.
    confidence
        Level of the printed interval, a fraction from 0.5 to 0.9999; only repeated in the result.

    Returns
    -------
    NumberNeeded
        Patients and limits, or none with the reason.

    Raises
    ------
    ValueError
        If a number is out of range or the interval does not fit the ratio.

    Notes
    -----
    Needs proportional hazards and takes control survival as known, so the interval is too narrow.

    References
    ----------
    altman1999nnt

    Examples
    --------
    AALL1331, higher-risk first relapse (brown2021jama): overall survival 58.4% and HR 0.62 (0.39 to 0.98):

    >>> print(nnt_from_hazard_ratio(control_survival=0.584, hazard_ratio=0.62, ci_low=0.39, ci_high=0.98))
    8 (95% CI 5 to 159) to benefit one
    """
    survival = checks.inner_fraction("control_survival", control_survival)
    level = checks.confidence_level(confidence)
    ratio, low, high = checks.ratio_interval(hazard_ratio, ci_low, ci_high)
    treated, best, worst = (float(survival**x) for x in (ratio, low, high))
    difference = Difference(
        estimate=treated - survival,
        low=worst - survival,
        high=best - survival,
        confidence=level,
        treated=treated,
        control=survival,
        method="proportional hazards, control survival taken as known",
    )
    return nnt_from_difference(difference=difference, event_is="desired")


def nnt_from_difference(*, difference: Difference, event_is: str) -> NumberNeeded:
    """Turn a difference with its interval into patients.

    Parameters
    ----------
    difference
        Treated minus control, from :func:`absolute_difference` or :func:`survival_difference` (fractions).
    event_is
        ``"undesired"`` if fewer is better, ``"desired"`` if more is better.

    Returns
    -------
    NumberNeeded
        Patients and limits, or none with the reason.

    Raises
    ------
    ValueError
        If `difference` is not a :class:`Difference` or the word is not known.

    References
    ----------
    altman1998nnt

    Examples
    --------
    >>> from bitebook.outcomes import absolute_difference
    >>> mrd = absolute_difference(events_treated=79, n_treated=105, events_control=33, n_control=103)
    >>> print(nnt_from_difference(difference=mrd, event_is="desired"))
    3 (95% CI 2 to 4) to benefit one
    """
    if not isinstance(difference, Difference):
        raise ValueError(
            f"difference must be a Difference such as absolute_difference returns, got {validate.picture(difference)}"
        )
    word = validate.choice("event_is", event_is, allowed=("undesired", "desired"))
    if difference.includes_zero:
        limits = difference.interval_text.replace("CI ", "CI of the difference, ", 1)
        reason = f"the {limits} percentage points, includes zero"
        return NumberNeeded(value=None, low=None, high=None, direction="open", benefit=difference, reason=reason)
    if min(abs(difference.low), abs(difference.estimate), abs(difference.high)) < SMALLEST_DIFFERENCE:
        reason = "the difference, or a limit of it, is too small to be told from zero"
        return NumberNeeded(value=None, low=None, high=None, direction="open", benefit=difference, reason=reason)
    more = difference.estimate > 0
    # The limit further from zero is the smaller number of patients.
    sizes = sorted((abs(difference.low), abs(difference.high)), reverse=True)
    return NumberNeeded(
        value=1 / abs(difference.estimate),
        low=1 / sizes[0],
        high=1 / sizes[1],
        direction="benefit" if more == (word == "desired") else "harm",
        benefit=difference,
        reason="the interval of the difference excludes zero",
    )
