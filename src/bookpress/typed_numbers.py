"""Finding clinical numbers in running text: which digits are a measurement, a count or a statistic, and which a name.

The finder is deliberately strict. A number with a unit, a counted noun or a statistic is a finding wherever it stands;
names such as "day 15", "grade 3", "phase 2/3", "CD19" or the year 2024 are not. Spelled-out numbers are never findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

HOLE = "\ufffc"
"""Stands for a piece of text that is not the author's typing, such as a value of the evidence."""

NUM = r"(?:\d{1,3}(?:[,\u2009\u202f]\d{3})+|\d+)(?:[.·]\d+)?"
LEFT = r"(?<![\w.,\-\u2011])(?<!\w/)"
SIGN = r"(?:[-−+±~≈<>≤≥]\s?)?"
JOIN = r"\s*(?:\b(?:to|or|and|by|versus)\b|\bvs\b\.?|[-–—−/×])\s*"
SERIES = rf"{NUM}(?:{JOIN}{SIGN}{NUM})*"
GAP = r"[\s\-\u2011]{0,2}"

PERCENT = r"(?:[%‰]|per\s?cent(?:age)?\b)"
LONG_UNITS = (
    "mcg|µg|μg|ug|ng|pg|mg|kg|kDa|Da|mL|ml|dL|dl|µL|μL|mmol|mol|IU|units?|mmHg|cm|mm|Gy|m²|m2|m\\^2|°C|"
    "hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?|months?|years?|yrs?|fold|logs?"
)
SHORT_UNITS = "g|h|L|l|y"
UNIT = rf"(?:{PERCENT}|(?:{LONG_UNITS})(?!\w)|(?:{SHORT_UNITS})(?![\w’'\-]))"

NOUNS = (
    "patients?|child|children|infants?|adults?|adolescents?|participants?|people|persons?|boys|girls|survivors?|"
    "responders?|deaths?|relapses?|remissions?|events?|cases?|failures?|cycles?|courses?|doses?|infusions?|vials?|"
    "bags?|blasts?|studies|trials?|cent(?:er|re)s?|countries|hospitals?|cells?|copies|times"
)
FUNCTION_WORDS = (
    "the|a|an|of|and|or|nor|to|in|on|at|with|without|for|by|from|were|was|is|are|had|has|have|all|no|not|than|but|after|"
    "before|as|if|when|that|which|who|this|these|those|both|then|so|because|while|until|during"
)
# Up to two words between a number and what it counts: "54 treated children".
BETWEEN = rf"(?:(?!(?:{FUNCTION_WORDS})\b)[A-Za-z][\w+/\-]*\s+){{0,2}}"

STATISTIC = (
    r"HR|OR|RR|ARR|RRR|NNT|NNH|SE|SD|CV|IQR|CIs?|AUC|RMST|(?:hazard|odds|risk|rate)\s+ratio|relative\s+risk|"
    r"risk\s+difference|number\s+needed\s+to\s+treat|(?:confidence|credible)\s+interval|interquartile\s+range|"
    r"standard\s+(?:error|deviation)"
)
LINK = r"(?:\s|[=:,(\[<>≤≥~≈±]|\b(?:of|was|were|is|from|about|only)\b)*"

PATTERNS: dict[str, str] = {
    "measure": rf"{LEFT}{SIGN}(?P<n>{SERIES}){GAP}(?P<unit>{UNIT})",
    "count": rf"{LEFT}{SIGN}(?P<n>{SERIES})\s+{BETWEEN}(?:{NOUNS})\b",
    "share": rf"{LEFT}(?P<n>{NUM})\s+(?:of|out\s+of|in|per)\s+(?:every\s+|the\s+|all\s+)?(?P<second>{NUM})\b",
    "fraction": rf"{LEFT}(?P<n>\d+\s?/\s?\d+)(?![\w/])",
    "power": rf"{LEFT}(?P<n>{NUM})\s*[×x]\s*10",
    "probability": rf"\b[PpNn](?:[\s-]*values?)?\s*(?:[=<>≤≥]|\bof\b|\bwas\b|\bis\b)\s*(?P<n>{NUM})",
    "statistic": rf"\b(?:{STATISTIC})\b{LINK}[-−]?(?P<n>{NUM})",
    "age": rf"\b[Aa](?:ges?|ged)\s+(?:(?:of|from|under|over|below|above|between|about)\s+|[<>≤≥]\s?)*(?P<n>{NUM})",
    "money": rf"(?:[$€£]\s?|\b(?:USD|EUR|GBP)\s)(?P<n>{NUM})",
    "decimal": r"(?<![\w.,/\-])(?P<n>\d+\.\d+)(?![\w²³]|\.\d)",
}
COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}

# Words before a number that make it a name, not a measurement: "day 15", "grades 3 and 4", "Table 2".
LABEL = (
    r"(?:days?|cycles?|weeks?|months?|grades?|phases?|blocks?|arms?|stages?|tables?|figures?|figs?\.|sections?|chapters?|"
    r"steps?|questions?|exercises?|cases?|parts?|box|equations?|references?|courses?|levels?|types?|groups?|strat(?:um|a)|"
    r"cohorts?|chromosomes?|exons?|pages?|versions?|objectives?|items?|rows?|lines?|columns?|appendix|criteri(?:on|a)|"
    r"patients?|rules?|notes?|PI|AMG)"
)
LABELED = re.compile(rf"\b{LABEL}\s+{SIGN}(?:{NUM}{JOIN}{SIGN})*$", re.IGNORECASE)
ACRONYM = re.compile(r"\b(?!(?:HR|OR|RR|NNT|NNH|CI|SE|SD|IQR|CR|EFS|DFS|OS|MRD)\b)[A-Z][A-Z0-9\-]*[A-Z0-9]\s+$")
YEAR = re.compile(r"(?:19|20)\d\d$")
DATED = re.compile(
    r"\b(?:in|since|by|until|before|after|from|to|of|during|early|late|mid|between|and|through|January|February|March|"
    r"April|May|June|July|August|September|October|November|December)\s+$",
    re.IGNORECASE,
)
NEXT_IS_NUMBER = re.compile(r"\s+\d")

ALLOWED = (
    # The name of a method, not a result: "a 95% confidence interval".
    r"\b\d+(?:\.\d+)?%[\s-]+(?:CIs?\b|confidence|credible|prediction|Wilson|Newcombe|limits?)",
    # Versions of software, licenses and grading scales.
    r"\b(?:Python|Sphinx|Attribution|CC[ -]BY(?:-SA)?|EPUB|HTML|PDF/UA|WCAG|CTCAE|MedDRA)[\s-]?"
    r"(?:[≥v]\.?\s?)?\d+(?:\.\d+)*",
    r"https?://\S+",
    r"\b10\.\d{4,9}/\S+",
)


class Finding(NamedTuple):
    """A typed number: where it stands in the text, and what it looks like."""

    start: int
    end: int
    text: str
    kind: str


def find_typed_numbers(text: str, *, allowed: Iterable[str] = ()) -> list[Finding]:
    """Return the clinical numbers of a text, from left to right; overlapping finds are one.

    Parameters
    ----------
    text
        Running text; pieces that are not typing are replaced by :data:`HOLE`.
    allowed
        Regular expressions; a number inside a match is a name. Added to :data:`ALLOWED`.

    Examples
    --------
    >>> [found.text for found in find_typed_numbers("On day 15, 54.4% of 105 children (P = 0.03) were alive in 2024.")]
    ['54.4%', '105 children', 'P = 0.03']
    """
    names = [match.span() for pattern in (*ALLOWED, *allowed) for match in re.finditer(pattern, text)]
    spans: list[tuple[int, int, str]] = []
    for kind, pattern in COMPILED.items():
        for match in pattern.finditer(text):
            named = any(start <= match.start("n") and match.end("n") <= end for start, end in names)
            if not named and not _is_name(kind, match):
                spans.append((match.start(), match.end(), kind))
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, first_kind = merged[-1]
            merged[-1] = (first, max(last, end), first_kind)
        else:
            merged.append((start, end, kind))
    return [Finding(start, end, text[start:end].strip(), kind) for start, end, kind in merged]


def _is_name(kind: str, match: re.Match[str]) -> bool:
    """Tell whether a number that looks clinical is a name by what stands around it."""
    before = match.string[: match.start("n")]
    labeled = LABELED.search(before) is not None
    number = match["n"]
    if kind == "measure":
        # "Cycle 2 days 1 to 28" is two names; "a cycle of 42 days" or "cycle 42 days long" is a measurement.
        return labeled and NEXT_IS_NUMBER.match(match.string, match.end()) is not None
    if kind == "count":
        dated = YEAR.match(number) is not None and DATED.search(before) is not None
        return labeled or dated or ACRONYM.search(before) is not None
    if kind == "share":
        return labeled or YEAR.match(number) is not None or YEAR.match(match["second"]) is not None
    if kind in {"fraction", "decimal"}:
        return labeled
    return False
