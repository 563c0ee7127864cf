"""The rules of the label as typed rows: which one holds for whom, and how well it is verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bitebook.dosing import table

INDICATIONS: Final = ("relapsed-refractory", "mrd-positive", "consolidation")
AGE_GROUPS: Final = ("adult", "pediatric")
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of ``data/dosing_rules.csv``; ``None`` means that the row says nothing.

    ``weight_low_kg`` is included in the band and ``weight_high_kg`` is not: a patient of exactly 45 kg belongs to the
    row that begins at 45 kg.
    """

    id: str
    value: float | None
    unit: str
    source: str
    locator: str
    status: str
    note: str
    region: str
    label_version: str
    category: str
    indication: str
    phase: str
    age_group: str
    age_from_months: float | None
    patient_group: str
    weight_low_kg: float | None
    weight_high_kg: float | None
    cycle_from: int | None
    cycle_to: int | None
    day_from: int | None
    day_to: int | None
    basis: str
    drug: str
    cap: float | None
    infusion_free_days: int | None
    cycle_length_days: int | None
    infusion_days: int | None
    at_step: bool
    at_restart: bool
    second_value: float | None
    event_key: str
    event: str
    grade: str
    action: str
    permanent: str
    restart_value: float | None
    escalate_value: float | None
    escalate_after_days: int | None
    resolved_grade: int | None
    resolved_days: int | None
    resolve_within_days: int | None
    stop_if_at_start: bool
    steroid_interval_h: int | None
    steroid_days: int | None
    steroid_taper_days: int | None

    def holds_for_weight(self, weight_kg: float) -> bool:
        """Return True if the weight lies in the band of this row (lower end included, upper end not)."""
        above = self.weight_low_kg is None or weight_kg >= self.weight_low_kg
        return above and (self.weight_high_kg is None or weight_kg < self.weight_high_kg)

    def holds_for_cycle(self, cycle: int) -> bool:
        """Return True if the cycle is among those of this row; a row without cycles holds for all."""
        late_enough = self.cycle_from is None or cycle >= self.cycle_from
        return late_enough and (self.cycle_to is None or cycle <= self.cycle_to)

    def holds_for_day(self, day: int) -> bool:
        """Return True if the day lies in the days of this row, both ends included."""
        return self.day_from is not None and self.day_to is not None and self.day_from <= day <= self.day_to

    def number(self, field: str) -> float:
        """Return a number this row must have for the rule to be used.

        Raises
        ------
        LookupError
            If the table has lost it: better no result than one computed without it.
        """
        found = getattr(self, field)
        if found is None:
            raise LookupError(f"the row {self.id} of data/dosing_rules.csv has no {field}")
        return float(found)


def rules(category: str) -> tuple[Rule, ...]:
    """Return the rules of one category ("dose", "premedication", "dose modification", ...), in the table's order.

    Examples
    --------
    >>> rule = next(rule for rule in rules("dose") if rule.id == "label-rr-lt45-c1-d1")
    >>> rule.value, rule.unit, rule.cap, rule.status
    (5.0, 'mcg/m²/day', 9.0, 'secondary')
    """
    return _by_category(table.table_key("dosing_rules")).get(category, ())


def dose_rules(indication: str, weight_kg: float) -> tuple[Rule, ...]:
    """Return the dose rows of one indication that hold for a weight, in the order of cycles and days."""
    of_indication = _doses(table.table_key("dosing_rules"))[indication]
    return tuple([rule for rule in of_indication if rule.holds_for_weight(weight_kg)])


def max_cycles(indication: str) -> int:
    """Return the number of cycles the label allows in one course.

    Examples
    --------
    >>> [max_cycles(indication) for indication in INDICATIONS]
    [9, 4, 4]
    """
    return _max_cycles(table.table_key("dosing_rules"), indication)


def lowest_age_months() -> float:
    """Return the age in months from which the label names all three indications."""
    return max(rule.number("age_from_months") for rule in rules("indication"))


def the_one(found: list[Rule], what: str) -> Rule:
    """Return the only rule found; a gap or an overlap in the table is an error, not a choice."""
    if len(found) != 1:
        listed = ", ".join(rule.id for rule in found) or "none"
        raise LookupError(f"data/dosing_rules.csv must have exactly one row for {what}, found {listed}")
    return found[0]


@lru_cache(maxsize=8)
def _by_category(key: table.TableKey) -> dict[str, tuple[Rule, ...]]:
    grouped: dict[str, list[Rule]] = {}
    for row in table.read(key):
        grouped.setdefault(row["category"], []).append(_rule(row))
    return {category: tuple(members) for category, members in grouped.items()}


@lru_cache(maxsize=8)
def _doses(key: table.TableKey) -> dict[str, tuple[Rule, ...]]:
    doses = _by_category(key).get("dose", ())
    return {name: tuple(rule for rule in doses if rule.indication == name) for name in INDICATIONS}


@lru_cache(maxsize=32)
def _max_cycles(key: table.TableKey, indication: str) -> int:
    return max(int(rule.number("cycle_to")) for rule in _doses(key)[indication])


def _rule(row: table.Row) -> Rule:
    """Return a row with its columns turned into numbers, words, and yes or no, as the fields of `Rule` want them."""
    convert: dict[str, Callable[[str], object]] = {
        "float | None": lambda text: float(text) if text else None,
        "int | None": lambda text: int(text) if text else None,
        "bool": lambda text: text == "yes",
        "str": str,
    }
    values = {name: convert[str(kind)](row[name]) for name, kind in Rule.__annotations__.items()}
    return Rule(**values)  # type: ignore[arg-type]
