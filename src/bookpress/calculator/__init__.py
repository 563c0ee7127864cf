"""Calculators in the page: forms that the book's own tested code answers, and a worked example in every edition.

The extension offers the directive ``{calculator} name``. It knows nothing of the subject: forms and answers come from
the module named in ``bookpress_calculators``. The script that runs a form belongs to the live pages, not to this one.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from bookpress.calculator import html
from bookpress.calculator.directive import SEEN, CalculatorDirective
from bookpress.calculator.elements import calculator
from bookpress.calculator.provider import calculators, digest
from bookpress.medium import has_forms
from bookpress.static_files import offer_static_files


def _link_style(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is not None and next(doctree.findall(calculator), None) is not None:
        app.add_css_file("calculator.css")


def _stale(app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]) -> list[str]:
    """Return the pages whose calculators would now show something else: their code or its tables have changed."""
    pages = {page: told[SEEN].split() for page, told in env.metadata.items() if told.get(SEEN)}
    if not pages:
        return []
    try:
        known = calculators(app.config.bookpress_calculators)
        now = {f"{name}={digest(one, one.run(one.example))}" for name, one in known.items()}
    except (ExtensionError, ValueError, LookupError):
        return list(pages)  # read again, so that the directive says what is wrong
    return [page for page, seen in pages.items() if not now.issuperset(seen)]


def _drop_drawings(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Leave the files of drawings out of the web edition, whose worked examples hold them in the page itself."""
    if has_forms(app.builder):
        for node in list(doctree.findall(calculator)):
            for image in list(node.findall(nodes.image)):
                image.parent.remove(image)


def _pass(_translator: Any, _node: nodes.Element) -> None:
    """Print the children as they are."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register directive, node, setting, and style."""
    if "bookpress_calculators" not in app.config.values:  # the live pages may have asked for the same setting
        app.add_config_value("bookpress_calculators", "", "env", (str,))
    app.add_directive("calculator", CalculatorDirective)
    app.add_node(calculator, html=(html.visit_calculator, html.depart_calculator), text=(_pass, _pass))
    app.connect("builder-inited", offer_static_files)
    app.connect("html-page-context", _link_style)
    app.connect("env-get-outdated", _stale)
    app.connect("doctree-resolved", _drop_drawings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
