"""A compiler that stays: what Typst has worked out for one setting of the book serves the next.

The process belongs to a program that builds again and again (`bookpress.watch`). The builder, which runs in a process
of its own each time, finds it by one variable, sends it the name of a source, and gets the PDF back. It writes the PDF
itself, so that a builder that was stopped never writes late. Whatever is wrong with the resident, the builder
compiles on its own: slower, the same bytes.

Typst forgets what the last ten compilations did not use, and handouts are many. Thus the book, the largest source, is
set after them, and again when ten others came after it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import signal
import sys
import threading
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from bookpress.print.typst_compiler import Press, Printed

VARIABLE = "BOOKPRESS_PRESS"
WARM = "warm"
SOURCES = "print-*.typ"
LARGEST_BYTES = 4_000_000_000
"""A process beyond this is replaced. One book settles at 3 GB; a laptop of 8 GB must not begin to swap."""
FORGOTTEN_AFTER = 10
"""So many compilations without it, and the compiler has forgotten a source."""
QUIET_S = 1.0
"""So long nothing must be asked before it does anything of its own: a builder asks for its sources one by one."""


def press_for(root: Path) -> Press:
    """Return a compiler for the sources of `root`: the resident one, if there is one."""
    told = os.environ.get(VARIABLE)
    if not told:
        return Press(root)
    place = json.loads(told)
    return RemotePress(root, place["address"], bytes.fromhex(place["key"]))


class RemotePress(Press):
    """Compiles in the resident; on its own from the moment that one cannot be reached."""

    def __init__(self, root: Path, address: str, key: bytes) -> None:
        """Know the place; nothing is asked yet."""
        super().__init__(root)
        self._address, self._key = address, key
        self._is_alone = False

    def set(self, source: Path) -> Printed:
        """Have one file compiled, and write nothing."""
        printed = None if self._is_alone else self._ask(source)
        if printed is None:
            self._is_alone = True
            return super().set(source)
        return printed

    def _ask(self, source: Path) -> Printed | None:
        try:
            with Client(self._address, authkey=self._key) as wire:
                wire.send((self._root, source))
                answer = wire.recv()
        except (OSError, EOFError, AuthenticationError):
            return None
        return answer if isinstance(answer, Printed) else None


# --- the process that stays -----------------------------------------------------------------------------------------
@dataclass
class _Sheets:
    """The presses of the process, and which sources it has set when."""

    kept_warm: Path | None = None
    """The folder whose sources it sets on its own."""
    _presses: dict[Path, tuple[str, Press]] = field(default_factory=dict)
    _set_at: dict[Path, int] = field(default_factory=dict)
    _count: int = 0

    def set(self, root: Path, source: Path) -> Printed:
        self._count += 1
        self._set_at[source] = self._count
        fonts = _digest(root / "fonts")
        if root not in self._presses or self._presses[root][0] != fonts:  # a press knows the fonts it began with
            self._presses[root] = (fonts, Press(root))
        return self._presses[root][1].set(source)

    def cold(self) -> Path | None:
        """Return a source that is not ready to be set again quickly, small ones first."""
        if self.kept_warm is None:
            return None
        try:
            sources = sorted(self.kept_warm.glob(SOURCES), key=lambda source: source.stat().st_size)
        except OSError:  # a build is just writing them
            return None
        for source in sources:
            if source not in self._set_at:
                return source
        if sources and self._count - self._set_at[sources[-1]] >= FORGOTTEN_AFTER:
            return sources[-1]
        return None

    def warm(self, source: Path) -> None:
        """Set a source for its own sake; whoever builds it will be told what is wrong with it."""
        with contextlib.suppress(Exception):
            self.set(source.parent, source)


def memory_bytes() -> int:
    """Return how much memory this process holds; where that cannot be told, how much it held at most, or 0."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*")):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def stay(address: str, key: bytes, keeper: Connection, largest_bytes: int = LARGEST_BYTES) -> None:
    """Be the resident: answer, and warm up while nothing is asked.

    The keeper sends the folder that is to be kept warm, and hears when it is. This process ends when its keeper has
    ended, however that was, and when it has grown too large.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sheets = _Sheets()
    asked: queue.Queue[tuple[Connection, Path, Path]] = queue.Queue()
    listener = Listener(address, authkey=key)
    threading.Thread(target=_hear_keeper, args=(keeper, sheets, listener, address), daemon=True).start()
    threading.Thread(target=_hear_builders, args=(listener, asked), daemon=True).start()
    has_answered = has_told = False
    pause_s = QUIET_S
    while True:
        try:
            wire, root, source = asked.get(timeout=pause_s)
        except queue.Empty:
            if has_answered and memory_bytes() > largest_bytes:
                break
            cold = sheets.cold()
            if cold:
                sheets.warm(cold)
            elif sheets.kept_warm and not has_told:
                has_told = True
                keeper.send(WARM)
            pause_s = 0 if cold else QUIET_S
        else:
            _answer(wire, sheets, root, source)
            has_answered, pause_s = True, QUIET_S
    listener.close()


def _hear_keeper(keeper: Connection, sheets: _Sheets, listener: Listener, address: str) -> None:
    """Learn what to keep warm. The wire breaks when the keeper ends, even if it was killed."""
    try:
        while True:
            sheets.kept_warm = keeper.recv()
    except (OSError, EOFError):
        with contextlib.suppress(OSError):
            listener.close()
            Path(address).parent.rmdir()  # the keeper made it, and may have had no time to tidy up
        os._exit(0)


def _hear_builders(listener: Listener, asked: queue.Queue[tuple[Connection, Path, Path]]) -> None:
    while True:
        try:
            wire = listener.accept()
            root, source = wire.recv()
        except (OSError, EOFError, AuthenticationError):  # a builder that was stopped
            continue
        asked.put((wire, root, source))


def _answer(wire: Connection, sheets: _Sheets, root: Path, source: Path) -> None:
    """Send what was printed; say nothing if that cannot be done, for the builder then tries and tells why."""
    with wire, contextlib.suppress(Exception):
        wire.send(sheets.set(root, source))
