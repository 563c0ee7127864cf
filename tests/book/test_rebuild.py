"""Two builds in two folders give the same bytes, without a network; a failure leaves the last edition alone."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bookpress.settings import load

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "data", "chapters", "vendor")
FILES = ("_config.yml", "_toc.yml", "pyproject.toml", "requirements.txt")


def hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in another folder, with nothing built."""
    folder = tmp_path_factory.mktemp("another place")  # a blank in the path is a test of its own
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def build(folder: Path, *, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-m", "bookpress", "build"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=False,
    )


def isolation() -> tuple[str, ...]:
    """Return the prefix that takes all network interfaces away, where this machine allows it."""
    prefix = ("unshare", "-rn")
    allowed = shutil.which("unshare") and subprocess.run([*prefix, "true"], check=False).returncode == 0
    return prefix if allowed else ()


def test_a_cold_build_elsewhere_without_network_gives_the_same_bytes(copy: Path) -> None:
    done = build(copy, prefix=isolation())
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    folders = [builder.folder for builder in load(ROOT).builders]
    assert {"html", "pdf"} <= set(folders)
    for folder in folders:
        here, there = hashes(ROOT / "_build" / folder), hashes(copy / "_build" / folder)
        assert here, folder
        assert set(here) == set(there)
        assert [name for name in here if here[name] != there[name]] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("data/outcomes.csv", "dfs-2y-blinatumomab,54.4", "dfs-2y-blinatumomab,544", "outcomes.csv"),
        ("chapters/01-childhood-b-all.md", "# ", "Typed 45% of children.\n\n# ", "01-childhood-b-all.md"),
        ("chapters/02-mechanism.md", "\n## Key points", "\n{fact}`no-such-row`\n\n## Key points", "no-such-row"),
    ],
)
def test_a_fault_is_named_and_the_last_edition_stays(copy: Path, file: str, old: str, new: str, said: str) -> None:
    folders = [copy / "_build" / builder.folder for builder in load(ROOT).builders]
    before = [hashes(folder) for folder in folders]
    assert all(before), "the test above builds them"
    source = copy / file
    good = source.read_text(encoding="utf-8")
    assert old in good
    try:
        source.write_text(good.replace(old, new, 1), encoding="utf-8")
        done = build(copy)
    finally:
        source.write_text(good, encoding="utf-8")
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("bookpress: ")
    assert [hashes(folder) for folder in folders] == before
