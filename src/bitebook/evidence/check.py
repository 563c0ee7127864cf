"""Test all evidence tables: one line for each bad row, saying where it is and what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bitebook.evidence import bibliography, declaration, plain_file

REFERENCES = "references.bib"
PACKAGE = "datapackage.json"
FRICTIONLESS_ROWS = 20
# These name studies of studies.csv; elsewhere `study` may be any work of the bibliography.
STUDY_TABLES = frozenset({"outcomes", "comparisons", "adverse_events", "resistance"})

Table = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that breaks a rule."""

    file: str
    row: str
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        """Return the one line that tells where the problem is and what to do."""
        shown = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"{self.file}: row {self.row or '-'}, column {self.column or '-'}, value {shown!r}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: the problems, and the rows of each table that could be read."""

    problems: tuple[Problem, ...]
    counts: dict[str, int]

    @property
    def summary(self) -> str:
        """One line: how much was checked and how it went."""
        listed = ", ".join(f"{name} {count}" for name, count in self.counts.items())
        verdict = f"{len(self.problems)} problem(s)" if self.problems else "no problems"
        return f"evidence: {sum(self.counts.values())} rows, {verdict} ({listed})"


def check(folder: Path) -> Report:
    """Check every table in `folder` against its declaration, its rules, and the other tables.

    Parameters
    ----------
    folder
        The data folder, with ``datapackage.json``, the CSV tables, and ``references.bib``.

    Returns
    -------
    Report
        At most one problem a row; structural problems of a file come first and silence the rest of that file.

    """
    declared, faults = declaration.read(folder / PACKAGE)
    if faults:  # nothing can be checked against a declaration that cannot be trusted
        return Report(tuple(Problem(PACKAGE, "", place, value, rule) for place, value, rule in faults), {})
    problems: list[Problem] = list(_undeclared(folder, declared))
    tables: dict[str, Table] = {}
    for name, resource in declared.items():
        rows, broken = _read(folder, resource)
        problems += broken
        if not broken:
            tables[name] = rows
    problems += _rules(tables, declared)
    works = [Problem(REFERENCES, *told) for told in bibliography.complaints(folder / REFERENCES)]
    problems += works
    # A table that could not be read would make its rows seem to be missing everywhere else.
    if len(tables) == len(declared) and not any(not work.row for work in works):
        problems += _across(tables, declared, set(bibliography.keys(folder / REFERENCES)))
    if not problems:
        problems += _frictionless(folder)
    return Report(tuple(_one_a_row(problems)), {name: len(rows) for name, rows in tables.items()})


def _one_a_row(problems: list[Problem]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for problem in problems:
        place = (problem.file, problem.row)
        if not problem.row or place not in seen:
            seen.add(place)
            yield problem


def _undeclared(folder: Path, declared: dict[str, Any]) -> Iterator[Problem]:
    known = {resource["path"] for resource in declared.values()}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            yield Problem(path.name, "", "", "", f"the file is not declared in {PACKAGE}; declare it or remove it")


def _read(folder: Path, resource: dict[str, Any]) -> tuple[Table, list[Problem]]:
    """Read one table; a structural fault gives one problem and no rows."""
    file = resource["path"]

    def fault(rule: str, *, row: str = "", column: str = "", value: str = "") -> tuple[Table, list[Problem]]:
        return [], [Problem(file, row, column, value, rule)]

    try:
        text = plain_file.read(folder / file)
    except plain_file.UnusableFileError as error:
        rule = error.rule.replace("the file is missing", f"the file is declared in {PACKAGE} but missing")
        return fault(rule, row=error.row, value=error.value)
    try:
        lines = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        return fault(f"the file cannot be read as CSV ({error}); look for an unclosed quotation mark")
    return _rows(lines, resource, fault)


def _rows(lines: list[list[str]], resource: dict[str, Any], fault: Any) -> tuple[Table, list[Problem]]:
    header = [field["name"] for field in resource["schema"]["fields"]]
    found = lines[0] if lines else []
    for name in header:
        if name not in found:
            result: tuple[Table, list[Problem]] = fault(f"the column is missing; {PACKAGE} declares it", column=name)
            return result
    for name in found:
        if name not in header:
            result = fault(f"the column is not declared in {PACKAGE}; declare or remove it", column=name)
            return result
    if found != header:
        result = fault(f"the columns must stand in the order of {PACKAGE}", column=found[0], value=", ".join(found))
        return result
    if len(lines) == 1:
        result = fault("the table has no rows; restore them, or remove the table")
        return result
    for line in lines[1:]:
        if len(line) != len(header):
            rule = f"the row has {len(line)} cells instead of {len(header)}; quote cells that hold commas"
            result = fault(rule, row=line[0] if line else "", value=line[-1] if line else "")
            return result
    return [dict(zip(header, line, strict=True)) for line in lines[1:]], []


def _rules(tables: dict[str, Table], declared: dict[str, Any]) -> Iterator[Problem]:
    # pandas and pandera take most of a second to load and only the check needs them
    import pandas as pd

    from bitebook.evidence import schema

    for name, rows in tables.items():
        fields = declared[name]["schema"]["fields"]
        frame = pd.DataFrame(rows, columns=[field["name"] for field in fields], dtype=object)
        for bad in schema.failures(name, frame, fields):
            row = rows[bad.index]
            yield Problem(declared[name]["path"], row["id"], bad.column, row[bad.column], f"{bad.rule}; {bad.advice}")


def _across(tables: dict[str, Table], declared: dict[str, Any], keys: set[str]) -> Iterator[Problem]:
    """Check what only the tables together can tell: unique ids, known sources, known studies, known facts."""
    home: dict[str, str] = {}
    for name, rows in tables.items():
        for row in rows:
            if row["id"] in home:
                rule = f"ids are unique over all tables; this one also stands in {home[row['id']]}"
                yield Problem(declared[name]["path"], row["id"], "id", row["id"], f"{rule}: choose another id")
            home.setdefault(row["id"], declared[name]["path"])
    studies = {row["id"] for row in tables.get("studies", [])}
    for name, rows in tables.items():
        known, where = studies, "studies.csv"
        if name not in STUDY_TABLES:
            known, where = studies | keys, f"studies.csv or {REFERENCES}"
        for row in rows:
            file = declared[name]["path"]
            if row["source"] not in keys:
                rule = f"the source must be a key of {REFERENCES}; add the entry or correct the key"
                yield Problem(file, row["id"], "source", row["source"], rule)
            if row.get("study") and row["study"] not in known:
                rule = f"the study must be an id of {where}; add it or correct the id"
                yield Problem(file, row["id"], "study", row["study"], rule)
            for id_ in row.get("fact_ids", "").split():
                if id_ not in home:
                    rule = "every id must be the id of a row; correct or remove it"
                    yield Problem(file, row["id"], "fact_ids", id_, rule)


def _frictionless(folder: Path) -> Iterator[Problem]:
    """Let an independent reader of data packages have the last word on the declaration itself.

    The cells have passed by now, so it reads the head of each table only; the tests let it read everything.
    """
    from frictionless import FrictionlessException, Package

    try:
        report = Package(str(folder / PACKAGE)).validate(limit_rows=FRICTIONLESS_ROWS)
    except FrictionlessException as refused:
        yield Problem(PACKAGE, "", "", "", f"frictionless: {refused.error.note}; correct the declaration")
        return
    for error in report.flatten(["type", "fieldName", "rowNumber", "note"]):
        kind, column, row, note = (str(part) if part is not None else "" for part in error)
        yield Problem(PACKAGE, row, column, kind, f"frictionless: {note}")
