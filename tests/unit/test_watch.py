"""The watch: what starts a build and what does not, what begins again, and that nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bookpress import settings, unchanged, watch
from bookpress.build import BuildError, OutdatedError
from bookpress.source_file import SourceFileError
from tests.unit.staying import PRINTED, members, until, write_book


class OverError(Exception):
    """The test is over."""


class Scene:
    """A watch in a thread, whose builds are played."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_book(root)
        self.root = root
        self.builds = 0
        self.failures: list[Exception] = []
        self.during: Callable[[], object] = lambda: None
        self.before_look: Callable[[], object] = lambda: None
        self.over = False
        self.begun_again = False
        self.looks = 0
        monkeypatch.setattr(watch, "BETWEEN_LOOKS_S", 0.05)
        monkeypatch.setattr(watch, "get_ready", lambda _: None)
        monkeypatch.setattr(watch, "build_book", self.build)
        monkeypatch.setattr(watch, "look", self.look)
        self.thread = threading.Thread(target=self.run, daemon=True)

    def begin(self) -> None:
        self.thread.start()
        until(lambda: self.looks > 3)

    def run(self) -> None:
        try:
            book = settings.load(self.root)
            watch.Watcher(book, loaded_from="then", edition="reader", draft=False).go_on()
            self.begun_again = True
        except OverError:
            pass

    def build(self, *_: object, **options: object) -> None:
        assert options == {"edition": "reader", "draft": False, "loaded_from": "then"}
        self.builds += 1
        self.during()
        if self.failures:
            raise self.failures.pop()

    def look(self, book: settings.Settings) -> dict[str, tuple[int, ...]]:
        self.looks += 1
        if self.over:
            raise OverError
        self.before_look()
        return unchanged.look(book)

    def save(self, name: str, text: str = "22\n") -> None:
        file = self.root / name
        file.write_text(text if not file.exists() else file.read_text(encoding="utf-8") + text, encoding="utf-8")

    def rest(self) -> None:
        """Let it look some more times."""
        seen = self.looks
        until(lambda: self.looks > seen + 5 or not self.thread.is_alive())


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    one = Scene(tmp_path / "book", monkeypatch)
    yield one
    one.over = True
    one.thread.join(10)
    assert not one.thread.is_alive()


def test_a_change_starts_one_build_and_is_named(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.begin()
    assert scene.builds == 1
    assert "watching chapters/, data/: save a file to build, Ctrl+C to end" in capsys.readouterr().out
    scene.save("chapters/a.md")
    scene.rest()
    assert scene.builds == 2
    assert capsys.readouterr().out == "changed: chapters/a.md\n"


def test_changes_that_follow_each_other_start_one_build(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.begin()
    names = [f"chapters/{name}.md" for name in "fedcba"]
    scene.before_look = lambda: names and scene.save(names.pop())
    until(lambda: not names)
    scene.rest()
    assert scene.builds == 2
    assert "changed: chapters/a.md, chapters/b.md, chapters/c.md and 3 more\n" in capsys.readouterr().out


def test_a_file_that_came_or_went_is_a_change_and_a_date_is_one(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.begin()
    scene.save("chapters/new.md")
    until(lambda: scene.builds == 2)
    (scene.root / "chapters" / "new.md").unlink()
    until(lambda: scene.builds == 3)
    os.utime(scene.root / "chapters" / "a.md", (1, 1))
    until(lambda: scene.builds == 4)
    scene.rest()
    assert scene.builds == 4
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("changed")]
    assert said == ["changed: chapters/new.md", "changed: chapters/new.md", "changed: chapters/a.md"]


def test_what_no_edition_is_made_of_starts_nothing(scene: Scene) -> None:
    scene.begin()
    scene.save("tests/a.py")
    scene.save("_build/made.html")
    scene.save("chapters/.a.md.swp")
    scene.rest()
    assert scene.builds == 1


@pytest.mark.parametrize(
    "failure",
    [
        BuildError("mend the chapter"),
        SourceFileError(Path("chapters/a.md"), "mend the chapter"),
        OSError(28, "No space left on device", "mend"),
    ],
)
def test_after_a_failure_the_watch_goes_on(
    scene: Scene, failure: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.failures = [failure]
    scene.begin()
    scene.rest()
    assert scene.builds == 1
    assert "mend" in capsys.readouterr().err
    scene.save("chapters/a.md")
    until(lambda: scene.builds == 2)


def test_a_chapter_changed_during_the_build_is_built_again(scene: Scene) -> None:
    scene.begin()
    scene.failures = [BuildError("a file was changed while the book was being built")]
    scene.during = lambda: scene.builds == 2 and scene.save("chapters/b.md")
    scene.save("chapters/a.md")
    until(lambda: scene.builds == 3)
    scene.rest()
    assert scene.builds == 3


@pytest.mark.parametrize("name", ["data/a.csv", "data/new.csv", "pyproject.toml"])
def test_a_change_outside_the_chapters_begins_again_without_a_build(
    scene: Scene, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.begin()
    scene.save(name, "\n")
    until(lambda: scene.begun_again)
    assert scene.builds == 1
    assert capsys.readouterr().out.endswith("beginning again, with everything loaded anew\n")


def test_other_packages_begin_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.begin()
    monkeypatch.setattr(unchanged, "packages", lambda: ["kites-2.dist-info"])
    until(lambda: scene.begun_again)


def test_a_program_that_is_refused_as_outdated_begins_again(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """As when a table was changed and kept its size and its date."""
    scene.begin()
    scene.failures = [OutdatedError()]
    scene.save("chapters/a.md")
    until(lambda: scene.begun_again)
    assert capsys.readouterr().out.endswith("beginning again, with everything loaded anew\n")


def test_it_does_not_begin_again_with_settings_that_cannot_be_read(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.begin()
    good = (scene.root / "pyproject.toml").read_text(encoding="utf-8")
    (scene.root / "pyproject.toml").write_text("[", encoding="utf-8")
    scene.rest()
    scene.save("chapters/a.md")
    scene.rest()
    assert scene.thread.is_alive() and scene.builds == 1
    assert capsys.readouterr().err.count("mend the TOML") == 2
    (scene.root / "pyproject.toml").write_text(good + "\n", encoding="utf-8")
    until(lambda: scene.begun_again)


def test_code_that_cannot_be_loaded_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_book(tmp_path / "book")
    (tmp_path / "bookpress").mkdir()
    (tmp_path / "bookpress" / "__init__.py").write_text("kite kite\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert not watch.can_begin_again(tmp_path / "book")
    assert "cannot be loaded (SyntaxError: invalid syntax)" in capsys.readouterr().err


# --- the program itself: its first build fails at once, for this is no book ----------------------------------------
class Program:
    """``python -m bookpress watch`` as a terminal starts it."""

    def __init__(self, root: Path, scratch: Path) -> None:
        write_book(root, PRINTED)
        self.root, self.scratch = root, scratch
        self.log = root / "_build" / "said.log"
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored where the tests run
        try:
            with self.log.open("w", encoding="utf-8") as stream:
                command = [sys.executable, "-m", "bookpress", "watch"]
                self.process = subprocess.Popen(
                    command,
                    cwd=root,
                    env={**os.environ, "TMPDIR": str(scratch)},
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        finally:
            signal.signal(signal.SIGINT, before)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def waits(self, times: int = 1) -> None:
        until(lambda: self.said().count("the press is warm") == times, seconds=60)

    def left_behind(self) -> list[str]:
        """Return the folders of residents that nobody removed."""
        return [folder.name for folder in self.scratch.glob("press-*")]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with tempfile.TemporaryDirectory() as scratch:  # the path of a socket must be short
        one = Program(tmp_path / "book", Path(scratch))
        yield one
        for pid in members(one.process.pid):
            os.kill(pid, signal.SIGKILL)
        one.process.wait()


linux = pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux alone")


@linux
def test_it_begins_again_in_its_place_and_ctrl_c_ends_it_without_a_word(program: Program) -> None:
    program.waits()
    assert len(members(program.process.pid)) > 2, "the resident compiler and the process that loads Sphinx run"
    (program.root / "data" / "a.csv").write_text("333\n", encoding="utf-8")
    program.waits(2)
    assert program.process.poll() is None
    assert "changed: data/a.csv\n" in program.said()
    assert not members(program.process.pid, have_ended=True)
    before = program.said()
    os.killpg(program.process.pid, signal.SIGINT)
    assert program.process.wait(20) == 0
    until(lambda: not members(program.process.pid), seconds=5)
    assert program.said() == before
    assert not program.left_behind()


@linux
def test_nothing_outlives_a_watch_that_was_killed(program: Program) -> None:
    program.waits()
    program.process.kill()
    program.process.wait()
    until(lambda: not members(program.process.pid), seconds=10)
    assert not program.left_behind()
