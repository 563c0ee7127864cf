"""The table of figures: a missed bar fails the run, and what could not be measured is no figure."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as bench
from benchmarks import make_watch, served
from benchmarks.lines import Cost, Line, alternate, cost


@pytest.mark.parametrize(
    ("value", "at_least", "verdict"),
    [
        (1.3, False, "pass"),
        (1.31, False, "MISSED"),
        (1.3, True, "pass"),
        (1.2, True, "MISSED"),
        (None, False, "not measured"),
    ],
)
def test_a_bar_is_met_or_missed(value: float | None, at_least: bool, verdict: str) -> None:
    line = Line("a / b", value, 1.3, at_least=at_least, note="not installed")
    assert line.verdict == verdict
    assert verdict in line.shown()


def test_both_sides_run_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_ROUNDS", "2")
    order: list[str] = []
    alternate(*(lambda name=name: order.append(name) or Cost(1, 1) for name in "ab"))  # type: ignore[misc]
    assert order == ["a", "b", "a", "b"]


@pytest.mark.parametrize(("value", "code"), [(1.0, 0), (2.0, 1), (None, 0)])
def test_the_exit_code_tells_of_a_missed_bar(
    value: float | None, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = SimpleNamespace(lines=lambda: [Line("a / b", value, 1.3)])
    monkeypatch.setattr(bench.importlib, "import_module", lambda _name: group)
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "HISTORY", tmp_path / "history.csv")
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "page"])
    assert bench.main() == code
    assert not (tmp_path / "history.csv").exists()
    assert json.loads((tmp_path / "_build" / "bench.json").read_text())["lines"][0]["value"] == value
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "page", "--keep"])
    bench.main()
    bench.main()
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 3


WORK = "import time; data = b'x' * 300_000_000; [None for _ in iter(lambda: time.process_time() < 1, False)]"
LEAVES_ONE_BEHIND = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WORK!r}])"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a program take over what another left behind")
def test_what_a_command_leaves_behind_is_counted(tmp_path: Path) -> None:
    """The press ends before the process that loaded Sphinx for it, and that one does all the work."""
    took = cost([sys.executable, "-c", LEAVES_ONE_BEHIND], cwd=tmp_path)
    assert took.cpu_s > 0.9 and took.peak_mb > 280


def test_a_command_that_fails_stops_the_benchmark_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such kite"):
        cost([sys.executable, "-c", "raise SystemExit('no such kite')"], cwd=tmp_path)


PLAYED_WATCH = """
import pathlib, sys, time
print("built 1 pages in 0 s", flush=True)
chapter = pathlib.Path("chapter")
if chapter.read_text() == "broken":
    sys.exit("bookpress: mend it")
print("the press is warm: go on", flush=True)
while chapter.read_text() == "old":
    time.sleep(0.05)
print("changed: chapter", flush=True)
time.sleep(0.3)
print("bookpress: mend it" if chapter.read_text() == "wrong" else "built 1 pages in 1 s", flush=True)
time.sleep(60)
"""


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """A book whose watch is played."""
    (tmp_path / "src" / "bookpress").mkdir(parents=True)
    (tmp_path / "src" / "bookpress" / "__init__.py").touch()
    (tmp_path / "src" / "bookpress" / "__main__.py").write_text(PLAYED_WATCH, encoding="utf-8")
    (tmp_path / "chapter").write_text("old", encoding="utf-8")
    return tmp_path


def test_an_edit_in_a_watch_takes_from_saving_to_the_built_edition(watched: Path) -> None:
    def change(folder: Path) -> None:
        folder.joinpath("chapter").write_text("new", encoding="utf-8")

    with make_watch.Watch(watched, change) as watch:
        took = watch.edit()
        process = watch._process
    assert 0.3 <= took.wall_s < 30
    assert process.poll() is not None, "it has to end with the measurement"


@pytest.mark.parametrize("text", ["broken", "wrong"])
def test_a_watch_that_fails_ends_the_benchmark_with_its_words(watched: Path, text: str) -> None:
    def change(folder: Path) -> None:
        folder.joinpath("chapter").write_text(text, encoding="utf-8")

    if text == "broken":
        change(watched)
    with pytest.raises(RuntimeError, match="mend it"), make_watch.Watch(watched, change) as watch:
        watch.edit()


PLAYED_BUILD = """
import os, pathlib, sys, time
chapter, told = pathlib.Path("chapter"), pathlib.Path("told")
told.write_text(f"{told.read_text() if told.exists() else ''}{sys.argv[1]} {os.environ['BOOKPRESS_STAY_MIN']}\\n")
if chapter.read_text() == "new":
    time.sleep(0.3)
if chapter.read_text() == "broken":
    sys.exit("bookpress: mend it")
"""


def test_an_edit_by_make_book_is_measured_beside_one_server(watched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.Served, "_pid", lambda _: 7)
    (watched / "src" / "bookpress" / "__main__.py").write_text(PLAYED_BUILD, encoding="utf-8")
    with served.Served(watched, lambda folder: folder.joinpath("chapter").write_text("new", encoding="utf-8")) as book:
        assert 0.3 <= book.edit().wall_s < 30
    assert (watched / "told").read_text() == "build 120\nbuild 120\nstop 120\n"


def test_an_edit_without_a_server_is_no_measurement(watched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (watched / "src" / "bookpress" / "__main__.py").write_text(PLAYED_BUILD, encoding="utf-8")
    for numbers in ([None, None], [7, 8]):
        monkeypatch.setattr(served.Served, "_pid", lambda _, found=numbers: found.pop())
        with pytest.raises(RuntimeError, match="not the one"), served.Served(watched, lambda _: None) as book:
            book.edit()


def test_a_build_that_fails_ends_the_benchmark_with_its_words(watched: Path) -> None:
    (watched / "src" / "bookpress" / "__main__.py").write_text(PLAYED_BUILD, encoding="utf-8")
    book = served.Served(watched, lambda folder: folder.joinpath("chapter").write_text("broken", encoding="utf-8"))
    with pytest.raises(RuntimeError, match="mend it"), book:
        book.edit()


def test_a_line_without_a_bar_is_shown_and_misses_none() -> None:
    line = Line("kites", 3, None)
    assert line.verdict == "no bar"
    assert line.shown().split() == ["kites", "3", "no", "bar"]
