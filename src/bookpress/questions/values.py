"""Fill the placeholders of a bank: numbers come from facts and formulas, never from typed text.

``{{ name }}`` in a text stands for a row of the item's ``values``. A value that rests on an unverified fact carries the
mark of that fact into the text.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from bookpress.questions.formula import FormulaError, evaluate
from bookpress.questions.model import Bank, Item, NumericAnswer, Option, Problem, Value

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
MINUS = "\N{MINUS SIGN}"
FORMAT = re.compile(r"[^{}]*\{(?::[-+ #0-9.,<>=^]*[a-zA-Z%]?)?\}[^{}]*")
SPECIAL = re.compile(r"([\\`*_\[\]<$~])")
# Parts of MyST in which a backslash would show: code, roles and formulas. Numbers go in there as they are.
VERBATIM = re.compile(r"(`[^`]*`|(?<!\\)\$[^$]*(?<!\\)\$)")


class UncomputableError(ValueError):
    """A value that could not be computed; the text says why."""


class Provider:
    """Where the numbers come from: a module with the facts and the modules formulas may call.

    The module of facts has ``fact(id)``, which returns an object with ``text``, ``value``, ``mark`` and, if wanted,
    ``low``, ``high``, ``interval_mark``. For other columns it has ``rows(table)``, and its facts have ``table``.

    Parameters
    ----------
    facts
        Dotted name of that module, or the module; None or empty when the book has no evidence.
    compute
        Dotted packages or modules whose public functions a formula may call.

    Attributes
    ----------
    used, marks
        The ids of the facts asked for so far, and the marks of unverified values that were printed.
    """

    def __init__(self, *, facts: str | ModuleType | None, compute: Sequence[str] = ()) -> None:
        """Import the provider of facts; the modules for formulas are imported when one is called."""
        self.compute = tuple(compute)
        self.used: set[str] = set()
        self.marks: set[str] = set()
        self.facts: Any = importlib.import_module(facts) if isinstance(facts, str) and facts else facts or None

    def fact(self, fact_id: str) -> Any:
        """Return the fact with this id.

        Raises
        ------
        UncomputableError
            If there is no such fact.
        """
        if self.facts is None:
            raise UncomputableError("no provider of facts is configured (bookpress_facts)")
        self.used.add(fact_id)
        try:
            return self.facts.fact(fact_id)
        except (LookupError, ValueError) as error:
            raise UncomputableError(f"fact {fact_id!r}: {error}") from error

    def field(self, fact_id: str, name: str) -> tuple[Any, str]:
        """Return a field of a fact and the mark it carries; a name the fact does not have is a column of its table."""
        found = self.fact(fact_id)
        if name in ("value", "low", "high"):
            mark = "mark" if name == "value" else "interval_mark"
            return getattr(found, name), str(getattr(found, mark, ""))
        for row in self.facts.rows(found.table):
            if row["id"] == fact_id and name in row:
                text = row[name]
                return (float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text), str(found.mark)
        raise UncomputableError(f"fact {fact_id!r} has no column {name!r}")

    def compute_value(self, value: Value) -> tuple[Any, str]:
        """Return the result of a value and the text that stands for it.

        Raises
        ------
        UncomputableError
            If the fact does not exist, the formula is refused, or the result cannot be written as asked.
        """
        marks: list[str] = []

        def look_up(fact_id: str, name: str) -> Any:
            result, mark = self.field(fact_id, name)
            marks.append(mark)
            # Counts are whole numbers, and functions ask for them as such.
            return int(result) if isinstance(result, float) and result.is_integer() else result

        if value.fact:
            found = self.fact(value.fact)
            result, text = found.value, str(found.text)
            marks.append(str(getattr(found, "mark", "")))
        else:
            try:
                result, text = evaluate(value.formula, modules=self.compute, look_up=look_up), ""
            except FormulaError as error:
                raise UncomputableError(str(error)) from error
        if value.format or not text:
            text = _written(result, value.format)
        mark = next((mark for mark in marks if mark), "")
        self.marks |= {mark} - {""}
        return result, text if text.endswith(mark) else text + mark


def _written(result: Any, form: str) -> str:
    if not form:
        if isinstance(result, float) and not result.is_integer():
            raise UncomputableError(f"the result {result!r} needs a format, for example '{{:.1f}}'")
        return str(int(result)) if isinstance(result, float) else str(result)
    if isinstance(result, str) or result is None:
        raise UncomputableError(f"the format {form!r} is for a number, and the value is {result!r}")
    before, spec, after = re.split(r"\{:?([^{}]*)\}", form)
    try:
        number = format(result, spec)
    except (ValueError, TypeError) as error:
        raise UncomputableError(f"the format {form!r} does not fit {result!r}: {error}") from error
    if not re.search(r"[1-9]", number):  # "-0.0" is an artefact of rounding, not a number to print
        number = number.replace("-", "")
    return before + number.replace("-", MINUS) + after


def fill(text: str, values: dict[str, str]) -> str:
    r"""Replace every placeholder by its text, escaped for MyST where MyST would read it as markup.

    Examples
    --------
    >>> fill("A price of {{ p }} and $x = {{ n }}$", {"p": "$9", "n": "0.70"})
    'A price of \\$9 and $x = 0.70$'
    """
    parts = VERBATIM.split(text)
    for place, part in enumerate(parts):
        verbatim = bool(VERBATIM.fullmatch(part))
        parts[place] = PLACEHOLDER.sub(
            lambda match, keep=verbatim: values[match[1]] if keep else SPECIAL.sub(r"\\\1", values[match[1]]), part
        )
    return "".join(parts)


def resolve_item(item: Item, provider: Provider) -> tuple[Item, list[Problem]]:
    """Return the item with all numbers filled in, and what could not be computed.

    An item with problems comes back as it was.
    """
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for value in item.values:
        try:
            texts[value.name] = provider.compute_value(value)[1]
        except UncomputableError as error:
            problems.append(
                Problem(item.file, item.id, f"values.{value.name}", value.fact or value.formula, str(error))
            )
    answer = item.answer
    if answer is not None:
        try:
            answer = _numeric(answer, provider)
        except UncomputableError as error:
            shown = answer.value.fact or answer.value.formula
            problems.append(Problem(item.file, item.id, "answer", shown, str(error)))
    if problems:
        return item, problems
    return replace(
        item,
        stem=fill(item.stem, texts),
        lead_in=fill(item.lead_in, texts),
        options=tuple(Option(fill(o.text, texts), o.correct, fill(o.reason, texts)) for o in item.options),
        explanation=fill(item.explanation, texts),
        answer=answer,
    ), []


def _numeric(answer: NumericAnswer, provider: Provider) -> NumericAnswer:
    result, shown = provider.compute_value(answer.value)
    if isinstance(result, (bool, str)) or result is None or not math.isfinite(result):
        raise UncomputableError(f"the answer must be a number, got {result!r}")
    # The text of a fact brings its own unit; the key prints number and unit apart.
    if answer.value.fact and not answer.value.format:
        shown = _written(result, "{:g}")
    typed = float(re.sub(r"[^0-9.eE+-]", "", shown.replace(MINUS, "-")) or "nan")
    if not abs(typed - result) <= answer.tolerance + 1e-12:
        raise UncomputableError(
            f"the key is shown as {shown}, more than the tolerance {answer.tolerance:g} away from {result:g}: "
            "a reader who types the printed key would be told it is wrong"
        )
    return replace(answer, number=float(result), shown=shown)


def resolve_bank(bank: Bank, provider: Provider) -> tuple[Bank, list[Problem]]:
    """Return the bank with all numbers filled in, and every problem found on the way."""
    items: list[Item] = []
    problems: list[Problem] = []
    for item in bank.items:
        resolved, found = resolve_item(item, provider)
        items.append(resolved)
        problems += found
    return replace(bank, items=tuple(items)), problems
