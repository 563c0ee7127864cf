"""The directive ``{answer-key} chapter``: question, key, and explanation of every item of a bank, in one list."""

from __future__ import annotations

from docutils import nodes

from bookpress.domain import evidence_domain
from bookpress.quiz.directive import WITHOUT_KEY, QuizDirective


class AnswerKeyDirective(QuizDirective):
    """List the key of a whole bank; the edition without keys says so instead."""

    option_spec: dict[str, object] = {}  # noqa: RUF012 (the base class declares it so)

    def run(self) -> list[nodes.Node]:
        """Return the list, built from the same nodes as the quiz, so that both cannot disagree."""
        if self.config.bookpress_edition == WITHOUT_KEY:
            return [nodes.paragraph("", "This edition leaves the key out.")]
        self.options = {}
        boxes = super().run()
        # A value in the key is plain text: its place, with its source, is the question itself.
        evidence_domain(self.env).data["facts"].pop(self.env.docname, None)
        entries = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        for box in boxes:
            entries += [self._entry(item) for item in box.findall(lambda node: node.tagname == "quiz_item")]
        # Its numbers are checked in the bank, not by the gate on typed numbers.
        chapter = self.arguments[0].strip()
        box = nodes.container("", entries, from_data=True, plain_facts=True, chapter=chapter, classes=["answer-key"])
        return [box] if entries.children else []

    def _entry(self, item: nodes.Element) -> nodes.list_item:
        parts = {node.tagname: node for node in item.findall(nodes.Element)}
        line = nodes.paragraph()
        line += [child.deepcopy() for child in parts["quiz_lead_in"].children]
        line += [nodes.Text(" "), nodes.strong("", item["key"]), nodes.Text(".")]
        told = [child.deepcopy() for child in parts["quiz_explanation"].children]
        return nodes.list_item("", line, *told)
