"""MyST text of the bank as clean HTML and as plain text, for programs that know neither Sphinx nor MathML."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree, html
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from bookpress.math import to_mathml
from bookpress.questions.render import expand_roles

CITE = re.compile(r"(\s*)\{cite(:[a-z:]+)?\}`([^`]*)`")
ROLE_LEFT = re.compile(r"\{[a-z][a-z:-]*\}`")
# Control characters are not allowed in XML; the signs that turn the direction of text could reorder digits.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
SUPERSCRIPT = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
SUBSCRIPT = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
SPACED = set("=+−-×·<>≤≥≈±→")
BLOCKS = {"p", "div", "ul", "ol", "li", "pre", "blockquote", "table", "tr", "h1", "h2", "h3", "h4", "hr"}


class PackError(RuntimeError):
    """Something a pack cannot be made from; the text says what, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in three forms.

    ``html`` shows formulas with letters, ``sup`` and ``sub``, for programs that drop MathML; ``html_math`` holds
    MathML. Both are well-formed XHTML fragments.
    """

    html: str
    html_math: str
    plain: str

    def __bool__(self) -> bool:
        """Tell whether there is anything to read."""
        return bool(self.plain)


EMPTY = Text("", "", "")


class Renderer:
    """Turns the MyST of one bank into `Text`.

    Parameters
    ----------
    fact
        Returns the fact with an id, for the role ``fact``.
    cite
        Returns the short name of a source, for the role ``cite``.
    """

    def __init__(self, *, fact: Callable[[str], Any], cite: Callable[[str], str]) -> None:
        """Set up the Markdown parser as the book has it: no raw HTML, dollar math, curly quotes."""
        self.fact = fact
        self.cite = cite
        parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
        parser.enable(["smartquotes", "table"]).disable("image").use(dollarmath_plugin)
        parser.add_render_rule("math_inline", _formula)
        parser.add_render_rule("math_block", _formula)
        self.parser = parser

    def block(self, source: str) -> Text:
        """Return text of one or more paragraphs."""
        source = self._markdown(source)
        return _text(lambda env: self.parser.render(source, env).strip())

    def inline(self, source: str) -> Text:
        """Return text of one line, without a paragraph around it."""
        source = " ".join(self._markdown(source).split())
        return _text(lambda env: self.parser.renderInline(source, env).strip())

    def _markdown(self, source: str) -> str:
        text = expand_roles(CITE.sub(self._cited, UNWANTED.sub("", source)), fact=self.fact)
        left = ROLE_LEFT.search(text)
        if left:
            raise PackError(
                f"the role {left[0][:-1]} cannot be written out in {source[:60]!r}: use fact, given, or cite"
            )
        return text

    def _cited(self, match: re.Match[str]) -> str:
        names = "; ".join(self.cite(key.strip()) for key in match[3].split(","))
        return f"{match[1]}{names}" if match[2] == ":t" else f"{match[1]}({names})"


def _text(render: Callable[[MutableMapping[str, Any]], str]) -> Text:
    basic = render({"mathml": False})
    return Text(html=basic, html_math=render({"mathml": True}), plain=plain_text(basic))


def _formula(_renderer: Any, tokens: Any, place: int, _options: Any, env: MutableMapping[str, Any]) -> str:
    token = tokens[place]
    mathml = to_mathml(token.content, display=token.type == "math_block")
    return mathml if env["mathml"] else linear_math(mathml)


def linear_math(mathml: str) -> str:
    r"""Return a formula on one line of HTML: fractions with a slash, exponents raised.

    Examples
    --------
    >>> linear_math("<math><mfrac><mn>3</mn><mn>4</mn></mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>")
    '3/4 = x<sup>2</sup>'
    """
    return re.sub(r"\s+", " ", _linear(etree.fromstring(mathml))).strip()


def _linear(node: Any) -> str:
    kind = etree.QName(node).localname
    parts = list(node)
    if kind in ("mi", "mn", "mtext"):
        return escape(node.text or "")
    if kind == "mo":
        sign = (node.text or "").strip()
        unary = node.getprevious() is None
        return escape(f" {sign} " if sign in SPACED and not unary else f"{sign} " if sign == "," else sign)
    if kind == "mspace":
        return " "
    if kind == "semantics":
        return _linear(parts[0])
    if kind == "mfrac":
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if kind == "msqrt":
        return "√(" + "".join(_linear(part) for part in parts).strip() + ")"
    if kind in ("msup", "msub", "msubsup"):
        tags = {"msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup")}[kind]
        raised = "".join(f"<{tag}>{_linear(part).strip()}</{tag}>" for tag, part in zip(tags, parts[1:], strict=True))
        return _grouped(parts[0]) + raised
    return "".join(_linear(part) for part in parts)


def _grouped(node: Any) -> str:
    text = _linear(node).strip()
    return f"({text})" if " " in text and not (text.startswith("(") and text.endswith(")")) else text


def plain_text(fragment: str) -> str:
    """Return the text of an HTML fragment, paragraphs apart, raised and lowered digits as such.

    Examples
    --------
    >>> plain_text("<p>Up to 10<sup>12</sup> cells, 5 &lt; 6</p><p>Next</p>")
    'Up to 10¹² cells, 5 < 6\\n\\nNext'
    """
    if not fragment:
        return ""
    text = _plain(html.fragment_fromstring(fragment, create_parent="div"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", text)).strip()


def _plain(node: Any) -> str:
    inner = (node.text or "") + "".join(_plain(child) + (child.tail or "") for child in node)
    if node.tag == "sup":
        raised = inner.translate(SUPERSCRIPT)
        return raised if not set(inner) - set("0123456789+-−()n") else f"^({inner})"
    if node.tag == "sub":
        lowered = inner.translate(SUBSCRIPT)
        return lowered if not set(inner) - set("0123456789+-−()") else inner
    if node.tag == "br":
        return "\n"
    if node.tag == "li":
        return f"\n- {inner.strip()}\n"
    return f"\n\n{inner}\n\n" if node.tag in BLOCKS else inner
