"""What each edition does with the solutions of exercises."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.utils import new_document

from bookpress.edition import treat_solutions


class solution_node(nodes.Element):
    """Stands for the node of sphinx-exercise, which is known by its name."""


@pytest.mark.parametrize(
    ("edition", "kept"), [("reader", [["solution", "dropdown"]]), ("assignment", []), ("lecturer", [["solution"]])]
)
def test_solutions_are_folded_left_out_or_open(edition: str, kept: list[list[str]]) -> None:
    document = new_document("page")
    document += nodes.paragraph("", "An exercise.")
    document += solution_node("", nodes.paragraph("", "A secret."), classes=["solution", "dropdown"])
    treat_solutions(document, edition)
    assert [node["classes"] for node in document.findall(solution_node)] == kept
    assert ("A secret." in document.astext()) == bool(kept)
    assert "An exercise." in document.astext()
