"""From MathML, as Temml writes it, to Typst math. An element that is not known here is an error, never left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from xml.etree import ElementTree

from bookpress.print.markup import string

Element = ElementTree.Element
SPECIAL = re.compile(r"([\\#$\"_^&/,;:!'`~@<>*|()\[\]{}.\-+=%?])")
ACCENTS = {
    "^": "hat", "ˆ": "hat", "˙": "dot", "¨": "dot.double", "→": "arrow", "⃗": "arrow", "~": "tilde", "˜": "tilde",
    "´": "acute", "`": "grave", "ˇ": "caron", "˘": "breve",
}  # fmt: skip
BARS = set("¯‾―_")
PAIRED = {"|": "abs", "‖": "norm", "∥": "norm"}
INVISIBLE = {"\u2061", "\u2062", "\u2063", "\u2064", ""}
ALPHABETS = {"DOUBLE-STRUCK": "bb", "SCRIPT": "cal", "FRAKTUR": "frak", "BLACK-LETTER": "frak", "SANS-SERIF": "sans"}
# A blank beside words would be set as a blank.
BESIDE_WORDS = re.compile(r' ?(#math\.upright\("(?:[^"\\]|\\.)*"\)) ?')
SPACE = re.compile(r"-?[\d.]+(?:em|pt|cm|mm)")
NOTATIONS = {"updiagonalstrike": "cancel", "downdiagonalstrike": "cancel", "top": "overline", "bottom": "underline"}


class MathMLError(ValueError):
    """MathML that has no counterpart here; the text names it."""


def typeset(mathml: str) -> str:
    r"""Return a formula as Typst math, to stand between dollar signs.

    Parameters
    ----------
    mathml
        One ``math`` element.

    Raises
    ------
    MathMLError
        If an element or an attribute that changes the meaning is not known.

    Examples
    --------
    >>> typeset('<math><mfrac><mi>R</mi><mi>V</mi></mfrac></math>')
    'frac(R, V)'
    """
    written = re.sub(r" {2,}", " ", _row(list(ElementTree.fromstring(mathml)))).strip()
    return BESIDE_WORDS.sub(r"\1", written)


def tag_of(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1]


def text_of(element: Element) -> str:
    """Return the text of a token."""
    return "".join(element.itertext())


def _row(children: list[Element]) -> str:
    """Return elements side by side; what stands between two bars is an absolute value or a norm."""
    parts: list[str] = []
    place = 0
    while place < len(children):
        function = PAIRED.get(_sign(children[place]))
        ends = [step for step in range(place + 1, len(children)) if _sign(children[step]) == _sign(children[place])]
        if function and ends:
            parts.append(f"{function}({_row(children[place + 1 : ends[0]])})")
            place = ends[0] + 1
        else:
            parts.append(_one(children[place]))
            place += 1
    return " ".join(part for part in parts if part)


def _sign(element: Element) -> str:
    return text_of(element) if tag_of(element) in ("mi", "mo") else ""


def _one(element: Element) -> str:
    writer = WRITERS.get(tag_of(element))
    if writer is None:
        raise MathMLError(f"MathML element <{tag_of(element)}>")
    return writer(element)


def _group(element: Element) -> str:
    """Return an element as an argument; an empty one as nothing that can be seen."""
    return _one(element) or '""'


def _escape(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


# --- tokens ---------------------------------------------------------------------------------------------------------
def _identifier(element: Element) -> str:
    text = text_of(element)
    if len(text) > 1:
        return f"#math.upright({string(text)})"  # Temml writes the space beside an operator's name itself
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and plain.isalnum():
        return _styled(text, plain)
    if not text.isalpha():
        return _escape(text)
    return f"upright({text})" if element.get("mathvariant") == "normal" else text


def _styled(text: str, plain: str) -> str:
    """Return a letter of one of the mathematical alphabets of Unicode."""
    name = unicodedata.name(text)
    for word, function in ALPHABETS.items():
        if word in name:
            plain = f"{function}({plain})"
            break
    else:
        plain = plain if "ITALIC" in name else f"upright({plain})"
    return f"bold({plain})" if "BOLD" in name else plain


def _number(element: Element) -> str:
    return _escape(text_of(element)) if not re.fullmatch(r"\d+(?:\.\d+)?", text_of(element)) else text_of(element)


def _operator(element: Element) -> str:
    text = text_of(element).strip()
    if text in INVISIBLE:
        return ""
    if len(text) > 1:
        return f"#math.upright({string(text)})"
    if text == "−":
        return "-"
    if text == "′":
        return "prime"
    return text if text in "+=<>" or not SPECIAL.match(text) else _escape(text)


def _text(element: Element) -> str:
    words = text_of(element).replace("\xa0", " ")
    if not words.strip():
        return f"#h({0.25 * len(words):g}em)" if words else ""
    return f"#math.upright({string(words)})"


def _space(element: Element) -> str:
    width = element.get("width", "0em")
    return f"#h({width})" if SPACE.fullmatch(width) and not width.startswith("0pt") else ""


# --- layout ---------------------------------------------------------------------------------------------------------
def _container(element: Element) -> str:
    children = list(element)
    fenced = _fenced(children)
    body = _row(children) if fenced is None else fenced
    if "border:" in element.get("style", ""):
        return f"#rect(inset: 3pt, stroke: .5pt, $ {body} $)"
    if tag_of(element) == "mstyle" and element.get("displaystyle") in ("true", "false"):
        return f"{'display' if element.get('displaystyle') == 'true' else 'inline'}({body})"
    return body


def _fenced(children: list[Element]) -> str | None:
    """Return brackets with what they hold, or None if the row is not fenced."""
    if len(children) < 2 or not all(_is_fence(one) for one in (children[0], children[-1])):
        return None
    left, right = (text_of(one).strip() for one in (children[0], children[-1]))
    inner = children[1:-1]
    if len(inner) == 1 and tag_of(inner[0]) == "mtable":
        return _matrix(inner[0], left, right)
    if len(inner) == 1 and tag_of(inner[0]) == "mfrac" and inner[0].get("linethickness", "1").startswith("0"):
        return f"binom({', '.join(map(_group, inner[0]))})"
    stretch = children[0].get("stretchy") != "false"
    left, right = ("" if one in ("", ".") else _escape(one) for one in (left, right))
    body = f"{left} {_row(inner)} {right}".strip()
    return f"lr({body})" if stretch else body


def _is_fence(element: Element) -> bool:
    return tag_of(element) == "mo" and element.get("fence") == "true"


def _matrix(table: Element, left: str, right: str) -> str:
    rows = [[_row(list(cell)) for cell in row] for row in table]
    if left == "{" and not right:
        return f"cases({', '.join(' & quad '.join(cells) for cells in rows)})"
    pair = ", ".join(string(one) if one else "none" for one in (left, right))
    return f"mat(delim: #({pair}), {'; '.join(', '.join(cell or '#none' for cell in cells) for cells in rows)})"


def _table(element: Element) -> str:
    rows = [[_row(list(cell)) for cell in row] for row in element]
    if element.get("displaystyle") == "true":  # lines aligned at a sign, as of "aligned"
        return " \\ ".join(" & ".join(cells) for cells in rows)
    return f"mat(delim: #none, {'; '.join(', '.join(cell or '#none' for cell in cells) for cells in rows)})"


def _fraction(element: Element) -> str:
    top, bottom = map(_group, element)
    if element.get("linethickness", "1").startswith("0"):
        return f"mat(delim: #none, {top}; {bottom})"
    return f"frac({top}, {bottom})"


def _root(element: Element) -> str:
    base, index = map(_group, element)
    return f"root({index}, {base})"


def _scripts(element: Element) -> str:
    """Return what carries marks below or above at its side."""
    base, *marks = element
    names = {"msub": ("b",), "msup": ("t",), "msubsup": ("b", "t")}[tag_of(element)]
    listed = ", ".join(f"{name}: {_group(mark)}" for name, mark in zip(names, marks, strict=True))
    return f"attach({_group(base)}, {listed})"


def _stacked(element: Element) -> str:
    """Return what carries marks straight below or above it."""
    base, *marks = element
    names = {"munder": ("b",), "mover": ("t",), "munderover": ("b", "t")}[tag_of(element)]
    if len(marks) == 1:
        accent = _accented(base, marks[0], is_over=names == ("t",))
        if accent:
            return accent
    listed = ", ".join(f"{name}: {_group(mark)}" for name, mark in zip(names, marks, strict=True))
    return f"attach(limits({_group(base)}), {listed})"


def _accented(base: Element, mark: Element, *, is_over: bool) -> str:
    sign = text_of(mark).strip() if tag_of(mark) == "mo" else ""
    if sign in ("⏟", "⏞"):
        return f"{'underbrace' if sign == '⏟' else 'overbrace'}({_group(base)})"
    inner = text_of(base[1]).strip() if tag_of(base) in ("munder", "mover") and len(base) == 2 else ""
    if inner in ("⏟", "⏞"):
        return f"{'underbrace' if inner == '⏟' else 'overbrace'}({_group(base[0])}, {_group(mark)})"
    if is_over and sign in ACCENTS:
        return f"{ACCENTS[sign]}({_group(base)})"
    if sign and sign in BARS:
        return f"{'overline' if is_over else 'underline'}({_group(base)})"
    return ""


def _enclosed(element: Element) -> str:
    notation = element.get("notation", "")
    if notation == "box":
        return f"#rect(inset: 3pt, stroke: .5pt, $ {_row(list(element))} $)"
    if notation not in NOTATIONS:
        raise MathMLError(f"MathML enclosure {notation!r}")
    inner = [child for child in element if len(child) or text_of(child)]
    return f"{NOTATIONS[notation]}({_row(inner)})"


def _semantics(element: Element) -> str:
    return _one(element[0])  # what follows is the TeX the formula came from


def _phantom(element: Element) -> str:
    return f"#hide($ {_row(list(element))} $)"


WRITERS: dict[str, Callable[[Element], str]] = {
    "semantics": _semantics,
    "mrow": _container,
    "mstyle": _container,
    "mpadded": _container,
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _text,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": lambda element: f"sqrt({_row(list(element)) or chr(34) * 2})",
    "mroot": _root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _stacked,
    "mover": _stacked,
    "munderover": _stacked,
    "mtable": _table,
    "menclose": _enclosed,
    "mphantom": _phantom,
}
