"""What a book must offer so that its calculators can stand on a page: a registry of forms with a function behind each.

The press never imports a book's own package. A book names the module in ``bookpress_calculators`` (such as
``"mybook.calculators"``); its ``CALCULATORS`` maps a name to an object described by :class:`ProvidedCalculator`.
The same module answers in the reader's browser, so that the printed example and the page cannot disagree.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from sphinx.errors import ExtensionError

KINDS = ("number", "integer", "choice", "date", "text")


class ProvidedField(Protocol):
    """One field of a form. All members but `choices` and `optional` are text."""

    name: str
    """The key under which the text of the field is sent."""
    label: str
    """What the reader sees, with the unit: "Weight (kg)"."""
    kind: str
    """One of `KINDS`."""
    default: str
    """The value of the worked example, which also stands in the form at first."""
    help: str
    """A short sentence below the label, or empty."""
    optional: bool
    """True if the field may stay empty."""
    choices: Sequence[Any]
    """For a choice: objects with the texts `value` and `label`."""


class ProvidedResult(Protocol):
    """A result. `blocks` is what other editions than the web draw, see :mod:`bookpress.calculator.blocks`."""

    html: str
    status: str
    blocks: Sequence[Any]


@runtime_checkable
class ProvidedCalculator(Protocol):
    """A calculator: what its form asks, its worked example, and the function that answers."""

    name: str
    title: str
    purpose: str
    fields: Sequence[Any]
    example: Mapping[str, str]

    def run(self, fields: Mapping[str, str]) -> ProvidedResult:
        """Return the result for one text a field."""
        ...


def calculators(module: str) -> Mapping[str, ProvidedCalculator]:
    """Import the module called `module` and return its registry.

    Raises
    ------
    ExtensionError
        If the setting names no module, or one without a registry; the text says what is missing.
    """
    if not module:
        raise ExtensionError("bookpress_calculators is not set: name the module that holds the book's CALCULATORS")
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        raise ExtensionError(f"bookpress_calculators: cannot import {module!r}: {error}") from error
    registry = getattr(found, "CALCULATORS", None)
    if not isinstance(registry, Mapping):
        raise ExtensionError(f"bookpress_calculators: {module!r} needs CALCULATORS, a mapping from name to calculator")
    for name, one in registry.items():
        if not isinstance(one, ProvidedCalculator):
            raise ExtensionError(f"bookpress_calculators: {module}.CALCULATORS[{name!r}] is no calculator")
    return registry


def digest(one: ProvidedCalculator, result: ProvidedResult) -> str:
    """Return a short print of a form and its worked example, to know the pages that a change makes stale."""
    asked = [(field.name, field.label, field.kind, field.default, field.help) for field in one.fields]
    return hashlib.sha256(repr((one.title, one.purpose, asked, result.html)).encode()).hexdigest()[:12]
