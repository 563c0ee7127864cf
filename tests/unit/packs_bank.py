"""What the tests of the packs share: the real questions, a bank of hostile texts, and what a reader must find again.

`expected` is the oracle. It reads the resolved bank itself and compares letters and digits alone, so that it does not
rest on the renderer under test.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, make_paper
from bookpress.packs.sources import Source, load_sources
from bookpress.questions import Bank, Provider, load_bank, load_banks, resolve_bank

ROOT = Path(__file__).resolve().parents[2]
BOOK = BookInfo(
    slug="testbook", title="A Book: of <Tests> & \"Quotes\"", version="1.2", released=datetime.date(2026, 1, 2),
    language="en", notice="For education; not for prescribing.", license="CC BY 4.0.",
    license_url="https://example.org/license", data_license="CC0-1.0", authors="The authors",
    mark_note="Not verified.",
)  # fmt: skip
HOSTILE = r"""
chapter: 99-hostile
title: 'Title with <b>, "quotes" & {braces} = ~tilde'
objectives: {hostile-1: "Survive <script>alert(1)</script>"}
items:
  - id: hostile-single
    objective: hostile-1
    level: apply
    type: single
    stem: |
      First line with \<script>alert('stem')\</script> and ]]> and "quotes" and 'single'.
      =1+1 starts this line, and `code <i>` too.

      // Second paragraph: {curly} ~tilde #hash :colon = equals \\n backslash.
    lead_in: "Which is \\<img src=x onerror=alert(2)> \u202Ereversed\u202C, \u200Fright-to-left, or [sound:a.mp3]?"
    options:
      - text: "=1+1"
        correct: true
        reason: "It is right: ]]> \\<script>alert(3)\\</script>"
      - text: "~%50%wrong# {x}"
        reason: "'Single' and \"double\" & \\&amp;"
      - text: "::name:: \\<b>bold\\</b>"
        reason: "A {{ '{{c1::cloze}}' }} is not one"
    explanation: "Formula $\\frac{1}{2} < 1$ and *emphasis* & done ]]>"
    sources: [src]
    tags: ["a tag", "tag]bracket", "<tag>"]
  - id: hostile-multiple
    objective: hostile-1
    level: remember
    type: multiple
    lead_in: "Choose \\<both> & more"
    options:
      - {text: "T", correct: true, reason: "Right & \\<so>"}
      - {text: "F", reason: "Wrong \"so\""}
      - {text: "#5:1", correct: true, reason: "=right"}
      - {text: "-2", reason: "}"}
    explanation: "End"
    sources: [src]
  - id: hostile-true
    objective: hostile-1
    level: remember
    type: true-false
    lead_in: "Is 1 \\< 2 & 3 > 2?"
    options:
      - {text: "True", correct: true, reason: "\\<yes>"}
      - {text: "False", reason: "{no} ~ #"}
    explanation: "End"
    sources: [src]
  - id: hostile-number
    objective: hostile-1
    level: apply
    type: numeric
    lead_in: "How much is \"10 / 3\" \\<b>?"
    answer: {formula: "-10 / 3", format: "{:.2f}", tolerance: 0.01, unit: "<mg> & \"m²\""}
    explanation: "End ]]>"
    sources: [src]
"""


@dataclass(frozen=True)
class Expected:
    """What any format must give back of one question.

    Texts are patterns of letters and digits alone; ".*" stands where a formula was.
    """

    type: str
    options: tuple[str, ...]
    reasons: tuple[str, ...]
    correct: tuple[int, ...]
    value: float | None
    tolerance: float | None
    lead_in: str
    explanation: str


def letters(text: str) -> str:
    """Return only letters and digits of a text that is plain or HTML."""
    text = re.sub(r"<sup>|</sup>|<sub>|</sub>", "", text)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return "".join(re.findall(r"[^\W_]", text))


def same(found: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether texts, plain or HTML, are those that were expected, in this order."""
    return len(found) == len(wanted) and all(
        re.fullmatch(pattern, letters(text)) for text, pattern in zip(found, wanted, strict=True)
    )


def _source_letters(myst: str, provider: Provider) -> str:
    """Return the letters of MyST text, with facts looked up and ".*" for each formula."""
    if "$" in myst:
        return ".*".join(_source_letters(part, provider) for part in re.split(r"(?<!\\)\$[^$]*\$", myst))
    myst = re.sub(r"\{fact\}`([^`\s]+)( interval)?`", lambda m: _fact(provider, m[1], bool(m[2])), myst)
    myst = re.sub(r"\{given\}`([^`]*)`", r"\1", myst)
    myst = re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", myst)
    return "".join(re.findall(r"[^\W_]", html.unescape(myst.replace("\\&", "&amp;"))))


def _fact(provider: Provider, fact_id: str, interval: bool) -> str:
    found = provider.fact(fact_id)
    return f"{found} {found.interval_text}" if interval else str(found)


def expected(bank: Bank, provider: Provider) -> dict[str, Expected]:
    """Return what every item of a bank must look like after a trip through a format."""
    resolved, problems = resolve_bank(bank, provider)
    assert not problems
    found = {}
    for item in resolved.items:
        answer = item.answer
        found[item.id] = Expected(
            type=item.type,
            options=tuple(_source_letters(option.text, provider) for option in item.options),
            reasons=tuple(_source_letters(option.reason, provider) for option in item.options),
            correct=tuple(place for place, option in enumerate(item.options) if option.correct),
            value=answer.number if answer else None,
            tolerance=answer.tolerance if answer else None,
            lead_in=_source_letters(item.lead_in, provider),
            explanation=_source_letters(item.explanation, provider),
        )
    return found


@dataclass(frozen=True)
class Case:
    """Papers to export and what must come out."""

    papers: tuple[Paper, ...]
    expected: dict[str, Expected]


@cache
def real() -> Case:
    """Return the whole question bank of the book."""
    provider = Provider(facts="bitebook.evidence", compute=["bitebook"])
    sources = load_sources(ROOT / "data" / "references.bib")
    banks = load_banks(ROOT / "data" / "questions")
    papers = tuple(make_paper(bank, provider=provider, sources=sources, mark_note="Not verified.") for bank in banks)
    return Case(papers, {key: value for bank in banks for key, value in expected(bank, provider).items()})


def hostile(folder: Path, *, source: str = HOSTILE) -> Case:
    """Return the bank of texts that would break a careless exporter."""
    path = folder / "99-hostile.yaml"
    path.write_text(source.replace("{{ '{{c1::cloze}}' }}", "c1::cloze"), encoding="utf-8")
    provider = Provider(facts=None)
    sources = {"src": Source("src", 'O\'Neil & "Sons" <2020>', "O'Neil. Title. 2020.")}
    bank = load_bank(path)
    return Case((make_paper(bank, provider=provider, sources=sources),), expected(bank, provider))
