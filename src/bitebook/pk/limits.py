"""Ranges and units of pharmacokinetic arguments, checked in one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from bitebook import validate

Item = TypeVar("Item")

HOURS_PER_DAY = 24.0
#: 1 mcg/L is 1 ng/mL, which is 1000 pg/mL.
PG_PER_ML_IN_MCG_PER_L = 1000.0


def rate(name: str, value: object) -> float:
    """Return a dose rate in mcg/day, 0 to 10000."""
    return validate.number(name, value, unit="mcg/day", low=0, high=10_000)


def clearance(value: object, name: str = "clearance_l_per_h") -> float:
    """Return a clearance in L/h, 0.0001 to 10000."""
    return validate.number(name, value, unit="L/h", low=1e-4, high=1e4)


def volume(value: object, name: str = "volume_l") -> float:
    """Return a volume in L, 0.0001 to 10000."""
    return validate.number(name, value, unit="L", low=1e-4, high=1e4)


def half_life(value: object) -> float:
    """Return a half-life in hours, 1e-6 to 1e6."""
    return validate.number("half_life_h", value, unit="h", low=1e-6, high=1e6)


def moment(name: str, value: object) -> float:
    """Return a point in time, in hours from 0 to a million."""
    return validate.number(name, value, unit="h", low=0, high=1e6)


def moments(values: object, name: str = "times_h") -> list[float]:
    """Return points in time as a list; each is checked and named by its place."""
    items = listed(values, f"{name} must be a list of times in h from 0 to 1e+06")
    return [moment(f"{name}[{place}]", value) for place, value in enumerate(items)]


def all_of(name: str, values: object, kind: type[Item]) -> tuple[Item, ...]:
    """Return `values` as a tuple if every one is a `kind`; the message names the first that is not."""
    items = listed(values, f"{name} must be a list of {kind.__name__}")
    for place, item in enumerate(items):
        if not isinstance(item, kind):
            raise ValueError(f"{name}[{place}] must be {kind.__name__}(...), got {validate.picture(item)}")
    return items


def listed(values: object, rule: str) -> tuple[Any, ...]:
    """Return `values` as a tuple if they are a list of things, or raise a ValueError that begins with `rule`."""
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes)):
        try:
            return tuple(values)
        except TypeError:  # an array of no dimension says that it can be listed, and cannot
            pass
    raise ValueError(f"{rule}, got {validate.picture(values)}")
