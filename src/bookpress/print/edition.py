"""What one PDF knows while it is written: its pages, the labels made so far, and what is to be printed later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from bookpress.print.names import Names

WITHOUT_KEY = "assignment"
WITH_KEY_IN_PLACE = "lecturer"


def edition_of(config: Config) -> str:
    """Return reader, assignment, or lecturer; a book without questions has readers only."""
    return str(getattr(config, "bookpress_edition", "reader"))


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a page's id: its label, and whether it is an entry of the bibliography or of the glossary."""

    label: str
    is_citation: bool
    is_term: bool


@dataclass
class Gathered:
    """What writing gathers, of a page or of a whole PDF. It can be kept: nothing in it knows this run of Sphinx."""

    made: set[str] = field(default_factory=set)
    """Labels that stand in this PDF."""
    wanted: dict[str, str | None] = field(default_factory=dict)
    """Labels that something refers to, with the place of the first node that does, as warnings name it."""
    cited: set[tuple[str, str]] = field(default_factory=set)
    """Page and id of each entry of the bibliography that is cited."""
    terms: set[tuple[str, str]] = field(default_factory=set)
    """Page and id of each glossary term that is used."""
    term_uses: dict[str, list[str]] = field(default_factory=dict)
    """For the label of each glossary term, the labels of the places that use it."""
    images: dict[str, Path] = field(default_factory=dict)
    """Name of each picture below ``images/``, with its file."""
    texts: dict[str, str] = field(default_factory=dict)
    """Name of each picture that has no file of its own, with its SVG."""
    answers: dict[str, list[tuple[str, Gathered]]] = field(default_factory=dict)
    """For each bank of questions, the answers of those asked, ready to be printed where they belong."""
    printed: set[str] = field(default_factory=set)
    """Pages that are printed whole in this PDF."""
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    """For each page and id that something refers to, what was known of it."""
    has_contents: bool = False
    """Whether the table of contents has been placed."""
    looks_back: bool = False
    """Whether something was written from what earlier pages gathered."""
    has_warned: bool = False
    """Whether something could not be printed."""

    def every_place(self) -> dict[tuple[str, str], Place]:
        """Return the places that something refers to, the answers included."""
        told = [gathered.every_place() for listed in self.answers.values() for _, gathered in listed]
        return {place: known for one in (self.places, *told) for place, known in one.items()}

    def add(self, more: Gathered) -> None:
        """Take over what was gathered elsewhere, as if it had been gathered here now."""
        for name in ("made", "cited", "terms", "printed"):
            getattr(self, name).update(getattr(more, name))
        for label, place in more.wanted.items():
            self.wanted.setdefault(label, place)
        for name in ("term_uses", "answers"):
            for key, listed in getattr(more, name).items():
                getattr(self, name).setdefault(key, []).extend(listed)
        self.places.update(more.places)
        self.images.update(more.images)
        self.texts.update(more.texts)
        self.has_contents |= more.has_contents
        self.looks_back |= more.looks_back
        self.has_warned |= more.has_warned


@dataclass(kw_only=True)
class Printing:
    """One PDF in the making: the whole book, or the handout of a chapter."""

    builder: Builder
    trees: Mapping[str, nodes.document]
    names: Names
    citations: frozenset[tuple[str, str]]
    """Page and id of each entry of the bibliography."""
    glossary: frozenset[tuple[str, str]]
    """Page and id of each term of the glossary."""
    recurring: frozenset[str]
    """Headings that stand in most chapters."""
    is_book: bool
    gathered: Gathered = field(default_factory=Gathered)
    before: Gathered = field(default_factory=Gathered)
    """What earlier pages have gathered, to look at."""
    term_count: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a page has used a term so far."""
    hidden_code: list[tuple[str, str, str]] = field(default_factory=list)
    """Code of folded cells of the page at hand: number and label of what it made, and the code."""

    def place(self, docname: str, anchor: str) -> Place:
        """Return what is known of a place."""
        key = (docname, anchor)
        return Place(self.names.label(docname, anchor), key in self.citations, key in self.glossary)

    def aside(self, *, before: Gathered | None = None) -> Printing:
        """Return a printing of the same PDF that gathers for itself."""
        return replace(self, gathered=Gathered(), before=before or self.before, hidden_code=[])

    @property
    def env(self) -> BuildEnvironment:
        """The environment of the build."""
        assert self.builder.env is not None
        return self.builder.env

    @property
    def config(self) -> Config:
        """The settings of the book."""
        return self.builder.config

    @property
    def shows_key(self) -> bool:
        """Whether this edition may tell answers and solutions."""
        return self.edition != WITHOUT_KEY

    @property
    def shows_key_in_place(self) -> bool:
        """Whether answers stand under their questions."""
        return self.edition == WITH_KEY_IN_PLACE

    @property
    def edition(self) -> str:
        """Reader, assignment, or lecturer."""
        return edition_of(self.config)

    def add_image(self, file: Path) -> str:
        """Take a picture along; return its name, which is the same for the same content everywhere."""
        name = f"{file.stem[:40]}-{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}{file.suffix.lower()}"
        self.gathered.images[name] = file
        return name
