"""One row of the evidence as a sentence can use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bitebook.evidence import wording

UNVERIFIED = "unverified"
DAGGER = "†"
# Tables without a number of their own print another column, so that nothing stands in a file twice.
SPEAKING_COLUMN = {"agents": "registry_id", "discrepancies": "book_uses"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A single value with everything a reader needs in order to trust or doubt it.

    Texts are as printed in the source; ``value``, ``low``, and ``high`` are the same as numbers where they are numbers.
    ``status`` is primary, secondary, review, or unverified; ``interval_status`` is empty where it equals ``status``.
    """

    id: str
    table: str
    label: str
    value: float | str | None
    value_text: str
    low: float | None
    high: float | None
    low_text: str
    high_text: str
    unit: str
    source: str
    locator: str
    status: str
    interval_status: str
    checked: str
    note: str
    measure: str = ""
    p_sides: str = ""
    interval_kind: str = ""
    spread_text: str = ""

    @property
    def text(self) -> str:
        """The value with its unit: ``54.4%``, ``0.70``, ``616 pg/mL``, ``10% to 15%``, ``P = 0.03 (one-sided)``."""
        if not self.value_text:
            if self.low_text or self.high_text:
                return wording.span(self.low_text, self.high_text, self.unit)
            return wording.NOT_AVAILABLE
        if self.measure == "P value" or self.unit == "P value":
            return wording.p_value(self.value_text, self.p_sides)
        if isinstance(self.value, str):
            return self.value_text
        return wording.quantity(self.value_text, self.unit)

    @property
    def interval_text(self) -> str:
        """What surrounds the value: ``95% CI 0.47 to 1.03``, ``standard error 5.0``, or nothing."""
        if not self.value_text:
            return ""
        kind = "" if self.interval_kind == "interval as printed" else self.interval_kind
        if self.low_text and self.high_text:
            # A unit other than percent already stands beside the value and is not repeated.
            unit = "percent" if self.unit == "percent" else ""
            return f"{kind} {wording.span(self.low_text, self.high_text, unit)}".strip()
        if self.low_text or self.high_text:
            side, end = ("lower", self.low_text) if self.low_text else ("upper", self.high_text)
            unit = "percent" if self.unit == "percent" else ""
            return f"{kind} {side} limit {wording.quantity(end, unit)}".strip()
        return self.spread_text

    @property
    def mark(self) -> str:
        """The dagger of a value that was not verified, else nothing."""
        return DAGGER if self.status == UNVERIFIED else ""

    @property
    def interval_mark(self) -> str:
        """The dagger of an interval that was not verified, else nothing."""
        return DAGGER if self.interval_text and (self.interval_status or self.status) == UNVERIFIED else ""

    def __str__(self) -> str:
        """Return the text with its mark."""
        return self.text + self.mark


def from_row(table: str, row: Mapping[str, str], *, label: str) -> Fact:
    """Build the fact of one row; columns a table does not have count as empty."""
    cell = row.get
    error, deviation = cell("standard_error", ""), cell("sd", "")
    spread = f"standard error {error}" if error else (f"SD {deviation}" if deviation else "")
    value_text = cell("value", "") or cell(SPEAKING_COLUMN.get(table, ""), "")
    return Fact(
        id=row["id"],
        table=table,
        label=label,
        value=_value(value_text),
        value_text=value_text,
        low=_number(cell("low", "")),
        high=_number(cell("high", "")),
        low_text=cell("low", ""),
        high_text=cell("high", ""),
        unit=cell("unit", ""),
        source=cell("source", ""),
        locator=cell("locator", ""),
        status=cell("status", ""),
        interval_status=cell("interval_status", ""),
        checked=cell("checked", ""),
        note=cell("note", ""),
        measure=cell("measure", ""),
        p_sides=cell("p_sides", ""),
        interval_kind=cell("interval_kind", ""),
        spread_text=spread,
    )


def _number(text: str) -> float | None:
    return float(text) if wording.is_number(text) else None


def _value(text: str) -> float | str | None:
    if not text:
        return None
    return float(text) if wording.is_number(text) else text
