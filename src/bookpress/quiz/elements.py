"""The document nodes of a quiz. They carry all a builder needs, so that each edition can draw them its own way.

In the assignment edition the nodes hold no key: `quiz_answer` is absent, and so are ``key``, ``correct``, ``answer``
and ``tolerance``.
"""

from __future__ import annotations

from docutils import nodes


class quiz(nodes.General, nodes.Element):  # noqa: N801 (docutils spells node classes in lower case)
    """All questions of one directive. Attributes: chapter, edition, objectives (id: text), in_exam (in an exam)."""


class quiz_item(nodes.General, nodes.Element):  # noqa: N801
    """One question.

    Attributes: item_id, number, qtype, level, objective, tags, edition, key (not in assignment), in_exam (in an exam).
    """


class quiz_stem(nodes.General, nodes.Element):  # noqa: N801
    """The case or the data before the question: paragraphs and other blocks."""


class quiz_lead_in(nodes.General, nodes.TextElement):  # noqa: N801
    """The question itself."""


class quiz_options(nodes.General, nodes.Element):  # noqa: N801
    """The choices. Attributes: item_id, qtype."""


class quiz_option(nodes.General, nodes.TextElement):  # noqa: N801
    """One choice. Attributes: item_id, qtype, letter, edition, correct ("yes" or "no"; not in assignment)."""


class quiz_numeric(nodes.General, nodes.Element):  # noqa: N801
    """The place for a number. Attributes: item_id, unit, answer and tolerance (not in assignment)."""


class quiz_answer(nodes.General, nodes.Element):  # noqa: N801
    """Key, reasons, explanation and sources. Attributes: number, edition. Absent in the assignment edition."""


class quiz_key(nodes.General, nodes.TextElement):  # noqa: N801
    """The key, as text: "B", "A, C", "True", "15.4 percentage points"."""


class quiz_reason(nodes.General, nodes.TextElement):  # noqa: N801
    """Why one choice is right or wrong. Attributes: letter, correct ("yes" or "no")."""


class quiz_explanation(nodes.General, nodes.Element):  # noqa: N801
    """What to take away: paragraphs and other blocks."""


class quiz_sources(nodes.General, nodes.TextElement):  # noqa: N801
    """The sources, as citations."""


ALL = (
    quiz,
    quiz_item,
    quiz_stem,
    quiz_lead_in,
    quiz_options,
    quiz_option,
    quiz_numeric,
    quiz_answer,
    quiz_key,
    quiz_reason,
    quiz_explanation,
    quiz_sources,
)
