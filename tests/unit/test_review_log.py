"""The log of the hostile review: each statement names its evidence, each verdict is one of four, each mend is told."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bitebook import evidence

ROOT = Path(__file__).resolve().parents[2]
LOGS = sorted((ROOT / "docs").glob("review-log*.csv"))
CHAPTERS = {path.stem for path in (ROOT / "chapters").glob("*.md")}

COLUMNS = ["n", "chapter", "place", "statement", "evidence_row", "verdict", "what_was_done", "date"]
RIGHT = "right"
VERDICTS = {RIGHT, "wrong, mended", "imprecise, mended", "cannot be verified, marked"}
COMPUTED = "computed"
FIRST_DAY = date(2026, 11, 1)  # the book's data were first checked in this month
FEWEST_ROWS = 100

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        assert reader.fieldnames == COLUMNS, f"{path.name}: columns are {reader.fieldnames}, must be {COLUMNS}"
        return list(reader)


def known_rows() -> set[str]:
    """Return the id of every row of the evidence."""
    return {row["id"] for name in evidence.tables() for row in evidence.rows(name)}


def complaints(row: Row, known: set[str]) -> Iterator[str]:
    """Yield what is wrong with one line of the log, in words that say what is allowed."""
    for column in ("n", "chapter", "place", "statement", "evidence_row", "verdict", "date"):
        if not (row[column] or "").strip():
            yield f"{column} must not be empty"
    if row["chapter"] not in CHAPTERS:
        yield f"chapter {row['chapter']!r} is no file of chapters/"
    if row["verdict"] not in VERDICTS:
        yield f"verdict {row['verdict']!r} must be one of {sorted(VERDICTS)}"
    if row["verdict"] != RIGHT and not (row["what_was_done"] or "").strip():
        yield "a verdict other than right needs what_was_done"
    for name in row["evidence_row"].split():
        if name != COMPUTED and name not in known:
            yield f"evidence_row {name!r} is no row of data/ and not {COMPUTED!r}"
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        yield f"date {row['date']!r} must be an ISO date such as 2026-11-28"
    else:
        if day < FIRST_DAY:
            yield f"date {row['date']!r} is before the book's data were checked"


def test_every_line_of_the_log_holds() -> None:
    known = known_rows()
    found = [
        f"{path.name}, line {line}: {complaint}"
        for path in LOGS
        for line, row in enumerate(rows(path), start=2)
        for complaint in complaints(row, known)
    ]
    assert not found, "\n".join(found)


def test_lines_are_numbered_from_one_without_gaps() -> None:
    for path in LOGS:
        numbers = [row["n"] for row in rows(path)]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)], f"{path.name}: number the lines from 1 on"


def test_the_log_is_long_enough() -> None:
    assert LOGS, "no docs/review-log*.csv: the review must leave its log"
    assert sum(len(rows(path)) for path in LOGS) >= FEWEST_ROWS


GOOD: Row = {
    "n": "1",
    "chapter": "04-clinical-trials",
    "place": "sec-trials-europe",
    "statement": "17 of 54 had an event",
    "evidence_row": "locatelli2021-efs-blinatumomab computed",
    "verdict": "imprecise, mended",
    "what_was_done": "worded with its denominator",
    "date": "2026-11-28",
}


def test_a_good_line_has_no_complaint() -> None:
    assert list(complaints(GOOD, known_rows())) == []


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("statement", " ", "must not be empty"),
        ("chapter", "11-nowhere", "no file of chapters/"),
        ("verdict", "fine", "must be one of"),
        ("what_was_done", "", "needs what_was_done"),
        ("evidence_row", "locatelli2021-efs-blina", "no row of data/"),
        ("date", "28.11.2026", "ISO date"),
        ("date", "2021-11-28", "before the book's data"),
    ],
)
def test_a_broken_line_is_noticed(column: str, value: str, words: str) -> None:
    assert any(words in complaint for complaint in complaints({**GOOD, column: value}, known_rows()))
