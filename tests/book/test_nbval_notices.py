"""The harness must notice: one changed value of data/ makes nbval fail and name chapter, cell, and both values."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "07-pharmacokinetics"


def test_a_changed_value_fails_nbval(tmp_path: Path) -> None:
    for folder in ("src", "data", "chapters", "tests/golden"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for file in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    table = tmp_path / "data" / "pharmacokinetics.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(number for number, row in enumerate(rows) if row.startswith("pk-css-adult-28,"))
    assert rows[place].startswith("pk-css-adult-28,616,")
    rows[place] = rows[place].replace("pk-css-adult-28,616,", "pk-css-adult-28,661,", 1)
    table.write_text("".join(rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", f"chapters/{CHAPTER}.md"],
        cwd=tmp_path,
        env={**os.environ, "BITEBOOK_DATA": str(tmp_path / "data"), "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout[-2000:]
    assert CHAPTER in done.stdout
    assert "Cell outputs differ" in done.stdout
    assert "616" in done.stdout and "661" in done.stdout
