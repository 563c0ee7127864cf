"""Draw the quiz nodes as plain text: enough to read and to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

Visitor = Callable[[Any, Any], None]
PREFIX: dict[str, Callable[[nodes.Element], str]] = {
    "quiz_item": lambda node: f"Question {node['number']}",
    "quiz_numeric": lambda node: f"Answer ({node['unit']}): ____________" if node["unit"] else "Answer: ____________",
    "quiz_option": lambda node: f"{node['letter']}. ",
    "quiz_key": lambda _node: "Answer: ",
    "quiz_reason": lambda node: f"{node['label']} ({'right' if node['correct'] == 'yes' else 'wrong'}): ",
    "quiz_sources": lambda _node: "Sources: ",
}
OWN_LINE = {"quiz_item", "quiz_numeric"}


def visitors(name: str) -> tuple[Visitor, Visitor]:
    """Return the two functions that open and close a node of this name."""
    prefix = PREFIX.get(name)
    is_text = name in ("quiz_lead_in", "quiz_option", "quiz_key", "quiz_reason", "quiz_sources")

    def visit(translator: Any, node: nodes.Element) -> None:
        if is_text or name in OWN_LINE:
            translator.new_state(0)
        if prefix is not None:
            translator.add_text(prefix(node))
        if name in OWN_LINE:
            translator.end_state()

    def depart(translator: Any, _node: nodes.Element) -> None:
        if is_text:
            translator.end_state()

    return visit, depart
