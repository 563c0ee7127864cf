"""One count, two denominators: why 9.8% and 34.2% can both be true."""

from __future__ import annotations

from bitebook import validate
from bitebook.outcomes import checks
from bitebook.outcomes.results import RelapseShare, TwoDenominators


def relapse_share(*, percent_of_treated: float, percent_of_relapses: float) -> RelapseShare:
    """Relapse rate implied by one kind of relapse given as a share of all treated and as a share of relapses.

    All treated with any relapse = (kind of relapse / all treated) / (kind of relapse / relapses).

    Parameters
    ----------
    percent_of_treated
        This kind of relapse in percent of all treated, above 0, up to 100.
    percent_of_relapses
        The same patients in percent of those who relapsed, from `percent_of_treated` to 100.

    Returns
    -------
    RelapseShare
        Both percentages and the implied percentage of all treated who relapsed.

    Raises
    ------
    ValueError
        If a percentage is out of range or the share of relapses is the smaller one (then more than all would relapse).

    Notes
    -----
    Only when both percentages count the same patients at the same time.

    References
    ----------
    badar2020 : the example, as reported in the review.

    Examples
    --------
    >>> print(relapse_share(percent_of_treated=9.8, percent_of_relapses=34.2))
    9.8% of all treated is 34.2% of relapses; 28.7% relapsed
    """
    treated = validate.number("percent_of_treated", percent_of_treated, unit="percent", low=0, high=100, low_open=True)
    relapses = validate.number(
        "percent_of_relapses", percent_of_relapses, unit="percent", low=0, high=100, low_open=True
    )
    if relapses < treated:
        raise ValueError(
            f"percent_of_relapses={relapses:g} must be at least percent_of_treated={treated:g} percent: "
            "those who relapsed are some of those treated; are the two swapped?"
        )
    return RelapseShare(
        percent_of_treated=treated, percent_of_relapses=relapses, relapse_percent=min(100.0, 100 * treated / relapses)
    )


def two_denominators(*, events: int, n_subgroup: int, n_all: int) -> TwoDenominators:
    """Express the same patients as a share of a subgroup and of everyone.

    Parameters
    ----------
    events
        Patients with the event, a whole number from 0 to `n_subgroup`.
    n_subgroup
        Patients in whom the source counted it (those in remission, for instance), from 1 to `n_all`.
    n_all
        Everyone who started, a whole number from 1 to 10 million.

    Returns
    -------
    TwoDenominators
        Both percentages.

    Raises
    ------
    ValueError
        If a count is impossible.

    Notes
    -----
    The share of everyone assumes that nobody outside the subgroup had the event.

    References
    ----------
    locatelli2020 : the example.

    Examples
    --------
    MRD response in RIALTO, of those in complete remission and of all:

    >>> print(two_denominators(events=46, n_subgroup=58, n_all=98))
    79.3% (46/58) of the subgroup, 46.9% (46/98) of all
    """
    everyone = validate.whole("n_all", n_all, unit="patients", low=1, high=checks.MAX_PATIENTS)
    subgroup = validate.whole("n_subgroup", n_subgroup, unit="patients", low=1, high=everyone)
    x = validate.whole("events", events, unit="patients", low=0, high=subgroup)
    return TwoDenominators(
        events=x,
        n_subgroup=subgroup,
        n_all=everyone,
        percent_of_subgroup=100 * x / subgroup,
        percent_of_all=100 * x / everyone,
    )
