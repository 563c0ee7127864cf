"""Read a file of the evidence, or say in one line why it cannot be one: its place, and what to do."""

from __future__ import annotations

import os
from pathlib import Path

#: No cell a person writes comes near; a longer line comes from a program gone wrong.
LONGEST_LINE = 100_000


class UnusableFileError(ValueError):
    """A file that cannot be read as plain text; `value` shows what stands at the fault."""

    def __init__(self, rule: str, *, value: str = "", row: str = "") -> None:
        """Keep the faulty text and the row it stands in, if it is known, beside the rule."""
        super().__init__(rule)
        self.rule = rule
        self.value = value
        self.row = row


def read(path: Path) -> str:
    """Return the text of a UTF-8 file with plain line feeds, whose last line has an end.

    Raises
    ------
    UnusableFileError
        If there is no such file, or it holds what no author can have meant.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        missing = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({reason})"
        raise UnusableFileError(f"the file {missing}; restore it") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = repr(raw[error.start : error.end])
        raise UnusableFileError(
            f"the file must be UTF-8; save it again as UTF-8 (the fault is in line {line})", value=found
        ) from error
    if text.startswith("\ufeff") or "\r" in text:
        raise UnusableFileError("the file must have plain line feeds and no byte order mark; save it again so")
    for number, words in enumerate(text.split("\n"), start=1):
        if len(words) > LONGEST_LINE:
            rule = f"line {number} has {len(words)} characters, more than {LONGEST_LINE}; restore the file"
            raise UnusableFileError(rule, value=words[:40])
        strange = [] if words.isprintable() else [sign for sign in words if sign < " " and sign != "\t"]
        if strange:
            raise UnusableFileError(f"line {number} holds a control character; remove it", value=repr(strange[0]))
    if not text:
        raise UnusableFileError("the file is empty; restore it")
    if not text.endswith("\n"):
        last = text.rpartition("\n")[2]
        rule = "the last line has no end: the file was cut off; restore it"
        raise UnusableFileError(rule, row=last.partition(",")[0], value=last)
    return text
