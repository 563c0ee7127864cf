"""Cut a paragraph into sentences, the pieces that a result shows."""

from __future__ import annotations

import re

LONGEST = 400  # letters; what is longer is cut at a comma, so that a result stays short
# A stop, its closing marks, a blank, and something that can begin a sentence.
END = re.compile(r"(?<=[.?!])([)\]”’\"']*)\s+(?=[“‘\"'(\[]?[A-Z0-9†])")
# Words whose stop ends no sentence; a single capital is an initial.
OPEN = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|al|Fig|No|Dr|St|approx|ca|Inc|pp?)|\b[A-Z])\.$")
CLAUSE = re.compile(r"(?<=[;,:·])\s+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, none longer than `LONGEST` where it has a comma to be cut at.

    Examples
    --------
    >>> sentences("Brown et al. saw 54.4%. Is it so? (It is.)")
    ['Brown et al. saw 54.4%.', 'Is it so?', '(It is.)']
    """
    found: list[str] = []
    start = 0
    for end in END.finditer(text):
        piece = text[start : end.end(1)]
        if not OPEN.search(piece):
            found.append(piece)
            start = end.end()
    found.append(text[start:])
    return [piece for one in found if any(map(str.isalnum, one)) for piece in _short(one.strip())]


def _short(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST:
        return [sentence]
    pieces = [""]
    for clause in CLAUSE.split(sentence):
        if pieces[-1] and len(pieces[-1]) + len(clause) >= LONGEST:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {clause}".strip()
    return pieces
