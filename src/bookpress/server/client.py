"""The end of `make book`: it asks the server, starts one if there is none, or lets the book be built without it."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bookpress.build import BuildError, is_up_to_date
from bookpress.runs import FORKS
from bookpress.server.place import Place, place_of
from bookpress.server.wire import DONE, READY, TAKEN, Job, ask, identity, read_answer
from bookpress.settings import Settings
from bookpress.unchanged import reads_elsewhere

MINUTES = "BOOKPRESS_STAY_MIN"
"""The variable that says how long a server stays after the last build; 0: there is none."""
STAYS_MIN = 10.0
WANTED_BYTES = 6_000_000_000
"""A machine must have so much memory free before a server is started; one that has served a book holds 3 to 4 GB."""
LONGEST_START_S = 20
LONGEST_END_S = 5
SEEN_BUSY_AFTER_S = 1.0
BETWEEN_LOOKS_S = 0.02
COMMAND = (sys.executable, "-m", "bookpress.server")


def build(settings: Settings, *, edition: str, draft: bool) -> int | None:
    """Have the book built, and return the exit code; nothing if it must be built without a server."""
    stays_min = _stays_min()
    place = place_of(settings.root) if stays_min > 0 and FORKS and not reads_elsewhere(settings) else None
    if place is None:
        return None
    job = Job(edition=edition, draft=draft, stays_min=stays_min, identity=identity(settings.root))
    if (wire := _connect(place)) and (code := _follow(wire, job)) is not None:
        return code
    if draft or is_up_to_date(settings, edition=edition) or not has_room():
        return None
    wire = _start(place, stays_min)
    code = _follow(wire, job) if wire else None
    if code is not None:
        print(f"a build server stays for {stays_min:g} min: the next build is quick; `make stop` ends it")
    return code


def stop(root: Path, *, say: Callable[[str], object] = lambda _: None) -> None:
    """End the server of the book at `root`, and wait until it has ended: a build that runs comes to its end first."""
    place = place_of(root)
    pid = place.pid() if place else None
    if place is None or pid is None:
        say("no build server is running")
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not _comes_true(lambda: place.pid() is None, LONGEST_END_S):
        print("the build server ends when its build is done", flush=True)
        _comes_true(lambda: place.pid() is None, math.inf)
    say("the build server has ended")


def _stays_min() -> float:
    """Return how many minutes a server stays: none where a machine builds for nobody in particular."""
    told = os.environ.get(MINUTES, "0" if os.environ.get("CI") else str(STAYS_MIN))
    try:
        minutes = float(told)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= 24 * 60:
        raise BuildError(f"{MINUTES} is {told!r}: give minutes from 0 (no build server) to 1440")
    return minutes


def has_room() -> bool:
    """Tell whether the machine has the memory for a server."""
    from bookpress.server.memory import free_bytes  # a build that finds a server need not load it

    return free_bytes() >= WANTED_BYTES


def _connect(place: Place) -> socket.socket | None:
    wire = socket.socket(socket.AF_UNIX)
    try:
        wire.connect(str(place.socket))
    except OSError:
        wire.close()
        return None
    return wire


def _start(place: Place, stays_min: float) -> socket.socket | None:
    """Start a server that belongs to no terminal, and return a wire to it, or to one that another build has started."""
    _comes_true(lambda: place.pid() is None, LONGEST_END_S)  # an outdated one is about to end
    with place.log.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*COMMAND, str(stays_min)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        limit = time.monotonic() + LONGEST_START_S
        while not (wire := _connect(place)) and time.monotonic() < limit:
            if process.poll() is not None and place.pid() is None:
                return None
            time.sleep(BETWEEN_LOOKS_S)
    except KeyboardInterrupt:
        process.terminate()
        raise
    return wire


def _follow(wire: socket.socket, job: Job) -> int | None:
    """Ask, and wait until it is done; nothing is returned by a server that is outdated or ends in the middle."""
    with wire, contextlib.suppress(OSError):
        if not select.select([wire], [], [], SEEN_BUSY_AFTER_S)[0]:
            print("another build of this book is running: this one comes after it", flush=True)
        word, code = read_answer(wire)
        if word == READY:
            ask(wire, job)
            word, code = read_answer(wire)
        if word == TAKEN:
            word, code = read_answer(wire)
            if not word:
                print("the build server has ended in the middle: once more", file=sys.stderr, flush=True)
        if word == DONE:
            return code
    return None


def _comes_true(condition: Callable[[], object], seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(BETWEEN_LOOKS_S)
    return True
