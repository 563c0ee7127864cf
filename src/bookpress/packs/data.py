"""The evidence in a pack: the whole tables with their description, and one list of the rows that the chapter shows."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

from bookpress.packs.figures import csv_bytes
from bookpress.packs.page import parse, text_of

LINES = ("Value", "Source", "Where", "Status", "Checked", "Note")


def data_files(folder: Path) -> dict[str, bytes]:
    """Return every table that ``datapackage.json`` describes, the description, and the bibliography."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    names = ["datapackage.json", *(resource["path"] for resource in package["resources"]), "references.bib"]
    return {f"data/{name}": (folder / name).read_bytes() for name in names}


def table_ids(folder: Path) -> dict[str, frozenset[str]]:
    """Return the ids of the rows of every table that has ids, by the table's name."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    found: dict[str, frozenset[str]] = {}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            found[resource["name"]] = frozenset(row["id"] for row in csv.DictReader(file) if row.get("id"))
    return found


def _row(box_id: str, tables: Mapping[str, frozenset[str]]) -> tuple[str, str]:
    """Return the id of a row and its table; a value that is shown twice has a number behind its id."""
    name = box_id.removeprefix("use-").removesuffix("-source")
    for candidate in (name, re.sub(r"-\d+$", "", name)):
        for table, ids in tables.items():
            if candidate in ids:
                return candidate, table
    return name, ""


def rows_of_chapter(page: Path, *, tables: Mapping[str, frozenset[str]]) -> bytes:
    """Return a CSV of every value of the evidence that a built page shows, with its source and its status."""
    rows: dict[str, tuple[str, ...]] = {}
    for box in parse(page).xpath("//*[contains(concat(' ', @class, ' '), ' fact-source ')]"):
        fact_id, table = _row(box.get("id") or "", tables)
        lines = [text_of(line).split(": ", 1) for line in box.xpath("./span")]
        told = {line[0]: line[1] for line in lines if len(line) == 2}
        told.setdefault("Value", (box.get("aria-label") or "").removeprefix("Source of "))
        label = text_of(box.find("./b"))
        if table:
            rows.setdefault(fact_id, (fact_id, table, label, *(told.get(name, "") for name in LINES)))
    header = ("id", "table", "label", *(name.lower() for name in LINES))
    return csv_bytes(header, [rows[name] for name in sorted(rows)])
