"""Fill the placeholders of a bank: numbers come from facts and formulas, never from typed text.

``{{ name }}`` in a text stands for a row of the item's ``values``. A value that rests on an unverified fact carries the
mark of that fact into the text.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
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
    """Where the numbers come from: a module with ``fact(id)`` and the modules formulas may call.

    Parameters
    ----------
    facts
        Dotted name of a module with ``fact(id)``, or a function; None when the book has no evidence.
    compute
        Dotted packages or modules whose public functions a formula may call.
    """

    def __init__(self, *, facts: str | Callable[[str], Any] | None, compute: Sequence[str] = ()) -> None:
        """Import the provider of facts; the modules for formulas are imported when one is called."""
        self.compute = tuple(compute)
        self._fact: Callable[[str], Any] | None = None
        if callable(facts):
            self._fact = facts
        elif facts:
            self._fact = importlib.import_module(facts).fact

    def compute_value(self, value: Value) -> tuple[Any, str]:
        """Return the result of a value and the text that stands for it.

        Raises
        ------
        UncomputableError
            If the fact does not exist, the formula is refused, or the result cannot be written as asked.
        """
        marks: list[str] = []

        def looked_up(fact_id: str) -> Any:
            if self._fact is None:
                raise UncomputableError("no provider of facts is configured (bookpress_facts)")
            found = self._fact(fact_id)
            marks.append(str(getattr(found, "mark", "")))
            return found

        try:
            if value.fact:
                found = looked_up(value.fact)
                result, text = found.value, str(found.text)
            else:
                result = evaluate(value.formula, modules=self.compute, fact=looked_up)
                text = ""
        except FormulaError as error:
            raise UncomputableError(str(error)) from error
        except (KeyError, LookupError, ValueError) as error:
            raise UncomputableError(f"fact {value.fact!r}: {error}") from error
        if value.format or not text:
            text = _written(result, value.format)
        mark = next((mark for mark in marks if mark), "")
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
