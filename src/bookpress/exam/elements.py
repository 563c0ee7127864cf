"""The document nodes of exam and progress."""

from __future__ import annotations

from docutils import nodes


class exam(nodes.General, nodes.Element):  # noqa: N801 (docutils spells node classes in lower case)
    """An exam: its words for other media, then one quiz for each bank.

    Attributes: count and most (how many questions a paper has at first, and at most), release (of the book).
    """


class exam_fallback(nodes.General, nodes.Element):  # noqa: N801
    """What a reader is told where no script runs."""


class exam_back(nodes.General, nodes.Element):  # noqa: N801
    """The way from a question back to its objective. Attributes: docname, anchor, chapter, place and text of it."""


class progress(nodes.General, nodes.Element):  # noqa: N801
    """The objectives of the whole book. Attribute: chapters, a list of (title, docname, rows); see `Row`."""


Row = tuple[str, str, tuple[str, ...]]
"""One objective: its anchor, its text, the ids of its questions."""
