"""The pandera schema of each table: its columns as declared in datapackage.json, and the rules between cells."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa

from bitebook.evidence import rules
from bitebook.evidence.wording import is_number

# Working addresses never enter the tables; the ones that may be published stand in references.bib.
ADDRESS = re.compile(r"https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|gov|eu|de|fr|ru|cn|io|app)/", re.IGNORECASE)

# The tables are given out as they are, and many readers open them in a spreadsheet.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell that breaks a rule, by its row number in the table."""

    index: int
    column: str
    rule: str
    advice: str


@dataclass(frozen=True, slots=True)
class CellRule:
    """A condition on single cells of one column."""

    name: str
    advice: str
    holds: Callable[[str], bool]


def failures(name: str, frame: pd.DataFrame, fields: list[dict[str, Any]]) -> list[Failure]:
    """Return the first broken rule of each bad row of a table, in the order of the rows.

    Parameters
    ----------
    name
        Name of the table.
    frame
        The table as text, with the declared columns.
    fields
        The declaration of the columns in ``datapackage.json``.
    """
    book: dict[str, tuple[int, str, str, str]] = {}
    try:
        _schema(name, fields, book).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as found:
        return _first_of_each_row(found.failure_cases, book)
    return []


def _first_of_each_row(cases: pd.DataFrame, book: dict[str, tuple[int, str, str, str]]) -> list[Failure]:
    best: dict[int, tuple[int, Failure]] = {}
    for check, index in zip(cases["check"], cases["index"], strict=True):
        rank, column, rule, advice = book[str(check)]
        row = int(index)
        if row not in best or rank < best[row][0]:
            best[row] = (rank, Failure(row, column, rule, advice))
    return [failure for _, (_, failure) in sorted(best.items())]


def _schema(name: str, fields: list[dict[str, Any]], book: dict[str, tuple[int, str, str, str]]) -> pa.DataFrameSchema:
    """Build the schema; `book` learns for each check its rank, column, rule, and advice, under the check's own name."""
    columns = {}
    for field in fields:
        checks = []
        for cell in cell_rules(field):
            key = f"{field['name']}: {cell.name}"
            book[key] = (len(book), field["name"], cell.name, cell.advice)
            checks.append(pa.Check(_each(cell.holds), error=key, ignore_na=False))
        columns[field["name"]] = pa.Column(object, checks=checks)
    between = []
    for rule in rules.for_table(name):
        key = f"row: {rule.name}"
        book[key] = (len(book), rule.column, rule.name, rule.advice)
        between.append(pa.Check(rule.holds, error=key, ignore_na=False))
    return pa.DataFrameSchema(columns, checks=between, strict=True)


def _each(holds: Callable[[str], bool]) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda series: series.map(holds).astype(bool)


def cell_rules(field: dict[str, Any]) -> list[CellRule]:
    """Return what a column's declaration asks of each of its cells.

    Examples
    --------
    >>> [rule.name for rule in cell_rules({"name": "n", "type": "integer", "constraints": {"required": True}})]
    ['must not be empty', 'must be a whole number', 'must not begin like a formula', 'must not hold an address']
    """
    limits = field.get("constraints", {})
    found = []
    if limits.get("required"):
        found.append(CellRule("must not be empty", "fill in the cell", bool))
    kind = field["type"]
    if kind == "number":
        found.append(
            CellRule("must be a number", "digits with a decimal point, or empty", lambda x: not x or is_number(x))
        )
    elif kind == "integer":
        found.append(CellRule("must be a whole number", "digits only, or empty", lambda x: not x or x.isdecimal()))
    elif kind == "date":
        found.append(
            CellRule("must be an ISO date", "year-month-day, for example 2026-11-23", lambda x: not x or _is_date(x))
        )
    if "enum" in limits:
        allowed = tuple(limits["enum"])
        found.append(CellRule("must be on the list", f"allowed: {', '.join(allowed)}", lambda x: not x or x in allowed))
    if "pattern" in limits:
        pattern = re.compile(limits["pattern"])
        found.append(
            CellRule(
                "must have the declared form",
                f"pattern {limits['pattern']}",
                lambda x: not x or bool(pattern.fullmatch(x)),
            )
        )
    found.append(
        CellRule(
            "must not begin like a formula",
            "a spreadsheet would run it; put a word or a quotation mark before the sign",
            lambda x: not x.startswith(FORMULA_SIGNS) or is_number(x),
        )
    )
    found.append(
        CellRule(
            "must not hold an address", "cite the work through references.bib instead", lambda x: not ADDRESS.search(x)
        )
    )
    return found


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
