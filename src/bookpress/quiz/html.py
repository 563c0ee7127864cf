"""Draw the quiz nodes as HTML: native form controls and a details element, so that they work with scripts off.

The markup is XHTML-clean, because EPUB uses the same visitors. Static builders such as EPUB get a list, not a form.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from docutils import nodes

from bookpress.medium import has_forms

Visitor = Callable[[Any, Any], None]
SIGNS = {"yes": ("✓", "right"), "no": ("✗", "wrong")}
LEVELS = {"remember": "recall", "understand": "understanding", "apply": "application", "analyze": "analysis"}
REMEMBER = """\
<label class="quiz-remember"><input type="checkbox"/> <span>Remember my answers on this device</span></label>
"""
STORED = """\
<p class="quiz-stored">Off until you tick it.
Then this browser alone keeps, for each question, your answer and whether it was right.
Take the tick away, and all of it is gone.</p>
"""
TOOLS = f"""\
<div class="quiz-tools" hidden="hidden">
<p class="quiz-progress" role="status"></p>
{REMEMBER}<button type="button" class="quiz-clear">Clear my answers</button>
{STORED}%s</div>
"""
OBJECTIVES = """\
<details class="quiz-objectives"><summary>Objectives I can do</summary>
<ul>
%s</ul>
<p>Counted are the questions on this page.</p>
</details>
"""
# Nodes that are the same in every edition: what opens and what closes them.
PLAIN = {
    "quiz_stem": ('<div class="quiz-stem">\n', "</div>\n"),
    "quiz_key": ('<p class="quiz-key">Answer: <strong>', "</strong></p>\n"),
    "quiz_explanation": ('<div class="quiz-explanation">\n', "</div>\n"),
    "quiz_sources": ('<p class="quiz-sources">Sources: ', "</p>\n"),
}


def visitors(name: str) -> tuple[Visitor, Visitor]:
    """Return the two functions that open and close a node of this name."""
    if name in PLAIN:
        opening, closing = PLAIN[name]
        return (
            lambda translator, _node: _write(translator, opening),
            lambda translator, _node: _write(translator, closing),
        )
    return globals()[f"visit_{name}"], globals()[f"depart_{name}"]


def _write(translator: Any, markup: str) -> None:
    translator.body.append(markup)


def _tag(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())


def _listen(text: str) -> str:
    """Return text for those who listen to the page."""
    return f'<span class="quiz-listen">{escape(text)}</span>'


def visit_quiz(translator: Any, node: nodes.Element) -> None:
    """Open the box of all questions."""
    _write(translator, _tag("div", {"class": "quiz", "data-chapter": node["chapter"]}) + ">\n")


def depart_quiz(translator: Any, node: nodes.Element) -> None:
    """Close it, with the tools that stay hidden until a script can serve them."""
    has_tools = has_forms(translator.builder) and node["edition"] != "assignment" and not node.get("in_exam")
    _write(translator, (TOOLS % _objectives(node) if has_tools else "") + "</div>\n")


def _objectives(node: nodes.Element) -> str:
    """Return the objectives that the questions of the page test, each with its questions, for a script to count."""
    items = [child for child in node.children if child.tagname == "quiz_item"]
    rows = []
    for name, text in node.get("objectives", {}).items():
        asked = [item["item_id"] for item in items if item["objective"] == name]
        if asked:
            row = _tag("li", {"data-items": " ".join(asked)})
            rows.append(f'{row}>{escape(text, quote=False)} <span class="quiz-tally"></span></li>\n')
    return OBJECTIVES % "".join(rows) if rows else ""


def visit_quiz_item(translator: Any, node: nodes.Element) -> None:
    """Open one question with its number and level."""
    attributes = {
        "class": f"quiz-item quiz-{node['qtype']}",
        "id": node["ids"][0],
        "data-item": node["item_id"],
        "data-type": node["qtype"],
        "data-objective": node["objective"],
        "data-level": node["level"],
    }
    if not _is_form(translator, node):
        _write(translator, _tag("div", attributes) + ">\n")
    else:
        _write(translator, _tag("form", {**attributes, "novalidate": "novalidate", "autocomplete": "off"}) + ">\n")
    level = f'<span class="quiz-level">{LEVELS[node["level"]]}</span>'
    _write(translator, f'<p class="quiz-number">Question {node["number"]} {level}</p>\n')


def depart_quiz_item(translator: Any, node: nodes.Element) -> None:
    """Close the question."""
    _write(translator, "</form>\n" if _is_form(translator, node) else "</div>\n")


def _is_form(translator: Any, item: nodes.Element) -> bool:
    """Tell whether a question is a form of its own; the questions of an exam stand together in one form."""
    return has_forms(translator.builder) and not item.get("in_exam")


def visit_quiz_lead_in(translator: Any, _node: nodes.Element) -> None:
    """Open the question; as the legend it names the group of choices."""
    static = not has_forms(translator.builder)
    _write(translator, "" if static else '<fieldset class="quiz-field">\n')
    _write(translator, _tag("p" if static else "legend", {"class": "quiz-lead-in"}) + ">")


def depart_quiz_lead_in(translator: Any, node: nodes.Element) -> None:
    """Close it, with the hint that several choices apply."""
    if node.parent["qtype"] == "multiple":
        _write(translator, ' <span class="quiz-hint">Choose every option that applies.</span>')
    _write(translator, "</p>\n" if not has_forms(translator.builder) else "</legend>\n")


def visit_quiz_options(translator: Any, _node: nodes.Element) -> None:
    """Open the list of choices."""
    _write(translator, '<ol class="quiz-options" type="A">\n' if not has_forms(translator.builder) else "")


def depart_quiz_options(translator: Any, node: nodes.Element) -> None:
    """Close it, with button and verdict."""
    _write(translator, "</ol>\n" if not has_forms(translator.builder) else _check(node.parent) + "</fieldset>\n")


def _check(item: nodes.Element) -> str:
    """Return the button, which is off until a script turns it on, and the line that speaks the verdict."""
    if item["edition"] == "assignment":
        return ""
    if item.get("in_exam"):  # told when the paper is handed in, and then by one status line for all
        return '<p class="quiz-verdict"></p>\n'
    button = _tag("button", {"type": "submit", "class": "quiz-check", "disabled": "disabled", "hidden": "hidden"})
    spoken = _listen(f" to question {item['number']}")
    return f'{button}>Check answer{spoken}</button>\n<p class="quiz-verdict" role="status"></p>\n'


def visit_quiz_option(translator: Any, node: nodes.Element) -> None:
    """Open one choice: the whole row is its label."""
    if not has_forms(translator.builder):
        _write(translator, "<li>")
        return
    attributes = {
        "type": "checkbox" if node["qtype"] == "multiple" else "radio",
        "name": f"answer-{node['item_id']}",
        "value": node["letter"],
    }
    if "correct" in node:
        attributes["data-correct"] = node["correct"]
    letter = "" if node["qtype"] == "true-false" else f'<span class="quiz-letter">{node["letter"]}</span> '
    row = f'<div class="quiz-option"><label>{_tag("input", attributes)}/> {letter}<span class="quiz-text">'
    _write(translator, row)


def depart_quiz_option(translator: Any, node: nodes.Element) -> None:
    """Close the choice; the lecturer sees the key in its row."""
    if not has_forms(translator.builder):
        _write(translator, "</li>\n")
        return
    is_key = node["edition"] == "lecturer" and node.get("correct") == "yes"
    key = ' <span class="quiz-is-key">✓ key</span>' if is_key else ""
    _write(translator, f"</span>{key}</label></div>\n")


def visit_quiz_numeric(translator: Any, node: nodes.Element) -> None:
    """Write the field for a number."""
    unit = escape(f" ({node['unit']})" if node["unit"] else "")
    if not has_forms(translator.builder):
        _write(translator, f'<p class="quiz-number-field">Answer{unit}: ____________</p>\n')
        raise nodes.SkipNode
    attributes = {"type": "number", "step": "any", "name": f"answer-{node['item_id']}"}
    if "answer" in node:
        attributes |= {"data-answer": node["answer"], "data-tolerance": node["tolerance"]}
    field = f"<label>Your answer{unit} {_tag('input', attributes)}/></label>"
    _write(translator, f'<div class="quiz-number-field">{field}</div>\n{_check(node.parent)}</fieldset>\n')
    raise nodes.SkipNode


def depart_quiz_numeric(_translator: Any, _node: nodes.Element) -> None:
    """Never reached: the field has no children."""


def visit_quiz_answer(translator: Any, node: nodes.Element) -> None:
    """Open the answer: closed for the reader, open for the lecturer."""
    opened = _tag("details", {"class": "quiz-answer"} | ({"open": "open"} if node["edition"] == "lecturer" else {}))
    spoken = _listen(f" for question {node['number']}")
    summary = f"<summary>Answer and reasons{spoken}</summary>"
    _write(translator, f'{opened}>{summary}\n<div class="quiz-answer-body">\n')


def depart_quiz_answer(translator: Any, _node: nodes.Element) -> None:
    """Close the answer."""
    _write(translator, "</div>\n</details>\n")


def visit_quiz_reason(translator: Any, node: nodes.Element) -> None:
    """Open one reason; the first opens their list. Sign and word tell right from wrong, color repeats it."""
    sign, word = SIGNS[node["correct"]]
    _write(translator, "" if _beside_reason(node, -1) else '<ul class="quiz-reasons">\n')
    _write(translator, _tag("li", {"class": f"quiz-is-{word}", "data-letter": node["letter"]}) + ">")
    label = f"<strong>{escape(node['label'])}</strong>"
    _write(translator, f'<span class="quiz-sign" aria-hidden="true">{sign}</span> {label} ')
    _write(translator, f'<span class="quiz-word">{word}</span> <span class="quiz-why">')


def depart_quiz_reason(translator: Any, node: nodes.Element) -> None:
    """Close the reason; the last closes their list."""
    _write(translator, "</span></li>\n" + ("" if _beside_reason(node, 1) else "</ul>\n"))


def _beside_reason(node: nodes.Element, step: int) -> bool:
    place = node.parent.index(node) + step
    return 0 <= place < len(node.parent) and isinstance(node.parent[place], type(node))
