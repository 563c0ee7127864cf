"""What was written of a page, kept from one build to the next: its Typst source, and what writing it gathered.

A page is written again if it, its level, a picture or a number in it, or a place it refers to has changed, or anything
that all pages show. What was written from what earlier pages gathered, or with a warning, is not kept.
"""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

from bookpress.print.edition import Gathered, Printing
from bookpress.print.resolved import ResolvedPages


class KeptPages:
    """The written pages in a folder."""

    def __init__(self, folder: Path, *, pages: ResolvedPages, shared: str) -> None:
        """Know what pages are written from; `shared` tells what all of them show."""
        self._folder = folder
        self._pages = pages
        self._shared = shared
        self._folder.mkdir(parents=True, exist_ok=True)

    def key(self, docname: str, *others: str, level: int = 0, head: str = "") -> str:
        """Return a digest of what is written from a page, at a level, from others, and under a head."""
        env = self._pages.env
        numbers = [told.get(docname) for told in (env.toc_secnumbers, env.toc_fignumbers)]
        digests = [self._digest(one) for one in (docname, *sorted(others))]
        return hashlib.sha256(repr([self._shared, head, level, numbers, digests]).encode()).hexdigest()

    def _digest(self, docname: str) -> list[str]:
        """Return digests of a page and of its pictures."""
        about = self._pages.about(docname)
        files = [Path(self._pages.env.srcdir, name) for name in about.pictures]
        shown = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()]
        return [about.digest, *shown]

    def find(self, docname: str, *, level: int, printing: Printing) -> tuple[str, Gathered] | None:
        """Return what was written of a page, and what it gathered, or None if it must be written."""
        file = self._file(docname)
        if not file.is_file():
            return None
        text: str
        gathered: Gathered
        key, text, gathered = pickle.loads(file.read_bytes())
        if key != self.key(docname, level=level):
            return None
        same = all(printing.place(*place) == known for place, known in gathered.every_place().items())
        return (text, gathered) if same else None

    def keep(self, docname: str, text: str, gathered: Gathered, *, level: int) -> None:
        """Keep what was written of a page, if it may be used again."""
        self._file(docname).unlink(missing_ok=True)
        if not (gathered.looks_back or gathered.has_warned):
            self._file(docname).write_bytes(pickle.dumps((self.key(docname, level=level), text, gathered)))

    def _file(self, docname: str) -> Path:
        return self._folder / f"{docname.replace('/', '-')}.written"
