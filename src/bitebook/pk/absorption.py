"""Subcutaneous doses: first-order absorption into one compartment."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bitebook import validate
from bitebook.pk import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """One subcutaneous dose: time from 0 to 1e6 h, amount from 0 to 100000 mcg.

    Examples
    --------
    >>> Injection(time_h=0, mcg=100)
    Injection(time_h=0.0, mcg=100.0)
    """

    time_h: float
    mcg: float

    def __post_init__(self) -> None:
        """Refuse impossible times and amounts; keep plain floats, whatever kind of number was passed."""
        object.__setattr__(self, "time_h", limits.moment("time_h", self.time_h))
        object.__setattr__(self, "mcg", validate.number("mcg", self.mcg, unit="mcg", low=0, high=100_000))


def subcutaneous(
    *,
    times_h: Iterable[float],
    doses: Iterable[Injection],
    absorption_rate_per_h: float,
    bioavailability: float,
    clearance_l_per_h: float,
    volume_l: float,
) -> list[float]:
    r"""Concentration after subcutaneous doses with first-order absorption.

    With :math:`k_e = CL/V`, each dose D adds

    .. math:: \frac{F D k_a}{V}\,\frac{e^{-k_e t} - e^{-k_a t}}{k_a - k_e} \times 1000

    and :math:`(F D k_a / V)\, t\, e^{-k_e t}` where both rates are equal.

    Parameters
    ----------
    times_h
        Times, each 0 to 1e6 h, in any order.
    doses
        The injections; an empty list gives zeros.
    absorption_rate_per_h
        First-order absorption rate, 1e-6 to 1e4 per hour.
    bioavailability
        Fraction of the dose that reaches the blood, above 0, up to 1.
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h.
    volume_l
        Volume of distribution, 0.0001 to 10000 L.

    Returns
    -------
    list of float
        Concentrations in pg/mL, one for each time.

    Raises
    ------
    ValueError
        If a number is out of range or something other than :class:`Injection` is passed.

    Notes
    -----
    **No subcutaneous absorption rate, time to peak, half-life, or bioavailability of blinatumomab was found in the
    sources of this book, so there are no defaults: whatever is passed is the caller's assumption and must be shown as
    one.** Subcutaneous and intravenous doses are never interchangeable. If absorption is slower than elimination, the
    late slope shows absorption (flip-flop) and a half-life read from it is not that of elimination.

    References
    ----------
    clements2020 : one compartment, linear elimination (intravenous data).

    Examples
    --------
    Invented absorption, to show the shape only:

    >>> curve = subcutaneous(times_h=[0, 6, 24], doses=[Injection(time_h=0, mcg=100)], absorption_rate_per_h=0.1,
    ...                      bioavailability=0.5, clearance_l_per_h=2.0, volume_l=5.0)
    >>> [round(c) for c in curve]
    [0, 1527, 302]
    """
    times = limits.moments(times_h)
    items = limits.all_of("doses", doses, Injection)
    ka = _absorption_rate(absorption_rate_per_h)
    share = validate.number(
        "bioavailability",
        bioavailability,
        unit="as a fraction (divide a percentage by 100)",
        low=0,
        high=1,
        low_open=True,
    )
    volume = limits.volume(volume_l)
    ke = limits.clearance(clearance_l_per_h) / volume
    scale = share * ka / volume * limits.PG_PER_ML_IN_MCG_PER_L
    return [
        scale * math.fsum(item.mcg * _bateman(t - item.time_h, ka, ke) for item in items if t > item.time_h)
        for t in times
    ]


def peak_time_h(*, absorption_rate_per_h: float, clearance_l_per_h: float, volume_l: float) -> float:
    r"""Time of the peak after one subcutaneous dose, :math:`\ln(k_a / k_e) / (k_a - k_e)`.

    Parameters
    ----------
    absorption_rate_per_h
        First-order absorption rate, 1e-6 to 1e4 per hour: the caller's assumption, none is published in our sources.
    clearance_l_per_h
        Clearance, 0.0001 to 10000 L/h.
    volume_l
        Volume of distribution, 0.0001 to 10000 L.

    Returns
    -------
    float
        Time in hours; :math:`1 / k_e` where both rates are equal.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    clements2020 : one compartment, linear elimination (intravenous data).

    Examples
    --------
    >>> peak_time_h(absorption_rate_per_h=0.5, clearance_l_per_h=2, volume_l=4)
    2.0
    """
    ka = _absorption_rate(absorption_rate_per_h)
    ke = limits.clearance(clearance_l_per_h) / limits.volume(volume_l)
    # log1p(x) / x stays exact where the two rates meet.
    x = (ka - ke) / ke
    return (math.log1p(x) / x if x else 1.0) / ke


def _absorption_rate(value: object) -> float:
    return validate.number("absorption_rate_per_h", value, unit="1/h", low=1e-6, high=1e4)


def _bateman(t: float, ka: float, ke: float) -> float:
    """Return (exp(-ke t) - exp(-ka t)) / (ka - ke), also where the two rates meet."""
    x = abs(ka - ke) * t
    return t * math.exp(-min(ka, ke) * t) * (-math.expm1(-x) / x if x else 1.0)
