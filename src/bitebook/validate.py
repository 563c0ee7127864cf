"""Checks of arguments, written once: every wrong number ends in a ValueError that says what is allowed."""

from __future__ import annotations

import math
from collections.abc import Collection


def number(name: str, value: object, *, unit: str, low: float, high: float, low_open: bool = False) -> float:
    """Return `value` as a float if it is a finite number between `low` and `high`.

    Parameters
    ----------
    name
        The argument's name, as the caller wrote it.
    value
        What the caller passed. ``bool``, text, ``None``, NaN, and infinities are refused.
    unit
        Shown in the message, for example ``"kg"``; empty for a pure number.
    low, high
        The allowed range, both ends included; with ``low_open=True`` the lower end is excluded.

    Raises
    ------
    ValueError
        Naming the argument, its value, the unit, and the allowed range.

    Examples
    --------
    >>> number("weight_kg", 21, unit="kg", low=0.5, high=300)
    21.0
    >>> number("weight_kg", -3, unit="kg", low=0.5, high=300)
    Traceback (most recent call last):
    ...
    ValueError: weight_kg must be a number from 0.5 to 300 kg, got -3
    """
    # Only real numbers: numpy scalars pass through __float__; text, truth values, numpy's own of both, and lists of one
    # number must not.
    kind = getattr(getattr(value, "dtype", None), "kind", "f") if getattr(value, "ndim", 0) == 0 else ""
    ok = not isinstance(value, (bool, str, bytes)) and hasattr(value, "__float__") and kind in "fiu"
    real = math.nan
    if ok:
        try:
            real = float(value)  # type: ignore[arg-type]
        except Exception:  # whatever a strange object answers, it is no number
            real = math.nan
    inside = (real > low if low_open else real >= low) and real <= high
    if not (math.isfinite(real) and inside):
        shown_unit = f" {unit}" if unit else ""
        start = f"above {low:g}, up to" if low_open else f"from {low:g} to"
        raise ValueError(f"{name} must be a number {start} {high:g}{shown_unit}, got {picture(value)}")
    return real + 0.0  # a negative zero becomes zero: no result is ever printed as -0


def whole(name: str, value: object, *, unit: str, low: int, high: int) -> int:
    """Return `value` as an int if it is a whole number between `low` and `high` (a float such as 2.0 is accepted).

    Examples
    --------
    >>> whole("cycle", 2, unit="", low=1, high=9)
    2
    >>> whole("day", 0, unit="", low=1, high=42)
    Traceback (most recent call last):
    ...
    ValueError: day must be a whole number from 1 to 42, got 0
    """
    problem = f"{name} must be a whole number from {low} to {high}{' ' + unit if unit else ''}, got {picture(value)}"
    try:
        real = number(name, value, unit=unit, low=low, high=high)
    except ValueError:
        raise ValueError(problem) from None
    if real != int(real):
        raise ValueError(problem)
    return int(real)


def choice(name: str, value: object, *, allowed: Collection[str]) -> str:
    """Return `value` if it is one of the allowed words.

    Examples
    --------
    >>> choice("formula", "mosteler", allowed=("mosteller", "haycock"))
    Traceback (most recent call last):
    ...
    ValueError: formula must be one of 'mosteller', 'haycock', got 'mosteler'
    """
    if not isinstance(value, str) or value not in allowed:
        listed = ", ".join(repr(word) for word in allowed)
        raise ValueError(f"{name} must be one of {listed}, got {picture(value)}")
    return value


def picture(value: object) -> str:
    """Return a short, harmless picture of what was passed.

    Examples
    --------
    >>> picture(21000), picture("x" * 100), picture(10**5000)
    ('21000', "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...", 'int that cannot be shown')
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an int of more than 4300 digits has no text, and an object of the caller's may fail
        return f"{type(value).__name__} that cannot be shown"
    return text if len(text) <= 60 else text[:57] + "..."
