"""What frames a chapter: a line of facts under its title, and how to cite it at its end.

The line is made from the front matter (``level``, ``exercise_minutes``, ``evidence_cutoff``, ``last_checked``) and from
the text itself, whose words give the reading time, so that it cannot go stale by hand.
"""

from __future__ import annotations

import datetime
import math
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from bookpress.calculator.elements import calculator

logger = logging.getLogger(__name__)
WORDS_PER_MINUTE = 200  # a careful pace for technical prose
KEYS = ("level", "exercise_minutes", "evidence_cutoff", "last_checked")
SILENT = (
    nodes.literal_block, nodes.raw, nodes.comment, nodes.math_block, nodes.target, nodes.substitution_definition,
    calculator,  # its worked example is opened by those who want it
)  # fmt: skip
WORD = re.compile(r"\w[\w’'\-]*")


def count_words(document: nodes.Node) -> int:
    """Return how many words a reader reads; code and formulas do not count."""

    def spoken(text: nodes.Text) -> bool:
        parent = text.parent
        while parent is not None and parent is not document:
            if isinstance(parent, SILENT):
                return False
            parent = parent.parent
        return True

    return sum(len(WORD.findall(text.astext())) for text in document.findall(nodes.Text) if spoken(text))


def frame(app: Sphinx, doctree: nodes.document) -> None:
    """Put the facts under the title and the citation at the end of every chapter that has the front matter."""
    given = app.env.metadata.get(app.env.docname, {})
    if "level" not in given:
        return
    missing = [key for key in KEYS if not given.get(key)]
    if missing:
        logger.warning(
            "the front matter of %s lacks %s", app.env.docname, ", ".join(missing), type="bookpress", subtype="chapter"
        )
        return
    section = next(iter(doctree.findall(nodes.section)), None)
    if section is None:
        return
    words = count_words(doctree)
    app.env.metadata[app.env.docname]["words"] = str(words)
    minutes = max(5, 5 * math.ceil(words / WORDS_PER_MINUTE / 5))
    facts = (
        f"For {given['level']} · {minutes} minutes to read, {given['exercise_minutes']} for the exercises · "
        f"Evidence to {_day(given['evidence_cutoff'])} · Last checked {_day(given['last_checked'])}"
    )
    section.insert(1, nodes.paragraph("", facts, classes=["chapter-facts"]))
    title = section[0].astext()
    config = app.config
    year = given["last_checked"][:4]
    section += nodes.paragraph(
        "",
        f"To cite this chapter: {config.author}. {title}. In: {config.project}. Version {config.release}, {year}.",
        classes=["chapter-citation"],
    )


def _day(iso: str) -> str:
    day = datetime.date.fromisoformat(iso)
    return f"{day:%B} {day.day}, {day.year}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Frame each chapter once it is read."""
    app.connect("doctree-read", frame, priority=900)  # after the gate on typed numbers: these are computed
    return {"parallel_read_safe": True, "parallel_write_safe": True}
