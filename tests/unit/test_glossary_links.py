"""A glossary term is linked where a chapter first uses it, so that a reader who does not know it is one press away.

Prose counts: sentences, lists, table cells, captions. Headings, directive titles, code, formulas, and other roles do
not. A short word inside a longer term ("relapse" in "first relapse") belongs to the longer one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(ROOT.glob("chapters/[01][0-9]-*.md"))
# Words of everyday English, or words the book needs in nearly every sentence: a chapter links them where it defines or
# leans on them, and need not do so at the first mention.
EVERYDAY = frozenset(
    {"event", "label", "power", "pump", "discrepancy", "denominator", "preservative", "stratum", "vial", "relapse"}
)

HIDDEN = (  # replaced by blanks of the same length, so that positions stay those of the file
    re.compile(r"\A---\n.*?^---$", re.DOTALL | re.MULTILINE),
    re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.DOTALL | re.MULTILINE),
    re.compile(r"\$\$.*?\$\$[^\n]*", re.DOTALL),
    re.compile(r"^#+ .*$", re.MULTILINE),
    re.compile(r"^\([a-z0-9-]+\)=$", re.MULTILINE),
    re.compile(r"^[`:]{3,}\{.*$", re.MULTILINE),
    re.compile(r"^:[a-z-]+:.*$", re.MULTILINE),
    re.compile(r"\{(?!term\})[a-z:]+\}`[^`]*`"),
    re.compile(r"\$[^$\n]+\$"),
    re.compile(r"\]\([^)\s]*\)"),
)
LITERAL = re.compile(r"`[^`\n]+`")  # looked for once the links are gone: their quotes would pair up wrongly
LINK = re.compile(r"\{term\}`(?P<shown>[^`<]+?)(?:\s*<(?P<term>[^`>]+)>)?`")


@dataclass(frozen=True, slots=True)
class FirstUse:
    """Where a term stands first without a link, and whether a link stands before it."""

    term: str
    start: int
    end: int
    line: int


@cache
def glossary() -> tuple[str, ...]:
    """The terms, longest first, so that a longer one takes its words before a shorter one looks for them."""
    text = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
    body = text.split("```{glossary}\n", 1)[1].split("\n```", 1)[0]
    return tuple(sorted(re.findall(r"^(\S.*)$", body, flags=re.MULTILINE), key=len, reverse=True))


def blanked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def pattern(term: str) -> re.Pattern[str]:
    """The term as a whole word, in any case, in the plural too, and across a line break."""
    words = r"\s+".join(re.escape(word) for word in term.split())
    ending = "" if term.endswith("s") else "(?:s|es)?"
    flags = re.NOFLAG if term.isupper() else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){words}{ending}(?![\w-])", flags)


def unlinked_first_uses(text: str, terms: tuple[str, ...]) -> list[FirstUse]:
    """Return each term whose first use in the prose is not a link and has no link before it."""
    for hidden in HIDDEN:
        text = hidden.sub(blanked, text)
    linked: dict[str, int] = {}
    for link in LINK.finditer(text):
        linked.setdefault((link["term"] or link["shown"]).strip().lower(), link.start())
    prose = LITERAL.sub(blanked, LINK.sub(blanked, text))
    found = []
    for term in terms:
        uses = list(pattern(term).finditer(prose))
        if uses and linked.get(term.lower(), len(text)) > uses[0].start():
            first = uses[0]
            found.append(FirstUse(term, first.start(), first.end(), text.count("\n", 0, first.start()) + 1))
        prose = pattern(term).sub(blanked, prose)
    return found


def test_the_glossary_is_read() -> None:
    assert len(glossary()) >= 120
    assert set(glossary()) >= EVERYDAY, "an exception that is no term"
    assert "CAR T cell" in glossary()


def test_the_finder_can_fail() -> None:
    terms = ("cytokine release syndrome", "cytokine")
    assert not unlinked_first_uses("A {term}`cytokine` rises. The cytokine falls.\n", terms)
    assert [
        use.term for use in unlinked_first_uses("A cytokine rises. {term}`Cytokines <cytokine>` fall.\n", terms)
    ] == ["cytokine"]
    longer = unlinked_first_uses("{term}`CRS <cytokine release syndrome>`. Cytokine release syndrome.\n", terms)
    assert not longer, "the short term must not be seen inside the long one"
    assert not unlinked_first_uses("{term}`Cytokine <cytokine>` by {term}`cytokine release syndrome`.\n", terms)
    assert not unlinked_first_uses("# Cytokine\n\n```{code-cell}\ncytokine\n```\n", terms)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_term_is_linked_at_its_first_use(chapter: Path) -> None:
    text = chapter.read_text(encoding="utf-8")
    missing = [use for use in unlinked_first_uses(text, glossary()) if use.term not in EVERYDAY]
    told = [f"{chapter.name}:{use.line}: link the first use of {use.term!r}" for use in missing]
    assert not missing, "\n".join(told)
