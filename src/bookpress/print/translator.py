"""From a resolved doctree to Typst markup: one method a kind of node, each returning markup.

The methods are sorted by subject into the modules ``visit_*``. A node that no method and no extension prints is a
warning with file and line; its children are printed all the same, so that the finding does not hide others.
"""

from __future__ import annotations

from functools import cached_property

from docutils import nodes
from sphinx.util import logging

from bookpress.print import registry
from bookpress.print.edition import Printing
from bookpress.print.markup import call, content, escape, string
from bookpress.print.visit_blocks import BlockVisitors
from bookpress.print.visit_boxes import BoxVisitors
from bookpress.print.visit_cells import CellVisitors
from bookpress.print.visit_figures import FigureVisitors
from bookpress.print.visit_formulas import FormulaVisitors
from bookpress.print.visit_quiz import QuizVisitors
from bookpress.print.visit_tables import TableVisitors
from bookpress.print.visit_text import TextVisitors

logger = logging.getLogger(__name__)


class Translator(
    TextVisitors,
    BlockVisitors,
    BoxVisitors,
    CellVisitors,
    FigureVisitors,
    FormulaVisitors,
    QuizVisitors,
    TableVisitors,
):
    """Writes one page of one printing. `level` is the level of the page's title."""

    def __init__(self, printing: Printing, docname: str, *, level: int = 1) -> None:
        """Begin a page."""
        self.printing = printing
        self.docname = docname
        self.level = level
        self.section_numbers = printing.env.toc_secnumbers.get(docname, {})
        self.figure_numbers = printing.env.toc_fignumbers.get(docname, {})
        self.is_in_heading = False
        self.is_in_cell = False

    @cached_property
    def tree(self) -> nodes.document:
        """The page."""
        return self.printing.trees[self.docname]

    @cached_property
    def footnotes(self) -> dict[str, nodes.footnote]:
        """The footnotes of the page by their ids."""
        return {one: note for note in self.tree.findall(nodes.footnote) for one in note["ids"]}

    def page(self) -> str:
        """Return the markup of the whole page."""
        self.printing.gathered.printed.add(self.docname)
        return self.children(self.tree)

    def render(self, node: nodes.Node) -> str:
        """Return the markup of one node."""
        visitor = registry.visitor_of(node)
        if visitor is not None:
            return visitor(self, node)
        for kind in type(node).__mro__:
            method = getattr(self, f"print_{kind.__name__}", None)
            if method is not None:
                return str(method(node))
        self.warn(
            node, f"the print edition does not know the node <{type(node).__name__}>; see bookpress.print.registry"
        )
        return self.children(node)

    def children(self, node: nodes.Node) -> str:
        """Return the markup of all children."""
        return self.all(node.children)

    def all(self, listed: list[nodes.Node]) -> str:
        """Return the markup of several nodes, one after the other."""
        return "".join(self.render(node) for node in listed)

    def static(self, markup: str, *, where: str) -> str:
        """Frame what runs only on the web, with the line that says where."""
        return f"\n{call('static', content(escape(where)), body=markup)}\n"

    def warn(self, node: nodes.Node, text: str, *arguments: object) -> None:
        """Report something that cannot be printed, with file and line."""
        self.printing.gathered.has_warned = True
        while node.line is None and node.parent is not None:
            node = node.parent
        place = (self.docname, node.line) if not node.source else node
        logger.warning(text, *arguments, location=place, type="bookpress", subtype="print")

    def want(self, label: str, node: nodes.Node) -> None:
        """Remember that a node refers to a label."""
        wanted = self.printing.gathered.wanted
        if label not in wanted:
            wanted[label] = logging.get_node_location(node)

    def label_of(self, node: nodes.Element) -> str:
        """Return the label of a node that carries it itself, or an empty text; a label is given once."""
        for one in node.get("ids", []):
            label = self.printing.names.label(self.docname, one)
            if label in self.printing.gathered.made:
                return ""
            self.printing.gathered.made.add(label)
            return label
        return ""

    def anchor(self, node: nodes.Element) -> str:
        """Return an invisible mark at the place of a node that something may refer to."""
        if self.is_in_heading:
            return ""
        label = self.label_of(node)
        return call("anchor", string(label)) if label else ""

    def mark(self, node: nodes.Node) -> str:
        """Return a comment that names file and line, by which an error of the compiler finds its way back."""
        if self.is_in_cell:
            return ""  # the table has a mark
        while node is not None and node.line is None:
            node = node.parent
        return f"\n//@ {self.docname}:{node.line}\n" if node is not None else ""
