"""The two files that describe a release: ``release.json`` for programs, ``SHA256SUMS`` for `sha256sum --check`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from bookpress.packs.archive import write_bytes
from bookpress.release.about import About

MANIFEST, SUMS = "release.json", "SHA256SUMS"


def write_manifest(folder: Path, about: About) -> Path:
    """Describe the files of a folder and where they come from; no clock, no path, and no machine is named."""
    book = about.book
    files = [
        {"name": file.name, "bytes": file.stat().st_size, "sha256": sha256(file)}
        for file in sorted(folder.iterdir())
        if file.name not in (MANIFEST, SUMS)
    ]
    table = {
        "title": book.title,
        "version": book.version,
        "released": book.released.isoformat(),
        "evidence": about.evidence.isoformat(),
        "commit": about.commit.name,
        "sources": about.commit.state,
        "license": book.license,
        "data_license": book.data_license,
        "notice": book.notice,
        "python": about.python,
        "packages": about.packages,
        "files": files,
    }
    text = json.dumps(table, indent=2, ensure_ascii=False) + "\n"
    return write_bytes(folder / MANIFEST, text.encode("utf-8"))


def write_sums(folder: Path) -> Path:
    """Write the hash of every file, the manifest included, in the form that ``sha256sum`` reads."""
    lines = [f"{sha256(file)}  {file.name}\n" for file in sorted(folder.iterdir()) if file.name != SUMS]
    return write_bytes(folder / SUMS, "".join(lines).encode("ascii"))


def sha256(file: Path) -> str:
    """Return the hash of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
