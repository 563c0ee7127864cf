"""The loops find what the generators of docutils find, in the same order, also in a tree that changes meanwhile."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from bookpress import tree_walk

KINDS = (nodes.section, nodes.paragraph, nodes.strong, nodes.emphasis)
Change = Callable[[nodes.Node], None]


def _tree(children: list[Any], kind: int) -> nodes.Element:
    return KINDS[kind % 4]("", *children)


TREES = st.recursive(
    st.sampled_from("abc").map(nodes.Text),
    lambda inner: st.builds(_tree, st.lists(inner, max_size=4), st.integers(0, 3)),
    max_leaves=25,
).map(lambda node: nodes.section("", node, nodes.paragraph("", "", nodes.Text("z"))))


@pytest.fixture(autouse=True)
def plain() -> Iterator[Callable[..., Iterator[nodes.Node]]]:
    """Docutils as it came, whoever has shortened it in this process, and afterwards as it was."""
    found = nodes.Node.findall
    nodes.Node.findall = getattr(found, "__wrapped__", found)  # type: ignore[method-assign]
    yield nodes.Node.findall
    nodes.Node.findall = found  # type: ignore[method-assign]


def walked(tree: nodes.Node, change: Change | None, **how: Any) -> list[str]:
    """Return what is found on a copy of the tree, by its place; it may be changed at each find."""
    own = copy.deepcopy(tree)
    names = {id(node): str(place) for place, node in enumerate(nodes.Node.findall(own))}
    kept = list(nodes.Node.findall(own))  # so that no id is given twice
    seen = []
    for node in own.findall(**how):
        seen.append(names.get(id(node), "new"))
        if change:
            change(node)
        assert len(seen) < 500
    return [*seen, own.pformat() if kept else ""]


def replaced(node: nodes.Node) -> None:
    if isinstance(node, nodes.strong) and node.parent:
        node.replace_self([nodes.Text("x"), nodes.emphasis("", "y")])


def cleared(node: nodes.Node) -> None:
    if isinstance(node, nodes.paragraph):
        node.clear()


def removed(node: nodes.Node) -> None:
    if isinstance(node, nodes.Text) and node.parent and len(node.parent) > 1:
        node.parent.pop()


def grown(node: nodes.Node) -> None:
    if isinstance(node, nodes.emphasis) and len(node) < 3:
        node.append(nodes.Text("w"))


CONDITIONS = (None, nodes.Text, nodes.Element, nodes.strong, lambda node: isinstance(node, (nodes.strong, nodes.Text)))


@given(
    TREES,
    st.sampled_from(CONDITIONS),
    st.booleans(),
    st.sampled_from([None, replaced, cleared, removed, grown]),
    st.sampled_from([{}, {"descend": False}, {"siblings": True}, {"ascend": True}]),
)
def test_the_same_nodes_in_the_same_order(
    tree: nodes.Node, condition: Any, include_self: bool, change: Change | None, how: dict[str, bool]
) -> None:
    how = {"condition": condition, "include_self": include_self, **how}
    before = nodes.Node.findall
    expected = walked(tree, change, **how)
    tree_walk._shorten()
    try:
        assert nodes.Node.findall is not before
        assert walked(tree, change, **how) == expected
    finally:
        nodes.Node.findall = before  # type: ignore[method-assign]


def test_it_is_done_once() -> None:
    tree_walk._shorten()
    once = nodes.Node.findall
    tree_walk._shorten()
    assert nodes.Node.findall is once
