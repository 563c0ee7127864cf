"""Mend the markup that theme and extensions write: what an accessibility checker or a screen reader objects to."""

from __future__ import annotations

import re
from pathlib import Path

# pattern, replacement; each with the complaint it answers.
MENDINGS: list[tuple[str, str]] = [
    # label-content-name-mismatch: the visible text already names these controls
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    # aria-required-children: docutils' role for a reference has no list around it
    (r' role="doc-biblioentry"', ' role="listitem"'),
    (r'<div class="citation-list docutils container"', '<div class="citation-list docutils container" role="list"'),
    # region: the logo stands outside every landmark
    (
        r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
        r'<div class="sidebar-primary-item" role="navigation" aria-label="Book">\1',
    ),
]


def mend(text: str) -> str:
    """Return the page with all mendings applied."""
    for pattern, replacement in MENDINGS:
        text = re.sub(pattern, replacement, text)
    return text


def mend_pages(out: Path) -> None:
    """Mend every page of an HTML build in place."""
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        mended = mend(text)
        if mended != text:
            page.write_text(mended, encoding="utf-8")
