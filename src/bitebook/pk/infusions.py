"""Concentration and exposure during and after constant-rate infusions, exact, by superposition."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bitebook.pk import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Infusion:
    """One stretch of constant rate, from `start_h` to `end_h` (hours from 0 to 1e6), at 0 to 10000 mcg/day.

    Examples
    --------
    >>> Infusion(start_h=0, end_h=168, rate_mcg_per_day=9)
    Infusion(start_h=0.0, end_h=168.0, rate_mcg_per_day=9.0)
    >>> Infusion(start_h=24, end_h=24, rate_mcg_per_day=9)
    Traceback (most recent call last):
    ...
    ValueError: end_h=24 h must be later than start_h=24 h
    """

    start_h: float
    end_h: float
    rate_mcg_per_day: float

    def __post_init__(self) -> None:
        """Refuse impossible times and rates; keep plain floats, whatever kind of number was passed."""
        start, end = limits.moment("start_h", self.start_h), limits.moment("end_h", self.end_h)
        if not end > start:
            raise ValueError(f"end_h={end:g} h must be later than start_h={start:g} h")
        object.__setattr__(self, "start_h", start)
        object.__setattr__(self, "end_h", end)
        object.__setattr__(self, "rate_mcg_per_day", limits.rate("rate_mcg_per_day", self.rate_mcg_per_day))

    @property
    def dose_mcg(self) -> float:
        """What this stretch delivers, in mcg."""
        return self.rate_mcg_per_day * ((self.end_h - self.start_h) / limits.HOURS_PER_DAY)


def checked(infusions: object) -> tuple[Infusion, ...]:
    """Return the infusions as a tuple, or say what was passed instead."""
    return limits.all_of("infusions", infusions, Infusion)


def infused_mcg(*, infusions: Iterable[Infusion]) -> float:
    """Total amount that a list of infusions delivers.

    Parameters
    ----------
    infusions
        Stretches of constant rate; overlapping ones add up.

    Returns
    -------
    float
        Amount in mcg.

    Raises
    ------
    ValueError
        If something other than :class:`Infusion` is passed.

    References
    ----------
    clements2020 : constant-rate infusions.

    Examples
    --------
    >>> infused_mcg(infusions=[Infusion(start_h=0, end_h=168, rate_mcg_per_day=9)])
    63.0
    """
    return math.fsum(item.dose_mcg for item in checked(infusions))


def concentration(
    *, times_h: Iterable[float], infusions: Iterable[Infusion], clearance_l_per_h: float, volume_l: float
) -> list[float]:
    r"""Concentration at given times under any schedule of infusions.

    Each infusion from s to e adds, with k = CL/V,

    .. math:: \frac{R/24}{CL}\left(1 - e^{-k(\min(t, e) - s)}\right) e^{-k \max(t - e, 0)} \times 1000

    and the sum is exact because the model is linear.

    Parameters
    ----------
    times_h
        Times, each 0 to 1e6 h, in any order.
    infusions
        Stretches of constant rate; gaps are interruptions, overlaps add up. An empty list gives zeros.
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h.
    volume_l
        Volume of distribution, 0.0001 to 10000 L.

    Returns
    -------
    list of float
        Concentrations in pg/mL, one for each time. The body starts empty.

    Raises
    ------
    ValueError
        If a number is out of range or something other than :class:`Infusion` is passed.

    Notes
    -----
    No distribution phase, no target-mediated loss, no antibodies against the drug.

    References
    ----------
    clements2020 : one compartment; zhu2016 : linear over the studied doses.

    Examples
    --------
    A day of infusion comes within a hair of the plateau; four hours after the stop less than a quarter is left:

    >>> day = Infusion(start_h=0, end_h=24, rate_mcg_per_day=28)
    >>> curve = concentration(times_h=[0, 24, 28], infusions=[day], clearance_l_per_h=2.22, volume_l=5.98)
    >>> [round(c, 1) for c in curve]
    [0.0, 525.5, 119.0]
    """
    times = limits.moments(times_h)
    courses = checked(infusions)
    cl = limits.clearance(clearance_l_per_h)
    k = cl / limits.volume(volume_l)
    return [math.fsum(_one(t, item, cl, k) for item in courses) for t in times]


def area_under_curve(
    *,
    infusions: Iterable[Infusion],
    clearance_l_per_h: float,
    volume_l: float,
    start_h: float = 0.0,
    end_h: float | None = None,
) -> float:
    r"""Exposure between two times, integrated exactly.

    Over all time it is dose / CL, whatever the volume or the schedule.

    Parameters
    ----------
    infusions
        Stretches of constant rate.
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h.
    volume_l
        Volume of distribution, 0.0001 to 10000 L.
    start_h
        Start of the window, 0 to 1e6 h.
    end_h
        End of the window, from `start_h` to 1e6 h; ``None`` means until everything is eliminated.

    Returns
    -------
    float
        Area in pg·h/mL.

    Raises
    ------
    ValueError
        If a number is out of range or the window ends before it starts.

    Notes
    -----
    The same limits as :func:`concentration`.

    References
    ----------
    clements2020 : the model.

    Examples
    --------
    >>> day = Infusion(start_h=0, end_h=24, rate_mcg_per_day=28)
    >>> round(area_under_curve(infusions=[day], clearance_l_per_h=2.22, volume_l=5.98))
    12613
    """
    courses = checked(infusions)
    cl = limits.clearance(clearance_l_per_h)
    k = cl / limits.volume(volume_l)
    start = limits.moment("start_h", start_h)
    end = math.inf if end_h is None else limits.moment("end_h", end_h)
    if end < start:
        raise ValueError(f"end_h={end:g} h must not be earlier than start_h={start:g} h")
    return math.fsum(_area(item, cl, k, start, end) for item in courses)


def _one(t: float, item: Infusion, cl: float, k: float) -> float:
    """Return what one infusion adds at time t, in pg/mL."""
    if t <= item.start_h:
        return 0.0
    plateau = item.rate_mcg_per_day / limits.HOURS_PER_DAY / cl * limits.PG_PER_ML_IN_MCG_PER_L
    # expm1 keeps every digit in the first seconds, where 1 - exp(-x) would cancel.
    reached = -plateau * math.expm1(-k * (min(t, item.end_h) - item.start_h))
    return reached * math.exp(-k * (t - item.end_h)) if t > item.end_h else reached


def _area(item: Infusion, cl: float, k: float, start: float, end: float) -> float:
    """Return what one infusion adds to the area between start and end; every term is positive, so nothing cancels."""
    plateau = item.rate_mcg_per_day / limits.HOURS_PER_DAY / cl * limits.PG_PER_ML_IN_MCG_PER_L
    area = 0.0
    first, last = max(start, item.start_h), min(end, item.end_h)
    if last > first:
        before, width = k * (first - item.start_h), last - first
        area += plateau * (-math.expm1(-before) * width + math.exp(-before) * _filling(k * width) / k)
    first = max(start, item.end_h)
    if end > first:
        at_first = -plateau * math.expm1(-k * (item.end_h - item.start_h)) * math.exp(-k * (first - item.end_h))
        area += at_first * -math.expm1(-k * (end - first)) / k
    return area


def _filling(x: float) -> float:
    """Return x - (1 - exp(-x)) without cancellation for small x."""
    if x > 0.5:
        return x + math.expm1(-x)
    term, total, order = x * x / 2, 0.0, 2
    while abs(term) > 1e-18 * abs(total):
        total += term
        order += 1
        term *= -x / order
    return total
