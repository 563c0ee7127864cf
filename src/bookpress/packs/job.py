"""What the packs of one book are made from: folders, questions, sources, settings; found, or refused by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bookpress import settings as book_settings
from bookpress.fingerprint import cache_folder
from bookpress.packs.book import BookInfo, load_book
from bookpress.packs.paper import Paper, make_paper
from bookpress.packs.slides import Choice, load_choices
from bookpress.packs.sources import Source, load_sources
from bookpress.packs.text import PackError
from bookpress.questions import BankError, Provider, load_banks


@dataclass(frozen=True, slots=True)
class Job:
    """The inputs of all packs; nothing in it is written to."""

    root: Path
    build: Path
    book: BookInfo
    papers: tuple[Paper, ...]
    choices: Mapping[str, Choice]
    sources: Mapping[str, Source]
    facts: str
    cache: Path
    helper_files: tuple[str, ...]

    def page(self, chapter: str) -> Path:
        """The built page of a chapter."""
        return self.build / "html" / f"{chapter}.html"

    def handout(self, chapter: str) -> Path:
        """The chapter to print."""
        return self.build / "pdf" / f"{chapter}.pdf"

    def epub(self) -> Path:
        """The book for e-readers."""
        found = sorted((self.build / "epub").glob("*.epub"))
        return found[0] if found else self.build / "epub" / f"{self.book.slug}.epub"

    def missing(self) -> list[str]:
        """Return the built files that the packs need and that are not there, by their path in the book."""
        needed = [self.epub()]
        for paper in self.papers:
            needed += [self.page(paper.chapter), self.handout(paper.chapter)]
        return [file.relative_to(self.root).as_posix() for file in needed if not file.is_file()]


def load_job(root: Path) -> Job:
    """Read settings, questions, and sources of the book at `root`.

    Raises
    ------
    PackError
        If questions or settings are wrong; each finding has a line of its own.
    """
    settings = book_settings.load(root)
    with (root / "pyproject.toml").open("rb") as file:
        packs: dict[str, Any] = tomllib.load(file)["tool"]["bookpress"]["packs"]
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    book = load_book(root, packs)
    compute = config.get("bookpress_compute") or []
    provider = Provider(facts=config.get("bookpress_facts"), compute=[compute] if isinstance(compute, str) else compute)
    sources = load_sources(root / packs["bibliography"])
    try:
        banks = load_banks(root / packs["questions"])
    except BankError as error:
        raise PackError(str(error)) from error
    return Job(
        root=root,
        build=settings.build,
        book=book,
        papers=tuple(make_paper(b, provider=provider, sources=sources, mark_note=book.mark_note) for b in banks),
        choices=load_choices(root / packs["slides"]),
        sources=sources,
        facts=config.get("bookpress_facts") or "",
        cache=cache_folder(root, settings.cell_inputs),
        helper_files=tuple(settings.cell_inputs),
    )
