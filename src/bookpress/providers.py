"""What a book must offer so that its numbers can be printed, traced and listed: the evidence provider.

The press never imports a book's own package. A book names its provider in ``bookpress_facts`` (a dotted module name,
such as ``"mybook.evidence"``), and the press asks that module for the two things described by :class:`Provider`.
Whatever it returns is copied into the plain, frozen records of this file; nothing of the provider reaches a page.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any, Protocol, runtime_checkable
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

UNVERIFIED = "unverified"
MARK = "†"


class ProvidedFact(Protocol):
    """One row of evidence. All members are text, empty when unknown."""

    id: str
    """Unique over all tables, made of letters, digits and hyphens."""
    table: str
    """The table the row belongs to; the register has one section for each."""
    label: str
    """What the number is, in words: "disease-free survival at two years, blinatumomab"."""
    text: str
    """The value with its unit, as a reader sees it, without any mark: "54.4%"."""
    interval_text: str
    """The interval as a reader sees it, or empty: "95% CI 0.47 to 1.03"."""
    source: str
    """The key of the source in the book's bibliography."""
    locator: str
    """Where in the source: "Table 2"."""
    status: str
    """How well the value was checked; ``"unverified"`` puts a mark on it."""
    interval_status: str
    """The same for the interval; empty means as `status`."""
    checked: str
    """The day of the last check, ISO."""


@runtime_checkable
class Provider(Protocol):
    """A module (or object) that holds a book's evidence."""

    def facts(self) -> Mapping[str, Any]:
        """Return every fact by id, in the order the register shall show them; values satisfy :class:`ProvidedFact`."""
        ...

    def discrepancies(self) -> Any:
        """Return the places where sources disagree.

        A data frame, or an iterable (or mapping by id) of mappings or objects, with the members of
        :class:`Discrepancy`; ``fact_ids`` may be one text with spaces between the ids.
        """
        ...


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as the press carries it: plain text only."""

    id: str
    table: str
    label: str
    text: str
    interval_text: str
    source: str
    locator: str
    status: str
    interval_status: str
    checked: str

    @property
    def mark(self) -> str:
        """The sign behind an unverified value, else nothing."""
        return MARK if self.status == UNVERIFIED else ""

    @property
    def interval_mark(self) -> str:
        """The sign behind an interval that is less well known than its value, else nothing."""
        own = self.interval_text and self.interval_status == UNVERIFIED
        return MARK if own and not self.mark else ""

    @property
    def display(self) -> str:
        """What the short form of the role prints."""
        return self.text + self.mark

    @property
    def display_interval(self) -> str:
        """What the long form of the role prints: value, interval, and the mark of whichever is unverified."""
        if not self.interval_text:
            return self.display
        return f"{self.text} ({self.interval_text}{self.interval_mark}){self.mark}"

    @property
    def display_comma(self) -> str:
        """The long form for use inside parentheses: "0.70, 95% CI 0.47 to 1.03"."""
        if not self.interval_text:
            return self.display
        return f"{self.text}, {self.interval_text}{self.interval_mark}{self.mark}"

    def shown(self, form: str) -> str:
        """Return what a form of the role prints: "value", "interval" or "comma"."""
        return {"interval": self.display_interval, "comma": self.display_comma}.get(form, self.display)

    @property
    def digest(self) -> str:
        """A short print of the content, to know the pages a changed row makes stale."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One place where sources disagree: what is printed, what the source says, what the book uses and why."""

    id: str
    number: str
    topic: str
    printed_where: str
    printed: str
    source_says: str
    book_uses: str
    why: str
    confidence: str
    fact_ids: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The anchor of the entry on the page that lists them all."""
        return self.id if self.id.startswith("discrepancy-") else f"discrepancy-{self.id}"


@dataclass(frozen=True, slots=True)
class Catalog:
    """All the evidence of a book, as the press uses it."""

    facts: dict[str, Fact]
    discrepancies: dict[str, Discrepancy]

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that hold facts, in the provider's order."""
        return tuple(dict.fromkeys(fact.table for fact in self.facts.values()))

    def in_table(self, table: str) -> list[Fact]:
        """Return the facts of one table."""
        return [fact for fact in self.facts.values() if fact.table == table]

    def disputed(self, fact_id: str) -> Discrepancy | None:
        """Return the first discrepancy that concerns a fact."""
        return next((row for row in self.discrepancies.values() if fact_id in row.fact_ids), None)

    @property
    def digest(self) -> str:
        """A short print of everything."""
        content = [fact.digest for fact in self.facts.values()] + [repr(row) for row in self.discrepancies.values()]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:12]


_CATALOGS: WeakKeyDictionary[Sphinx, Catalog] = WeakKeyDictionary()


def catalog(app: Sphinx) -> Catalog:
    """Return the evidence of the book that `app` builds; asked of the provider once a build.

    Raises
    ------
    ExtensionError
        If ``bookpress_facts`` names no module, or one that is no provider; the text says what is missing.
    """
    if app not in _CATALOGS:
        _CATALOGS[app] = read_provider(app.config.bookpress_facts)
    return _CATALOGS[app]


def read_provider(name: str) -> Catalog:
    """Import the provider called `name` and copy what it holds."""
    if not name:
        raise ExtensionError("bookpress_facts is not set: name the module that provides the book's facts")
    try:
        provider = importlib.import_module(name)
    except ImportError as error:
        raise ExtensionError(f"bookpress_facts: cannot import {name!r}: {error}") from error
    if not isinstance(provider, Provider):
        raise ExtensionError(f"bookpress_facts: {name!r} needs the functions facts() and discrepancies()")
    rows = {row.id: row for row in map(_discrepancy, _rows(provider.discrepancies()))}
    # A provider may count its discrepancies among the rows; they are sentences, not values.
    facts = [fact for fact in map(_fact, provider.facts().values()) if fact.id not in rows]
    return Catalog({fact.id: fact for fact in facts}, rows)


def _rows(given: Any) -> Iterable[Any]:
    if hasattr(given, "to_dict") and hasattr(given, "columns"):  # a data frame
        return list(given.to_dict("records"))
    return list(given.values()) if isinstance(given, Mapping) else list(given)


def _get(row: Any, name: str) -> str:
    """Return a member as text; None and NaN are nothing."""
    value = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
    missing = value is None or (isinstance(value, float) and value != value)
    return "" if missing else str(value).strip()


def _fact(row: Any) -> Fact:
    return Fact(**{name: _get(row, name) for name in Fact.__slots__})


def _discrepancy(row: Any) -> Discrepancy:
    members: dict[str, Any] = {name: _get(row, name) for name in Discrepancy.__slots__ if name != "fact_ids"}
    members["number"] = members["number"].removesuffix(".0")  # a data frame makes 1.0 of a column's 1
    ids = row.get("fact_ids") if isinstance(row, Mapping) else getattr(row, "fact_ids", "")
    listed = ids if isinstance(ids, (list, tuple)) else _get(row, "fact_ids").split()
    return Discrepancy(**members, fact_ids=tuple(str(one) for one in listed))
