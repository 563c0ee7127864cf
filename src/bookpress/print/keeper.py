"""Keeps a resident compiler: starts it, starts it anew when it has ended, and ends it."""

from __future__ import annotations

import json
import multiprocessing
import os
import secrets
import shutil
import sys
import tempfile
from multiprocessing.process import BaseProcess
from pathlib import Path

from bookpress.print.resident import LARGEST_BYTES, VARIABLE, WARM, stay
from bookpress.processes import deaf_to_ctrl_c

MOST_DEATHS = 3
"""A resident that was ended so often from outside, mostly for want of memory, is not started again."""


class Keeper:
    """The program's own resident compiler; every builder that it starts from now on finds it."""

    def __init__(self, *, largest_bytes: int = LARGEST_BYTES) -> None:
        """Start it; it is ready a second later."""
        self._largest_bytes = largest_bytes
        self._folder = Path(tempfile.mkdtemp(prefix="press-"))
        self._deaths = 0
        self._sources: Path | None = None
        self._process: BaseProcess | None = None
        self._start()

    @property
    def pid(self) -> int | None:
        """The number of its process, if there is one."""
        return self._process.pid if self._process else None

    def keep_warm(self, sources: Path) -> None:
        """Let it set each source of a folder while nothing is asked, so that the next time is quick."""
        self._sources = sources
        self._send()

    def is_said_to_be_warm(self) -> bool:
        """Tell, once, that it has become so."""
        try:
            return self._process is not None and self._wire.poll() and self._wire.recv() == WARM
        except (OSError, EOFError):  # it has ended
            return False

    def look_after(self) -> None:
        """Start it anew if it has ended: because it had grown too large, or because the system ended it."""
        if self._process is None or self._process.is_alive():
            return
        self._deaths += 0 if self._process.exitcode == 0 else 1
        self._forget()
        if self._deaths < MOST_DEATHS:
            self._start()
            self._send()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._forget()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        key, name = secrets.token_bytes(32), f"press-{secrets.token_hex(4)}"
        address = rf"\\.\pipe\{name}" if sys.platform == "win32" else str(self._folder / name)
        context = multiprocessing.get_context("spawn")  # the fork server's Sphinx would be of no use to it
        self._wire, theirs = context.Pipe()
        self._process = context.Process(target=stay, args=(address, key, theirs, self._largest_bytes), daemon=True)
        with deaf_to_ctrl_c():
            self._process.start()
        theirs.close()
        os.environ[VARIABLE] = json.dumps({"address": address, "key": key.hex()})

    def _forget(self) -> None:
        os.environ.pop(VARIABLE, None)
        self._wire.close()
        self._process = None

    def _send(self) -> None:
        if self._process is not None and self._sources is not None:
            try:
                self._wire.send(self._sources)
            except OSError:  # it has just ended, and will be looked after
                return
