"""How another extension lets its nodes be printed.

The print edition refuses a node it does not know: a warning with file and line, which the strict build turns into a
failure. There are two ways to make a node known.

1. The node holds ordinary nodes that say on paper what the page does on screen (a calculator with a worked example,
   say). Give its class an attribute::

       class calculator(nodes.General, nodes.Element):
           print_children = True
           print_where = "Calculate with your own numbers in the web edition."  # optional

   The children are printed as they are, in a quiet frame, with the line below. Without ``print_where`` the line is
   "Run it in the web edition."; an empty ``print_where`` prints no line.

2. The node needs markup of its own. Register a function that returns Typst markup, in the extension's ``setup``::

       from bookpress.print import registry
       registry.register(gauge, lambda translator, node: translator.children(node))

   The function gets the translator, whose ``render(node)`` and ``children(node)`` return the markup of nodes, and the
   node. Use the helpers of :mod:`bookpress.print.markup`; a function of the template ``book.typ`` gives the look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

Visitor = Callable[[Any, Any], str]
RUN_IT = "Run it in the web edition."
_visitors: dict[type[nodes.Node], Visitor] = {}


def register(node_class: type[nodes.Node], visitor: Visitor) -> None:
    """Print nodes of a class with `visitor`, which returns Typst markup."""
    _visitors[node_class] = visitor


def visitor_of(node: nodes.Node) -> Visitor | None:
    """Return what prints a node, or None if no extension has said so."""
    for kind in type(node).__mro__:
        if kind in _visitors:
            return _visitors[kind]
    return _static if getattr(node, "print_children", False) else None


def _static(translator: Any, node: nodes.Element) -> str:
    return str(translator.static(translator.children(node), where=getattr(node, "print_where", RUN_IT)))
