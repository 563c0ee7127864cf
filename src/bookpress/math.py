"""Formulas: TeX becomes MathML once, at build time, so that no page needs a script to show them.

Temml runs in an embedded QuickJS; the same MathML serves every edition. A formula that Temml refuses is a warning with
file and line, which the strict build turns into a failure.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import quickjs
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)
TEMML = Path(__file__).resolve().parents[2] / "vendor" / "temml" / "temml.min.js"


class FormulaError(ValueError):
    """A formula that cannot be rendered; the text says why."""


@functools.lru_cache(maxsize=1)
def _temml() -> quickjs.Context:
    context = quickjs.Context()
    context.eval(TEMML.read_text(encoding="utf-8") + ";0")
    return context


@functools.cache
def to_mathml(tex: str, *, display: bool) -> str:
    r"""Return the MathML of a TeX formula, with the TeX kept as an annotation for copying.

    Raises
    ------
    FormulaError
        If Temml refuses the formula.

    Examples
    --------
    >>> to_mathml(r"\frac{R}{CL}", display=False)[:6]
    '<math '
    """
    options = {"displayMode": display, "throwOnError": True, "xml": True, "annotate": True}
    try:
        return str(_temml().eval(f"temml.renderToString({json.dumps(tex)},{json.dumps(options)})"))
    except quickjs.JSException as error:
        raise FormulaError(str(error).splitlines()[0]) from error


def _render(translator: Any, node: nodes.Element, *, display: bool) -> str:
    tex = node.astext()
    try:
        return to_mathml(tex, display=display)
    except FormulaError as error:
        logger.warning(
            "formula %r cannot be shown: %s", tex[:60], error, location=node, type="bookpress", subtype="math"
        )
        return f"<code>{translator.encode(tex)}</code>"


def visit_math(translator: Any, node: nodes.math) -> None:
    """Write an inline formula."""
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate"))
    translator.body.append(_render(translator, node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(translator: Any, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number where it has one."""
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate"))
    if node.get("number"):
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(_render(translator, node, display=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name ``mathml``."""
    app.add_html_math_renderer("mathml", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
