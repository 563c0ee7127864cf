"""Two builds in two folders give the same bytes, without a network; a failure leaves the last edition alone."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookpress import settings
from bookpress.runs import FORKS
from bookpress.server import client
from bookpress.server.place import place_of

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = [builder.folder for builder in settings.load(ROOT).builders]
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


def first_difference(folder: str, names: list[str], copy: Path) -> str:
    """Say which files differ and, of the first, where and how: a rare difference must not need a second run."""
    old, new = ((root / "_build" / folder / names[0]).read_bytes() for root in (ROOT, copy))
    at = next((k for k, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    around = slice(max(at - 200, 0), at + 300)
    return f"{folder}: {names} differ; {names[0]} at byte {at}:\nhere  {old[around]!r}\nthere {new[around]!r}"


def build(folder: Path, *, prefix: tuple[str, ...] = (), stays_min: float = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-m", "bookpress", "build"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "TZ": "Asia/Tokyo", client.MINUTES: str(stays_min)},
        capture_output=True,
        text=True,
        check=False,
    )


def good_build(folder: Path, *, stays_min: float = 0) -> None:
    done = build(folder, stays_min=stays_min)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def isolation() -> tuple[str, ...]:
    """Return the prefix that takes all network interfaces away, where this machine allows it."""
    prefix = ("unshare", "-rn")
    allowed = shutil.which("unshare") and subprocess.run([*prefix, "true"], check=False).returncode == 0
    return prefix if allowed else ()


def test_a_cold_build_elsewhere_without_network_gives_the_same_bytes(copy: Path) -> None:
    done = build(copy, prefix=isolation())
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    for folder in EDITIONS:
        here, there = hashes(ROOT / "_build" / folder), hashes(copy / "_build" / folder)
        assert here, f"_build/{folder} is empty"
        assert set(here) == set(there)
        other = [name for name in here if here[name] != there[name]]
        assert not other, first_difference(folder, other, copy)


def test_nothing_changed_starts_nothing(copy: Path) -> None:
    done = build(copy)
    assert done.returncode == 0
    assert "nothing has changed" in done.stdout
    assert "reading" not in done.stdout


# A sentence; a heading with a value, a citation, and a place to link to, that other pages and the index may show.
EDITS = [
    (
        "chapters/04-clinical-trials.md",
        "The review behind this book prints",
        "In print, the review behind this book gives",
    ),
    (
        "chapters/01-childhood-b-all.md",
        "\n## Key points",
        "\n(sec-brand-new)=\n## Brand new\n\nAs {cite:t}`brown2021jama` found, {fact}`brown2021-dfs-hr interval`, "
        "see {ref}`sec-brand-new`.\n\n## Key points",
    ),
    ("chapters/02-mechanism.md", "\n# ", "\n# Renamed: "),
]


Made = dict[str, dict[str, str]]


def made(folder: Path) -> Made:
    return {edition: hashes(folder / "_build" / edition) for edition in EDITIONS}


@pytest.fixture(scope="module")
def edited() -> Made:
    """What the edited sources give, once a test has built them from nothing."""
    return {}


@contextlib.contextmanager
def edits(copy: Path) -> Iterator[Iterator[str]]:
    """Make one edit for each name that is asked for; at the end all sources are what they were."""
    texts = {file: (copy / file).read_text(encoding="utf-8") for file, _, _ in EDITS}

    def one_by_one() -> Iterator[str]:
        for file, old, new in EDITS:
            assert old in texts[file]
            (copy / file).write_text(texts[file].replace(old, new, 1), encoding="utf-8")
            yield file

    try:
        yield one_by_one()
    finally:
        for file, text in texts.items():
            (copy / file).write_text(text, encoding="utf-8")


def test_a_build_after_an_edit_gives_the_bytes_of_a_cold_one(copy: Path, edited: Made) -> None:
    """The edits are built upon the original, the edited sources from nothing, the original upon the edited ones."""
    original = made(copy)
    assert all(original.values()), "the first test builds them"
    with edits(copy) as files:
        for _ in files:
            good_build(copy)
        upon = made(copy)
        shutil.rmtree(copy / "_build" / ".work")
        (copy / "_build" / ".last-reader.json").unlink()
        good_build(copy)
        edited |= made(copy)
    assert [name for name in EDITIONS if upon[name] == original[name]] == [], "the edits must show in every edition"
    assert upon == edited
    good_build(copy)
    assert made(copy) == original


@pytest.mark.skipif(not (FORKS and client.has_room()), reason="such a machine gets no build server")
def test_a_build_server_gives_the_bytes_of_builds_without_one(copy: Path, edited: Made) -> None:
    original, place = made(copy), place_of(copy)
    assert edited and place, "the test above builds them"
    servers = set()
    try:
        with edits(copy) as files:
            for _ in files:
                good_build(copy, stays_min=5)
                servers.add(place.pid())
            upon = made(copy)
        assert upon == edited
        good_build(copy, stays_min=5)
        assert made(copy) == original
        assert servers == {place.pid()} and None not in servers, "one server builds all"
    finally:
        client.stop(copy)
    assert place.pid() is None


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("data/outcomes.csv", "dfs-2y-blinatumomab,54.4", "dfs-2y-blinatumomab,544", "outcomes.csv"),
        ("chapters/01-childhood-b-all.md", "# ", "Typed 45% of children.\n\n# ", "01-childhood-b-all.md"),
        ("chapters/02-mechanism.md", "\n## Key points", "\n{fact}`no-such-row`\n\n## Key points", "no-such-row"),
    ],
)
def test_a_fault_is_named_and_the_last_edition_stays(copy: Path, file: str, old: str, new: str, said: str) -> None:
    before = made(copy)
    assert all(before.values()), "the first test builds them"
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
    assert made(copy) == before
