"""Skewed clearance: why the mean of the plateaus is not the plateau of the mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bitebook import validate
from bitebook.pk import limits
from bitebook.pk.model import steady_state


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal distribution: `mu` and `sigma` of the natural logarithm, with the mean and median they imply."""

    mu: float
    sigma: float
    median: float
    mean: float
    cv_percent: float

    def __str__(self) -> str:
        """Return ``median 2.25, mean 3.10, CV 95%``."""
        return f"median {self.median:.3g}, mean {self.mean:.3g}, CV {self.cv_percent:.0f}%"


@dataclass(frozen=True, slots=True)
class SkewedSteadyState:
    """Three plateaus of one infusion rate, in pg/mL."""

    at_mean_clearance_pg_per_ml: float
    at_median_clearance_pg_per_ml: float
    mean_pg_per_ml: float

    def __str__(self) -> str:
        """Return the three plateaus in whole pg/mL."""
        return (
            f"{self.at_mean_clearance_pg_per_ml:.0f} pg/mL at the mean clearance, "
            f"{self.at_median_clearance_pg_per_ml:.0f} pg/mL at the median, "
            f"{self.mean_pg_per_ml:.0f} pg/mL as the mean of all patients"
        )


def lognormal(*, typical: float, cv_percent: float, typical_is: str = "median") -> LogNormal:
    r"""Log-normal distribution from a coefficient of variation and a median or mean.

    .. math:: \sigma^2 = \ln(1 + CV^2), \qquad \mu = \ln(\text{median}) = \ln(\text{mean}) - \sigma^2 / 2

    Parameters
    ----------
    typical
        The median or mean, 1e-6 to 1e9, in any unit.
    cv_percent
        Coefficient of variation, 0 to 1000 percent.
    typical_is
        ``"median"`` (the typical value of a population model) or ``"mean"`` (as labels print it).

    Returns
    -------
    LogNormal
        Parameters, median, and mean in the unit of `typical`.

    Raises
    ------
    ValueError
        If a number is out of range or the word is not known.

    Notes
    -----
    That clearance is log-normal is the usual assumption, not a finding of our sources.

    References
    ----------
    clements2020 : a population model of this kind.

    Examples
    --------
    >>> print(lognormal(typical=3.10, cv_percent=95, typical_is="mean"))
    median 2.25, mean 3.1, CV 95%
    """
    value = validate.number("typical", typical, unit="(in its own unit)", low=1e-6, high=1e9)
    cv = validate.number("cv_percent", cv_percent, unit="percent", low=0, high=1000) / 100
    kind = validate.choice("typical_is", typical_is, allowed=("median", "mean"))
    variance = math.log1p(cv * cv)
    stretch = math.sqrt(1 + cv * cv)  # mean over median, exp(sigma^2 / 2)
    median = value if kind == "median" else value / stretch
    mean = value if kind == "mean" else value * stretch
    return LogNormal(mu=math.log(median), sigma=math.sqrt(variance), median=median, mean=mean, cv_percent=100 * cv)


def mean_css_from_skewed_clearance(
    *, rate_mcg_per_day: float, mean_clearance_l_per_h: float, cv_clearance_percent: float
) -> SkewedSteadyState:
    r"""Mean plateau of many patients whose clearance is log-normal.

    .. math:: E[R / CL] = \frac{R}{E[CL]}\,(1 + CV^2) \ge \frac{R}{E[CL]}

    Parameters
    ----------
    rate_mcg_per_day
        Infusion rate, 0 to 10000 mcg/day.
    mean_clearance_l_per_h
        Arithmetic mean clearance, 0.001 to 10000 L/h.
    cv_clearance_percent
        Coefficient of variation of clearance, 0 to 1000 percent.

    Returns
    -------
    SkewedSteadyState
        Plateau at the mean and at the median clearance, and the mean plateau, in pg/mL.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    For teaching: the log-normal shape is assumed, and clearance and plateau of the label come from different analyses.
    The result explains the direction of the gap between dose over mean clearance and the observed mean; it need not hit
    the observed value, and no parameter may be tuned to make it.

    References
    ----------
    zhu2016 : clearance with a coefficient of variation near 100%.

    Examples
    --------
    28 mcg/day, mean clearance 3.10 L/h, coefficient of variation 95%; the label's observed mean is 616 pg/mL:

    >>> print(mean_css_from_skewed_clearance(rate_mcg_per_day=28, mean_clearance_l_per_h=3.10, cv_clearance_percent=95))
    376 pg/mL at the mean clearance, 519 pg/mL at the median, 716 pg/mL as the mean of all patients
    """
    mean = validate.number("mean_clearance_l_per_h", mean_clearance_l_per_h, unit="L/h", low=1e-3, high=1e4)
    rate = limits.rate("rate_mcg_per_day", rate_mcg_per_day)
    cv = validate.number("cv_clearance_percent", cv_clearance_percent, unit="percent", low=0, high=1000) / 100
    at_mean = steady_state(rate_mcg_per_day=rate, clearance_l_per_h=mean)
    return SkewedSteadyState(
        at_mean_clearance_pg_per_ml=at_mean,
        at_median_clearance_pg_per_ml=at_mean * math.sqrt(1 + cv * cv),
        mean_pg_per_ml=at_mean * (1 + cv * cv),
    )
