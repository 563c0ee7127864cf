"""Folders that are made aside and put in place whole."""

from __future__ import annotations

import shutil
from pathlib import Path


def files_in(folder: Path) -> list[Path]:
    """Return all files of a folder and of the folders in it, in the order of their paths."""
    return sorted(file for file in folder.rglob("*") if file.is_file())


def put_in_place(made: Path, target: Path) -> Path:
    """Let a finished folder take the place of an older one by renaming, and return it."""
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
