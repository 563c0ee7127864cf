"""The server itself: it listens, builds when it is asked, and ends when nobody has asked for a while.

It also ends when it is asked after files that it was loaded from have changed, when the one that asked goes away in the
middle (as by Ctrl+C), when the machine runs short of memory, when the book's folder is gone, and by `make stop`.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from bookpress import runs
from bookpress.build import STEADY, OutdatedError, build_book
from bookpress.failure import EXPECTED, in_one_line
from bookpress.server.memory import free_bytes
from bookpress.server.place import Place, place_of
from bookpress.server.wire import DONE, OUTDATED, READY, TAKEN, Job, answer, hear, identity, lent
from bookpress.settings import Settings
from bookpress.warm import Warm

BETWEEN_LOOKS_S = 0.5
LEFT_BYTES = 1_000_000_000
"""A machine that has no more memory left than this gets back what the server holds."""
LONGEST_QUESTION_S = 5
LONGEST_END_S = 10
"""A build that was given up must have ended by then."""
WARM = "warm"
"""What the log says when the next edit will be quick."""


class Server:
    """One life of the server."""

    def __init__(self, settings: Settings, place: Place, *, stays_s: float, loaded_from: str) -> None:
        """Load what runs need, in the background; nobody is lent to yet, so that nothing of it keeps a terminal."""
        self._settings, self._place, self._stays_s = settings, place, stays_s
        self._identity, self._loaded_from = identity(settings.root), loaded_from
        os.environ.update(STEADY)  # what is started from now on must have it from the beginning
        self._warm = Warm(settings)
        runs.get_ready(settings.loaded_early)
        self._is_told_to_end = False
        self._idle_since = time.monotonic()

    def end_soon(self, *_: object) -> None:
        """End when no build is running."""
        self._is_told_to_end = True

    def close(self) -> None:
        """Leave no process behind."""
        self._warm.close()

    def go_on(self) -> None:
        """Answer one after another, until there is a reason to end."""
        with self._door() as door:
            while not self._has_to_end():
                if not select.select([door], [], [], BETWEEN_LOOKS_S)[0]:
                    self._rest()
                    continue
                wire, _ = door.accept()
                with wire:
                    if not self._serve(wire):
                        return
                    with contextlib.suppress(OSError):
                        wire.shutdown(socket.SHUT_RDWR)  # whoever waits at it is released
                self._idle_since = time.monotonic()

    @contextlib.contextmanager
    def _door(self) -> Iterator[socket.socket]:
        """Listen; what lies at the place was left by one that was killed, for only one server can hold the lock."""
        self._place.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(self._place.socket))
            door.listen()
            yield door
        self._place.socket.unlink(missing_ok=True)

    def _has_to_end(self) -> bool:
        return (
            self._is_told_to_end
            or time.monotonic() - self._idle_since > self._stays_s
            or not self._is_at_home()
            or not self._place.socket.exists()
            or free_bytes() < LEFT_BYTES
        )

    def _is_at_home(self) -> bool:
        """Tell whether the book's folder is the one that this process was started in; it may have been moved."""
        try:
            return Path().samefile(self._settings.root)
        except OSError:
            return False

    def _rest(self) -> None:
        self._warm.look_after()
        if self._warm.is_said_to_be_warm():
            print(WARM, flush=True)

    def _serve(self, wire: socket.socket) -> bool:
        """Do what is asked over a wire; tell whether the server can go on."""
        if not answer(wire, READY):  # it went away while it waited
            return True
        try:
            wire.settimeout(LONGEST_QUESTION_S)
            job, numbers = hear(wire)
            wire.settimeout(None)
        except (OSError, ValueError):  # it asked nothing
            return True
        is_ours = job.identity == self._identity and self._is_at_home()
        if not answer(wire, TAKEN if is_ours else OUTDATED) or not is_ours:
            for number in numbers:
                os.close(number)
            return is_ours  # it has just gone away, or needs another server
        self._stays_s = 60 * job.stays_min
        runs.get_ready(self._settings.loaded_early)  # if it has ended, it must not begin with what is lent
        try:
            with _ended_with(wire), lent(numbers):
                code = self._build(job)
        except OutdatedError:
            answer(wire, OUTDATED)
            return False
        answer(wire, DONE, code)
        if not job.draft:
            self._warm.keep(edition=job.edition)
        return True

    def _build(self, job: Job) -> int:
        try:
            build_book(self._settings, edition=job.edition, draft=job.draft, loaded_from=self._loaded_from)
        except EXPECTED as failure:
            print(in_one_line(failure), file=sys.stderr, flush=True)
            return 1
        except OutdatedError:
            raise
        except Exception:  # a fault of the press: who asked must see it, and the next one gets another server
            traceback.print_exc()
            self.end_soon()
            return 1
        return 0


@contextlib.contextmanager
def _ended_with(wire: socket.socket) -> Iterator[None]:
    """Interrupt what the main thread does if the other end of a wire goes away meanwhile, as Ctrl+C would."""
    lock, is_over = threading.Lock(), threading.Event()

    def wait() -> None:
        with contextlib.suppress(OSError):
            wire.recv(1)
        with lock:
            if is_over.is_set():
                return
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(LONGEST_END_S)
        os._exit(1)

    watching = threading.Thread(target=wait, daemon=True)
    watching.start()
    try:
        yield
    finally:
        with lock:
            is_over.set()


def main(settings: Settings, *, stays_min: float, loaded_from: str) -> int:
    """Be the server of a book, loaded from this, for as many minutes after the last build."""
    place = place_of(settings.root)
    if place is None:
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # whoever lends a terminal sees each line at once
    with place.held() as is_free:
        if not is_free:
            return 1
        server = Server(settings, place, stays_s=60 * stays_min, loaded_from=loaded_from)
        signal.signal(signal.SIGTERM, server.end_soon)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # it may have been ignored where this was started
        try:
            server.go_on()
        except KeyboardInterrupt:  # who asked went away
            pass
        finally:
            server.close()
    return 0
