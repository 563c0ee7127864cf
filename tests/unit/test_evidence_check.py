"""Every rule of the evidence tables is seen to fail: one broken cell gives one line that says where and what to do."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from frictionless import Package

from bitebook.evidence import rules
from bitebook.evidence.__main__ import main
from bitebook.evidence.check import Report, check
from bitebook.evidence.load import resources
from bitebook.evidence.schema import cell_rules
from bitebook.paths import data_dir

DATA = data_dir()


@dataclass(frozen=True)
class Break:
    """One cell set to a wrong value, and the rule that must notice."""

    table: str
    row: str
    column: str
    value: str
    rule: str
    blamed: str = ""  # the column the line names, where it is not the one that was broken


# Each row is broken once, so that all can be broken in one copy of the data and must give one line each.
BREAKS = [
    # single cells
    Break("outcomes", "brown2021-mrd-cycle2-blinatumomab", "endpoint", "", "must not be empty"),
    Break("outcomes", "brown2021-os-2y-blinatumomab", "value", "71,3", "must be a number"),
    Break("outcomes", "brown2021-os-2y-chemotherapy", "n_treated", "97.5", "must be a whole number"),
    Break("outcomes", "gupta2025-dfs-3y-blinatumomab", "checked", "23.11.2026", "must be an ISO date"),
    Break("outcomes", "gupta2025-dfs-3y-chemotherapy", "status", "seen", "must be on the list"),
    Break("comparisons", "locatelli2021-efs-hr", "interval_status", "maybe", "must be on the list"),
    Break("studies", "aall1821", "registry_id", "NCT123", "must have the declared form"),
    Break("agents", "agent-cite", "id", "Agent CiTE", "must have the declared form"),
    Break("agents", "agent-blina-sc", "note", "=1+1", "must not begin like a formula"),
    Break("statements", "review-mech-mass-kda", "note", "see https://example.org/x", "must not hold an address"),
    # every table
    Break("statements", "review-clin-relapse-fraction", "low", "16", "low must not exceed high"),
    Break("comparisons", "hogan2023-dfs-p", "note", "", "an unverified value needs a note"),
    # studies
    Break("studies", "brown2021jama", "value", "207", "value equals n"),
    Break("studies", "gupta2025", "low", "1441", "low <= value <= high", "value"),
    # outcomes
    Break("outcomes", "vonstackelberg2016-cr", "high", "38", "low <= value <= high", "value"),
    Break("outcomes", "litzow2024-os-3y-blinatumomab", "value", "850", "a percentage lies between 0 and 100"),
    Break("outcomes", "litzow2024-fda-os-3y-blinatumomab", "interval_kind", "", "an interval needs its kind"),
    Break("outcomes", "brown2021-dfs-2y-blinatumomab", "failures", "106", "failures <= denominator"),
    Break("outcomes", "vonstackelberg2016-dlt-phase1", "responders", "50", "responders <= denominator"),
    Break("outcomes", "kantarjian2017-os-median-blinatumomab", "n_treated", "272", "n_treated <= n_randomized"),
    Break("outcomes", "brown2021-hsct-blinatumomab", "failures", "31", "failures belong to survival endpoints"),
    Break("outcomes", "brown2021-dfs-2y-chemotherapy", "responders", "40", "responders belong to endpoints other"),
    Break(
        "outcomes",
        "locatelli2021-mrd-blinatumomab",
        "responders",
        "45",
        "percent agrees with responders/denominator",
        "value",
    ),
    Break("outcomes", "locatelli2021-efs-blinatumomab", "value", "31", "percent agrees with 1 - failures/denominator"),
    # comparisons
    Break("comparisons", "brown2021-os-hr", "value", "", "a ratio is a number above 0"),
    Break("comparisons", "brown2021-dfs-hr", "value", "1.43", "hazard ratio inside its interval"),
    Break("comparisons", "gupta2025-dfs-rmst", "value", "7.2", "low <= value <= high"),
    Break("comparisons", "brown2021-dfs-p", "value", "1.03", "p between 0 and 1"),
    Break("comparisons", "marrapodi2022-ae-crs-rr", "p_sides", "2", "p_sides belongs to P values"),
    Break("comparisons", "litzow2024-os-hr", "interval_kind", "", "an interval needs its kind"),
    # adverse events
    Break("adverse_events", "stein2019-ae-neurologic-ge3-blinatumomab", "value", "18", "low <= value <= high"),
    Break("adverse_events", "hogan2023-ae-sepsis-ge3-blinatumomab", "value", "-1", "a percentage lies between 0"),
    Break("adverse_events", "locatelli2022-ae-crs-g3-4-blinatumomab", "events", "111", "events <= n"),
    Break(
        "adverse_events", "brown2021-ae-c1-infection-ge3-blinatumomab", "value", "9.9", "percent agrees with events/n"
    ),
    Break(
        "adverse_events",
        "hogan2023-ae-sepsis-ge3-chemotherapy",
        "low",
        "1",
        "an interval needs its kind",
        "interval_kind",
    ),
    # resistance
    Break("resistance", "resistance-treg-resp", "value", "10.25", "low <= value <= high"),
    Break("resistance", "resistance-cd19neg-sr-all", "value", "450", "a percentage lies between 0 and 100"),
    Break("resistance", "resistance-em-aldoss", "n", "7", "events <= n", "events"),
    Break("resistance", "resistance-zhao-crlf2", "value", "74", "percent agrees with events/n"),
    Break("resistance", "resistance-treg-nonresp", "interval_kind", "", "an interval needs its kind"),
    # pharmacokinetics
    Break("pharmacokinetics", "pk-cl-infant", "value", "2.67", "low <= value <= high"),
    Break("pharmacokinetics", "pk-pop-bsa-exponent", "interval_kind", "", "an interval needs its kind"),
    Break("pharmacokinetics", "pk-css-adult-28", "cv_percent", "78", "cv_percent agrees with sd/value"),
    # statements
    Break("statements", "review-tab1-vs-cr", "value", "52", "low <= value <= high"),
    Break("statements", "pechli2026-sr-qaly", "interval_kind", "", "an interval needs its kind"),
    Break("statements", "review-tab1-hogan-dfs-p", "value", "89", "p between 0 and 1"),
    Break("statements", "review-tox-crs-ge3", "status", "primary", "review rows are named review-", "origin"),
    # rule tables
    Break("dosing_rules", "label-ind-mrd", "low", "2", "low <= value <= high", "value"),
    Break(
        "dosing_rules", "label-rr-ge45-c1-d1", "weight_high_kg", "44", "weight_low_kg < weight_high_kg", "weight_low_kg"
    ),
    Break("dosing_rules", "label-rr-lt45-c1-d1", "day_to", "0", "day_from <= day_to", "day_from"),
    Break("dosing_rules", "label-rr-ge45-c6-d1", "cycle_to", "5", "cycle_from <= cycle_to", "cycle_from"),
    Break("preparation", "label-vial-labeled", "high", "3", "low <= value <= high", "value"),
    Break("preparation", "label-recon-volume", "weight_low_kg", "9", "weight_low_kg < weight_high_kg"),
    # discrepancies
    Break("discrepancies", "discrepancy-02-regulatory-t-cells", "number", "3", "number agrees with the id"),
]
# `label-recon-volume` has no weight band of its own: give it an upper end to be above.
SET_UP = [Break("preparation", "label-recon-volume", "weight_high_kg", "5", "")]
# Noticed only once every table can be read and every row stands for itself.
ACROSS = [
    Break(
        "outcomes", "gupta2025-average-dfs-3y-blinatumomab", "source", "gupta2052", "must be a key of references.bib"
    ),
    Break(
        "adverse_events", "stein2019-ae-neurologic-any-blinatumomab", "study", "stein", "must be an id of studies.csv"
    ),
    Break("statements", "review-clin-infant-n", "study", "nobody2020", "studies.csv or references.bib"),
    Break("discrepancies", "discrepancy-03-hogan2023-dfs-p", "fact_ids", "hogan2023-dfs-q", "must be the id of a row"),
    Break("statements", "gupta2025-at-risk-os-36m-blinatumomab", "id", "brown2021-dfs-hr", "ids are unique over all"),
]


def copy(folder: Path) -> Path:
    folder.mkdir()
    for path in [*DATA.glob("*.csv"), DATA / "datapackage.json", DATA / "references.bib"]:
        shutil.copy(path, folder)
    return folder


def set_cell(folder: Path, change: Break) -> None:
    path = folder / f"{change.table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        found = list(reader)
    assert reader.fieldnames is not None and change.column in reader.fieldnames
    matching = [row for row in found if row["id"] == change.row]
    assert len(matching) == 1, f"{change.row} is not one row of {change.table}"
    assert matching[0][change.column] != change.value, "the break changes nothing"
    matching[0][change.column] = change.value
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def expected_row(change: Break) -> str:
    return change.value if change.column == "id" else change.row


def cell(folder: Path, table: str, row: str, column: str) -> str:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return next(line[column] for line in csv.DictReader(stream) if line["id"] == row)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy(tmp_path_factory.mktemp("broken") / "data")
    for change in [*SET_UP, *BREAKS, *ACROSS]:
        set_cell(made, change)
    return made


@pytest.fixture(scope="module")
def broken(folder: Path) -> Report:
    return check(folder)


def test_the_tables_as_they_stand_are_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert re.search(r"evidence: \d+ rows, no problems \(studies \d+, outcomes \d+", out)


@pytest.mark.parametrize(
    "change", [*BREAKS, *ACROSS], ids=lambda change: f"{change.table}-{change.row}-{change.column}"
)
def test_a_broken_cell_gives_one_line(folder: Path, broken: Report, change: Break) -> None:
    file, row, column = f"{change.table}.csv", expected_row(change), change.blamed or change.column
    lines = [str(problem) for problem in broken.problems if (problem.file, problem.row) == (file, row)]
    assert len(lines) == 1, lines
    assert lines[0].startswith(
        f"{file}: row {row}, column {column}, value {cell(folder, change.table, row, column)!r}: "
    )
    assert change.rule in lines[0]
    told = lines[0].split(change.rule)[1]
    assert ";" in told or ":" in told, "the line must say what is allowed or what to do"


def test_nothing_else_is_reported(broken: Report) -> None:
    # the id that was renamed is missed by whoever speaks of it, and nobody does
    assert len(broken.problems) == len(BREAKS) + len(ACROSS)


def test_every_rule_has_been_seen_to_fail() -> None:
    wanted = {(table, rule.name) for table, found in rules.BY_TABLE.items() for rule in found}
    seen = {
        (change.table, name)
        for change in BREAKS
        for table, name in wanted
        if table == change.table and change.rule in name
    }
    assert wanted - seen == set()
    assert all(any(change.rule == rule.name for change in BREAKS) for rule in rules.EVERY_TABLE)


def test_every_kind_of_cell_rule_has_been_seen_to_fail() -> None:
    kinds = {
        rule.name
        for resource in resources(DATA).values()
        for field in resource["schema"]["fields"]
        for rule in cell_rules(field)
    }
    assert kinds <= {change.rule for change in BREAKS}


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bitebook.evidence", "check"]
    return subprocess.run(command, env={**os.environ, "BITEBOOK_DATA": str(folder)}, capture_output=True, text=True)


def test_the_command_line_fails_with_one_line(tmp_path: Path) -> None:
    folder = copy(tmp_path / "data")
    set_cell(folder, Break("outcomes", "brown2021-dfs-2y-blinatumomab", "source", "brown2012", ""))
    done = run(folder)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "outcomes.csv: row brown2021-dfs-2y-blinatumomab, column source, value 'brown2012': "
        "the source must be a key of references.bib; add the entry or correct the key"
    ]
    assert "1 problem" in done.stderr and "Traceback" not in done.stderr


def damaged(folder: Path, file: str, old: bytes, new: bytes) -> list[str]:
    path = folder / file
    raw = path.read_bytes()
    assert old in raw
    path.write_bytes(raw.replace(old, new, 1))
    return [str(problem) for problem in check(folder).problems]


def test_a_truncated_file(tmp_path: Path) -> None:
    folder = copy(tmp_path / "data")
    path = folder / "outcomes.csv"
    path.write_bytes(path.read_bytes()[:-40])
    lines = [str(problem) for problem in check(folder).problems]
    assert len(lines) == 1
    assert lines[0].startswith("outcomes.csv: row ") and "the file was cut off; restore it" in lines[0]


def test_a_row_cut_in_the_middle(tmp_path: Path) -> None:
    folder = copy(tmp_path / "data")
    lines = damaged(folder, "comparisons.csv", b"brown2021-os-hr,0.62,0.39,", b"brown2021-os-hr,0.62\n")
    assert len(lines) == 1
    assert "comparisons.csv: row brown2021-os-hr" in lines[0] and "cells instead of" in lines[0]


def test_a_wrong_encoding(tmp_path: Path) -> None:
    folder = copy(tmp_path / "data")
    path = folder / "pharmacokinetics.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace("×", "x").replace("≥", ">=").encode("latin-1", "replace"))
    lines = [str(problem) for problem in check(folder).problems]
    assert len(lines) == 1 and lines[0].startswith("pharmacokinetics.csv:") and "UTF-8" in lines[0]


@pytest.mark.parametrize(("old", "new"), [(b"id,", b"\xef\xbb\xbfid,"), (b"\n", b"\r\n")], ids=["bom", "crlf"])
def test_foreign_line_ends_and_marks(tmp_path: Path, old: bytes, new: bytes) -> None:
    lines = damaged(copy(tmp_path / "data"), "studies.csv", old, new)
    assert len(lines) == 1 and "plain line feeds" in lines[0]


def test_a_missing_column(tmp_path: Path) -> None:
    lines = damaged(copy(tmp_path / "data"), "outcomes.csv", b",interval_status,", b",")
    assert len(lines) == 1
    assert "outcomes.csv: row -, column interval_status" in lines[0] and "the column is missing" in lines[0]


def test_an_undeclared_column_and_a_changed_order(tmp_path: Path) -> None:
    lines = damaged(copy(tmp_path / "a"), "outcomes.csv", b",note,study", b",note,study,mood")
    assert len(lines) == 1 and "column mood" in lines[0] and "not declared" in lines[0]
    lines = damaged(copy(tmp_path / "b"), "outcomes.csv", b"low,high", b"high,low")
    assert len(lines) == 1 and "order" in lines[0]


def test_a_missing_file_and_an_undeclared_one(tmp_path: Path) -> None:
    folder = copy(tmp_path / "data")
    (folder / "agents.csv").rename(folder / "agents_old.csv")
    lines = [str(problem) for problem in check(folder).problems]
    assert len(lines) == 2
    assert "agents.csv" in lines[1] and "missing; restore it" in lines[1]
    assert "agents_old.csv" in lines[0] and "not declared" in lines[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"{10.1001/jama.2021.0669}", b"{jama.2021.0669}", "a DOI looks like"),
        (b"https://ctep.cancer.gov/", b"https://ctep.example.com/", "only official addresses"),
        (b"@article{aldoss2017,", b"@article{badar2020,", "a key must be unique"),
    ],
    ids=["doi", "address", "key-twice"],
)
def test_a_bad_bibliography(tmp_path: Path, old: bytes, new: bytes, told: str) -> None:
    lines = [
        line for line in damaged(copy(tmp_path / "data"), "references.bib", old, new) if line.startswith("references")
    ]
    assert len(lines) == 1 and told in lines[0]


def test_a_bad_declaration_is_found_by_frictionless(tmp_path: Path) -> None:
    lines = damaged(copy(tmp_path / "data"), "datapackage.json", b'"type": "integer"', b'"type": "wholeish"')
    assert lines and all(line.startswith("datapackage.json") and "frictionless" in line for line in lines)


def test_frictionless_accepts_the_whole_package() -> None:
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "fieldName", "rowNumber", "note"])
