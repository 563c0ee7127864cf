"""What a command of the press expects to go wrong, and the one line that it says of it."""

from __future__ import annotations

import os
from pathlib import Path

from bookpress.build import BuildError
from bookpress.source_file import SourceFileError, os_reason, shown

EXPECTED = (BuildError, SourceFileError, OSError)


def in_one_line(failure: Exception) -> str:
    """Return what is wrong and what to do."""
    if not isinstance(failure, OSError):
        return f"bookpress: {failure}"
    where = shown(Path(os.fsdecode(failure.filename))) if failure.filename else "a file"
    return (
        f"bookpress: {where}: {os_reason(failure)}; make room or give access, then run it again; "
        "the last good edition is untouched"
    )
