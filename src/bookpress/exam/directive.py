"""The directives ``{exam}`` and ``{progress}``; both enclose what is said where no script runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from bookpress.domain import evidence_domain
from bookpress.exam.anchors import anchor
from bookpress.exam.elements import Row, exam, exam_back, exam_fallback, progress
from bookpress.questions.load import BankError, load_banks
from bookpress.questions.model import Bank
from bookpress.quiz import elements as q
from bookpress.quiz.directive import WITHOUT_KEY, QuizDirective

NO_KEY = "This edition holds no keys, so that it can check no answer."
MOST = 60


class ExamDirective(QuizDirective):
    """Let the reader draw a paper from all banks. ``:count:`` is the number of questions that is offered first."""

    required_arguments = 0
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"count": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return one exam node with every question of the book, or its words alone where there are no keys."""
        words = _words(self)
        if self.config.bookpress_edition == WITHOUT_KEY:
            return _without_key(words)
        count = min(self.options.get("count", 12), MOST)
        box = exam("", words, count=count, most=MOST, release=self.config.release, plain_facts=True)
        self.set_source_info(box)
        try:
            banks = load_banks(_folder(self))
        except BankError as error:
            for problem in error.problems:
                self._warn(str(problem))
            return []
        for bank in banks:
            self.arguments, self.options = [bank.chapter], {}
            for quiz in super().run():
                box += self._for_exam(quiz, bank)
        if "bookpress.facts" in self.env.app.extensions:
            # A value here is plain text: its place, with its source, is the chapter.
            evidence_domain(self.env).data["facts"].pop(self.env.docname, None)
        return [box]

    def _for_exam(self, quiz: Any, bank: Bank) -> nodes.Element:
        """Mark the questions as parts of an exam, closed in every edition, with the way back to their objectives."""
        quiz["in_exam"], quiz["title"] = True, bank.title
        places = {name: place for place, name in enumerate(bank.objectives, start=1)}
        for node in quiz.findall(nodes.Element):
            if "edition" in node:
                node["edition"] = "reader"
            if isinstance(node, q.quiz_item):
                node["in_exam"] = True
                name = node["objective"]
                node += exam_back(
                    docname=bank.chapter, anchor=anchor(name), place=places[name], chapter=bank.title,
                    text=bank.objectives[name],
                )  # fmt: skip
        return quiz


class ProgressDirective(SphinxDirective):
    """Show for every objective of the book how many of its questions the reader answered correctly."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return one progress node, or its words alone where there are no keys."""
        words = _words(self)
        if self.config.bookpress_edition == WITHOUT_KEY:
            return _without_key(words)
        chapters = []
        for bank in load_banks(_folder(self)):
            self.env.note_dependency(bank.file)
            chapters.append((bank.title, bank.chapter, _rows(bank)))
        return [progress("", words, chapters=chapters)]


def _rows(bank: Bank) -> list[Row]:
    asked = {name: tuple(item.id for item in bank.items if item.objective == name) for name in bank.objectives}
    return [(anchor(name), text, asked[name]) for name, text in bank.objectives.items() if asked[name]]


def _folder(directive: SphinxDirective) -> Path:
    return Path(directive.env.srcdir, directive.config.bookpress_questions).resolve()


def _words(directive: SphinxDirective) -> exam_fallback:
    directive.assert_has_content()
    words = exam_fallback()
    directive.state.nested_parse(directive.content, directive.content_offset, words)
    return words


def _without_key(words: exam_fallback) -> list[nodes.Node]:
    return [*words.children, nodes.paragraph("", NO_KEY)]
