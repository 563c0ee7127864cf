"""The document node of a calculator: a form for the web edition, a worked example as ordinary nodes for all others."""

from __future__ import annotations

from docutils import nodes


class calculator(nodes.General, nodes.Element):  # noqa: N801 (docutils spells node classes in lower case)
    """One calculator.

    Attributes: name, title, purpose, fields (a list of plain dictionaries), worked_html (the worked example as the web
    edition shows it). The children are the worked example for an edition without forms, complete with its heading.
    """

    #: A builder without a visitor for this node prints its children and loses nothing.
    print_children = True
    #: Where it runs is said by the children, with the title of the chapter.
    print_where = ""
