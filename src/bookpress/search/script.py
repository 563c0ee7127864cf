"""The index as one classic script, which a page opened from a folder can load; its text is packed.

The inverted index itself is made in the browser at first use: it would be larger than the text, and takes less time
to make than to load. So what is shipped is the text of the book, deflated, and written in letters (base 85).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from bookpress.search.pages import Page, Section

GLOBAL = "bookpressSearchIndex"


def index_script(
    pages: Sequence[Page], *, synonyms: Sequence[Sequence[str]] = (), weights: Mapping[str, float] | None = None
) -> str:
    """Return the script that hands the packed index over.

    Parameters
    ----------
    pages
        In the order of the book.
    synonyms
        Groups of names for one thing.
    weights
        By page, and by title of a section: how much a hit there counts; 1 where nothing is said.
    """
    known = dict(weights or {})
    told = {
        "pages": [_page(page, known) for page in pages],
        "synonyms": [list(group) for group in synonyms],
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    packed = packer.compress(text) + packer.flush()
    # The letters of base 85 hold no quote and no backslash, so that they stand in a string as they are.
    return f'{GLOBAL}={{bytes:{len(packed)},text:"{base64.b85encode(packed, pad=True).decode()}"}};\n'


def _page(page: Page, weights: Mapping[str, float]) -> list[Any]:
    sections = [_section(section, weights.get(section.title)) for section in page.sections]
    return [page.name, page.title, page.number, weights.get(page.name, 1), sections]


def _section(section: Section, weight: float | None) -> list[Any]:
    passages = [[one.text, one.anchor] if one.anchor else one.text for one in section.passages]
    told = [section.anchor, section.title, section.number, section.parent, passages]
    return told if weight is None else [*told, weight]
