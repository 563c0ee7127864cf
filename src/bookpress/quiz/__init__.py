"""Self-assessment in the page: questions that can be answered, printed, and read without scripts.

The extension offers the directive ``{quiz}``. A reader with scripts may check an answer and is told at once why it is
right or wrong; a reader without them opens the answer. Nothing is remembered unless the reader asks for it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import ENUM

from bookpress.medium import has_forms
from bookpress.quiz import html, text
from bookpress.quiz.directive import QuizDirective
from bookpress.quiz.elements import ALL, quiz
from bookpress.quiz.key import AnswerKeyDirective
from bookpress.static_files import offer_static_files


def _link_files(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is None or next(doctree.findall(quiz), None) is None:
        return
    app.add_css_file("quiz.css")
    if has_forms(app.builder):
        app.add_js_file("quiz.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register directive, nodes, settings and files."""
    for name, default, kinds in (
        ("bookpress_facts", "", (str,)),
        ("bookpress_compute", [], (str, list, tuple)),
        ("bookpress_unverified_note", "Not verified against the source.", (str,)),
        ("bookpress_edition", "reader", ENUM("reader", "assignment", "lecturer")),
    ):
        if name not in app.config.values:  # another extension of the press may have asked for the same setting
            app.add_config_value(name, default, "env", kinds)
    app.add_config_value("bookpress_questions", "data/questions", "env", (str,))
    app.add_directive("quiz", QuizDirective)
    app.add_directive("answer-key", AnswerKeyDirective)
    for node in ALL:
        # Never register for "epub" by name: Sphinx would then ignore the HTML visitors of every other extension there.
        app.add_node(node, html=html.visitors(node.__name__), text=text.visitors(node.__name__))
    app.connect("builder-inited", offer_static_files)
    app.connect("html-page-context", _link_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
