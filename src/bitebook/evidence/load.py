"""Read the evidence tables once per process: as text, as pandas tables, and as facts.

The tables and the meaning of their columns are declared in ``datapackage.json``; nothing about them is repeated here.
"""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bitebook.evidence import labels
from bitebook.evidence.fact import Fact, from_row
from bitebook.evidence.wording import is_number
from bitebook.paths import data_dir

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, str]
NUMERIC_TYPES = frozenset({"number", "integer"})
# These may hold text in some tables ("<0.001", "KMT2A rearrangement"); as pandas columns they are always numbers.
ALWAYS_NUMBERS = frozenset({"value", "low", "high"})


@lru_cache(maxsize=8)
def resources(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the declaration of each table in ``datapackage.json``, by name."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


def tables() -> tuple[str, ...]:
    """Return the names of all evidence tables.

    Examples
    --------
    >>> "outcomes" in tables()
    True
    """
    return tuple(resources(data_dir()))


def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of a table as text, exactly as in the file.

    Raises
    ------
    ValueError
        If there is no such table; the message lists those there are.

    Examples
    --------
    >>> rows("comparisons")[0]["measure"]
    'hazard ratio'
    """
    if not isinstance(name, str) or name not in tables():
        raise ValueError(f"name must be one of {', '.join(map(repr, tables()))}, got {name!r}")
    return _rows(data_dir(), name)


def table(name: str) -> pd.DataFrame:
    """Return an evidence table; numeric columns are numbers, empty cells are missing.

    ``value``, ``low``, and ``high`` are always numbers (missing where the source prints a word or ``<0.001``);
    ``value_text`` keeps the value as printed. ``.attrs["units"]`` maps each column with a fixed unit to it; the unit
    of ``value``, ``low``, and ``high`` stands in the column ``unit`` of the same row.

    Raises
    ------
    ValueError
        If there is no such table.

    Examples
    --------
    >>> frame = table("outcomes")
    >>> rows_at_two_years = frame.query("study == 'brown2021jama' and timepoint_months == 24")
    >>> rows_at_two_years[["endpoint", "arm", "value"]].to_string(index=False, header=False).splitlines()[0].split()
    ['disease-free', 'survival', 'blinatumomab', '54.4']
    >>> frame.attrs["units"]["timepoint_months"]
    'months'
    """
    rows(name)  # refuses an unknown name in plain words
    frame = _frame(data_dir(), name).copy()
    frame.attrs = dict(_frame(data_dir(), name).attrs)
    return frame


def facts() -> dict[str, Fact]:
    """Return all facts by id.

    Examples
    --------
    >>> facts()["brown2021-dfs-2y-chemotherapy"].text
    '39.0%'
    """
    return dict(_facts(data_dir()))


def fact(id: str) -> Fact:
    """Return one fact.

    Raises
    ------
    ValueError
        If no row has this id; the message names the closest ones.

    Examples
    --------
    >>> f = fact("brown2021-dfs-hr")
    >>> f.text, f.interval_text, f.status
    ('0.70', '95% CI 0.47 to 1.03', 'secondary')
    >>> str(fact("hogan2023-dfs-p"))
    'P = 0.089 (one-sided)†'
    """
    known = _facts(data_dir())
    if not isinstance(id, str) or id not in known:
        near = difflib.get_close_matches(str(id), known, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "look it up in the tables of data/"
        raise ValueError(f"id must be the id of a row in data/*.csv, got {id!r}; {hint}")
    return known[id]


def discrepancies() -> pd.DataFrame:
    """Return the places where sources disagree: what is printed, what the source says, what this book uses, and why.

    Examples
    --------
    >>> len(discrepancies()) >= 15
    True
    """
    return table("discrepancies")


@lru_cache(maxsize=64)
def _rows(folder: Path, name: str) -> tuple[Row, ...]:
    path = folder / resources(folder)[name]["path"]
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@lru_cache(maxsize=64)
def _frame(folder: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    fields = resources(folder)[name]["schema"]["fields"]
    frame = pd.DataFrame(list(_rows(folder, name)), columns=[field["name"] for field in fields], dtype=object)
    frame["value_text"] = frame["value"]
    for field in fields:
        column = field["name"]
        if field["type"] in NUMERIC_TYPES or column in ALWAYS_NUMBERS:
            frame[column] = [float(text) if is_number(text) else float("nan") for text in frame[column]]
    frame.attrs = {"units": {field["name"]: field["unit"] for field in fields if field.get("unit")}}
    return frame


@lru_cache(maxsize=8)
def _facts(folder: Path) -> dict[str, Fact]:
    studies = {row["id"]: row for row in _rows(folder, "studies")}
    found: dict[str, Fact] = {}
    for name in resources(folder):
        for row in _rows(folder, name):
            study = studies.get(row.get("study", ""), {})
            label = labels.describe(
                name, row, study_name=study.get("short_name", ""), study_population=study.get("population", "")
            )
            if row["id"] in found:
                other = found[row["id"]].table
                raise ValueError(f"the id {row['id']!r} stands in {other} and in {name}; make it unique")
            found[row["id"]] = from_row(name, row, label=label)
    return found
