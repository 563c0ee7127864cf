"""Every live cell of the chapters runs by itself, with nothing but the standard library and the files the page gets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest
import yaml

from bookpress.live import bundle

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
# Runs as the page does: each source in a session of its own, told text out. `-S` hides every installed package.
RUNNER = """
import json, sys
sys.path[:0] = sys.argv[1:]
from session import Session
told = []
for source in json.load(sys.stdin):
    parts = []
    end = Session(namespace={"__name__": "__main__"}).run(source, "cell 1", lambda kind, text: parts.append(text))
    told.append([end, "".join(parts)])
json.dump(told, sys.stdout)
"""


@pytest.fixture(scope="module")
def pocket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that travel into the page, and nothing else."""
    folder = tmp_path_factory.mktemp("page")
    for name, text in bundle.collect(ROOT, CONFIG["bookpress_live_files"]).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8"))
    return folder


def in_the_page(pocket: Path, sources: list[str]) -> list[tuple[str, str]]:
    paths = [str(Path(bundle.__file__).parent), *(str(pocket / name) for name in CONFIG["bookpress_live_path"])]
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", RUNNER, *paths],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        check=True,
        cwd=pocket,
    )
    return [tuple(pair) for pair in json.loads(done.stdout)]


def live_cells() -> dict[str, tuple[str, str]]:
    """Return source and golden text of each live cell, by chapter and number."""
    found = {}
    for chapter in sorted((ROOT / "chapters").glob("*.md")):
        if "[live" not in chapter.read_text(encoding="utf-8"):
            continue
        golden = json.loads((ROOT / "tests" / "golden" / f"{chapter.stem}.json").read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in jupytext.read(chapter, fmt="md:myst").cells if cell.cell_type == "code"]
        for cell, reference in zip(code, golden, strict=True):
            if "live" in cell.metadata.get("tags", []):
                text = "".join("".join(output.get("text", "")) for output in reference["outputs"])
                found[f"{chapter.stem} {len(found)}"] = (cell.source, text)
    return found


def test_every_live_cell_stands_alone_and_prints_its_golden_text(pocket: Path) -> None:
    cells = live_cells()
    assert len(cells) >= 12
    told = in_the_page(pocket, [source for source, _ in cells.values()])
    for (name, (_, golden)), (end, text) in zip(cells.items(), told, strict=True):
        assert (end, text) == ("done", golden), name


def test_every_module_of_the_page_can_be_imported_there(pocket: Path) -> None:
    modules = [
        ".".join(file.relative_to(pocket / "src").with_suffix("").parts).removesuffix(".__init__")
        for file in sorted((pocket / "src").rglob("*.py"))
    ]
    assert {"bitebook.dosing", "bitebook.infusion", "bitebook.pk", "bitebook.outcomes"} <= set(modules)
    told = in_the_page(pocket, [f"import {name}" for name in modules])
    assert [(name, text) for name, (end, text) in zip(modules, told, strict=True) if end != "done"] == []


def test_what_needs_other_packages_stays_outside(pocket: Path) -> None:
    [(end, text)] = in_the_page(pocket, ["from bitebook.pk import population"])
    assert end == "failed" and "In the page there are the standard library" in text
