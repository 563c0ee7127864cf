"""Questions: printed in the chapter without their key, answered with reasons at the back.

The lecturer edition prints the answer under its question as well; the assignment edition holds none.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes

from bookpress.print.edition import Gathered
from bookpress.print.markup import call, content, escape, string

LEVELS = {"remember": "recall", "understand": "understanding", "apply": "application", "analyze": "analysis"}
RIGHT_OR_WRONG = {"yes": "right", "no": "wrong"}


class QuizVisitors:
    """Quiz nodes; see :mod:`bookpress.quiz.elements`."""

    printing: Any
    docname: str

    render: Any
    children: Any
    all: Any
    anchor: Any
    mark: Any

    def print_quiz(self, node: nodes.Element) -> str:
        """All questions of a chapter, and a line that says where the answers are."""
        questions = self.children(node)
        answers = self._answers(node)
        self.printing.gathered.answers.setdefault(node["chapter"], []).append(answers)
        self.printing.gathered.has_warned |= answers[1].has_warned
        note = ""
        if self.printing.shows_key and not self.printing.shows_key_in_place:
            where = "The answers, with the reason for each option, stand at the back."
            note = f"\n{call('fine', body=escape(where))}\n"
        return f"\n{questions}{note}"

    def print_quiz_item(self, node: nodes.Element) -> str:
        """One question."""
        parts = [child for child in node.children if child.tagname != "quiz_answer"]
        answers = [child for child in node.children if child.tagname == "quiz_answer"]
        body = self.all(parts)
        if self.printing.shows_key_in_place:
            body += self.all(answers)
        head = call("question-head", content(f"Question {node['number']}"), content(LEVELS[node["level"]]))
        return f"{self.mark(node)}{call('question', body=self.anchor(node) + head + body)}\n"

    def print_quiz_stem(self, node: nodes.Element) -> str:
        """The case before the question."""
        return str(self.children(node))

    def print_quiz_explanation(self, node: nodes.Element) -> str:
        """What to take away."""
        return str(self.children(node))

    def print_quiz_lead_in(self, node: nodes.Element) -> str:
        """The question itself."""
        hint = " Choose every option that applies." if node.parent["qtype"] == "multiple" else ""
        return f"\n{call('lead-in', body=self.children(node) + escape(hint))}\n"

    def print_quiz_options(self, node: nodes.Element) -> str:
        """The choices, with a box to tick."""
        options = [f"({string(self._letter(one))}, {content(self.children(one))})" for one in node.children]
        return f"\n{call('options', *options)}\n"

    @staticmethod
    def _letter(option: nodes.Element) -> str:
        return "" if option["qtype"] == "true-false" else str(option["letter"])

    def print_quiz_numeric(self, node: nodes.Element) -> str:
        """A line to write a number on."""
        return f"\n{call('blank', content(escape(node['unit'])))}\n"

    def print_quiz_answer(self, node: nodes.Element) -> str:
        """Key, reasons, explanation, and sources."""
        reasons = [child for child in node.children if child.tagname == "quiz_reason"]
        others = [child for child in node.children if child.tagname != "quiz_reason"]
        key = [child for child in others if child.tagname == "quiz_key"]
        rest = [child for child in others if child.tagname != "quiz_key"]
        return f"\n{call('answer', body=self.all(key) + self.all(reasons) + chr(10) + self.all(rest))}\n"

    def print_quiz_key(self, node: nodes.Element) -> str:
        """The key."""
        return f"\nAnswer: {call('strong', body=self.children(node))}\n"

    def print_quiz_reason(self, node: nodes.Element) -> str:
        """Why one choice is right or wrong."""
        word = RIGHT_OR_WRONG[node["correct"]]
        return f"\n{call('reason', string(node['label']), string(word), body=self.children(node))}\n"

    def print_quiz_sources(self, node: nodes.Element) -> str:
        """The sources of an answer."""
        return f"\n{call('fine', body='Sources: ' + self.children(node))}\n" if node.children else ""

    # --- at the back ------------------------------------------------------------------------------------------------
    def print_answer_key(self, node: nodes.container) -> str:
        """The key of a whole bank, and behind it the reasons for each option of the questions that the chapter asks."""
        key = self.anchor(node) + self.children(node)
        self.printing.gathered.looks_back = True
        chapter = node.get("chapter", "")
        asked = [
            one for told in (self.printing.before, self.printing.gathered) for one in told.answers.get(chapter, [])
        ]
        return str(key) + self.answers(asked)

    def answers(self, asked: list[tuple[str, Gathered]]) -> str:
        """Return the answers of the questions that were asked, under their numbers."""
        text = "".join(told for told, _ in asked)
        if not text:
            return ""
        for _, gathered in asked:
            self.printing.gathered.add(gathered)
        title = escape("Reasons, option by option, for the questions asked in the chapter")
        return f"\n{call('rubric', body=title)}\n{text}"

    def _answers(self, quiz: nodes.Element) -> tuple[str, Gathered]:
        """Write the answers for the back, with what they refer to; their links start from this page."""
        if not self.printing.shows_key:
            return "", Gathered()
        aside = self.printing.aside()
        aside.gathered.made |= self.printing.gathered.made  # what the page has labeled gets no second label
        page: Any = type(self)(aside, self.docname)  # type: ignore[call-arg]
        text = "".join(page.answered(item) for item in quiz.findall(lambda one: one.tagname == "quiz_item"))
        return text, aside.gathered

    def answered(self, item: nodes.Element) -> str:
        """Return the answer of one question."""
        answers = [child for child in item.children if child.tagname == "quiz_answer"]
        head = call("question-head", content(f"Question {item['number']}"), "none")
        return f"{self.mark(item)}{call('question', body=head + self.all(answers))}\n"
