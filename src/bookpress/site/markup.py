"""Mend the markup that theme and extensions write: what an accessibility checker or a screen reader objects to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bookpress.site.policy import has_policy


def _words(paragraphs: re.Match[str]) -> str:
    return paragraphs[1].replace("<p ", "<span ").replace("</p>", "</span>")


# pattern, replacement; each with the complaint it answers.
MENDINGS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    # label-content-name-mismatch: the visible text already names these controls
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    # aria-required-children: docutils' role for a reference has no list around it
    (r' role="doc-biblioentry"', ' role="listitem"'),
    (r'<div class="citation-list docutils container"', '<div class="citation-list docutils container" role="list"'),
    # duplicate-id: every exercise and every solution carries the same one
    (r'(<section) id="(?:exercise|solution)-content"', r"\1"),
    # a second title and table of contents, which the theme keeps for paper; the page's own title prints as well
    (r'<div id="jb-print-docs-body" class="onlyprint">.*?(?=<div id="searchbox">)', ""),
    # empty-table-header: the corner above the row names heads nothing
    (r'<th class="(head[^"]*)">(?:<p></p>)?</th>', r'<td class="\1"></td>'),
    # a summary may hold words, but no paragraph
    (r'(?<=<summary>\n)((?:<p class="[^"]*admonition-title">[^<]*</p>\n)+)', _words),
    # region: the logo stands outside every landmark
    (
        r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
        r'<div class="sidebar-primary-item" role="navigation" aria-label="Book">\1',
    ),
]


# Spans of the code highlighter that no style sheet colors: names, brackets, blanks.
COLORLESS = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
# Spans that cost more bytes than they tell: a color for each dot and equals sign, a second class on a linked term.
IDLE = re.compile(r'<span class="(?:o">(?=[.=]</span>)|xref std std-term">)([^<]*)</span>')
# Prefixes and fields of strings have the color of strings in both themes; neighbors of one color become one span.
STRING_PART = re.compile(r'<span class="s[ai]">')
NEIGHBORS = re.compile(r'(<span class="([a-z][a-z0-9]?)">)([^<]*)</span>((?:\1[^<]*</span>)+)')
# The theme aligns cells to the left already; only heads need the word.
LEFT_CELL = '<td class="text-left">'
# What Sphinx and the theme bring for their own search: `bookpress.search` takes its place.
SEARCH_SCRIPT = re.compile(
    r'\s*<script src="(?:\.\./)*(?:_static/)?(?:searchtools|language_data|searchindex|sphinx_highlight)\.js'
    r"[^>]*></script>"
)
# What Sphinx brings for keys and folded indexes, both switched off; nothing else calls it.
DOCTOOLS = re.compile(r'\s*<script src="(?:\.\./)*_static/doctools\.js[^>]*></script>')
# A script that only pages with tabs need.
TAB_SCRIPT = re.compile(r'\s*<script[^>]* src="_static/design-tabs\.js[^>]*></script>')


# Indents and empty lines between tags, which a browser takes for one blank; in code and in scripts they count.
AS_WRITTEN = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
INDENT = re.compile(r"\n\s+(?=<)")


def without_indents(text: str) -> str:
    """Return the page with lines of tags moved to the left.

    Examples
    --------
    >>> without_indents("<p>\\n\\n   <b>a</b></p><pre>\\n  <i>x</i></pre>")
    '<p>\\n<b>a</b></p><pre>\\n  <i>x</i></pre>'
    """
    parts = AS_WRITTEN.split(text)  # what lies between, the element as written, its name, and so on
    return "".join(
        INDENT.sub("\n", part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 < 2
    )


def mend(text: str) -> str:
    """Return the page with all mendings applied, and without what it does not need."""
    for pattern, replacement in MENDINGS:
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    text = IDLE.sub(r"\1", COLORLESS.sub(r"\1", text))
    text = NEIGHBORS.sub(_joined, STRING_PART.sub('<span class="s2">', text)).replace(LEFT_CELL, "<td>")
    text = DOCTOOLS.sub("", SEARCH_SCRIPT.sub("", text))
    if "sd-tab-set" not in text:
        text = TAB_SCRIPT.sub("", text)
    return without_indents(text)


def _joined(run: re.Match[str]) -> str:
    opening = run[1]
    return f"{opening}{run[3]}{run[4].replace(opening, '').replace('</span>', '')}</span>"


def mend_pages(out: Path) -> None:
    """Mend every page of an HTML build in place."""
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if not has_policy(text) and (mended := mend(text)) != text:
            page.write_text(mended, encoding="utf-8")
