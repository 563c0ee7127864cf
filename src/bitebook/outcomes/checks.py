"""Checks and normal quantiles that every effect measure shares."""

from __future__ import annotations

import math
from statistics import NormalDist

from bitebook import validate

#: Larger than any trial; keeps every intermediate number far from overflow.
MAX_PATIENTS = 10_000_000

_FRACTION = "as a fraction (divide a percentage by 100)"


def fraction(name: str, value: object, *, low: float = 0.0, high: float = 1.0) -> float:
    """Return `value` if it is a fraction; the message tells a reader who typed a percentage what to do.

    Examples
    --------
    >>> fraction("control_survival", 41.4)
    Traceback (most recent call last):
    ...
    ValueError: control_survival must be a number from 0 to 1 as a fraction (divide a percentage by 100), got 41.4
    """
    return validate.number(name, value, unit=_FRACTION, low=low, high=high)


def inner_fraction(name: str, value: object) -> float:
    """Return `value` if it lies strictly between 0 and 1."""
    real = fraction(name, value)
    if not 0.0 < real < 1.0:
        raise ValueError(f"{name} must lie above 0 and below 1 {_FRACTION}, got {real:g}")
    return real


def confidence_level(value: object) -> float:
    """Return the confidence level, a fraction from 0.5 to 0.9999."""
    return fraction("confidence", value, low=0.5, high=0.9999)


def counts(events_name: str, events: object, n_name: str, n: object) -> tuple[int, int]:
    """Return events and patients of one arm after checking that the first cannot exceed the second."""
    patients = validate.whole(n_name, n, unit="patients", low=1, high=MAX_PATIENTS)
    return validate.whole(events_name, events, unit="patients", low=0, high=patients), patients


def sides_of(value: object) -> int:
    """Return 1 or 2, the number of sides of a test."""
    return validate.whole("sides", value, unit="(sides of the test)", low=1, high=2)


def standard_error(name: str, value: object) -> float:
    """Return a standard error of a probability, a fraction above 0 up to 0.5."""
    return validate.number(name, value, unit=_FRACTION, low=0, high=0.5, low_open=True)


def ratio(name: str, value: object) -> float:
    """Return a ratio from one in a million to a million."""
    return validate.number(name, value, unit="(ratio)", low=1e-6, high=1e6)


def ratio_interval(hazard_ratio: object, ci_low: object, ci_high: object) -> tuple[float, float, float]:
    """Return ratio and limits after checking that they can belong together."""
    estimate = ratio("hazard_ratio", hazard_ratio)
    low, high = ratio("ci_low", ci_low), ratio("ci_high", ci_high)
    if not low <= estimate <= high:
        raise ValueError(
            f"the interval ci_low={low:g} to ci_high={high:g} does not hold hazard_ratio={estimate:g}; "
            "are the arms swapped?"
        )
    half_width = (math.log(high) - math.log(low)) / 2
    if half_width <= 1e-9:
        raise ValueError(f"ci_low={low:g} and ci_high={high:g} leave the interval without width; check the digits")
    # Rounding shifts the center a little; half of the half-width can only be a slip (0.07 for 0.70).
    off_center = abs(math.log(estimate) - (math.log(low) + math.log(high)) / 2)
    if off_center > 0.5 * half_width:
        raise ValueError(
            f"hazard_ratio={estimate:g} lies far from the middle of ci_low={low:g} to ci_high={high:g} "
            f"on the log scale (expected about {math.sqrt(low * high):.3g}); check the digits"
        )
    return estimate, low, high


def z_for(confidence: float) -> float:
    """Return the normal deviate of a two-sided interval: 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def lower_tail(z: float) -> float:
    """Return the standard normal distribution function at `z`.

    Written with ``erfc``: ``NormalDist.cdf`` loses every digit of a P value below about 1e-16.
    """
    return 0.5 * math.erfc(-z / math.sqrt(2))
