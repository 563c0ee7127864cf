"""What a finished page says, in pieces that a search can find: sections, glossary entries, rows of a register, sources.

The pieces are read from the written pages, not from the manuscript: so an edition that leaves an answer out cannot
give it away here, numbers and cross-references read as they do on the page, and a page that an incremental build did
not write again is read like any other. Answers, solutions, code, and the notes that open on a click are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from bookpress.search.sentences import sentences

# The questions of an exam paper wait in a template: they stand in their chapters as well.
SKIPPED_TAGS = {
    *("script", "style", "template", "noscript", "svg", "img", "nav", "select", "textarea", "annotation", "pre"),
}
SKIPPED_CLASSES = {
    *(
        "headerlink",
        "toctree-wrapper",
        "cell_input",
        "fact-source",
        "chapter-facts",
        "chapter-citation",
    ),
    # who looks for a question must not meet its answer first, nor a wrong choice as if it were said
    *(
        "quiz-answer",
        "quiz-option",
        "quiz-number",
        "quiz-letter",
        "quiz-hint",
        "quiz-check",
        "quiz-verdict",
        "answer-key",
        "solution",
    ),
    *("collapsed", "expanded"),  # what opens and shuts a cell's code
    # a calculator's worked example repeats what its form says
    *("calc-worked", "calc-privacy", "live-field"),
    "no-search",  # what an author made wrong on purpose: torn out of its page it would be taken for true
    # of a row of evidence: what, value, and source tell enough
    *("fact-locator", "fact-checked"),
}
# Elements that stand on a line of their own; what they hold is said by itself.
BLOCKS = {
    *("p", "li", "dt", "dd", "caption", "figcaption", "legend", "label", "summary", "tr", "blockquote"),
    *(
        "div",
        "section",
        "ul",
        "ol",
        "dl",
        "table",
        "thead",
        "tbody",
        "figure",
        "form",
        "fieldset",
        "details",
        "article",
    ),
}
HEADINGS = {"h1", "h2", "h3", "h4"}
# Formulas whose letters in a row would be another number: a fraction, a power, a root.
STACKED = ".//*[local-name()='mfrac' or local-name()='msup' or local-name()='msubsup' or local-name()='msqrt']"
REGISTER_COLUMNS = 3  # what, value, source; how it was checked and where it is used stand on the page
SPACE = re.compile(r"\s+")
SECTION_NUMBER = "section-number"


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, caption, or row of a table; `anchor` is empty where its section's own is meant."""

    text: str
    anchor: str = ""


@dataclass(slots=True)
class Section:
    """What one link of the results leads to."""

    anchor: str
    title: str
    number: str = ""
    parent: str = ""
    """The heading above, if that is not the page's own."""
    passages: list[Passage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its sections, the first of them the text under the page's own title."""

    name: str
    title: str
    number: str
    sections: tuple[Section, ...]


def read_markup(markup: str, *, name: str) -> Page | None:
    """Return what the markup of a page says; None if it holds no chapter.

    Examples
    --------
    >>> page = read_markup('<section id="a"><h1>Kites</h1><p>They fly. So.</p></section>', name="k")
    >>> page.title, [one.text for one in page.sections[0].passages]
    ('Kites', ['They fly.', 'So.'])
    """
    tree = html.document_fromstring(markup)
    found = tree.xpath("//section[h1]")
    if not found:
        return None
    reader = _Reader()
    reader.section(found[0], parents=())
    first = reader.sections[0]
    kept = tuple(one for one in reader.sections if one.passages or one.title)
    return Page(name=name, title=first.title, number=first.number, sections=kept)


class _Reader:
    """Walks a page once and gathers its sections in the order of the text."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    def section(self, node: etree._Element, *, parents: tuple[str, ...]) -> None:
        heading = next((child for child in node if child.tag in HEADINGS), None)
        if heading is None:
            if self.sections:
                self._children(node, self.sections[-1], parents)
            return
        labels = [child.get("id") for child in node if child.tag == "span" and child.get("id")]
        number = "".join(part.text_content() for part in heading if SECTION_NUMBER in _classes(part)).strip(" .")
        made = Section(
            anchor=labels[0] if labels else node.get("id", ""),
            title=said(heading),
            number=number,
            parent=parents[-1] if len(parents) > 1 else "",
        )
        self.sections.append(made)
        self._children(node, made, (*parents, made.title), without=heading)

    def _children(
        self, node: etree._Element, section: Section, parents: tuple[str, ...], without: etree._Element | None = None
    ) -> None:
        loose = [node.text or ""]  # text and inline elements between two blocks
        for child in node:
            if child is not without and not skipped(child):
                if child.tag in BLOCKS:
                    self._flush(loose, section, anchor="")
                    self._block(child, section, parents)
                else:
                    loose.append(said(child))
            loose.append(child.tail or "")
        self._flush(loose, section, anchor=node.get("id", "") if node.tag in {"dt", "figure"} else "")

    def _flush(self, loose: list[str], section: Section, *, anchor: str) -> None:
        text = _plain("".join(loose))
        loose.clear()
        section.passages += [Passage(one, anchor) for one in sentences(text)]

    def _block(self, node: etree._Element, section: Section, parents: tuple[str, ...]) -> None:
        classes = _classes(node)
        if node.tag == "section":
            self.section(node, parents=parents)
        elif node.tag == "dl" and "glossary" in classes:
            self._glossary(node, parents)
        elif node.tag == "table":
            self._table(node, section, parents)
        elif "citation" in classes and node.get("id"):
            self._source(node, parents)
        elif node.tag in {"figcaption", "caption"}:
            holder = node.getparent()
            text = _plain(said(node))
            section.passages += [Passage(one, holder.get("id", "")) for one in sentences(text)]
        else:
            self._children(node, section, parents)

    def _glossary(self, node: etree._Element, parents: tuple[str, ...]) -> None:
        entry: Section | None = None
        for child in node:
            if child.tag == "dt":
                entry = self._entry(child.get("id", ""), _plain(said(child)), parents)
            elif entry is not None:
                self._children(child, entry, parents)

    def _table(self, node: etree._Element, section: Section, parents: tuple[str, ...]) -> None:
        anchor = node.get("id", "")
        of_evidence = "fact-register-table" in _classes(node)
        for child in node.iterchildren("caption"):
            self._block(child, section, parents)
        for row in node.iter("tr"):
            cells = [_plain(said(cell)) for cell in row if cell.tag in {"td", "th"} and not skipped(cell)]
            named = row.xpath("./th[1]/p[@id]") if of_evidence else []
            if named:
                entry = self._entry(named[0].get("id"), _plain(said(named[0])), parents)
                rest = [cells[0].removeprefix(entry.title).strip(), *cells[1:REGISTER_COLUMNS]]
                entry.passages.append(Passage(" · ".join(cell for cell in rest if cell)))
            elif not of_evidence and any(cells):
                section.passages.append(Passage(" · ".join(cell for cell in cells if cell), anchor))

    def _source(self, node: etree._Element, parents: tuple[str, ...]) -> None:
        text = _plain(" ".join(said(child) for child in node if "label" not in _classes(child)))
        title, _, rest = text.partition(". ")
        self._entry(node.get("id"), title, parents).passages.append(Passage(rest))

    def _entry(self, anchor: str, title: str, parents: tuple[str, ...]) -> Section:
        entry = Section(anchor=anchor, title=title, parent=parents[-1] if len(parents) > 1 else "")
        self.sections.append(entry)
        return entry


def skipped(node: etree._Element) -> bool:
    """Return True for what is not read: comments, controls, answers, notes that open on a click."""
    if not isinstance(node.tag, str):  # a comment
        return True
    if node.tag == "div" and "math" in _classes(node):  # a formula on a line of its own
        return True
    return node.tag in SKIPPED_TAGS or "popover" in node.attrib or bool(SKIPPED_CLASSES & _classes(node))


def said(node: etree._Element) -> str:
    """Return the text of an element as a reader sees it, without what is skipped."""
    return "".join(_said(node))


def _said(node: etree._Element) -> Iterator[str]:
    if node.tag == "math" and node.xpath(STACKED):
        yield "…"
        return
    yield node.text or ""
    for child in node:
        if not skipped(child) and SECTION_NUMBER not in _classes(child):
            blocks = child.tag in BLOCKS or child.tag == "br"
            yield from ([" ", *_said(child), " "] if blocks else _said(child))
        yield child.tail or ""


def _classes(node: etree._Element) -> set[str]:
    return set(node.get("class", "").split()) if isinstance(node.tag, str) else set()


def _plain(text: str) -> str:
    return SPACE.sub(" ", text).strip()
