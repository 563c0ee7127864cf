"""What ten times the chapters cost: one chapter and ten copies of it, their labels apart, as web pages from nothing."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from benchmarks.builds import copy_book
from benchmarks.lines import SCRATCH, Cost, Line, alternate, cost, cpu, wall

CHAPTER = "03-reading-trials.md"
COPIES = 10
# Where a label stands; neither a line of code in brackets nor the name of the kernel is one.
PLACES = (
    r"^\((?=[\w-]+\)=$)",
    r"^:(?:name|label): ",
    r"^\s+name: (?!python3)",
    r"\{name: (?!python3)",
    r"\bname=\"",
    r"glue\(\"",
)
LABEL = re.compile(rf"({'|'.join(PLACES)})([\w-]+)", re.MULTILINE)


def book_of(count: int) -> Path:
    """Return a book of so many copies of one chapter."""
    folder = copy_book(SCRATCH / f"chapters-{count}")
    text = (folder / "chapters" / CHAPTER).read_text(encoding="utf-8")
    for page in folder.joinpath("chapters").glob("*.md"):
        if page.name not in ("index.md", "references.md"):
            page.unlink()
    names = [f"copy-{number}" for number in range(count)]
    for name in names:
        mine = LABEL.sub(lambda match, name=name: f"{match[1]}{match[2]}-{name}", text)  # type: ignore[misc]
        (folder / "chapters" / f"{name}.md").write_text(mine, encoding="utf-8")
    listed = "".join(f"  - file: {name}\n" for name in (*names, "references"))
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{listed}", encoding="utf-8")
    return folder


def draft(folder: Path) -> Cost:
    """Build the web pages from nothing; links to pages that were left out are warnings."""
    shutil.rmtree(folder / "_build", ignore_errors=True)
    build = [sys.executable, "-m", "bookpress", "build", "--draft"]
    return cost(build, cwd=folder, env={"PYTHONPATH": str(folder / "src")})


def lines() -> list[Line]:
    """Measure and return both lines."""
    one, ten = book_of(1), book_of(COPIES)
    small, large = alternate(lambda: draft(one), lambda: draft(ten))
    memory = max(run.peak_mb for run in large) / max(run.peak_mb for run in small)
    note = f"{wall(large):.0f} s / {wall(small):.0f} s; processor {cpu(large):.0f} s / {cpu(small):.0f} s"
    sizes = f"{max(run.peak_mb for run in large):.0f} MB / {max(run.peak_mb for run in small):.0f} MB, largest process"
    return [
        Line("ten times the chapters / one, time", wall(large) / wall(small), 11, note=note),
        Line("ten times the chapters / one, memory", memory, 3, note=sizes),
    ]
