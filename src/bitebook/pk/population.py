"""Many simulated patients at once: log-normal clearance and volume, exact curves, percentile bands (needs numpy)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bitebook import validate
from bitebook.pk import limits
from bitebook.pk.infusions import Infusion, checked
from bitebook.pk.skew import (
    LogNormal,
    SkewedSteadyState,
    lognormal,
    mean_css_from_skewed_clearance,
)

__all__ = [
    "LogNormal",
    "Population",
    "SkewedSteadyState",
    "concentrations",
    "lognormal",
    "mean_css_from_skewed_clearance",
    "simulate",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Simulated patients; the arrays cannot be written to."""

    times_h: Array
    clearance_l_per_h: Array
    volume_l: Array
    #: One row a patient, one column a time, in pg/mL.
    concentration_pg_per_ml: Array
    seed: int
    cv_clearance_percent: float
    cv_volume_percent: float

    @property
    def n(self) -> int:
        """Number of patients."""
        return int(self.clearance_l_per_h.size)

    @property
    def half_life_h(self) -> Array:
        """Half-life of each patient in hours."""
        half_lives: Array = math.log(2) * self.volume_l / self.clearance_l_per_h
        return half_lives

    @property
    def mean_pg_per_ml(self) -> Array:
        """Mean concentration over patients at each time."""
        means: Array = self.concentration_pg_per_ml.mean(axis=0)
        return means

    def percentiles(self, percents: Sequence[float] = (5, 50, 95)) -> Array:
        """Return concentrations in pg/mL, one row a percentile (0 to 100), one column a time.

        Raises
        ------
        ValueError
            If a percentile is out of range or none is given.
        """
        wanted = [validate.number("percents", p, unit="percent", low=0, high=100) for p in percents]
        if not wanted:
            raise ValueError("percents must hold at least one percentile from 0 to 100 percent, got none")
        rows: Array = np.percentile(self.concentration_pg_per_ml, wanted, axis=0)
        return rows

    def __str__(self) -> str:
        """Return what was simulated and that its variability is an assumption."""
        return (
            f"{self.n} simulated patients (seed {self.seed}); assumed between-patient variability: "
            f"clearance CV {self.cv_clearance_percent:g}%, volume CV {self.cv_volume_percent:g}%"
        )


def simulate(
    *,
    n: int,
    infusions: Iterable[Infusion],
    times_h: Iterable[float],
    typical_clearance_l_per_h: float,
    typical_volume_l: float,
    cv_clearance_percent: float,
    cv_volume_percent: float,
    seed: int,
    typical_is: str = "median",
) -> Population:
    """Simulate patients who differ in clearance and volume.

    Both are log-normal and independent; each patient's curve is the closed form of :func:`bitebook.pk.concentration`.

    Parameters
    ----------
    n
        Patients, a whole number from 1 to 100000; at most 50 million concentrations in all.
    infusions
        Stretches of constant rate, the same for every patient.
    times_h
        Times, each 0 to 1e6 h, at least one.
    typical_clearance_l_per_h
        Median (or mean, see `typical_is`) clearance, 0.0001 to 10000 L/h.
    typical_volume_l
        Median (or mean) volume, 0.0001 to 10000 L.
    cv_clearance_percent, cv_volume_percent
        Between-patient coefficient of variation, 0 to 1000 percent.
    seed
        Start of the random numbers, a whole number from 0 to 2**32 - 1; the same seed gives the same patients.
    typical_is
        ``"median"`` or ``"mean"``.

    Returns
    -------
    Population
        Parameters and concentrations of every patient.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    The between-patient variability of the published population model was not available to us: the coefficients of
    variation are the caller's assumption and must be shown as one. Clearance and volume are drawn independently.

    References
    ----------
    clements2020 : the typical values.

    Examples
    --------
    >>> from bitebook.pk import Infusion
    >>> people = simulate(n=200, infusions=[Infusion(start_h=0, end_h=48, rate_mcg_per_day=28)], times_h=[6, 48],
    ...                   typical_clearance_l_per_h=2.22, typical_volume_l=5.98, cv_clearance_percent=50,
    ...                   cv_volume_percent=50, seed=1)
    >>> print(people)
    200 simulated patients (seed 1); assumed between-patient variability: clearance CV 50%, volume CV 50%
    >>> people.percentiles([5, 50, 95]).shape
    (3, 2)
    """
    patients = validate.whole("n", n, unit="patients", low=1, high=100_000)
    start = validate.whole("seed", seed, unit="", low=0, high=2**32 - 1)
    times = np.array(limits.moments(times_h), dtype=np.float64)
    if not times.size:
        raise ValueError("times_h must hold at least one time in h, got none")
    if patients * times.size > 50_000_000:
        raise ValueError(f"n={patients} patients at {times.size} times is too much at once; at most 50 million values")
    typical_cl = limits.clearance(typical_clearance_l_per_h, "typical_clearance_l_per_h")
    typical_v = limits.volume(typical_volume_l, "typical_volume_l")
    cv_cl = validate.number("cv_clearance_percent", cv_clearance_percent, unit="percent", low=0, high=1000)
    cv_v = validate.number("cv_volume_percent", cv_volume_percent, unit="percent", low=0, high=1000)
    generator = np.random.default_rng(start)
    cl = _draw(generator, lognormal(typical=typical_cl, cv_percent=cv_cl, typical_is=typical_is), patients)
    volume = _draw(generator, lognormal(typical=typical_v, cv_percent=cv_v, typical_is=typical_is), patients)
    curves = concentrations(times_h=times, infusions=infusions, clearance_l_per_h=cl, volume_l=volume)
    for array in (times, cl, volume, curves):
        array.setflags(write=False)
    return Population(
        times_h=times,
        clearance_l_per_h=cl,
        volume_l=volume,
        concentration_pg_per_ml=curves,
        seed=start,
        cv_clearance_percent=cv_cl,
        cv_volume_percent=cv_v,
    )


def concentrations(
    *, times_h: Array, infusions: Iterable[Infusion], clearance_l_per_h: Array, volume_l: Array
) -> Array:
    """Concentrations of many patients, one row a patient, one column a time.

    The formula is that of :func:`bitebook.pk.concentration`.

    Parameters
    ----------
    times_h
        Times in h, at least 0; one-dimensional.
    infusions
        Stretches of constant rate, the same for every patient.
    clearance_l_per_h, volume_l
        One value a patient, in L/h and L, above 0; one-dimensional and of equal length.

    Returns
    -------
    numpy.ndarray
        Concentrations in pg/mL.

    Raises
    ------
    ValueError
        If shapes do not fit or a value is not a finite number in range.

    References
    ----------
    clements2020 : the model.

    Examples
    --------
    >>> day = Infusion(start_h=0, end_h=24, rate_mcg_per_day=28)
    >>> concentrations(times_h=np.array([24.0]), infusions=[day], clearance_l_per_h=np.array([2.22]),
    ...                volume_l=np.array([5.98])).round(1)
    array([[525.5]])
    """
    times = _vector("times_h", times_h, unit="h", lowest=0.0)
    cl = _vector("clearance_l_per_h", clearance_l_per_h, unit="L/h", lowest=1e-12)
    volume = _vector("volume_l", volume_l, unit="L", lowest=1e-12)
    if cl.shape != volume.shape:
        raise ValueError(f"clearance_l_per_h has {cl.size} patients and volume_l {volume.size}; they must be equal")
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    minus_k = (-cl / volume)[:, None]
    total = np.zeros((cl.size, times.size))
    for item in checked(infusions):
        plateau = (item.rate_mcg_per_day / limits.HOURS_PER_DAY * limits.PG_PER_ML_IN_MCG_PER_L / cl)[:, None]
        # With times in order each infusion owns one slice while it runs and one after it; nothing is computed twice.
        first, last = np.searchsorted(ordered, (item.start_h, item.end_h), side="right")
        if last > first:
            running = minus_k * (ordered[first:last] - item.start_h)
            np.expm1(running, out=running)
            running *= plateau
            total[:, first:last] -= running
        if times.size > last:
            fading = minus_k * (ordered[last:] - item.end_h)
            np.exp(fading, out=fading)
            fading *= -plateau * np.expm1(minus_k * (item.end_h - item.start_h))
            total[:, last:] += fading
    if np.array_equal(ordered, times):
        return total
    result = np.empty_like(total)
    result[:, order] = total
    return result


def _draw(generator: np.random.Generator, shape: LogNormal, n: int) -> Array:
    values: Array = np.exp(shape.mu + shape.sigma * generator.standard_normal(n))
    return values


def _vector(name: str, values: object, *, unit: str, lowest: float) -> Array:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "iuf":
        raise ValueError(
            f"{name} must be a one-dimensional array of numbers in {unit}, got {array.dtype} {array.shape}"
        )
    real: Array = array.astype(np.float64)
    if not np.all(np.isfinite(real) & (real >= lowest) & (real <= 1e12)):
        raise ValueError(f"{name} must hold finite numbers from {lowest:g} to 1e+12 {unit}")
    return real
