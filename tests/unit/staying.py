"""What tests of programs that stay share: a book that is none, patience, and the processes that a program starts."""

from __future__ import annotations

import contextlib
import os
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PROJECT = """
[tool.bookpress]
chapters = "chapters"
cell_inputs = ["data/*.csv"]
cell_timeout_s = 10
not_built_from = ["tests"]
reads_elsewhere = ["KITES"]
before_build = []
tests = []
[[tool.bookpress.builders]]
name = "html"
folder = "html"
"""
PRINTED = PROJECT + '[[tool.bookpress.builders]]\nname = "bookpdf"\nfolder = "pdf"\n'


def write_book(root: Path, project: str = PROJECT) -> None:
    for name in ("chapters", "data", "tests", "_build"):
        (root / name).mkdir(parents=True)
    (root / "pyproject.toml").write_text(textwrap.dedent(project), encoding="utf-8")
    for name in ("chapters/a.md", "chapters/b.md", "data/a.csv", "tests/a.py"):
        (root / name).write_text("1\n", encoding="utf-8")


def until(condition: Callable[[], object], *, seconds: float = 15) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


def members(group: int, *, have_ended: bool = False) -> list[int]:
    """Return the processes of a group that run; or those that have ended and were never asked how."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            is_over = process.status() == psutil.STATUS_ZOMBIE
            if os.getpgid(process.pid) == group and is_over == have_ended:
                found.append(process.pid)
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    return [child.pid for child in psutil.Process(pid).children() if child.status() != psutil.STATUS_ZOMBIE]
