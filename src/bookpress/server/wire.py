"""What `make book` and the server say to one another, and how the one lends the other its terminal.

One line of JSON is asked, with the two numbers of the asker's standard output and standard error, which the system
hands over. One word is answered when the server takes the job, and one more at its end. While it works, either sees by
a broken wire that the other has ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

TAKEN, OUTDATED, DONE = "taken", "outdated", "done"
LONGEST_LINE = 4096
# Of the environment, what belongs to a terminal or to one call of make; no build follows it.
PASSING = {
    *("_", "PWD", "OLDPWD", "SHLVL", "TERM", "COLUMNS", "LINES", "WINDOWID", "TERM_SESSION_ID"),
    *("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKE_TERMOUT", "MAKE_TERMERR", "GNUMAKEFLAGS"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked for, and by whom."""

    edition: str
    draft: bool
    identity: str


def identity(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return a digest of the folder, the Python, and the environment of this process: a server must have the same."""
    kept = sorted((name, value) for name, value in environment.items() if name not in PASSING)
    mask = os.umask(0o077)  # it cannot be read without being set
    os.umask(mask)
    told = [os.path.realpath(root), sys.executable, sys.version, mask, kept]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


# --- what is asked --------------------------------------------------------------------------------------------------
def ask(wire: socket.socket, job: Job) -> None:
    """Send a job, and lend this process's standard output and error."""
    line = json.dumps(asdict(job)).encode() + b"\n"
    socket.send_fds(wire, [line], [1, 2])


def hear(wire: socket.socket) -> tuple[Job, list[int]]:
    """Return the job and the two numbers that were lent; raise `ValueError` for anything else."""
    said, lent, _, _ = socket.recv_fds(wire, LONGEST_LINE, 2)
    try:
        if len(lent) != 2:
            raise ValueError("no terminal was lent")
        return Job(**json.loads(said)), lent
    except (ValueError, TypeError) as error:
        for number in lent:
            os.close(number)
        raise ValueError("this is no job") from error


@contextlib.contextmanager
def lent(numbers: list[int]) -> Iterator[None]:
    """Let all that this process prints, and what programs print that it starts, go to what was lent, for a while."""
    own = [os.dup(1), os.dup(2)]
    _hand_over(numbers)
    try:
        yield
    finally:
        _hand_over(own)


def _hand_over(numbers: list[int]) -> None:
    for stream, number, place in zip((sys.stdout, sys.stderr), numbers, (1, 2), strict=True):
        with contextlib.suppress(OSError):  # whoever lent it may have closed it
            stream.flush()
        os.dup2(number, place)
        os.close(number)


# --- what is answered -----------------------------------------------------------------------------------------------
def answer(wire: socket.socket, word: str, code: int = 0) -> None:
    """Answer one word; an asker that has gone away misses nothing."""
    with contextlib.suppress(OSError):
        wire.sendall(f"{word} {code}\n".encode())


def read_answer(wire: socket.socket) -> tuple[str, int]:
    """Return the next word, and the exit code with it; an empty one if the server has ended."""
    line = b""
    while not line.endswith(b"\n"):
        more = wire.recv(1)
        if not more:
            return "", 0
        line += more
    word, _, code = line.decode().strip().partition(" ")
    return word, int(code)
