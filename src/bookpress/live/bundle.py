"""The book's own modules as one classic script, which a page opened from a folder may load."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent


class BundleError(ValueError):
    """A file the book names for its pages is missing or cannot travel as text; the message says which."""


def collect(root: Path, patterns: list[str]) -> dict[str, str]:
    """Return the named files of `root` as text, by their path; a pattern that begins with ``!`` leaves files out.

    Raises
    ------
    BundleError
        If a pattern finds nothing, or a file is not UTF-8.
    """
    chosen: set[Path] = set()
    for pattern in patterns:
        found = {file for file in root.glob(pattern.removeprefix("!")) if file.is_file()}
        if not found:
            raise BundleError(f"bookpress_live_files: {pattern} finds no file; correct it in _config.yml")
        chosen = chosen - found if pattern.startswith("!") else chosen | found
    files: dict[str, str] = {}
    for file in sorted(chosen):
        try:
            files[file.relative_to(root).as_posix()] = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BundleError(f"bookpress_live_files: {file.name} is not UTF-8 text: {error}") from error
    return files


def packed(files: dict[str, str]) -> str:
    """Return the files as one text of a quarter of their size: JSON, compressed, in base64.

    Examples
    --------
    >>> len(packed({"a.csv": "1," * 1000})) < 200
    True
    """
    plain = json.dumps(files, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(plain, 9, mtime=0)).decode()


def script(root: Path, *, patterns: list[str], path: list[str], calculators: str) -> str:
    """Return the script that hands the page the book's modules, what runs them, and what talks to the worker."""
    book = {
        "files": packed(collect(root, patterns)),
        "path": path,
        "calculators": calculators,
        "session": HERE.joinpath("session.py").read_text(encoding="utf-8"),
        "worker": HERE.joinpath("worker.js").read_text(encoding="utf-8"),
    }
    engine = HERE.joinpath("engine.js").read_text(encoding="utf-8")
    return f"globalThis.bookpressBook={json.dumps(book, ensure_ascii=False, separators=(',', ':'))};\n{engine}"
