"""Checks of what the caller says about a patient, each with a hint at the usual slip."""

from __future__ import annotations

from typing import Final

from bitebook import validate
from bitebook.dosing import rules

#: Wide enough for a small infant and a very heavy adult, narrow enough to refuse grams, pounds typed twice, and meters.
WEIGHT_KG: Final = (1.0, 300.0)
HEIGHT_CM: Final = (40.0, 230.0)
#: No one was ever 125 years old: above this, months were mistaken for days.
AGE_MONTHS_MAX: Final = 1500.0
#: A body mass index outside this range is possible, but first of all it is a typing error.
USUAL_BMI: Final = (8.0, 70.0)


def weight(value: object) -> float:
    """Return a body weight in kg, or raise a ValueError that suspects grams.

    Examples
    --------
    >>> weight(21000)
    Traceback (most recent call last):
    ...
    ValueError: weight_kg must be a number from 1 to 300 kg, got 21000; give kilograms, not grams
    """
    low, high = WEIGHT_KG
    try:
        return validate.number("weight_kg", value, unit="kg", low=low, high=high)
    except ValueError as problem:
        grams = _as_number(value) >= 1000 * low
        raise ValueError(f"{problem}; give kilograms, not grams" if grams else str(problem)) from None


def height(value: object) -> float:
    """Return a height in cm, or raise a ValueError that suspects meters.

    Examples
    --------
    >>> height(1.10)
    Traceback (most recent call last):
    ...
    ValueError: height_cm must be a number from 40 to 230 cm, got 1.1; give the height in centimeters, not meters
    """
    low, high = HEIGHT_CM
    try:
        return validate.number("height_cm", value, unit="cm", low=low, high=high)
    except ValueError as problem:
        meters = low / 100 <= _as_number(value) <= high / 100
        hint = "; give the height in centimeters, not meters" if meters else ""
        raise ValueError(f"{problem}{hint}") from None


def age(value: object) -> None:
    """Raise a ValueError for an age the label does not name; ``None`` means that the age is not given.

    Examples
    --------
    >>> age(0.5)
    Traceback (most recent call last):
    ...
    ValueError: age_months must be a number from 1 to 1500 months, got 0.5; the label names patients from 1 month of age
    """
    if value is None:
        return
    lowest = rules.lowest_age_months()
    try:
        validate.number("age_months", value, unit="months", low=lowest, high=AGE_MONTHS_MAX)
    except ValueError as problem:
        young = _as_number(value) < lowest
        hint = f"; the label names patients from {lowest:g} month of age" if young else ""
        raise ValueError(f"{problem}{hint}") from None


def indication(value: object) -> str:
    """Return one of the three indications of the label."""
    return validate.choice("indication", value, allowed=rules.INDICATIONS)


def cycle(value: object, *, indication: str, argument: str = "cycle") -> int:
    """Return a cycle number that the label's course for this indication has."""
    return validate.whole(argument, value, unit=f"({indication})", low=1, high=rules.max_cycles(indication))


def pair_warning(weight_kg: float, height_cm: float) -> str:
    """Return a line of warning if weight and height hardly belong to one person, else empty text.

    Examples
    --------
    >>> pair_warning(21, 117)
    ''
    >>> pair_warning(40, 60)
    'check the entry: 40 kg at 60 cm is a body mass index of 111.1 kg/m²; were weight and height confused?'
    """
    index = weight_kg / (height_cm / 100) ** 2
    if USUAL_BMI[0] <= index <= USUAL_BMI[1]:
        return ""
    return (
        f"check the entry: {weight_kg:g} kg at {height_cm:g} cm is a body mass index of {index:.1f} kg/m²; "
        "were weight and height confused?"
    )


def _as_number(value: object) -> float:
    """Return the number in `value`, or NaN, which is neither below nor above anything."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:  # an int of more digits than a float can hold
            return float("inf")
    return float("nan")
