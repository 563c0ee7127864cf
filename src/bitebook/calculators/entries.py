"""Reading what was typed: plain numbers with a decimal point, ISO days, words of a list; everything else is refused.

A decimal comma is refused, not understood: 1,100 is more than a thousand to one reader and about one to another.
A unit behind a number is refused as well: the label names the only unit that the calculator takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bitebook import validate
from bitebook.calculators.fields import Field

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 20
_OTHER_UNITS = (
    ("kg", re.compile(r"\b(?:lbs?|pounds?|st|stone)\b|#", re.IGNORECASE), "give kilograms, not pounds"),
    ("kg", re.compile(r"\d\s*g(?:rams?)?\b", re.IGNORECASE), "give kilograms, not grams"),
    ("cm", re.compile(r"\b(?:in|inch|inches|ft|feet|foot)\b|['\"′″]", re.IGNORECASE), "give centimeters, not inches"),
    ("cm", re.compile(r"\d\s*m(?:eters?)?\b", re.IGNORECASE), "give centimeters, not meters"),
)


class EntryError(ValueError):
    """A text that is no number, day, or word a calculator can take; `field` says where it was typed, if in any."""

    def __init__(self, field: str | None, message: str) -> None:
        """Keep the field beside the message."""
        super().__init__(message)
        self.field = field


class Entries:
    """What was typed, one text a field, read on demand."""

    def __init__(self, fields: tuple[Field, ...], typed: Mapping[str, str]) -> None:
        """Check that only known fields with text came."""
        self._fields = {field.name: field for field in fields}
        for name, text in typed.items():
            if name not in self._fields:
                known = ", ".join(self._fields)
                raise EntryError(None, f"there is no field {validate.picture(name)}; the fields are {known}")
            if not isinstance(text, str):
                raise EntryError(name, f"{name} must be text as typed into the form, got {validate.picture(text)}")
        self._typed = {name: " ".join(typed.get(name, "").split()) for name in self._fields}

    def __contains__(self, name: str) -> bool:
        """Tell whether something was typed into a field."""
        return bool(self._typed[name])

    def number(self, name: str) -> float:
        """Return the number of a field that must not be empty."""
        text = self._typed[name]
        field = self._fields[name]
        if not text:
            raise EntryError(name, f"{name} must be a number{_in_unit(field)}, got an empty field")
        plain = text.replace("−", "-")  # the true minus sign, which some keyboards type
        if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
            raise EntryError(name, _refusal(field, text))
        return float(plain) + 0.0  # "-0" is zero

    def number_or_none(self, name: str) -> float | None:
        """Return the number of a field that may be empty."""
        return self.number(name) if name in self else None

    def word(self, name: str) -> str:
        """Return the word chosen from a list, in the list or not: the package knows which it takes."""
        field = self._fields[name]
        text = self._typed[name]
        if not text and not field.optional:
            listed = ", ".join(repr(choice.value) for choice in field.choices)
            raise EntryError(name, f"{name} must be one of {listed}, got an empty field")
        allowed = [choice.value for choice in field.choices]
        if text and text not in allowed:
            try:
                validate.choice(name, text, allowed=tuple(word for word in allowed if word))
            except ValueError as problem:
                raise EntryError(name, str(problem)) from None
        return text

    def day(self, name: str) -> date:
        """Return a calendar day."""
        text = self._typed[name]
        wanted = f"{name} must be a calendar day written year-month-day, such as 2027-01-04"
        if not text:
            raise EntryError(name, f"{wanted}, got an empty field")
        if not _DAY.fullmatch(text):
            raise EntryError(name, f"{wanted}, got {validate.picture(text)}")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise EntryError(name, f"{wanted}, got {validate.picture(text)}, which no calendar has") from None

    def echo(self) -> str:
        """Return what was typed, with the units of the labels, so that a slip of the finger is seen beside the result.

        Examples
        --------
        >>> weight = Field("weight_kg", "Weight", "number", unit="kg")
        >>> Entries((weight,), {"weight_kg": " 21 "}).echo()
        'Weight: 21 kg'
        """
        return "; ".join(self._said(field) for name, field in self._fields.items() if self._typed[name])

    def _said(self, field: Field) -> str:
        text = self._typed[field.name]
        if field.kind == "choice":
            text = next((choice.label for choice in field.choices if choice.value == text), text)
        return f"{field.title}: {text} {field.unit}".rstrip()


def _in_unit(field: Field) -> str:
    return f" in {field.unit}" if field.unit else ""


def _refusal(field: Field, text: str) -> str:
    """Return what is wrong with a text that is no plain number, and what to do."""
    example = field.default or "12.5"
    wanted = f"{field.name} must be a plain number{_in_unit(field)}, such as {example}, got {validate.picture(text)}"
    hints = [hint for unit, pattern, hint in _OTHER_UNITS if unit == field.unit and pattern.search(text)]
    if "," in text and any(sign.isdigit() for sign in text):
        hints.append("write the decimal sign as a point and leave thousands unmarked")
    elif not hints and any(sign.isdigit() for sign in text) and len(text) <= _LONGEST:
        hints.append("write digits and a decimal point only, without a unit")
    return "; ".join([wanted, *hints])
