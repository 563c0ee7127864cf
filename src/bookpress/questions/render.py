"""Texts of the bank for editions that know no Sphinx: cards, course files, slides."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

FACT = re.compile(r"\{fact\}`([^`\s]+)(\s+interval)?`")
GIVEN = re.compile(r"\{given\}`([^`]*)`")
CITE = re.compile(r"\s*\{cite[a-z:]*\}`[^`]*`")
TITLED = re.compile(r"\{(?:term|ref|numref|doc|abbr|sub|sup)\}`([^`<(]*?)\s*(?:[<(][^`]*)?`")


def expand_roles(text: str, *, fact: Callable[[str], Any]) -> str:
    """Return MyST text with the book's roles written out, so that plain Markdown is left.

    Examples
    --------
    >>> expand_roles("A child of {given}`21 kg` {cite}`brown2021jama`.", fact=str)
    'A child of 21 kg.'
    """

    def looked_up(match: re.Match[str]) -> str:
        found = fact(match[1])
        interval = f" ({found.interval_text})" if match[2] and found.interval_text else ""
        return f"{found}{interval}"

    text = FACT.sub(looked_up, text)
    text = GIVEN.sub(r"\1", text)
    text = CITE.sub("", text)
    return TITLED.sub(r"\1", text)
