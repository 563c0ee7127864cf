"""Formulas on a small page: words for those who listen, and chains of equations that may break over lines.

No program breaks a displayed formula by itself: what is too wide is cut off at the edge, and with it a digit.
"""

from __future__ import annotations

from lxml import etree

from bookpress.epub.xhtml import MATHML, NS
from bookpress.print.formula_speech import speak
from bookpress.print.formula_typst import MathMLError

RELATIONS = frozenset("=≈≤≥<>")
LONG = 24
"""Signs from which on a chain is broken; shorter ones fit the narrowest phone."""


class UnsayableError(ValueError):
    """A formula that has no words; the text names it."""


def fit_formulas(body: etree._Element) -> None:
    """Break long chains, and give every formula its words.

    Raises
    ------
    UnsayableError
        If a formula holds what cannot be said.
    """
    for formula in body.xpath("//m:math[@display='block']", namespaces=NS):
        _break_chain(formula)
    for formula in body.xpath("//m:math", namespaces=NS):
        try:
            formula.set("alttext", speak(etree.tostring(formula, encoding="unicode", with_tail=False)))
        except MathMLError as error:
            tex = formula.findtext(".//m:annotation", "", NS)
            raise UnsayableError(f"the formula {tex} cannot be said in words: {error}") from error


def _break_chain(formula: etree._Element) -> None:
    """Turn ``a = b = c`` into the formulas ``a = b`` and ``= c``, between which a line may end."""
    row = formula.find("m:semantics/m:mrow", NS)
    if row is None or len("".join(row.itertext())) < LONG:
        return
    places = [place for place, one in enumerate(row) if one.tag == f"{{{MATHML}}}mo" and one.text in RELATIONS]
    if len(places) < 2:
        return
    annotation = formula.find("m:semantics/m:annotation", NS)
    starts = [0, *places[1:]]
    children = list(row)
    parent, at = formula.getparent(), formula.getparent().index(formula)
    tail = formula.tail
    parent.remove(formula)
    for number, (start, end) in enumerate(zip(starts, [*places[1:], len(children)], strict=True)):
        piece = etree.Element(f"{{{MATHML}}}math", nsmap={None: MATHML})
        piece.set("displaystyle", "true")
        semantics = etree.SubElement(piece, f"{{{MATHML}}}semantics")
        etree.SubElement(semantics, f"{{{MATHML}}}mrow").extend(children[start:end])
        if number == 0 and annotation is not None:
            semantics.append(annotation)  # the whole, for copying
        piece.tail = " "
        parent.insert(at + number, piece)
    piece.tail = tail
