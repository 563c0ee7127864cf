"""What a pack says about the book it comes from: title, version, date, license, citation, notice."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bookpress.packs.text import PackError


@dataclass(frozen=True, slots=True)
class BookInfo:
    """The same few lines for every pack.

    ``slug`` names the book in ids that must never change; ``released`` is the day of the version, and the time stamp of
    cards, so that a later release replaces the cards of an earlier one.
    """

    slug: str
    title: str
    version: str
    released: datetime.date
    language: str
    notice: str
    license: str
    license_url: str
    data_license: str
    authors: str
    mark_note: str

    @property
    def citation(self) -> str:
        """How to cite the book, in one line."""
        return f"{self.authors}. {self.title}. Version {self.version}, {self.released.isoformat()}."

    @property
    def timestamp_s(self) -> float:
        """The first second of the day of release, UTC."""
        return datetime.datetime.combine(self.released, datetime.time(), datetime.UTC).timestamp()


def load_book(root: Path, packs: dict[str, Any]) -> BookInfo:
    """Read ``CITATION.cff`` and the table ``[tool.bookpress.packs]``.

    Raises
    ------
    PackError
        If a field is missing; the text names it.
    """
    try:
        cff = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
        people = [
            author.get("name") or f"{author['given-names']} {author['family-names']}" for author in cff["authors"]
        ]
        return BookInfo(
            slug=packs["slug"],
            title=cff["title"],
            version=str(cff["version"]),
            released=datetime.date.fromisoformat(str(cff["date-released"])),
            language=packs["language"],
            notice=packs["notice"],
            license=packs["license"],
            license_url=packs["license_url"],
            data_license=packs["data_license"],
            authors=", ".join(people),
            mark_note=packs["mark_note"],
        )
    except KeyError as missing:
        raise PackError(f"{missing} is missing: add it to CITATION.cff or to [tool.bookpress.packs]") from missing
