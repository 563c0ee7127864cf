"""A book and its build server, whose builds are played, for the tests of the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from bookpress.server import client
from tests.unit.staying import PROJECT, members, write_book

# A build does what the chapter says, after the check that every build makes of the files it was loaded from.
SERVER = """
import os, subprocess, sys, time
from pathlib import Path
from bookpress import build
from bookpress.server import __main__ as program
from bookpress.server import process

def play(book, *, edition, draft, loaded_from):
    build._refuse_to_be_outdated(loaded_from, build.outside_of(book))
    for order in (book.chapters / "a.md").read_text(encoding="utf-8").split():
        if order == "say":
            print("built", edition, draft, os.getpid())
            print("a warning", file=sys.stderr)
            subprocess.run(["echo", "a program"], check=True)
        elif order == "murmur":
            print("and so on", end="")
        elif order == "fail":
            raise build.BuildError("mend the chapter")
        elif order == "hog":
            process.LEFT_BYTES = 10**18
        elif order == "err":
            raise KeyError("no such kite")
        elif order == "die":
            os._exit(9)
        elif order == "wait":
            (book.root / "tests" / "waiting").touch()
            while not (book.root / "tests" / "go").exists():
                time.sleep(0.01)
            (book.root / "tests" / "waiting").unlink()

class Warm(process.Warm):
    def __init__(self, book):
        if (book.root / "tests" / "slow").exists():
            time.sleep(2.5)
        super().__init__(book)

process.build_book, process.Warm = play, Warm
if __name__ == "__main__":
    if Path("tests", "late").exists():  # a file changes while the press is being loaded
        Path("tests", "late").unlink()
        known = program.outside_of
        program.outside_of = lambda book: (known(book), Path("data", "a.csv").write_text("late"))[0]
    sys.exit(program.main(sys.argv[1]))
"""
ASK = """
import sys
from bookpress import __main__ as press
from bookpress.server import client

client.COMMAND = (sys.executable, {server!r})
client.WANTED_BYTES = {wanted}
press.build_book = lambda *_, **__: print("alone")
sys.exit(press.main())
"""


def first_line(process: subprocess.Popen[str]) -> str:
    """Return the first line that a process says; one that says none for half a minute is ended."""
    assert process.stdout
    alarm = threading.Timer(30, process.kill)
    alarm.start()
    try:
        return process.stdout.readline()
    finally:
        alarm.cancel()


class Desk:
    """A book, and someone who calls `make book` in its folder."""

    def __init__(self, folder: Path, scratch: Path, project: str = PROJECT) -> None:
        self.root, self.folder, self.scratch = folder / "book", folder, scratch
        write_book(self.root, project)
        self.write("say")
        (folder / "server.py").write_text(SERVER, encoding="utf-8")
        self.want(0)
        self.pids: set[int] = set()
        self.umask = -1  # that of the tests

    def write(self, orders: str) -> None:
        (self.root / "chapters" / "a.md").write_text(orders, encoding="utf-8")

    def want(self, size: int) -> None:
        text = ASK.format(server=str(self.folder / "server.py"), wanted=size)
        (self.folder / "ask.py").write_text(text, encoding="utf-8")

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("CI", client.MINUTES)}
        own = {"TMPDIR": str(self.scratch), "PYTHONHASHSEED": "0", client.MINUTES: "1"}
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored where the tests run
        try:
            return subprocess.Popen(
                [sys.executable, str(self.folder / "ask.py"), *(arguments or ("build",))],
                cwd=self.root,
                env={**kept, **own, **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                umask=self.umask,
            )
        finally:
            signal.signal(signal.SIGINT, before)

    def finish(self, asking: subprocess.Popen[str]) -> tuple[int, str, str]:
        out, err = asking.communicate(timeout=60)
        self.note()
        return asking.returncode, out, err

    def build(self, *arguments: str, **variables: str) -> tuple[int, str, str]:
        return self.finish(self.start(*arguments, **variables))

    def note(self) -> int | None:
        """Return the server's number, and remember it, so that it does not outlive the test."""
        found = [int(file.read_text(encoding="ascii") or 0) for file in self.scratch.glob("bookpress-*/*/lock")]
        alive = [pid for pid in found if pid and members(pid)]
        self.pids |= set(alive)
        return alive[0] if alive else None

    def has_ended(self, pid: int | None) -> bool:
        return pid is not None and not members(pid)

    def waits(self) -> bool:
        return (self.root / "tests" / "waiting").exists()

    def go(self) -> None:
        (self.root / "tests" / "go").touch()

    @property
    def log(self) -> str:
        return next(self.scratch.glob("bookpress-*/*/log")).read_text(encoding="utf-8")
