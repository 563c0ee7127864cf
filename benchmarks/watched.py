"""Run a command and write down what it took: the time by the clock, the processor, and the largest process.

Called as a program, ``watched.py FILE COMMAND...``. Processes that the command leaves behind, such as the one that
loads Sphinx for all editions, are taken over and counted (on Linux; elsewhere only those that it waits for).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

TAKE_OVER_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


def main(told: str, *command: str) -> int:
    """Run the command and return its exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(TAKE_OVER_ORPHANS, 1)
    started = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    wall_s = time.monotonic() - started
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = {"wall_s": wall_s, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    Path(told).write_text(json.dumps(took), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
