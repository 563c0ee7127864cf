"""`make watch` beside the other builds: it waits while they are measured, and answers to a saved file when asked."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from benchmarks.lines import Cost

WARM = "the press is warm"
BUILT = "built "
FAILED = "bookpress: "
LONGEST_S = 900
"""A watch that says nothing for so long is ended, and the benchmark with it."""


class Watch:
    """A running watch of a book; ``with`` ends it."""

    def __init__(self, folder: Path, change: Callable[[Path], None]) -> None:
        """Know the book and how to save a change of it; nothing is started yet."""
        self._folder, self._change = folder, change

    def __enter__(self) -> Watch:
        """Start it, and wait until its first edition is built and it is warm."""
        command = [sys.executable, "-m", "bookpress", "watch"]
        env = {**os.environ, "PYTHONPATH": str(self._folder / "src")}
        self._process = subprocess.Popen(
            command, cwd=self._folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            self._wait_for(WARM)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End it; all that it started ends with it."""
        self._end()

    def edit(self) -> Cost:
        """Save a change, and wait for the line of the finished build. Its processor time is not measured."""
        started = time.monotonic()
        self._change(self._folder)
        self._wait_for(BUILT)
        return Cost(time.monotonic() - started, 0.0)

    def _wait_for(self, beginning: str) -> None:
        assert self._process.stdout is not None
        said = []
        alarm = threading.Timer(LONGEST_S, self._process.kill)
        alarm.start()
        try:
            for line in self._process.stdout:
                said.append(line)
                if line.startswith(beginning):
                    return
                if line.startswith(FAILED):
                    break
        finally:
            alarm.cancel()
        raise RuntimeError(f"the watch did not say {beginning!r}:\n{''.join(said)[-2000:]}")

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
