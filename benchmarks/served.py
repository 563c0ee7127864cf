"""`make book` as a writer calls it again and again: the first build leaves a server, the others find it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from benchmarks.lines import Cost
from bookpress.server.client import MINUTES
from bookpress.server.place import place_of

BUILD = [sys.executable, "-m", "bookpress", "build"]
STAYS_MIN = 120
"""It must outlive the other sides' turns."""


class Served:
    """A book with a build server; ``with`` ends it."""

    def __init__(self, folder: Path, change: Callable[[Path], None]) -> None:
        """Know the book and how to save a change of it; nothing is started yet."""
        self._folder, self._change = folder, change
        self._env = {**os.environ, "PYTHONPATH": str(folder / "src"), MINUTES: str(STAYS_MIN)}

    def __enter__(self) -> Served:
        """Build it for the first time."""
        self._call(BUILD)
        self._server = self._pid()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End the server."""
        self._call([sys.executable, "-m", "bookpress", "stop"])

    def edit(self) -> Cost:
        """Save a change, and build. The server's processor time is not measured."""
        self._change(self._folder)
        started = time.monotonic()
        self._call(BUILD)
        took = Cost(time.monotonic() - started, 0.0)
        if self._server is None or self._pid() != self._server:
            raise RuntimeError("the build server is not the one of the first build: is there too little memory?")
        return took

    def _pid(self) -> int | None:
        place = place_of(self._folder)
        return place.pid() if place else None

    def _call(self, command: list[str]) -> None:
        done = subprocess.run(command, cwd=self._folder, env=self._env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
