"""The rows on vials and bags: which hold for a bag of so many hours, and what goes into it before the drug."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bitebook.dosing import table
from bitebook.dosing.table import Row


@dataclass(frozen=True, slots=True)
class Base:
    """What goes into a bag before the drug, and the rows that say so."""

    diluent: Decimal
    stabilizer: Decimal
    total: Decimal | None
    rows: tuple[Row, ...]

    def volume(self, drug: Decimal) -> Decimal:
        """Return the volume of the full bag."""
        return self.diluent + self.stabilizer + drug if self.total is None else self.total

    def top_up(self, drug: Decimal) -> Decimal:
        """Return the plain saline that fills the bag to its fixed total; 0 where the total is not fixed."""
        return Decimal(0) if self.total is None else self.total - self.diluent - self.stabilizer - drug

    def drug_for(self, amount: Decimal, concentration: Decimal, infused: Decimal) -> Decimal:
        """Return the drug volume that puts `amount` mcg into the infused share of the bag.

        concentration × V × infused / bag = amount, where the bag grows with V unless its total is fixed.
        """
        if self.total is not None:
            return amount * self.total / (concentration * infused)
        return amount * (self.diluent + self.stabilizer) / (concentration * infused - amount)


def base(hours: int) -> Base | None:
    """Return what goes into the bag before the drug, or ``None`` if our sources do not say."""
    diluent = [row for row in rows_of("diluent") if lasts(row, hours) and row["value"]]
    stabilizer = [row for row in rows_of("IV solution stabilizer") if lasts(row, hours)]
    totals = [row for row in diluent if row["component"] == "final bag volume"]
    salines = [row for row in diluent if row["component"] != "final bag volume"]
    if not salines or not stabilizer:
        return None
    total = value_of(totals[0]) if totals else None
    return Base(value_of(salines[0]), value_of(stabilizer[0]), total, (salines[0], stabilizer[0], *totals))


def printed_volume(dose: Decimal, hours: int, weight_kg: float) -> Row | None:
    """Return the row with the label's drug volume for exactly this dose, duration, and weight, if we hold it."""
    for row in rows_of("reconstituted drug"):
        from_kg = row["weight_low_kg"]
        is_volume = row["unit"] == "mL" and row["value"] and from_kg
        if is_volume and lasts(row, hours) and weight_kg >= float(from_kg) and Decimal(row["dose"]) == dose:
            return row
    return None


def weight_limit(hours: int, version: str) -> Row | None:
    """Return the row with the weight below which a bag is not recommended in a label version, if there is one."""
    found = [row for row in rows_of("weight limit") if row["label_edition"] == version and lasts(row, hours)]
    return found[0] if found else None


def storage(hours: int) -> tuple[str, ...]:
    """Return the storage limits of the vial and of this bag, in words."""
    found = [row for row in rows_of("storage") if not row["durations_h"] or lasts(row, hours)]
    lines = [_storage_line(row, hours) for row in found]
    if not any(row["durations_h"] for row in found):
        lines.append("storage of this bag: not in our sources")
    return tuple(lines)


def _storage_line(row: Row, hours: int) -> str:
    stated = f": {row['value']} {row['unit']}{table.mark(row['status'])}" if row["value"] else ""
    # A limit as long as the infusion itself leaves no time to wait; the row's note says what follows.
    tight = row["unit"] == "hours" and row["value"] == str(hours) and lasts(row, hours)
    return f"{row['component']}{stated}" + (f"; {row['note']}" if tight and row["note"] else "")


def rows_of(item: str) -> list[Row]:
    """Return the rows on one item ("infusion rate", "diluent", ...), in the table's order."""
    return [row for row in table.read(table.table_key("preparation")) if row["item"] == item]


def row_of(row_id: str) -> Row:
    """Return the row of an id; a table that has lost it gives no bag rather than a wrong one."""
    for row in table.read(table.table_key("preparation")):
        if row["id"] == row_id:
            return row
    raise LookupError(f"data/preparation.csv has no row {row_id}")


def value_of(row: Row) -> Decimal:
    """Return the number of a row exactly as printed."""
    if not row["value"]:
        raise LookupError(f"the row {row['id']} of data/preparation.csv has no value")
    return Decimal(row["value"])


def lasts(row: Row, hours: int) -> bool:
    """Return True if the row is about bags of this many hours."""
    return str(hours) in row["durations_h"].split()


def in_edition(row: Row, version: str) -> bool:
    """Return True if the row belongs to this label version or to all of them."""
    return row["label_edition"] in ("all", version)
