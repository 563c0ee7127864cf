"""One proportion and its uncertainty: Wilson, Clopper-Pearson, zero events, and survival with a standard error."""

from __future__ import annotations

import math
from collections.abc import Callable

from bitebook import validate
from bitebook.outcomes import checks
from bitebook.outcomes.results import Proportion, ZeroEvents


def wilson_interval(*, events: int, n: int, confidence: float = 0.95) -> Proportion:
    r"""Score interval of a single proportion.

    .. math:: \frac{2x + z^2 \pm z\sqrt{z^2 + 4x(1 - x/n)}}{2(n + z^2)}

    Parameters
    ----------
    events
        Patients with the event, x: a whole number from 0 to `n`.
    n
        Patients, a whole number from 1 to 10 million.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.

    Returns
    -------
    Proportion
        Estimate and limits as fractions.

    Raises
    ------
    ValueError
        If a count is not whole, `events` exceeds `n`, or the level is out of range.

    Notes
    -----
    Not for survival at a time when patients were censored before it: use :func:`interval_from_standard_error`.

    References
    ----------
    wilson1927 : the formula; newcombe1998 : its use within differences.

    Examples
    --------
    >>> print(wilson_interval(events=17, n=54))
    31.5% (95% CI 20.7% to 44.7%)
    """
    x, patients = checks.counts("events", events, "n", n)
    level = checks.confidence_level(confidence)
    z = checks.z_for(level)
    p = x / patients
    center = 2 * x + z * z
    spread = z * math.sqrt(z * z + 4 * x * (patients - x) / patients)
    scale = 2 * (patients + z * z)
    # At the ends of the scale the formula gives 0 and 1 only up to rounding.
    low = 0.0 if x == 0 else min(p, (center - spread) / scale)
    high = 1.0 if x == patients else max(p, (center + spread) / scale)
    return Proportion(estimate=p, low=low, high=high, confidence=level, method="Wilson score")


def clopper_pearson_interval(*, events: int, n: int, confidence: float = 0.95) -> Proportion:
    r"""Exact interval of a single proportion, which never covers less than it claims.

    The lower limit solves :math:`P(X \ge x) = \alpha/2`, the upper :math:`P(X \le x) = \alpha/2`, both through the
    regularized incomplete beta function.

    Parameters
    ----------
    events
        Patients with the event, a whole number from 0 to `n`.
    n
        Patients, a whole number from 1 to 10 million.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.

    Returns
    -------
    Proportion
        Estimate and limits as fractions.

    Raises
    ------
    ValueError
        If a count is not whole, `events` exceeds `n`, or the level is out of range.

    Notes
    -----
    Wider than needed on average; the book uses :func:`wilson_interval` unless a source printed an exact interval.

    References
    ----------
    newcombe1998 : compares it with the score interval.

    Examples
    --------
    >>> print(clopper_pearson_interval(events=0, n=30))
    0.0% (95% CI 0.0% to 11.6%)
    """
    x, patients = checks.counts("events", events, "n", n)
    level = checks.confidence_level(confidence)
    tail = (1 - level) / 2
    p = x / patients
    low, high = 0.0, 1.0
    if x > 0:
        low = _root(lambda q: _beta_cdf(q, x, patients - x + 1) - tail)
    if x < patients:
        high = _root(lambda q: tail - _beta_cdf(1 - q, patients - x, x + 1))
    return Proportion(estimate=p, low=min(low, p), high=max(high, p), confidence=level, method="Clopper-Pearson")


def interval_from_standard_error(
    *, estimate: float, standard_error: float, confidence: float = 0.95, scale: str = "linear"
) -> Proportion:
    r"""Interval of a survival probability printed as estimate plus or minus its standard error.

    ``linear``: :math:`S \pm z\,SE`. ``log-log``: :math:`S^{\exp(\pm z\,\theta)}` with
    :math:`\theta = SE / (S\,|\ln S|)`, which stays between 0 and 1.

    Parameters
    ----------
    estimate
        Survival at the time, a fraction from 0 to 1 (above 0 and below 1 for ``log-log``).
    standard_error
        Its standard error, a fraction above 0, up to 0.5.
    confidence
        Level of the two-sided interval, a fraction from 0.5 to 0.9999.
    scale
        ``"linear"`` or ``"log-log"``; prefer the second near 0 or 1 and in small groups.

    Returns
    -------
    Proportion
        Limits as fractions; ``truncated`` says that a linear limit left the range 0 to 1 and was set to its end.

    Raises
    ------
    ValueError
        If a number is out of range or `scale` is unknown.

    Notes
    -----
    Not for a standard deviation and not for an interval printed after a plus-minus sign: read the source's legend.

    References
    ----------
    altman1999nnt : survival estimates with standard errors.

    Examples
    --------
    >>> print(interval_from_standard_error(estimate=0.612, standard_error=0.050))
    61.2% (95% CI 51.4% to 71.0%)
    >>> print(interval_from_standard_error(estimate=0.971, standard_error=0.021))
    97.1% (95% CI 93.0% to 100.0%, truncated)
    >>> print(interval_from_standard_error(estimate=0.971, standard_error=0.021, scale="log-log"))
    97.1% (95% CI 88.3% to 99.3%)
    """
    validate.choice("scale", scale, allowed=("linear", "log-log"))
    check = checks.fraction if scale == "linear" else checks.inner_fraction
    survival = check("estimate", estimate)
    se = checks.standard_error("standard_error", standard_error)
    level = checks.confidence_level(confidence)
    z = checks.z_for(level)
    if scale == "linear":
        low, high = survival - z * se, survival + z * se
    else:
        # At 700 the limits are 0 or 1 to every digit; beyond it exp would overflow.
        theta = math.exp(min(700.0, z * se / (survival * -math.log(survival))))
        low, high = survival**theta, survival ** (1 / theta)
    inside_low, inside_high = max(0.0, low), min(1.0, high)
    return Proportion(
        estimate=survival,
        low=min(inside_low, survival),
        high=max(inside_high, survival),
        confidence=level,
        method=f"normal, {scale} scale",
        truncated=(inside_low, inside_high) != (low, high),
    )


def upper_bound_zero_events(*, n: int, confidence: float = 0.95) -> ZeroEvents:
    r"""Largest risk that zero events among `n` patients still allows.

    Exact and one-sided: :math:`1 - (1 - c)^{1/n}`.

    Parameters
    ----------
    n
        Patients observed without a single event, a whole number from 1 to 10 million.
    confidence
        Level c of the one-sided bound, a fraction from 0.5 to 0.9999.

    Returns
    -------
    ZeroEvents
        The exact bound and, beside it, the rule of three, as fractions.

    Raises
    ------
    ValueError
        If `n` is not a whole number of at least 1 or the level is out of range.

    Notes
    -----
    One-sided: the upper limit of a two-sided 95% interval is higher (11.6% for 0 of 30).

    References
    ----------
    hanley1983

    Examples
    --------
    >>> print(upper_bound_zero_events(n=30))
    0 of 30 allows up to 9.5% (one-sided 95% bound)
    """
    patients = validate.whole("n", n, unit="patients", low=1, high=checks.MAX_PATIENTS)
    level = checks.confidence_level(confidence)
    # expm1 and log1p keep all digits when n is large and the bound small.
    upper = -math.expm1(math.log1p(-level) / patients)
    return ZeroEvents(n=patients, upper=upper, rule_of_three=rule_of_three(n=patients), confidence=level)


def rule_of_three(*, n: int) -> float:
    """Mental arithmetic for zero events: the 95% upper bound is about 3 / n.

    Parameters
    ----------
    n
        Patients observed without a single event, a whole number from 1 to 10 million.

    Returns
    -------
    float
        The bound as a fraction, at most 1.

    Raises
    ------
    ValueError
        If `n` is not a whole number of at least 1.

    Notes
    -----
    Always above the exact one-sided bound; coarse below 30 patients. Only for 95%.

    References
    ----------
    hanley1983

    Examples
    --------
    >>> rule_of_three(n=30)
    0.1
    """
    return min(1.0, 3 / validate.whole("n", n, unit="patients", low=1, high=checks.MAX_PATIENTS))


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function of a probability crosses zero, by halving the interval until it is empty."""
    low, high = 0.0, 1.0
    for _ in range(1100):  # enough to separate any two floats between 0 and 1
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function of `x`, by its continued fraction (modified Lentz)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast only below the mean
        return 1.0 - _beta_cdf(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    tiny = 1e-300
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, 20_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + numerator * d, tiny)
            c = _away_from_zero(1 + numerator / c, tiny)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return min(1.0, front * value / a)


def _away_from_zero(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
