"""Boxes: admonitions, exercises and their solutions, and the cards, tabs, and dropdowns of sphinx-design, all open."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.locale import admonitionlabels

from bookpress.print.markup import call, content, escape, string

ADMONITIONS = (
    "attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning",
)  # fmt: skip


class BoxVisitors:
    """Nodes that stand in a frame."""

    printing: Any
    figure_numbers: dict[str, dict[str, tuple[int, ...]]]

    render: Any
    children: Any
    all: Any
    anchor: Any
    mark: Any
    warn: Any

    def _box(self, node: nodes.Element, kind: str, title: str, body: list[nodes.Node]) -> str:
        head = content(self.anchor(node) + title)
        return f"{self.mark(node)}{call('admonition', string(kind), head, body=self.all(body))}\n"

    def print_admonition(self, node: nodes.Element) -> str:
        """An admonition with a title of its own."""
        kind = next((one for one in node["classes"] if one in ADMONITIONS), "note")
        title, body = self._split(node)
        return self._box(node, kind, title or str(admonitionlabels[kind]), body)

    def print_plain_admonition(self, node: nodes.Element) -> str:
        """An admonition whose kind is its title."""
        kind = type(node).__name__
        return self._box(node, kind, escape(str(admonitionlabels.get(kind, kind.title()))), node.children)

    print_attention = print_caution = print_danger = print_error = print_hint = print_plain_admonition
    print_important = print_note = print_seealso = print_tip = print_warning = print_plain_admonition

    def print_topic(self, node: nodes.Element) -> str:
        """A topic, or what stands in the margin."""
        title, body = self._split(node)
        return self._box(node, "aside", title, body)

    print_sidebar = print_topic

    def _split(self, node: nodes.Element) -> tuple[str, list[nodes.Node]]:
        """Return the title of a box and the rest of it."""
        first = node.children[0] if node.children else None
        if isinstance(first, (nodes.title, nodes.rubric)):
            return self.children(first), node.children[1:]
        return "", node.children

    # --- exercises --------------------------------------------------------------------------------------------------
    def print_exercise_enumerable_node(self, node: nodes.Element) -> str:
        """An exercise with the number of the web edition."""
        number = self.figure_numbers.get("exercise", {}).get(node["ids"][0], ())
        title, body = self._split(node)
        return self._box(node, "exercise", f"Exercise {'.'.join(map(str, number))}{title}", body)

    def print_exercise_node(self, node: nodes.Element) -> str:
        """An exercise without a number."""
        title, body = self._split(node)
        return self._box(node, "exercise", title, body)

    def print_solution_node(self, node: nodes.Element) -> str:
        """A solution, open; the assignment edition has none."""
        if not self.printing.shows_key:
            return ""
        title, body = self._split(node)
        return self._box(node, "solution", title, body)

    # --- sphinx-design ----------------------------------------------------------------------------------------------
    def print_design(self, node: nodes.container) -> str:
        """A component of sphinx-design."""
        component = node["design_component"].replace("-", "_")
        method = getattr(self, f"print_design_{component}", None)
        return str(method(node)) if method else self.anchor(node) + self.children(node)

    def print_design_tab_set(self, node: nodes.container) -> str:
        """All tabs of a set, one below the other."""
        tabs = [f"({content(self.children(tab[0]))}, {content(self.all(tab.children[1:]))})" for tab in node.children]
        return f"{self.mark(node)}{call('tabs', *tabs)}\n"

    def print_design_dropdown(self, node: nodes.container) -> str:
        """A dropdown, open."""
        title, body = self._split(node) if node.get("has_title") else ("", node.children)
        return self._box(node, "dropdown", title, body)

    def print_design_grid_row(self, node: nodes.container) -> str:
        """Cards side by side."""
        return f"{self.mark(node)}{call('cards', *(content(self.render(card)) for card in node.children))}\n"

    def print_design_card_title(self, node: nodes.container) -> str:
        """The title of a card."""
        return call("card-title", body=self.children(node))

    def print_design_badge(self, node: nodes.container) -> str:
        """A badge: its word."""
        return call("strong", body=self.children(node))
