"""Gates of the web edition: a remote load or a picture without a description fails the build."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.util import logging

logger = logging.getLogger(__name__)
REMOTE_LOAD = re.compile(
    r"<(?:script|img|link|iframe|source|video|audio|object|embed)\b[^>]*?\b(?:src|href|data)="
    r"[\"']((?:https?:)?//[^\"']+)"
    r"|url\([\"']?((?:https?:)?//[^)\"']+)"
    r"|(?:import|fetch)\([\"'](https?://[^\"']+)"
)
# myst-nb falls back to the file name where the author gave no description
NO_ALT = re.compile(r'<img\b(?![^>]*\balt="[^"]+")[^>]*>|<img\b[^>]*\balt="_images/[^"]*"[^>]*>')


def check_pages(out: Path) -> None:
    """Warn (and so fail the strict build) about every remote load and every picture without alt text."""
    for file in sorted(out.rglob("*")):
        if file.suffix not in {".html", ".css", ".js"}:
            continue
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(out).as_posix()
        if file.suffix != ".js":
            for match in REMOTE_LOAD.finditer(text):
                address = next(group for group in match.groups() if group)
                message = "%s loads %s; a page must work without a network"
                logger.warning(message, name, address, type="bookpress", subtype="offline")
        if file.suffix == ".html":
            for match in NO_ALT.finditer(text):
                logger.warning(
                    "%s holds a picture without alt text: %s", name, match[0][:120], type="bookpress", subtype="alt"
                )
