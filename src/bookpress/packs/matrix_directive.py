"""``{objective-matrix}``: for each chapter a table of its objectives with their questions and exercises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from bookpress.packs.matrix import Exercise, Row, make_matrix, read_exercises, read_objectives_of_exercises
from bookpress.questions.load import load_banks
from bookpress.questions.model import Bank

HEADER = ("Objective", "Recall, understand", "Apply, analyze", "Exercises")
WIDTHS = (46, 12, 12, 30)
Shown = dict[str, tuple[Exercise, ...]]
SHOWN = "bookpress_shown_exercises"
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
        shown: Shown = {}
        for bank in load_banks(folder):
            chapter = Path(self.env.srcdir) / f"{bank.chapter}.md"
            self.env.note_dependency(bank.file)
            shown[chapter.name] = read_exercises(chapter)
            rows = make_matrix(bank, shown[chapter.name], trains.get(bank.chapter, {}))
            tables.append(self._table(bank, rows))
        _all_shown(self.env)[self.env.docname] = shown
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


# --- when a page must be read again ---------------------------------------------------------------------------------
def _all_shown(env: BuildEnvironment) -> dict[str, Shown]:
    """Return which exercises each page shows. Of a chapter it shows nothing else: new words there leave it as it is."""
    if not hasattr(env, SHOWN):
        setattr(env, SHOWN, {})
    found: dict[str, Shown] = getattr(env, SHOWN)
    return found


def _outdated(_app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    source = Path(env.srcdir)

    def is_same(name: str, exercises: tuple[Exercise, ...]) -> bool:
        return (source / name).is_file() and read_exercises(source / name) == exercises

    pages = _all_shown(env).items()
    outdated = [page for page, shown in pages if not all(is_same(*one) for one in shown.items())]
    return sorted(set(outdated) & env.found_docs - added - changed - removed)


def _purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _all_shown(env).pop(docname, None)


def _merge(_app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    found = _all_shown(other)
    _all_shown(env).update({docname: found[docname] for docname in docnames if docname in found})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive; the setting ``bookpress_questions`` belongs to the quiz."""
    app.add_directive("objective-matrix", ObjectiveMatrix)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
