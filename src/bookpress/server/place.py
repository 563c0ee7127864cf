"""Where the server of a book is found: a folder of this user alone, named after the folder of the book."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LONGEST_PATH = 100
"""Bytes of the path of a socket; systems allow 104 or 108."""
LONGEST_QUESTION_S = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that exists, belongs to this user, and lets no other in."""

    folder: Path

    @property
    def socket(self) -> Path:
        """Where the server listens."""
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        """What the server says while it works for nobody."""
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        """A file that the server holds locked as long as it lives, with its number inside."""
        return self.folder / "lock"

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock, and yield whether that could be done; the system lets go when this process ends."""
        with self.lock.open("a+", encoding="ascii") as file:
            limit = time.monotonic() + LONGEST_QUESTION_S
            while not (is_held := _lock(file, exclusive=True)) and time.monotonic() < limit:
                time.sleep(0.02)  # it may have been held for a moment by one who asked for the number
            if is_held:
                file.truncate(0)
                file.write(str(os.getpid()))
                file.flush()
            yield is_held

    def pid(self) -> int | None:
        """Return the number of the server's process, or nothing if there is none."""
        with self.lock.open("a+", encoding="ascii") as file:
            if _lock(file, exclusive=False):
                return None
            file.seek(0)
            told = file.read()
        return int(told) if told.isdigit() else None


def _lock(file: IO[str], *, exclusive: bool) -> bool:
    import fcntl  # not on Windows

    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def place_of(root: Path) -> Place | None:
    """Return the place of the book at `root`; nothing where there can be no server or no folder that is safe."""
    if sys.platform == "win32":
        return None
    ours = Path(tempfile.gettempdir()) / f"bookpress-{os.getuid()}"
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
    place = Place(ours / name)
    if len(os.fsencode(place.socket)) > LONGEST_PATH:
        return None
    try:
        return place if all(map(_is_ours_alone, (ours, place.folder))) else None
    except OSError:
        return None


def _is_ours_alone(folder: Path) -> bool:
    """Make a folder if there is none; tell whether it is one that nobody else can enter or has put there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    told = folder.lstat()
    return stat.S_ISDIR(told.st_mode) and told.st_uid == os.getuid() and not told.st_mode & 0o077
