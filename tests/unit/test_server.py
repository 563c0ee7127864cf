"""The build server: whom it serves, whom it does not, whose words go where, and that it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookpress import settings
from bookpress.server import client
from bookpress.server.memory import free_bytes
from bookpress.server.place import place_of
from tests.unit.server_desk import Desk, first_line
from tests.unit.staying import PRINTED, children, members, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the environment of a process is read from /proc")
WAITS = "another build of this book is running: this one comes after it\n"


@pytest.fixture
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket must be short
        yield Path(folder)


@pytest.fixture
def desk(tmp_path: Path, scratch: Path) -> Iterator[Desk]:
    one = Desk(tmp_path, scratch)
    yield one
    one.note()
    for pid in one.pids:
        if members(pid):
            os.killpg(pid, signal.SIGKILL)


# --- a server that is there -----------------------------------------------------------------------------------------
def test_the_first_build_leaves_a_server_that_the_next_one_finds(desk: Desk) -> None:
    code, out, err = desk.build()
    pid = desk.note()
    stays = "a build server stays for 1 min: the next build is quick; `make stop` ends it\n"
    assert (code, out, err) == (0, f"built reader False {pid}\na program\n{stays}", "a warning\n")
    code, out, err = desk.build("build", "--edition", "lecturer")
    assert (code, out, err) == (0, f"built lecturer False {pid}\na program\n", "a warning\n")
    assert desk.build("build", "--draft")[1].startswith(f"built reader True {pid}")
    (desk.root / "pyproject.toml").write_text("[", encoding="utf-8")
    assert desk.build("stop")[1] == "the build server has ended\n"
    until(lambda: desk.has_ended(pid), seconds=5)
    assert desk.build("stop")[1] == "no build server is running\n"
    assert desk.log == "", "what it says belongs to those who ask"


def test_each_line_is_read_at_once_and_none_is_lost(desk: Desk) -> None:
    desk.write("say wait murmur")
    asking = desk.start(PYTHONUNBUFFERED="")
    assert first_line(asking).startswith("built")
    until(desk.waits, seconds=30)
    desk.go()
    assert "and so on" in desk.finish(asking)[1]


def test_a_failure_is_told_and_the_server_stays(desk: Desk) -> None:
    desk.write("fail")
    assert desk.build()[0::2] == (1, "bookpress: mend the chapter\n")
    pid = desk.note()
    desk.write("say")
    assert desk.build()[1].startswith(f"built reader False {pid}\n")


def test_who_comes_meanwhile_waits_for_the_build_that_runs(desk: Desk) -> None:
    desk.write("wait say")
    first = desk.start()
    until(desk.waits, seconds=30)
    second = desk.start()
    assert first_line(second) == WAITS
    desk.go()
    assert desk.finish(first)[0] == 0
    code, out, _ = desk.finish(second)
    assert code == 0 and out.startswith("built reader")


def test_one_that_says_nothing_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.build()
    pid = desk.note()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(next(desk.scratch.glob("bookpress-*/*/socket"))))
        assert f"False {pid}\n" in desk.build()[1]


@pytest.mark.parametrize("is_slow", [False, True])
def test_two_that_come_first_together_share_one_server(desk: Desk, is_slow: bool) -> None:
    if is_slow:  # the one that may not serve has given up before the other listens
        (desk.root / "tests" / "slow").touch()
    both = [desk.start(), desk.start()]
    said = [desk.finish(one)[1] for one in both]
    assert [text.startswith(f"built reader False {desk.note()}\n") for text in said] == [True, True]


# --- a server that is another one's ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["data/a.csv", "data/new.csv", "pyproject.toml"])
def test_after_a_change_outside_the_chapters_another_server_builds(desk: Desk, name: str) -> None:
    desk.build()
    pid = desk.note()
    file = desk.root / name
    told = file.stat() if file.exists() else None
    text = file.read_text(encoding="utf-8") if told else ""
    file.write_text(text.replace("10", "20").replace("1\n", "2\n") or "1\n", encoding="utf-8")
    if told:  # content is what counts, not size and date
        os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))
        assert file.stat().st_size == told.st_size
    code, out, _ = desk.build()
    assert (code, out.count("built")) == (0, 1)
    assert out.startswith(f"built reader False {desk.note()}\n")
    assert desk.note() != pid
    until(lambda: desk.has_ended(pid), seconds=5)


def test_a_change_while_a_server_is_being_loaded_makes_it_outdated(desk: Desk) -> None:
    (desk.root / "tests" / "late").touch()
    assert desk.build() == (0, "alone\n", ""), "the rare case is left to a build that knows nothing yet"
    assert desk.build()[1].startswith("built")


def test_after_a_change_of_the_environment_another_server_builds(desk: Desk) -> None:
    desk.build()
    pid = desk.note()
    passing = {"COLUMNS": "20", "MAKELEVEL": "2", "EDITION": "lecturer", "TMUX_PANE": "%2", "SSH_TTY": "9"}
    assert f"False {pid}\n" in desk.build(**passing)[1], "of the terminal, not of the build"
    assert f"False {pid}\n" in desk.build(**{client.MINUTES: "2"})[1], "the server learns how long it stays"
    assert f"False {pid}\n" not in desk.build(WIND="strong")[1]
    until(lambda: desk.has_ended(pid), seconds=5)
    pid, desk.umask = desk.note(), 0o027
    assert f"False {pid}\n" not in desk.build(WIND="strong")[1], "its files would have other rights"


def test_what_is_no_job_does_no_harm(desk: Desk) -> None:
    desk.build()
    pid = desk.note()
    place = next(desk.scratch.glob("bookpress-*/*/socket"))
    for said in (b"", b"{}\n", b"GET / HTTP/1.1\n", b"\xff" * 9000):
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(str(place))
            wire.sendall(said)
    assert f"False {pid}\n" in desk.build()[1]


# --- the end --------------------------------------------------------------------------------------------------------
def test_ctrl_c_ends_the_build_and_the_server_with_it(desk: Desk) -> None:
    desk.write("wait")
    asking = desk.start()
    until(desk.waits, seconds=30)
    pid = desk.note()
    asking.send_signal(signal.SIGINT)
    code, out, err = desk.finish(asking)
    assert (code, out, err) == (130, "", "bookpress: stopped; the last good edition is untouched\n")
    until(lambda: desk.has_ended(pid))
    assert desk.log == ""
    desk.write("say")
    assert desk.build()[1].startswith("built")


def test_when_the_one_that_asked_was_killed_the_build_ends(desk: Desk) -> None:
    desk.write("wait")
    asking = desk.start()
    until(desk.waits, seconds=30)
    pid = desk.note()
    asking.kill()
    desk.finish(asking)
    until(lambda: desk.has_ended(pid))


def test_a_server_that_dies_is_replaced_once_and_then_done_without(desk: Desk) -> None:
    desk.build()
    desk.write("die")
    code, out, err = desk.build()
    assert (code, out) == (0, "alone\n")
    assert err == "the build server has ended in the middle: once more\n" * 2
    desk.write("say")
    assert desk.build()[1].startswith("built"), "what a dead one left is in nobody's way"


def test_stop_lets_a_build_come_to_its_end(desk: Desk) -> None:
    desk.write("wait say")
    asking = desk.start()
    until(desk.waits, seconds=30)
    stopping = desk.start("stop", PYTHONUNBUFFERED="")
    assert first_line(stopping) == "the build server ends when its build is done\n"
    pid = desk.note()
    desk.go()
    assert desk.finish(asking)[0] == 0
    assert desk.finish(stopping)[1] == "the build server has ended\n"
    until(lambda: desk.has_ended(pid), seconds=5)


def test_who_leaves_the_queue_takes_nobody_along(desk: Desk) -> None:
    desk.write("wait say")
    first = desk.start()
    until(desk.waits, seconds=30)
    pid = desk.note()
    second = desk.start()
    assert first_line(second) == WAITS
    second.send_signal(signal.SIGINT)
    assert desk.finish(second)[0] == 130
    third = desk.start()
    desk.go()
    said = [desk.finish(one)[1] for one in (first, third)]
    assert [f"False {pid}\n" in text for text in said] == [True, True]


def test_ctrl_c_while_a_server_starts_leaves_none(desk: Desk) -> None:
    (desk.root / "tests" / "slow").touch()
    asking = desk.start()
    until(desk.note, seconds=30)
    pid = desk.note()
    asking.send_signal(signal.SIGINT)
    assert desk.finish(asking)[0] == 130
    until(lambda: desk.has_ended(pid), seconds=10)


def test_a_fault_of_the_press_is_seen_at_once_and_the_next_gets_another_server(desk: Desk) -> None:
    desk.write("err")
    code, out, err = desk.build()
    pid = desk.note()
    assert code == 1 and out.count("\n") == 1, "it is not tried again"
    assert err.startswith("Traceback") and err.endswith("KeyError: 'no such kite'\n")
    desk.write("say")
    assert desk.build()[1].startswith("built")
    until(lambda: desk.has_ended(pid), seconds=5)


def test_what_loaded_sphinx_and_died_does_not_come_back_with_a_lent_terminal(desk: Desk) -> None:
    """Else the pipe stays open for as long as the server."""
    desk.build()
    pid = desk.note()
    assert pid is not None
    for other in children(pid):
        os.kill(other, signal.SIGKILL)
    assert f"False {pid}\n" in desk.build()[1], "it must return, with its output closed"
    assert children(pid)


def test_all_that_a_server_starts_begins_with_the_steady_environment(desk: Desk) -> None:
    desk.build(PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    pid = desk.note()
    assert pid is not None and children(pid)
    for other in children(pid):
        told = Path(f"/proc/{other}/environ").read_bytes().split(b"\0")
        assert {b"PYTHONHASHSEED=0", b"TZ=UTC"} <= set(told)


@pytest.mark.parametrize("reason", ["idle", "gone", "moved", "memory"])
def test_it_ends_by_itself(desk: Desk, reason: str) -> None:
    desk.write("say hog" if reason == "memory" else "say")
    pid = int(desk.build()[1].split()[3])
    if reason == "idle":
        desk.build(**{client.MINUTES: "0.02"})
    if reason == "gone":
        next(desk.scratch.glob("bookpress-*/*/socket")).unlink()
    if reason == "moved":
        desk.root.rename(desk.folder / "elsewhere")
        shutil.copytree(desk.folder / "elsewhere", desk.root)
    until(lambda: desk.has_ended(pid), seconds=10)


def test_nothing_of_it_is_left_behind(tmp_path: Path, scratch: Path) -> None:
    desk = Desk(tmp_path, scratch, PRINTED)
    desk.build()
    pid = desk.note()
    assert pid is not None
    until(lambda: len(members(pid)) > 3, seconds=10)  # the compiler, what loads Sphinx, and what Python starts beside
    os.kill(pid, signal.SIGKILL)
    until(lambda: desk.has_ended(pid), seconds=10)
    assert not list(scratch.glob("press-*"))


# --- without a server -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("variables", [{client.MINUTES: "0"}, {"KITES": "elsewhere"}], ids=str)
def test_where_there_shall_be_none_there_is_none(desk: Desk, variables: dict[str, str]) -> None:
    assert desk.build(**variables) == (0, "alone\n", "")
    assert desk.note() is None


def test_a_fresh_build_ends_the_server(desk: Desk) -> None:
    desk.build()
    pid = desk.note()
    assert desk.build("build", "--fresh")[1] == "alone\n"
    until(lambda: desk.has_ended(pid), seconds=5)


def test_a_fresh_build_and_one_with_little_memory_do_without(desk: Desk) -> None:
    assert desk.build("build", "--fresh")[1] == "alone\n"
    assert desk.build("build", "--draft")[1] == "alone\n", "a quick look starts nothing that stays"
    desk.want(10**18)
    assert desk.build()[1] == "alone\n"
    assert desk.note() is None


def test_ci_has_none_unless_it_asks_for_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(client.MINUTES, raising=False)
    monkeypatch.setenv("CI", "true")
    assert client._stays_min() == 0
    monkeypatch.setenv(client.MINUTES, "2.5")
    assert client._stays_min() == 2.5
    monkeypatch.delenv("CI")
    monkeypatch.delenv(client.MINUTES)
    assert client._stays_min() == client.STAYS_MIN


def test_memory_is_that_of_the_container_if_it_has_less(tmp_path: Path) -> None:
    whole = free_bytes(tmp_path)
    assert whole > 10**8, "of the machine"
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("900\n", encoding="ascii")
    (tmp_path / "memory.stat").write_text("anon 7\ninactive_file 50\n", encoding="ascii")
    assert free_bytes(tmp_path) > 10**8, "no limit"
    (tmp_path / "memory.max").write_text("1000\n", encoding="ascii")
    assert free_bytes(tmp_path) == 150
    for name in ("memory.max", "memory.current", "memory.stat"):
        (tmp_path / name).unlink()
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("2000\n", encoding="ascii")
    (tmp_path / "memory" / "memory.usage_in_bytes").write_text("900\n", encoding="ascii")
    (tmp_path / "memory" / "memory.stat").write_text("total_inactive_file 100\n", encoding="ascii")
    assert free_bytes(tmp_path) == 1200


@pytest.mark.parametrize("told", ["soon", "-1", "nan", "1441"])
def test_minutes_that_are_none_are_refused(desk: Desk, told: str) -> None:
    code, out, err = desk.build(**{client.MINUTES: told})
    assert (code, out) == (1, "")
    assert err == f"bookpress: {client.MINUTES} is {told!r}: give minutes from 0 (no build server) to 1440\n"


def test_a_folder_that_others_can_enter_is_no_place(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    place = place_of(tmp_path)
    assert place is not None
    assert place_of(tmp_path / ".." / tmp_path.name) == place
    assert place_of(tmp_path / "other") != place
    for folder in (place.folder, place.folder.parent):
        folder.chmod(0o750)
        assert place_of(tmp_path) is None
        folder.chmod(0o700)
    place.folder.rename(scratch / "elsewhere")
    place.folder.symlink_to(scratch / "elsewhere")
    assert place_of(tmp_path) is None
    (scratch / ("long" * 20)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch / ("long" * 20)))
    assert place_of(tmp_path) is None


def test_a_place_that_cannot_be_made_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert place_of(tmp_path) is None


def test_the_book_is_up_to_date_without_a_server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "is_up_to_date", lambda *_, **__: True)
    monkeypatch.setattr(client, "has_room", lambda: True)
    monkeypatch.setattr(client, "_start", lambda *_: pytest.fail("a server for nothing"))
    monkeypatch.setenv(client.MINUTES, "1")
    assert client.build(settings.load(desk.root), edition="reader", draft=False) is None
