"""Where a result comes from: the rows of evidence behind it, with label version, region, place, and status."""

from __future__ import annotations

import re

from bitebook.calculators.blocks import Table
from bitebook.dosing import table

_TABLES = ("dosing_rules", "preparation", "pharmacokinetics")
_STATUS = {
    "primary": "seen in the label or paper",
    "secondary": "seen on a page that quotes it",
    "review": "as printed in the review only",
    "unverified": "not verified",
}


def row_of(rule_id: str) -> table.Row:
    """Return the row of an id from the tables that calculators use.

    Examples
    --------
    >>> row_of("label-rr-lt45-c1-d1")["label_version"]
    'US PI 2018-2025'
    """
    for name in _TABLES:
        for row in table.read(table.table_key(name)):
            if row["id"] == rule_id:
                return row
    raise LookupError(f"no row {rule_id} in {', '.join(_TABLES)}")


def _paper(source: str) -> str:
    """Return a key of the bibliography as a reader would say it.

    Examples
    --------
    >>> _paper("clements2020")
    'Clements 2020'
    """
    named = re.fullmatch(r"([a-z]+)(\d{4})", source)
    return f"{named[1].capitalize()} {named[2]}" if named else source


def table_of(rule_ids: tuple[str, ...]) -> Table:
    """Return the rows as a table, each id once, in the order of use."""
    rows = [row_of(rule_id) for rule_id in dict.fromkeys(rule_ids)]
    return Table(
        caption="Rows of evidence behind this result",
        columns=("Row", "Label version or paper", "Region", "Place", "How checked"),
        rows=tuple(
            (
                row["id"],
                row.get("label_version") or _paper(row["source"]),
                row.get("region") or "not a label",
                row["locator"],
                _STATUS[row["status"]] + table.mark(row["status"]),
            )
            for row in rows
        ),
    )
