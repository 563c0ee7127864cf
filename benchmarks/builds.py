"""How long the book takes: from nothing, after an edit of one chapter, with nothing changed, beside plain Jupyter Book.

An edit is built in three ways: by `make book`, with the build server that the book's first build left; by `make watch`;
and by a `make book` that may have no server. What a server does after a build from nothing is counted with it.

The plain side builds the web pages of the same chapters, runs the same cells, and knows none of the press's
directives: it writes less of each page, and neither e-book nor PDF.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.lines import ROOT, SCRATCH, Cost, Line, against, alternate, cost, wall
from benchmarks.make_watch import Watch
from benchmarks.served import BUILD, Served
from bookpress.server.client import MINUTES

SOURCES = ("src", "data", "chapters", "vendor")
FILES = ("_config.yml", "_toc.yml", "pyproject.toml", "requirements.txt")
EDITED = "04-clinical-trials.md"
ENDS_SOON_MIN = 0.05
PLAIN = """\
title: Plain
execute: {execute_notebooks: cache, timeout: 180}
only_build_toc_files: true
bibtex_bibfiles: [../data/references.bib]
parse: {myst_enable_extensions: [amsmath, attrs_block, attrs_inline, colon_fence, deflist, dollarmath, fieldlist]}
"""


def copy_book(folder: Path) -> Path:
    """Return a copy of the sources with nothing built."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def press(folder: Path, *, stays_min: float = 0) -> Cost:
    """Build all editions from what there is; a server that stays is waited for when its time is taken."""
    return cost(BUILD, cwd=folder, env={"PYTHONPATH": str(folder / "src"), MINUTES: str(stays_min)})


def plain(folder: Path) -> Cost:
    """Build the web pages with Jupyter Book alone, from nothing."""
    shutil.rmtree(folder / "_plain", ignore_errors=True)
    shutil.rmtree(folder / "chapters" / "_build", ignore_errors=True)
    (folder / "plain.yml").write_text(PLAIN, encoding="utf-8")
    program = str(Path(sys.executable).with_name("jupyter-book"))
    command = [program, "build", str(folder / "chapters"), "--config", str(folder / "plain.yml")]
    command += ["--toc", str(folder / "_toc.yml"), "--path-output", str(folder / "_plain")]
    return cost(command, cwd=folder, env={"PYTHONPATH": str(folder / "src"), "BITEBOOK_DATA": str(folder / "data")})


def cold(folder: Path) -> Cost:
    """Build all editions from nothing, as `make book` does it, with a server that ends soon."""
    shutil.rmtree(folder / "_build", ignore_errors=True)
    return press(folder, stays_min=ENDS_SOON_MIN)


def change(folder: Path) -> None:
    """Change one sentence of one chapter, or change it back."""
    chapter = folder / "chapters" / EDITED
    text = chapter.read_text(encoding="utf-8")
    said, instead = "The review behind this book prints", "In print, the review behind this book gives"
    if said not in text and instead not in text:
        raise RuntimeError(f"{EDITED} no longer holds the sentence that the benchmark edits")
    changed = text.replace(said, instead, 1) if said in text else text.replace(instead, said, 1)
    chapter.write_text(changed, encoding="utf-8")


def edit(folder: Path) -> Cost:
    """Change one sentence of one chapter, and build without a server."""
    change(folder)
    return press(folder)


def lines() -> list[Line]:
    """Measure and return the lines."""
    ours, theirs = copy_book(SCRATCH / "book"), copy_book(SCRATCH / "plain")
    with Watch(copy_book(SCRATCH / "watched"), change) as watch, Served(copy_book(SCRATCH / "served"), change) as book:
        whole, alone, one, saved, none, html = alternate(
            lambda: cold(ours),
            lambda: edit(ours),
            book.edit,
            watch.edit,
            lambda: press(ours),
            lambda: plain(theirs),
        )
    clock = f"/ {wall(whole):.1f} s"
    saving = f"{wall(saved):.1f} s {clock}, from saving to the built edition"
    return [
        Line("cold, all editions / plain jupyter-book HTML", wall(whole) / wall(html), 1.3, note=against(whole, html)),
        Line("one chapter edited / cold", wall(one) / wall(whole), 0.12, note=f"{wall(one):.1f} s {clock}"),
        Line("one chapter edited in make watch / cold", wall(saved) / wall(whole), 0.12, note=saving),
        Line("one chapter edited, no server / cold", wall(alone) / wall(whole), None, note=against(alone, whole)),
        Line("nothing changed / cold", wall(none) / wall(whole), 0.04, note=against(none, whole)),
    ]
