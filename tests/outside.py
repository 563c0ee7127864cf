"""Programs that are no part of the repository: the browser, and tools that write a report."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bookpress.bootstrap import BROWSERS


def chromium() -> str | None:
    """Return the path of Chromium or of a browser like it, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def report_of(command: Sequence[str], report: Path, *, environment: Mapping[str, str], about: str) -> Mapping[str, Any]:
    """Run a tool and return the report that it writes; what it says counts only if it writes none."""
    report.unlink(missing_ok=True)
    result = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if not report.is_file():
        sys.exit(f"{Path(command[0]).name} wrote no report on {about}:\n{(result.stdout + result.stderr)[-800:]}")
    found: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found
