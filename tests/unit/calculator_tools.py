"""Helpers for the tests of the calculators: run one, and read its HTML as a reader would, by table and row."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from bitebook.calculators import CALCULATORS, answer


def filled(name: str, **typed: str) -> dict[str, str]:
    """The worked example of a calculator with some fields typed anew."""
    return CALCULATORS[name].example | typed


def reply(name: str, **typed: str) -> dict[str, object]:
    """What the page gets for the worked example with some fields typed anew."""
    return json.loads(answer(name, json.dumps(filled(name, **typed))))


def html(name: str, **typed: str) -> etree._Element:
    """The HTML of an answer, which must be well-formed."""
    told = reply(name, **typed)
    assert told["ok"], told
    return etree.fromstring(f"<div>{told['html']}</div>")


def text(element: etree._Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def table(page: etree._Element, caption: str) -> list[list[str]]:
    """The body of the table whose caption begins so, as text."""
    for found in page.iter("table"):
        if text(found.find("caption")).startswith(caption):
            return [[text(cell) for cell in row] for row in found.iterfind("tbody/tr")]
    raise AssertionError(f"no table {caption!r}")


def half_up(value: float, places: int = 1) -> str:
    """Rounding as taught at school, from the exact decimal digits of the float's shortest form."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
