"""Formulas: the MathML of the web edition, set by Typst, with its spoken form as alternative text."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from bookpress.math import FormulaError, to_mathml
from bookpress.print.formula_speech import speak
from bookpress.print.formula_typst import MathMLError, typeset
from bookpress.print.markup import call, string


class FormulaVisitors:
    """Formulas in a line and on lines of their own."""

    printing: Any
    figure_numbers: dict[str, dict[str, tuple[int, ...]]]

    label_of: Any
    mark: Any
    warn: Any

    def _formula(self, node: nodes.Element, *, display: bool) -> tuple[str, str]:
        """Return a formula as Typst and in words."""
        try:
            mathml = to_mathml(node.astext(), display=display)
            return typeset(mathml), speak(mathml)
        except (FormulaError, MathMLError) as error:
            self.warn(node, "formula %r cannot be printed: %s", node.astext().strip()[:60], error)
            return string(node.astext()), node.astext()

    def print_math(self, node: nodes.math) -> str:
        """A formula in a line."""
        formula, words = self._formula(node, display=False)
        return call("inline-formula", string(words), f"${formula}$")

    def print_math_block(self, node: nodes.math_block) -> str:
        """A displayed formula with the number of the web edition."""
        formula, words = self._formula(node, display=True)
        number = self._number(node)
        label = self.label_of(node)
        line = call("formula", string(words), string(number), string(label), f"$ {formula} $")
        return f"{self.mark(node)}{line}\n"

    def _number(self, node: nodes.math_block) -> str:
        if not node.get("number"):
            return ""
        config = self.printing.config
        if config.math_numfig and config.numfig and node["ids"]:
            number = self.figure_numbers.get("displaymath", {}).get(node["ids"][0], ())
            return f"({'.'.join(map(str, number))})"
        return f"({node['number']})"
