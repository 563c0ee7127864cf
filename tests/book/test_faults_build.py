"""Builds that are killed, that find no room, or may not write: the last good edition stays whole, the next is right.

A small book with a cell of code and two editions stands for the large one. Five kills, 50 in ``make faults``.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50 if os.environ.get("FAULTS") == "all" else 5
SEED = 20261128
EDITIONS = ("html", "words")
FILES = {
    "pyproject.toml": """
[tool.bookpress]
chapters = "chapters"
cell_inputs = ["data/*.csv"]
cell_timeout_s = 60
before_build = []
tests = []
[[tool.bookpress.builders]]
name = "html"
folder = "html"
[[tool.bookpress.builders]]
name = "singlehtml"
folder = "words"
keep = "*.html"
""",
    "_config.yml": """
title: Kites
author: The authors
only_build_toc_files: true
execute: {execute_notebooks: cache, timeout: 60, stderr_output: error}
html: {favicon: ""}
latex: {use_jupyterbook_latex: false}
repository: {url: ""}
sphinx:
  recursive_update: true
  config:
    extensions: [myst_nb, jupyter_book, sphinx_external_toc, sphinx_book_theme, sphinx_comments, bookpress.fingerprint]
    html_copy_source: false
""",
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n  - file: second\n",
    "data/kites.csv": "id,value\nkite,1\n",
    "chapters/index.md": "# Kites\n\nFirst words.\n",
    "chapters/second.md": """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# Second

```{code-cell} ipython3
from pathlib import Path
print("read", Path("../data/kites.csv").read_text().split(",")[-1])
```
""",
}


def build(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bookpress", "build"],
        cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def built(root: Path) -> str:
    """Build to the end and return what was said."""
    process = build(root)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said[-3000:]
    return said


def hashes(root: Path) -> dict[str, str]:
    """Return a hash for every file of both editions."""
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for edition in EDITIONS
        for file in sorted((root / edition).rglob("*"))
        if file.is_file()
    }


def told(root: Path) -> set[str]:
    """Return the numbers that the pages of both editions tell: one, if they belong together."""
    pages = [root / "_build" / name for name in ("html/index.html", "html/second.html", "words/index.html")]
    return {
        number for page in pages for number in re.findall(r"(?:of number|read) (\d+)", page.read_text(encoding="utf-8"))
    }


def change(root: Path, number: int) -> None:
    """Change the text and the data, so that the next build has something to do, the cell included."""
    (root / "chapters" / "index.md").write_text(f"# Kites\n\nWords of number {number}.\n", encoding="utf-8")
    (root / "data" / "kites.csv").write_text(f"id,value\nkite,{number}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kites")
    for name, content in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content.lstrip("\n"), encoding="utf-8")
    built(root)
    assert {name.split("/")[0] for name in hashes(root / "_build")} == set(EDITIONS)
    return root


def test_a_build_killed_at_any_moment_leaves_the_last_edition_whole(book: Path) -> None:
    """Kill it, with all its children; the old editions stand, byte for byte, or the new ones do; then all is well."""
    started = time.monotonic()
    change(book, 0)
    built(book)
    length_s = time.monotonic() - started
    random_ = random.Random(SEED)
    moments = sorted(random_.uniform(0.02, 1.02) for _ in range(KILLS))  # sorted: the early ones are quick to try
    killed = 0
    for number, moment in enumerate(moments, start=1):
        before = hashes(book / "_build")
        change(book, number)
        process = build(book)
        try:
            process.wait(timeout=moment * length_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # this build's own group, nothing else
            killed += 1
        process.communicate()
        after = hashes(book / "_build")
        # The old ones to the byte, or, if it was killed after the swap, the new ones, both of them.
        assert after == before or told(book) == {str(number)}, f"killed after {moment:.3f} of a build, number {number}"
    assert killed >= KILLS // 2
    change(book, 999)
    built(book)
    page = (book / "_build" / "html" / "second.html").read_text(encoding="utf-8")
    assert "read 999" in page and "number 999" in (book / "_build" / "words" / "index.html").read_text(encoding="utf-8")
    fresh = book.parent / f"{book.name}-fresh"
    shutil.copytree(book, fresh, ignore=shutil.ignore_patterns("_build"))
    built(fresh)
    assert hashes(fresh / "_build") == hashes(book / "_build"), (
        "the build after 50 kills is as one that never was killed"
    )
    assert sorted(path.name for path in (book / "_build").iterdir() if path.suffix in (".new", ".old")) == []


def in_a_room_of_its_own(script: str, *, root: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell script where it may mount things that nobody else sees, or skip the test."""
    prefix = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*prefix, "mount", "-t", "tmpfs", "x", "/mnt"], check=False).returncode
    ):
        pytest.skip("this machine does not allow a file system of its own")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "0", "PY": sys.executable}
    return subprocess.run(
        [*prefix, "sh", "-c", script], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


LISTED = "(cd _build && find html words -type f -exec sha256sum {} + | sort -k 2)"
FULL_DISK = f"""
set -e
mkdir ../kept && cp -a _build/. ../kept/
size=$(du -sk _build | cut -f 1)
mount -t tmpfs -o size=$((size + ROOM))k tmpfs _build
cp -a ../kept/. _build/
{LISTED} > ../before
code=0; "$PY" -m bookpress build > ../said 2>&1 || code=$?
{LISTED} > ../after
cmp ../before ../after && echo same
tail -n 1 ../said
grep -c Traceback ../said || true
echo code $code
mount -o remount,size=200m _build
"$PY" -m bookpress build > ../again 2>&1
grep -l 'read 77' _build/html/second.html
"""


@pytest.mark.parametrize("room_kb", [4, 60, 250] if KILLS > 5 else [60])
def test_a_full_disk_is_told_and_the_last_edition_stays(book: Path, tmp_path: Path, room_kb: int) -> None:
    root = tmp_path / "book"
    shutil.copytree(book, root)
    change(root, 77)
    done = in_a_room_of_its_own(FULL_DISK.replace("ROOM", str(room_kb)), root=root)
    said = (tmp_path / "said").read_text(encoding="utf-8") if (tmp_path / "said").exists() else ""
    assert done.returncode == 0, done.stdout + done.stderr + said[-2000:]
    lines = done.stdout.splitlines()
    assert lines[0] == "same", done.stdout
    assert lines[1].startswith("bookpress: "), lines
    assert "code 1" in lines and lines[-1] == "_build/html/second.html", lines
    assert "no space left" in said.lower(), said[-1500:]


READ_ONLY = f"""
set -e
mount --bind _build _build && mount -o remount,bind,ro _build
{LISTED} > ../before
code=0; "$PY" -m bookpress build > ../said 2>&1 || code=$?
{LISTED} > ../after
cmp ../before ../after && echo same
tail -n 1 ../said
echo code $code
umount _build
"$PY" -m bookpress build > ../again 2>&1
grep -l 'read 78' _build/html/second.html
"""


def test_an_output_folder_that_may_not_be_written_is_told(book: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(book, root)
    change(root, 78)
    done = in_a_room_of_its_own(READ_ONLY, root=root)
    said = (tmp_path / "said").read_text(encoding="utf-8") if (tmp_path / "said").exists() else ""
    assert done.returncode == 0, done.stdout + done.stderr + said[-2000:]
    lines = done.stdout.splitlines()
    assert lines[0] == "same" and lines[1].startswith("bookpress: ") and "_build" in lines[1], done.stdout
    assert "read-only" in lines[1] and "code 1" in lines and "Traceback" not in said, said[-1500:]


def test_an_output_folder_that_is_a_file_or_a_circle_of_links_is_told(book: Path, tmp_path: Path) -> None:
    for place in ("file", "circle"):
        root = tmp_path / place
        shutil.copytree(book, root, ignore=shutil.ignore_patterns("_build"))
        (root / "_build").touch() if place == "file" else (root / "_build").symlink_to("_build")
        process = build(root)
        said = process.communicate(timeout=300)[0]
        assert process.returncode == 1 and "Traceback" not in said, said[-1500:]
        assert said.splitlines()[-1].startswith("bookpress: _build"), said[-500:]


def test_a_setting_that_sphinx_does_not_know_fails_the_build(book: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(book, root)
    config = root / "_config.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("html_copy_source", "html_copi_source"), encoding="utf-8"
    )
    before = hashes(root / "_build")
    process = build(root)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 1 and "html_copi_source" in said and hashes(root / "_build") == before
