"""A run of Jupyter Book in a process of its own: what it says, how it ends, and when the others may begin."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sphinx.application import Sphinx

from bookpress import runs, settings
from bookpress.runs import ALL_READ, Run
from tests.unit.press_project import Book


def _spoken(
    arguments: list[str], folder: Path, environment: dict[str, str], wire: Connection, told: Connection | None
) -> None:
    """Stand in for Jupyter Book: say the arguments, or do what they ask for."""
    runs._speak_over(wire)
    del folder, environment
    runs._TOLD[:] = [told] if told else []
    for word in arguments:
        if word == "fail":
            raise RuntimeError("as asked")
        if word == "wait":
            runs._wait(None, None)  # type: ignore[arg-type]
        if word == "sleep":
            time.sleep(60)
        print(word)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_jupyter_book", _spoken)


def test_jupyter_book_itself_runs_in_the_folder_and_its_words_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert Run(["--version"], folder=tmp_path).follow(log, when_read=lambda: None)
    assert "Jupyter Book" in log.read_text(encoding="utf-8")


def test_a_run_of_jupyter_book_that_fails_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert not Run(["build", "nowhere"], folder=tmp_path).follow(log, when_read=lambda: None)
    assert "nowhere" in log.read_text(encoding="utf-8")


def test_the_others_begin_when_all_is_read_and_not_before(
    stand_in: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []
    said = ["reading a", "read a", ALL_READ, "a.md:3: WARNING: mend µ", "writing a"]
    assert Run(said, folder=tmp_path).follow(tmp_path / "log", when_read=lambda: seen.append(capsys.readouterr().out))
    assert seen == ["  reading a\n"]
    assert "WARNING: mend µ" in capsys.readouterr().out
    assert (tmp_path / "log").read_text(encoding="utf-8").splitlines() == said


def test_a_run_that_breaks_is_a_failure_and_says_why(stand_in: None, tmp_path: Path) -> None:
    assert not Run(["reading", "fail"], folder=tmp_path).follow(tmp_path / "log", when_read=lambda: None)
    assert "RuntimeError: as asked" in (tmp_path / "log").read_text(encoding="utf-8")


def test_after_a_failure_no_run_goes_on(stand_in: None, tmp_path: Path) -> None:
    run = Run(["sleep"], folder=tmp_path)
    started = time.monotonic()
    runs.stop_all()
    assert not run.follow(tmp_path / "log", when_read=lambda: None)
    assert time.monotonic() - started < 30


def test_a_run_that_waits_goes_on_when_it_is_told_to(stand_in: None, tmp_path: Path) -> None:
    run = Run(["set up", "wait", "gone on"], folder=tmp_path, waits=True)
    said: list[bool] = []
    follower = threading.Thread(target=lambda: said.append(run.follow(tmp_path / "log", when_read=lambda: None)))
    follower.start()
    follower.join(timeout=3)
    assert follower.is_alive()
    run.go_on()
    follower.join(timeout=30)
    assert said == [True]
    assert (tmp_path / "log").read_text(encoding="utf-8").splitlines() == ["set up", "wait", "gone on"]


def test_a_run_that_waits_in_vain_ends(stand_in: None, tmp_path: Path) -> None:
    run = Run(["wait", "gone on"], folder=tmp_path, waits=True)
    runs.stop_all()
    run.go_on()
    assert not run.follow(tmp_path / "log", when_read=lambda: None)
    assert Run(["wait"], folder=tmp_path).follow(tmp_path / "log", when_read=lambda: None), "it was not to wait"


def test_a_book_that_waits_looks_for_pages_only_when_it_is_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book(tmp_path, ["bookpress.facts", "bookpress.runs"])
    book.page("index", "# Kites\n")
    told, tell = multiprocessing.Pipe(duplex=False)
    monkeypatch.setattr(runs, "_TOLD", [told])
    looked: list[str] = []
    load = Sphinx._init_env
    monkeypatch.setattr(Sphinx, "_init_env", lambda self, fresh: looked.append("pages") or load(self, fresh))

    def go_on() -> None:
        time.sleep(1)
        looked.append("told")
        tell.send_bytes(b"")

    threading.Thread(target=go_on).start()
    book.build()
    assert looked == ["told", "pages"]


def test_what_is_loaded_once_exists() -> None:
    """A name that is gone after an upgrade would be passed over without a word."""
    command = "import importlib, json, sys; [importlib.import_module(name) for name in json.loads(sys.argv[1])]"
    done = subprocess.run([sys.executable, "-c", command, json.dumps(runs.LOADED_ONCE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_is_loaded_early_reads_no_data(tmp_path: Path) -> None:
    """It would be old when the runs ask for it."""
    names = settings.load(Path(__file__).parents[2]).loaded_early
    assert names
    command = f"import {', '.join(names)}"
    elsewhere = {**os.environ, "BITEBOOK_DATA": str(tmp_path / "nowhere")}
    done = subprocess.run([sys.executable, "-c", command], env=elsewhere, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    read = "import bitebook.evidence as e; e.facts()"
    assert subprocess.run([sys.executable, "-c", read], env=elsewhere, capture_output=True).returncode != 0
