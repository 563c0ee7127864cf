"""The directive ``{quiz} chapter``: picks items of a bank and turns them into nodes, with their MyST text parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookpress.domain import evidence_domain
from bookpress.providers import catalog
from bookpress.questions.load import BankError, load_bank
from bookpress.questions.model import LETTERS, Bank, Item
from bookpress.questions.values import Provider, resolve_item
from bookpress.quiz import elements as q

logger = logging.getLogger(__name__)
WITHOUT_KEY = "assignment"


def _words(argument: str | None) -> list[str]:
    return [word for word in (argument or "").replace(",", " ").split() if word]


class QuizDirective(SphinxDirective):
    """Put questions of a chapter's bank on the page.

    ``:items:`` names items and sets their order; ``:tags:`` keeps items with any of these tags; ``:count:`` keeps the
    first so many. Without options the whole bank is shown, in the order of its file.
    """

    required_arguments = 1
    optional_arguments = 0
    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {
        "items": _words,
        "tags": _words,
        "count": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Return one quiz node, or an error that names what is wrong."""
        path = self._bank_path()
        self.env.note_dependency(str(path))
        try:
            bank = load_bank(path)
            items = self._chosen(bank)
        except BankError as error:
            for problem in error.problems:
                self._warn(str(problem))
            return []
        except KeyError as error:
            self._warn(str(error.args[0]))
            return []
        # Numbers typed into a bank are found by its own check: see bookpress.questions.lint.
        box = q.quiz(chapter=path.stem, edition=self.config.bookpress_edition, from_data=True)
        box["objectives"] = dict(bank.objectives)
        self.set_source_info(box)
        provider = Provider(facts=self.config.bookpress_facts, compute=_listed(self.config.bookpress_compute))
        for item in items:
            resolved, problems = resolve_item(item, provider)
            for problem in problems:
                self._warn(str(problem))
            if not problems:
                box += self._item(resolved)
        if provider.marks:
            note = f"{' '.join(sorted(provider.marks))} {self.config.bookpress_unverified_note}"
            box += nodes.paragraph("", note, classes=["fact-legend"])
        self._note_facts(provider.used)
        return [box] if box.children else []

    def _bank_path(self) -> Path:
        folder = Path(self.env.srcdir, self.config.bookpress_questions)
        return folder / f"{self.arguments[0].strip()}.yaml"

    def _warn(self, text: str) -> None:
        logger.warning("%s", text, location=self.get_location(), type="bookpress", subtype="quiz")

    def _note_facts(self, used: Iterable[str]) -> None:
        """Let the page be read again when one of its facts changes."""
        if "bookpress.facts" in self.env.app.extensions:
            known = catalog(self.env.app).facts
            for fact_id in sorted(used):
                if fact_id in known:
                    evidence_domain(self.env).note_seen(self.env.docname, fact_id, known[fact_id].digest)

    def _chosen(self, bank: Bank) -> Sequence[Item]:
        named = self.options.get("items")
        items: Sequence[Item] = [bank.item(item_id) for item_id in named] if named else bank.items
        tags = set(self.options.get("tags") or ())
        if tags:
            items = [item for item in items if tags & set(item.tags)]
        items = items[: self.options.get("count")]
        if not items:
            raise KeyError(f"no item of {bank.file} fits the options of the quiz")
        return items

    def _item(self, item: Item) -> nodes.Element:
        """Build the node of one question; everything that tells the key is added for editions that may show it."""
        edition = self.config.bookpress_edition
        shows_key = edition != WITHOUT_KEY
        number = self.env.temp_data["bookpress_quiz_number"] = self.env.temp_data.get("bookpress_quiz_number", 0) + 1
        anchor = f"question-{item.id}"
        node = q.quiz_item(
            item_id=item.id, number=number, qtype=item.type, level=item.level, objective=item.objective,
            tags=list(item.tags), edition=edition,
        )  # fmt: skip
        if shows_key:
            node["key"] = item.key_text
        self.set_source_info(node)
        if anchor in self.state.document.ids:
            self._warn(f"question {item.id!r} stands twice on this page")
        node["ids"].append(anchor)
        self.state.document.note_explicit_target(node)
        if item.stem:
            node += self._blocks(item.stem, q.quiz_stem())
        node += self._inline(item.lead_in, q.quiz_lead_in())
        node += self._choices(item, shows_key) if item.options else self._number_field(item, shows_key)
        if shows_key:
            node += self._answer(item, number, edition)
        return node

    def _choices(self, item: Item, shows_key: bool) -> nodes.Element:
        box = q.quiz_options(item_id=item.id, qtype=item.type)
        for letter, option in zip(LETTERS, item.options, strict=False):
            node = q.quiz_option(item_id=item.id, qtype=item.type, letter=letter, edition=self.config.bookpress_edition)
            if shows_key:
                node["correct"] = "yes" if option.correct else "no"
            box += self._inline(option.text, node)
        return box

    def _number_field(self, item: Item, shows_key: bool) -> nodes.Element:
        assert item.answer is not None
        node = q.quiz_numeric(item_id=item.id, unit=item.answer.unit)
        if shows_key:
            node["answer"] = repr(item.answer.number)
            node["tolerance"] = repr(item.answer.tolerance)
        return node

    def _answer(self, item: Item, number: int, edition: str) -> nodes.Element:
        node = q.quiz_answer(number=number, edition=edition)
        node += q.quiz_key("", item.key_text)
        for letter, option in zip(LETTERS, item.options, strict=False):
            label = option.text if item.type == "true-false" else letter
            reason = q.quiz_reason(letter=letter, label=label, correct="yes" if option.correct else "no")
            node += self._inline(option.reason, reason)
        node += self._blocks(item.explanation, q.quiz_explanation())
        node += self._sources(item.sources)
        return node

    def _sources(self, keys: Iterable[str]) -> nodes.Element:
        listed = ",".join(keys)
        cited = f"{{cite}}`{listed}`" if "sphinxcontrib.bibtex" in self.env.app.extensions else listed
        return self._inline(cited, q.quiz_sources())

    def _inline(self, text: str, node: nodes.Element) -> nodes.Element:
        children, messages = self.state.inline_text(" ".join(text.split()), self.lineno)
        node += children
        node += messages
        return _without_markup(node)

    def _blocks(self, text: str, node: nodes.Element) -> nodes.Element:
        source = self.get_source_info()[0]
        self.state.nested_parse(StringList(text.splitlines(), source), self.content_offset, node)
        return _without_markup(node)


def _without_markup(node: nodes.Element) -> nodes.Element:
    """Turn raw HTML, which Markdown would hand through, into the text it is: a question holds words, not markup.

    Every export of the bank reads it so; a script in a question must not run on the page either. A link to a script is
    kept as its words alone.
    """
    for raw in list(node.findall(nodes.raw)):
        text = nodes.Text(raw.astext())
        raw.replace_self(text if isinstance(raw.parent, nodes.TextElement) else nodes.paragraph("", "", text))
    for link in list(node.findall(nodes.reference)):
        if re.match(r"\s*(?:javascript|vbscript|data):", link.get("refuri", ""), re.IGNORECASE):
            link.replace_self(nodes.inline("", "", *link.children))
    return node


def _listed(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) and names else list(names)
