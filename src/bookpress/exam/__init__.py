"""Exams and progress: papers drawn from the whole question bank, and what a reader can do, objective by objective.

The extension offers the directives ``{exam}`` and ``{progress}``. Both work in a page with scripts alone; what they
enclose says on paper, in an e-book, and without scripts where the questions are. The edition without keys holds
nothing else of them. Questions are drawn and checked by the nodes and the script of :mod:`bookpress.quiz`.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from bookpress.exam import html
from bookpress.exam.anchors import anchor_objectives
from bookpress.exam.directive import ExamDirective, ProgressDirective
from bookpress.exam.elements import exam, exam_back, exam_fallback, progress
from bookpress.medium import has_forms
from bookpress.static_files import offer_static_files


class LeaveWords(SphinxPostTransform):
    """Leave of exam and progress the words they enclose, where pages hold no scripts."""

    default_priority = 6  # before references are resolved: those of the questions are not needed

    def run(self, **_options: Any) -> None:
        """Replace both by their words."""
        if has_forms(self.app.builder):
            return
        for node in [*self.document.findall(exam), *self.document.findall(progress)]:
            words = [child for child in node.children if isinstance(child, exam_fallback)]
            node.parent.replace(node, [block for child in words for block in child.children])


def _lighten(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Drop the full titles of sources: so many of them would be a tenth of the page, and each stands where it leads."""
    for box in doctree.findall(exam):
        for link in box.findall(nodes.reference):
            link.attributes.pop("reftitle", None)


def _link_files(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is None or not any(doctree.findall(lambda node: isinstance(node, (exam, progress)))):
        return
    for sheet in ("quiz.css", "exam.css"):
        app.add_css_file(sheet)
    for script in ("quiz.js", "exam-draw.js", "exam.js"):
        app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register directives, nodes, setting, and files; the other settings belong to the quiz."""
    app.add_config_value("bookpress_objectives_section", "learning-objectives", "env", (str,))
    app.add_directive("exam", ExamDirective)
    app.add_directive("progress", ProgressDirective)
    for node in (exam, exam_back, exam_fallback, progress):
        app.add_node(node, html=html.visitors(node.__name__), text=(_pass, _pass))
    app.add_post_transform(LeaveWords)
    app.connect("doctree-read", anchor_objectives)
    app.connect("doctree-resolved", _lighten)
    app.connect("builder-inited", offer_static_files)
    app.connect("html-page-context", _link_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _pass(_translator: Any, _node: nodes.Element) -> None:
    """Print the children as they are."""
