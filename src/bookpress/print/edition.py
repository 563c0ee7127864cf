"""What one PDF knows while it is written: its pages, the labels made so far, and what is to be printed later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass
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
    made: set[str] = field(default_factory=set)
    """Labels that stand in this PDF."""
    wanted: dict[str, nodes.Node] = field(default_factory=dict)
    """Labels that something refers to, with the first node that does."""
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
    quizzes: dict[str, list[tuple[str, nodes.Element]]] = field(default_factory=dict)
    """For each bank of questions, where it was asked: page and node."""
    printed: set[str] = field(default_factory=set)
    """Pages that are printed whole in this PDF."""
    has_contents: bool = False
    """Whether the table of contents has been placed."""
    hidden_code: list[tuple[str, str, str]] = field(default_factory=list)
    """Code of folded cells of the page at hand: number and label of what it made, and the code."""

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
        self.images[name] = file
        return name
