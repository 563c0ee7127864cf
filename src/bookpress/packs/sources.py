"""The bibliography outside of the book: "Brown 2021" for a line of text, the whole reference for a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pybtex.database import parse_file
from pybtex.plugin import find_plugin
from pybtex.richtext import Text


@dataclass(frozen=True, slots=True)
class Source:
    """One work: its key in the bibliography, its short name, and the whole reference as plain text."""

    key: str
    short: str
    full: str


def load_sources(path: Path) -> Mapping[str, Source]:
    """Read a BibTeX file and return its works by key; short names that would be taken for each other get a letter."""
    entries = parse_file(str(path), "bibtex").entries
    plain = find_plugin("pybtex.backends", "plaintext")()
    style = find_plugin("pybtex.style.formatting", "unsrt")()
    names = {key: _short(entry) or key for key, entry in entries.items()}
    twins = Counter(names.values())
    letters: Counter[str] = Counter()
    found = {}
    for key in sorted(entries):
        name = names[key]
        if twins[name] > 1:
            letters[name] += 1
            name += chr(ord("a") + letters[name] - 1) if name[-1].isdigit() else f" ({key})"
        formatted = next(iter(style.format_entries([entries[key]])))
        full = " ".join(formatted.text.render(plain).replace("\u00a0", " ").split())
        found[key] = Source(key, name, full)
    return found


def _short(entry: Any) -> str:
    people = [person for person in entry.persons.get("author", []) if str(person) != "others"]
    name = " ".join([*people[0].prelast_names, *people[0].last_names]) if people else entry.fields.get("title", "")
    return " ".join(part for part in (str(Text.from_latex(name)), entry.fields.get("year", "")) if part)
