"""Stamp each style sheet and script with a hash of what it holds, so that a browser never mixes two editions.

Sphinx stamps too, but only files that lie there already when a page is written: a fresh build and a repeated one would
differ. These stamps come last and follow the content alone.
"""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

ASSET = re.compile(r'((?:src|href|data-[a-z]+)=")([^"?#:]+\.(?:css|js))(?:\?[^"]*)?(?=")')


def stamp_pages(out: Path) -> None:
    """Rewrite the stamps of all pages of an HTML build in place."""

    @functools.cache
    def digest(file: Path) -> str:
        return hashlib.sha256(file.read_bytes()).hexdigest()[:8]

    for page in sorted(out.rglob("*.html")):

        def stamped(match: re.Match[str], folder: Path = page.parent) -> str:
            file = (folder / match[2]).resolve()
            return f"{match[1]}{match[2]}?v={digest(file)}" if file.is_file() else f"{match[1]}{match[2]}"

        text = page.read_text(encoding="utf-8")
        page.write_text(ASSET.sub(stamped, text), encoding="utf-8")
