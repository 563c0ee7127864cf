"""What `make book` and the server say to one another, and how the one lends the other its terminal.

The server says that it is ready, for it may have been busy with another build. Then one line of JSON is asked, with the
two numbers of the asker's standard output and standard error, which the system hands over. One word is answered when
the server takes the job, and one more at its end. Either sees by a broken wire that the other has ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

READY, TAKEN, OUTDATED, DONE = "ready", "taken", "outdated", "done"
LONGEST_LINE = 4096
LIMITS = ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
# Of the environment, what belongs to a terminal or to one call of make, or is told by the job; no build follows it.
PASSING = re.compile(
    r"_|PWD|OLDPWD|SHLVL|COLUMNS|LINES|WINDOWID|COLORTERM|LS_COLORS|STY|(I?TERM|SSH|TMUX|VTE|VSCODE|KITTY|WEZTERM"
    r"|KONSOLE|GNOME_TERMINAL|XDG_SESSION)(_\w+)?|MAKE\w*|MFLAGS|GNUMAKEFLAGS|EDITION|BOOKPRESS_STAY_MIN"
)


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked for, and by whom."""

    edition: str
    draft: bool
    stays_min: float
    """How long the server is to stay after it."""
    identity: str


def identity(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return a digest of the folder, the Python, and all that a process inherits: a server must have the same."""
    kept = sorted((name, value) for name, value in environment.items() if not PASSING.fullmatch(name))
    told = [os.path.realpath(root), sys.executable, sys.version, kept, _inherited()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _inherited() -> list[object]:
    """Return the mask of new files, the priority, the limits, and the networks of this process."""
    import resource  # not on Windows

    mask = os.umask(0o077)  # it cannot be read without being set
    os.umask(mask)
    limits = [resource.getrlimit(getattr(resource, name)) for name in LIMITS]
    network = Path("/proc/self/ns/net")  # Linux alone has several
    place = str(network.readlink()) if network.is_symlink() else ""
    return [mask, os.getpriority(os.PRIO_PROCESS, 0), limits, place]


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
def answer(wire: socket.socket, word: str, code: int = 0) -> bool:
    """Answer one word, and tell whether the asker is still there."""
    try:
        wire.sendall(f"{word} {code}\n".encode())
    except OSError:
        return False
    return True


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
