"""Every fault in every file of the evidence and the questions gives one line that names the file, and exit code 1."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bitebook.evidence.check import Problem, check
from bitebook.evidence.load import resources
from bitebook.paths import data_dir
from bookpress.questions import BankError, load_bank

from . import fault_tools as faults

DATA = data_dir()
TABLES = sorted(path.name for path in DATA.glob("*.csv"))
BANKS = sorted(path.name for path in (DATA / "questions").glob("*.yaml"))
SOURCES = ("*.csv", "datapackage.json", "references.bib")


# --- tables: faults of the file -----------------------------------------------------------------------------------


def _header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n")


def _columns(change: Callable[[list[str]], list[str]], *, rows: bool = True) -> faults.Fault:
    def apply(path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.reader(stream))
        changed = [change(line) if rows or place == 0 else line for place, line in enumerate(lines)]
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(changed)

    return apply


def _row(change: Callable[[list[str]], list[str]]) -> faults.Fault:
    def apply(path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.reader(stream))
        lines[2] = change(lines[2])
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(lines)

    return apply


def _unclosed(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    lines[-2] = b'"' + lines[-2]
    path.write_bytes(b"\n".join(lines))


OF_TABLES: dict[str, faults.Fault] = {
    **faults.FAULTS,
    "crlf": faults.CRLF,
    "header alone": _header_only,
    "column dropped": _columns(lambda line: line[:3] + line[4:]),
    "column unknown": _columns(lambda line: [*line, "mood"]),
    "column twice": _columns(lambda line: [*line, line[0]]),
    "column renamed": _columns(lambda line: [line[0], "valu", *line[2:]], rows=False),
    "columns exchanged": _columns(lambda line: [line[1], line[0], *line[2:]]),
    "row too short": _row(lambda line: line[:-1]),
    "row too long": _row(lambda line: [*line, "more"]),
    "quotation mark open": _unclosed,
}


@pytest.mark.parametrize("round_", faults.turns(TABLES, list(OF_TABLES)), ids=lambda plan: plan[TABLES[0]])
def test_each_table_has_each_fault_once(tmp_path: Path, round_: dict[str, str]) -> None:
    folder = faults.copied(DATA, tmp_path / "data", *SOURCES)
    for name, fault in round_.items():
        OF_TABLES[fault](folder / name)
    report = check(folder)
    assert report.counts == {}, "a table with such a fault was taken for good"
    for name, fault in round_.items():
        told = [problem for problem in report.problems if problem.file == name]
        assert len(told) == 1, (name, fault, [str(problem) for problem in told])
        assert faults.one_line(str(told[0])), (name, fault, str(told[0]))
        if fault.startswith("column ") and fault != "column twice":
            assert told[0].column, (name, fault, str(told[0]))
        if fault.startswith("row "):
            assert told[0].row, (name, fault, str(told[0]))


# --- tables: faults of single cells -------------------------------------------------------------------------------


def wrong_cells() -> list[tuple[str, str, str, str]]:
    """Return for every column that has a type or a list one row to break: file, row, column, wrong value."""
    found = []
    for resource in resources(DATA).values():
        with (DATA / resource["path"]).open(encoding="utf-8", newline="") as stream:
            ids = [row["id"] for row in csv.DictReader(stream)]
        typed = [
            field
            for field in resource["schema"]["fields"]
            if field["type"] != "string" or {"enum", "pattern"} & set(field.get("constraints", {}))
        ]
        for place, field in enumerate(typed):
            if field["name"] == "id":
                continue
            kind = field["type"] if field["type"] != "string" else "word"
            wrong = {"number": "1,5", "integer": "2.5", "date": "28.11.2026", "word": "\u00bfqu\u00e9?"}[kind]
            found.append((resource["path"], ids[place % len(ids)], field["name"], wrong))
    return found


def test_each_typed_column_refuses_another_type(tmp_path: Path) -> None:
    """One round breaks one cell in each row it touches; a table with fewer rows than columns takes several rounds."""
    waiting = wrong_cells()
    assert len(waiting) > 100
    rounds = 0
    while waiting:
        rounds += 1
        folder = faults.copied(DATA, tmp_path / f"round-{rounds}", *SOURCES)
        now: dict[tuple[str, str], tuple[str, str, str, str]] = {}
        for cell in waiting:
            now.setdefault(cell[:2], cell)
        waiting = [cell for cell in waiting if now[cell[:2]] != cell]
        for file, row, column, value in now.values():
            _set(folder / file, row, column, value)
        told = {(problem.file, problem.row): problem for problem in check(folder).problems}
        for place, (_, _, column, value) in now.items():
            assert place in told, f"{place}: {column}={value!r} went unnoticed"
            assert (told[place].column, told[place].value) == (column, value), str(told[place])
            assert faults.one_line(str(told[place]))
    assert rounds < 12


def _set(path: Path, row_id: str, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    for row in rows:
        if row["id"] == row_id:
            row[column] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_an_id_given_twice_is_told_in_each_table(tmp_path: Path) -> None:
    folder = faults.copied(DATA, tmp_path / "data", *SOURCES)
    twice = {}
    for name in TABLES:
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        twice[name] = lines[1].partition(",")[0]
        (folder / name).write_text("".join([*lines, lines[1]]), encoding="utf-8")
    told = [str(problem) for problem in check(folder).problems]
    for name, row in twice.items():
        assert [line for line in told if line.startswith(f"{name}: row {row}, column id") and "unique" in line], name


# --- the declaration and the bibliography -------------------------------------------------------------------------


def _json(change: Callable[[Any], Any]) -> faults.Fault:
    def apply(path: Path) -> None:
        package = json.loads(path.read_text(encoding="utf-8"))
        changed = change(package)
        path.write_text(json.dumps(package if changed is None else changed, indent=1) + "\n", encoding="utf-8")

    return apply


def _first(package: Any) -> Any:
    return package["resources"][0]["schema"]["fields"]


def _key_twice(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace('"name":', '"name": "a", "name":', 1), encoding="utf-8")


OF_DECLARATION: dict[str, faults.Fault] = {
    **faults.FAULTS,
    "crlf": faults.CRLF,
    "a list": _json(lambda package: [package]),
    "no tables": _json(lambda package: package.pop("resources") and None),
    "tables no list": _json(lambda package: package.update(resources=3)),
    "table no object": _json(lambda package: package["resources"].append("outcomes")),
    "table without name": _json(lambda package: package["resources"][1].pop("name") and None),
    "table without file": _json(lambda package: package["resources"][1].pop("path") and None),
    "table twice": _json(lambda package: package["resources"].append(package["resources"][0])),
    "file outside": _json(lambda package: package["resources"][1].update(path="../outcomes.csv")),
    "file absolute": _json(lambda package: package["resources"][1].update(path="/etc/passwd")),
    "key of table unknown": _json(lambda package: package["resources"][1].update(pth="x")),
    "key of column unknown": _json(lambda package: _first(package)[0].update(typ="x")),
    "key of limits unknown": _json(lambda package: _first(package)[0].update(constraints={"requird": True})),
    "no columns": _json(lambda package: package["resources"][2].update(schema={})),
    "column dropped": _json(lambda package: _first(package).pop(0) and None),
    "column twice": _json(lambda package: _first(package).append(_first(package)[0])),
    "column no object": _json(lambda package: _first(package).append("id")),
    "column without type": _json(lambda package: _first(package)[1].pop("type") and None),
    "list of words wrong": _json(lambda package: _first(package)[0].update(constraints={"enum": "a"})),
    "pattern wrong": _json(lambda package: _first(package)[0].update(constraints={"pattern": "(["})),
    "key twice": _key_twice,
    "too deep": lambda path: path.write_text("[" * 90_000 + "\n", encoding="utf-8") and None,
}


@pytest.mark.parametrize("fault", OF_DECLARATION)
def test_each_fault_of_the_declaration(tmp_path: Path, fault: str) -> None:
    folder = faults.copied(DATA, tmp_path / "data", *SOURCES)
    OF_DECLARATION[fault](folder / "datapackage.json")
    told = check(folder).problems
    assert told and {problem.file for problem in told} == {"datapackage.json"}, [str(problem) for problem in told]
    assert all(faults.one_line(str(problem)) for problem in told)


def _bib(old: str, new: str) -> faults.Fault:
    def apply(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


OF_BIBLIOGRAPHY: dict[str, faults.Fault] = {
    **faults.FAULTS,
    "crlf": faults.CRLF,
    "no entries": lambda path: path.write_text("% nothing\n", encoding="utf-8") and None,
    "brace open": _bib("},\n", ",\n"),
    "brace too many": _bib("},\n", "}},\n"),
    "key twice": _bib("@article{aldoss2017,", "@article{badar2020,"),
}


@pytest.mark.parametrize("fault", OF_BIBLIOGRAPHY)
def test_each_fault_of_the_bibliography(tmp_path: Path, fault: str) -> None:
    folder = faults.copied(DATA, tmp_path / "data", "datapackage.json", "references.bib")  # without tables: quick
    OF_BIBLIOGRAPHY[fault](folder / "references.bib")
    told = [problem for problem in check(folder).problems if problem.file == "references.bib"]
    assert told and all(faults.one_line(str(problem)) for problem in told), fault


# --- questions ----------------------------------------------------------------------------------------------------


def _yaml(change: Callable[[Any], Any]) -> faults.Fault:
    def apply(path: Path) -> None:
        bank = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        change(bank)
        path.write_text(yaml.safe_dump(bank, allow_unicode=True), encoding="utf-8")

    return apply


def _item_key_twice(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("objectives:", "title: again\nobjectives:", 1), encoding="utf-8")


OF_BANKS: dict[str, faults.Fault] = {
    **{
        name: fault for name, fault in faults.FAULTS.items() if name != "cut off"
    },  # see preflight: test_faults_settings
    "a list": lambda path: path.write_text("- 1\n", encoding="utf-8") and None,
    "tab": lambda path: path.write_text("chapter:\n\tx\n", encoding="utf-8") and None,
    "key twice": _item_key_twice,
    "field unknown": _yaml(lambda bank: bank["items"][0].update(stm="x")),
    "field of bank unknown": _yaml(lambda bank: bank.update(item=[])),
    "field dropped": _yaml(lambda bank: bank["items"][0].pop("objective")),
    "items dropped": _yaml(lambda bank: bank.pop("items")),
    "id twice": _yaml(lambda bank: bank["items"].append(dict(bank["items"][0]))),
    "item no mapping": _yaml(lambda bank: bank["items"].append(5)),
    "text a number": _yaml(lambda bank: bank["items"][0].update(lead_in=5)),
    "sources no list": _yaml(lambda bank: bank["items"][0].update(sources="x")),
    "level wrong": _yaml(lambda bank: bank["items"][0].update(level="guess")),
    "climbing id": _yaml(lambda bank: bank["items"][0].update(id="../../x")),
    "other chapter": _yaml(lambda bank: bank.update(chapter="00-other")),
}


@pytest.mark.parametrize("fault", OF_BANKS)
def test_each_fault_of_a_bank(tmp_path: Path, fault: str) -> None:
    for place, name in enumerate(BANKS):
        if not faults.ALL and place != list(OF_BANKS).index(fault) % len(BANKS):
            continue
        folder = faults.copied(DATA / "questions", tmp_path / name, name)
        OF_BANKS[fault](folder / name)
        with pytest.raises(BankError) as refused:
            load_bank(folder / name)
        assert refused.value.problems
        for problem in refused.value.problems:
            assert faults.one_line(str(problem)), str(problem)[:300]
            assert problem.file.endswith(name)


# --- the commands -------------------------------------------------------------------------------------------------


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BITEBOOK_DATA": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("file", ["outcomes.csv", "datapackage.json", "references.bib", ""])
def test_the_evidence_command_ends_with_a_line_and_code_1(tmp_path: Path, file: str) -> None:
    folder = faults.copied(DATA, tmp_path / "data", "datapackage.json", "references.bib")
    if file:
        faults._loop(folder / file) if (folder / file).exists() else (folder / file).symlink_to(file)
    else:
        folder = tmp_path / "nowhere"
    done = run("bitebook.evidence", "check", folder=folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert (file or "nowhere") in done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].startswith("evidence: ")


@pytest.mark.parametrize("file", ["bank", "_config.yml", "references.bib"])
def test_the_questions_command_ends_with_a_line_and_code_1(tmp_path: Path, file: str) -> None:
    folder = faults.copied(DATA / "questions", tmp_path / "questions", "02-*.yaml")
    faults.copied(DATA, tmp_path / "more", "references.bib")
    (tmp_path / "references.bib").write_bytes((DATA / "references.bib").read_bytes())
    (tmp_path / "_config.yml").write_bytes((DATA.parent / "_config.yml").read_bytes())
    target = folder / "02-mechanism.yaml" if file == "bank" else tmp_path / file
    target.write_bytes(b"\xff\xfe" + target.read_bytes())
    done = run("bookpress.questions", "check", str(folder), folder=DATA)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert target.name in done.stdout and done.stdout.splitlines()[-1] == "questions: 1 findings"


def test_a_problem_shows_a_long_value_in_short() -> None:
    assert len(str(Problem("a.csv", "r", "c", "x" * 10_000, "is too long; cut it"))) < 200
