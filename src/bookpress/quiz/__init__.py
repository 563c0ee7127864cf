"""Self-assessment in the page: questions that can be answered, printed, and read without scripts.

The extension offers the directive ``{quiz}``. A reader with scripts may check an answer and is told at once why it is
right or wrong; a reader without them opens the answer. Nothing is remembered unless the reader asks for it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import ENUM

from bookpress.quiz import html, text
from bookpress.quiz.directive import QuizDirective
from bookpress.quiz.nodes import ALL, quiz

STATIC = Path(__file__).resolve().parents[1] / "static"
FILES = ("quiz.css", "quiz.js")


def _copy_files(app: Sphinx) -> None:
    """Put style and script into the edition; only pages with a quiz link them."""
    if app.builder.format == "html":
        target = Path(app.outdir, "_static", "bookpress")
        target.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(STATIC / name, target / name)


def _link_files(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is None or next(doctree.findall(quiz), None) is None:
        return
    app.add_css_file("bookpress/quiz.css")
    if not html.is_static(app.builder):
        app.add_js_file("bookpress/quiz.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register directive, nodes, settings and files."""
    for name, default, kinds in (
        ("bookpress_facts", "", (str,)),
        ("bookpress_compute", [], (str, list, tuple)),
        ("bookpress_edition", "reader", ENUM("reader", "assignment", "lecturer")),
    ):
        if name not in app.config.values:  # another extension of the press may have asked for the same setting
            app.add_config_value(name, default, "env", kinds)
    app.add_config_value("bookpress_questions", "data/questions", "env", (str,))
    app.add_config_value("bookpress_quiz_static_builders", ["epub"], "html", (list, tuple))
    app.add_directive("quiz", QuizDirective)
    for node in ALL:
        # Never register for "epub" by name: Sphinx would then ignore the HTML visitors of every other extension there.
        app.add_node(node, html=html.visitors(node.__name__), text=text.visitors(node.__name__))
    app.connect("builder-inited", _copy_files)
    app.connect("html-page-context", _link_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
