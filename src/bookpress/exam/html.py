"""Draw exam and progress as HTML: native forms, hidden until the script can serve them.

The questions wait in a ``template``: they are no part of the page until a paper is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from docutils import nodes

from bookpress.exam.elements import Row
from bookpress.questions.model import LEVELS
from bookpress.quiz import elements as q
from bookpress.quiz.html import LEVELS as LEVEL_NAMES
from bookpress.quiz.html import REMEMBER, STORED

Visitor = Callable[[Any, Any], None]
PLAIN = {"exam_fallback": ('<div class="exam-fallback">\n', "</div>\n")}
SETUP = """\
<form class="exam-setup" hidden="hidden" novalidate="novalidate" autocomplete="off">
<fieldset><legend>Chapters</legend>
{chapters}<p class="exam-all"><button type="button" class="exam-none">Take all away</button></p>
</fieldset>
<fieldset><legend>Levels</legend>
{levels}</fieldset>
<div class="exam-fields">
<p><label>Questions
<input type="number" class="exam-count" name="count" min="1" max="{most}" value="{count}"/></label></p>
<p><label>Minutes to aim for
<input type="number" class="exam-minutes" name="minutes" min="1" max="300"
 aria-describedby="exam-minutes-hint"/></label>
<span id="exam-minutes-hint" class="exam-hint">May stay empty. A clock informs; it never locks anything.</span></p>
<p><label>Paper number
<input type="text" class="exam-number" name="number" inputmode="numeric" aria-describedby="exam-number-hint"/></label>
<span id="exam-number-hint" class="exam-hint">Leave empty for a new paper.
A number that you were given brings its own chapters, levels, and count.</span></p>
</div>
<p class="exam-status" role="status"></p>
<p><button type="submit" class="exam-draw">Draw a paper</button></p>
</form>
"""
PAPER = """\
<div class="exam-result" hidden="hidden"></div>
<form class="exam-paper" hidden="hidden" novalidate="novalidate" autocomplete="off">
<h3 class="exam-title" tabindex="-1">Paper</h3>
<p class="exam-about"></p>
<p class="exam-clock" hidden="hidden"></p>
<div class="exam-questions"></div>
<div class="exam-end">
<p class="exam-hint">Leaving the page loses answers that were not handed in.</p>
<p class="exam-open" role="status"></p>
<p><button type="submit" class="exam-submit">Hand in</button>
<button type="button" class="exam-print">Print this paper</button>
<button type="button" class="exam-again">Draw another paper</button></p>
</div>
</form>
"""
MEMORY = f"""\
<div class="quiz-tools" hidden="hidden">
<p class="quiz-progress" role="status"></p>
{REMEMBER}{STORED}</div>
"""


def visitors(name: str) -> tuple[Visitor, Visitor]:
    """Return the two functions that open and close a node of this name."""
    if name in PLAIN:
        opening, closing = PLAIN[name]
        return (
            lambda translator, _node: translator.body.append(opening),
            lambda translator, _node: translator.body.append(closing),
        )
    return globals()[f"visit_{name}"], globals()[f"depart_{name}"]


def visit_exam(translator: Any, node: nodes.Element) -> None:
    """Open the exam: words, the form of choices, the paper, and the questions in a template."""
    words, *quizzes = node.children
    translator.body.append(f'<div class="exam quiz" data-release="{escape(node["release"])}">\n')
    words.walkabout(translator)
    items = [item for quiz in quizzes for item in quiz.children if isinstance(item, q.quiz_item)]
    counts = {level: sum(item["level"] == level for item in items) for level in LEVELS}
    setup = SETUP.format(
        chapters="".join(_box("chapter", quiz["chapter"], quiz["title"], _count(quiz)) for quiz in quizzes),
        levels="".join(_box("level", level, LEVEL_NAMES[level], counts[level]) for level in LEVELS if counts[level]),
        count=node["count"],
        most=node["most"],
    )
    translator.body.append(f'<div class="exam-tool">\n{setup}{PAPER}<template class="exam-pool">\n')
    for quiz in quizzes:
        quiz.walkabout(translator)
    translator.body.append("</template>\n</div>\n</div>\n")
    raise nodes.SkipNode


def depart_exam(_translator: Any, _node: nodes.Element) -> None:
    """Never reached: the visit wrote it all."""


def _count(quiz: nodes.Element) -> int:
    return sum(isinstance(item, q.quiz_item) for item in quiz.children)


def _box(kind: str, value: str, title: str, count: int) -> str:
    """Return one choice to tick, with the number of its questions."""
    tick = f'<input type="checkbox" name="{kind}" value="{escape(value)}" checked="checked"/>'
    return f'<label class="exam-choice">{tick} <span>{escape(title)} ({count})</span></label>\n'


def visit_exam_back(translator: Any, node: nodes.Element) -> None:
    """Write the way back to the objective, shown when the paper is handed in."""
    href = _address(translator, node["docname"], node["anchor"])
    link = f'<a href="{href}">{escape(node["chapter"])}, objective {node["place"]}</a>'
    translator.body.append(f'<p class="exam-back">Read again: {link}. {escape(node["text"], quote=False)}</p>\n')
    raise nodes.SkipNode


def depart_exam_back(_translator: Any, _node: nodes.Element) -> None:
    """Never reached: there are no children."""


def visit_progress(translator: Any, node: nodes.Element) -> None:
    """Write the words, the box that allows a memory, and one table for each chapter."""
    translator.body.append('<div class="exam quiz">\n')
    for words in node.children:
        words.walkabout(translator)
    tables = "".join(_table(translator, *chapter) for chapter in node["chapters"])
    translator.body.append(
        f'<div class="progress-tool" hidden="hidden">\n{MEMORY}<p class="progress-sum"></p>\n{tables}</div>\n</div>\n'
    )
    raise nodes.SkipNode


def depart_progress(_translator: Any, _node: nodes.Element) -> None:
    """Never reached: the visit wrote it all."""


def _table(translator: Any, title: str, docname: str, rows: list[Row]) -> str:
    body = "".join(
        f'<tr data-items="{escape(" ".join(ids))}"><td><a href="{_address(translator, docname, anchor)}">'
        f'{escape(text, quote=False)}</a></td><td class="quiz-tally"></td></tr>\n'
        for anchor, text, ids in rows
    )
    head = '<thead><tr><th scope="col">Objective</th><th scope="col">Questions</th></tr></thead>'
    return (
        f'<table class="progress-table"><caption>{escape(title)}</caption>\n{head}\n<tbody>\n{body}</tbody></table>\n'
    )


def _address(translator: Any, docname: str, anchor: str) -> str:
    builder = translator.builder
    return f"{escape(builder.get_relative_uri(builder.current_docname, docname))}#{escape(anchor)}"
