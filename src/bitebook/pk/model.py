"""The one-compartment model in single numbers: steady state, half-life, time to a fraction, decay, accumulation."""

from __future__ import annotations

import math

from bitebook import validate
from bitebook.pk import limits


def steady_state(*, rate_mcg_per_day: float, clearance_l_per_h: float) -> float:
    r"""Plateau concentration of a continuous infusion.

    .. math:: C_{ss} = \frac{R / 24}{CL} \times 1000

    Parameters
    ----------
    rate_mcg_per_day
        Infusion rate, 0 to 10000 mcg/day (not per m²: multiply by body surface area first).
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h (not per m²).

    Returns
    -------
    float
        Concentration in pg/mL.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    The volume does not enter: it sets how fast the plateau is reached, not how high it is. The result for a mean
    clearance is not the mean of patients' plateaus: see :func:`mean_css_from_skewed_clearance`.

    References
    ----------
    zhu2016 : linear over the studied doses.

    Examples
    --------
    28 mcg/day and the printed mean clearance of 3.10 L/h give far less than the observed mean of 616 pg/mL:

    >>> round(steady_state(rate_mcg_per_day=28, clearance_l_per_h=3.10))
    376
    """
    rate = limits.rate("rate_mcg_per_day", rate_mcg_per_day)
    return rate / limits.HOURS_PER_DAY / limits.clearance(clearance_l_per_h) * limits.PG_PER_ML_IN_MCG_PER_L


def elimination_rate(*, clearance_l_per_h: float, volume_l: float) -> float:
    """Share of the drug in the body that is removed per hour, k = CL / V.

    Parameters
    ----------
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h.
    volume_l
        Volume of distribution, 0.0001 to 10000 L.

    Returns
    -------
    float
        Rate constant in 1/h.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    clements2020 : one compartment, first-order elimination.

    Examples
    --------
    >>> round(elimination_rate(clearance_l_per_h=2.22, volume_l=5.98), 3)
    0.371
    """
    return limits.clearance(clearance_l_per_h) / limits.volume(volume_l)


def half_life_h(*, clearance_l_per_h: float, volume_l: float) -> float:
    r"""Half-life of the one-compartment model, :math:`\ln 2 \cdot V / CL`.

    Parameters
    ----------
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h.
    volume_l
        Volume of distribution, 0.0001 to 10000 L.

    Returns
    -------
    float
        Half-life in hours.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Printed means of volume and clearance do not reproduce the printed mean half-life: all three are skewed.

    References
    ----------
    clements2020

    Examples
    --------
    >>> round(half_life_h(clearance_l_per_h=2.22, volume_l=5.98), 2)
    1.87
    """
    return math.log(2) / elimination_rate(clearance_l_per_h=clearance_l_per_h, volume_l=volume_l)


def time_to_fraction(*, fraction: float, half_life_h: float) -> float:
    r"""Time after the start of an infusion, or after a change of rate, to reach a fraction of the plateau.

    .. math:: t = -\ln(1 - f)\, t_{1/2} / \ln 2

    Parameters
    ----------
    fraction
        Fraction of the (change of) plateau, from 0 to below 1; 0.9 for 90%.
    half_life_h
        Half-life, 1e-6 to 1e6 h.

    Returns
    -------
    float
        Time in hours. The infusion rate does not enter.

    Raises
    ------
    ValueError
        If a number is out of range; the whole plateau is approached and never reached.

    References
    ----------
    clements2020 : the model.

    Examples
    --------
    >>> round(time_to_fraction(fraction=0.90, half_life_h=2.2), 1)
    7.3
    """
    share = validate.number("fraction", fraction, unit="as a fraction (divide a percentage by 100)", low=0, high=1)
    half_life = limits.half_life(half_life_h)
    if share == 1:
        raise ValueError("fraction must be below 1, got 1: a plateau is approached and never reached; try 0.9 or 0.99")
    return -math.log1p(-share) * half_life / math.log(2)


def concentration_after_stop(
    *, concentration_at_stop_pg_per_ml: float, time_since_stop_h: float, half_life_h: float
) -> float:
    r"""Concentration some time after the pump stopped, :math:`C_0 \, 2^{-t / t_{1/2}}`.

    Parameters
    ----------
    concentration_at_stop_pg_per_ml
        Concentration when the infusion stopped, 0 to 1e9 pg/mL.
    time_since_stop_h
        Time since then, 0 to 1e6 h.
    half_life_h
        Half-life, 1e-6 to 1e6 h.

    Returns
    -------
    float
        Concentration in pg/mL.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    clements2020 : the model.

    Examples
    --------
    >>> concentration_after_stop(concentration_at_stop_pg_per_ml=600, time_since_stop_h=4, half_life_h=2)
    150.0
    """
    start = validate.number(
        "concentration_at_stop_pg_per_ml", concentration_at_stop_pg_per_ml, unit="pg/mL", low=0, high=1e9
    )
    elapsed = limits.moment("time_since_stop_h", time_since_stop_h)
    # exp2 underflows to 0 quietly; 2.0 ** -x would raise for some huge x.
    return float(start * 2.0 ** (-elapsed / limits.half_life(half_life_h)))


def time_to_fall(*, fraction_left: float, half_life_h: float) -> float:
    r"""Time after a stop until a fraction of the concentration is left, :math:`-\log_2(f)\, t_{1/2}`.

    Parameters
    ----------
    fraction_left
        Fraction still present, above 0, up to 1.
    half_life_h
        Half-life, 1e-6 to 1e6 h.

    Returns
    -------
    float
        Time in hours.

    Raises
    ------
    ValueError
        If a number is out of range; nothing is ever gone entirely.

    References
    ----------
    clements2020 : the model.

    Examples
    --------
    >>> time_to_fall(fraction_left=0.25, half_life_h=2)
    4.0
    """
    share = validate.number(
        "fraction_left",
        fraction_left,
        unit="as a fraction (divide a percentage by 100)",
        low=0,
        high=1,
        low_open=True,
    )
    return abs(math.log2(share)) * limits.half_life(half_life_h)


def accumulation_ratio(*, interval_h: float, half_life_h: float) -> float:
    r"""How far repeated doses pile up: peak at steady state over the peak of the first dose.

    .. math:: \frac{1}{1 - 2^{-\tau / t_{1/2}}}

    Parameters
    ----------
    interval_h
        Time between equal doses, 0.01 to 10000 h.
    half_life_h
        Half-life, 0.01 to 10000 h. If absorption is slower than elimination, that of absorption.

    Returns
    -------
    float
        Ratio, at least 1 (dimensionless).

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Exact for intravenous bolus doses; for absorbed doses it holds once absorption of the last dose is over.

    References
    ----------
    clements2020 : the model.

    Examples
    --------
    With a two-hour half-life yesterday's dose leaves almost nothing behind:

    >>> round(accumulation_ratio(interval_h=24, half_life_h=2), 4)
    1.0002
    """
    interval = validate.number("interval_h", interval_h, unit="h", low=0.01, high=1e4)
    half_life = validate.number("half_life_h", half_life_h, unit="h", low=0.01, high=1e4)
    return -1 / math.expm1(-math.log(2) * interval / half_life)
