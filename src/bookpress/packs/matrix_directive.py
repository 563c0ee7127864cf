"""``{objective-matrix}``: for each chapter a table of its objectives with their questions and exercises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookpress.packs.matrix import Exercise, Row, make_matrix, read_exercises, read_objectives_of_exercises
from bookpress.questions.load import load_banks
from bookpress.questions.model import Bank

HEADER = ("Objective", "Recall, understand", "Apply, analyze", "Exercises")
WIDTHS = (46, 12, 12, 30)
KIND = re.compile(r"\s*\((?:compute|interpret)\)$")


class ObjectiveMatrix(SphinxDirective):
    """Put one table for each question bank of the book on the page."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the tables, in the order of the banks."""
        folder = Path(self.env.srcdir, self.config.bookpress_questions).resolve()
        trained = folder.parent / "exercises.yaml"
        trains = read_objectives_of_exercises(trained)
        self.env.note_dependency(str(trained))
        tables: list[nodes.Node] = []
        for bank in load_banks(folder):
            chapter = Path(self.env.srcdir) / f"{bank.chapter}.md"
            for file in (Path(bank.file), chapter):
                self.env.note_dependency(str(file))
            rows = make_matrix(bank, read_exercises(chapter), trains.get(bank.chapter, {}))
            tables.append(self._table(bank, rows))
        return tables

    def _table(self, bank: Bank, rows: tuple[Row, ...]) -> nodes.table:
        group = nodes.tgroup(cols=len(HEADER))
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        head, body = nodes.thead(), nodes.tbody()
        head += _row([nodes.paragraph("", text) for text in HEADER])
        body += [self._entry(row) for row in rows]
        group += [head, body]
        # Its numbers count the questions: the gate on typed numbers has nothing to find here.
        table = nodes.table("", nodes.title("", f"{bank.title}: what tests each objective."), group, from_data=True)
        self.set_source_info(table)
        return table

    def _entry(self, row: Row) -> nodes.row:
        low, high = (
            sum(len(row.questions[level]) for level in levels)
            for levels in (("remember", "understand"), ("apply", "analyze"))
        )
        listed = nodes.paragraph()
        for place, exercise in enumerate(row.exercises):
            listed += ([nodes.Text("; ")] if place else []) + [self._link(exercise)]
        if not row.exercises:
            listed += nodes.Text("–")
        counts = [nodes.paragraph("", str(count) if count else "–") for count in (low, high)]
        return _row([nodes.paragraph("", row.text), *counts, listed])

    def _link(self, exercise: Exercise) -> nodes.Node:
        text = KIND.sub("", exercise.title)
        link = addnodes.pending_xref(
            "", nodes.inline("", text), refdomain="std", reftype="ref", refexplicit=True, reftarget=exercise.label,
            refdoc=self.env.docname, refwarn=True,
        )  # fmt: skip
        return link


def _row(cells: list[nodes.paragraph]) -> nodes.row:
    row = nodes.row()
    row += [nodes.entry("", cell) for cell in cells]
    return row


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive; the setting ``bookpress_questions`` belongs to the quiz."""
    app.add_directive("objective-matrix", ObjectiveMatrix)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
