"""The empty 16:9 deck that every chapter starts from: own sizes, own letters, one quiet look, made in code."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

WIDTH_IN, HEIGHT_IN = 13.333, 7.5
FONT = "Arial"
INK, ACCENT, GRAY = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x0B, 0x57, 0xA4), RGBColor(0x4A, 0x4F, 0x55)
FOOTER_PT = 11
NUMBER_FIELD = "{00000000-0000-4000-8000-000000000001}"  # PowerPoint wants an id; any will do


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


TITLE = Box(0.6, 0.4, 12.13, 1.05)
BODY = Box(0.6, 1.65, 12.13, 5.2)
COVER_TITLE = Box(0.9, 2.2, 11.5, 1.9)
COVER_BODY = Box(0.9, 4.3, 11.5, 1.7)
SIDE_TITLE = Box(0.6, 0.5, 4.3, 3.9)
SIDE_TEXT = Box(0.6, 4.5, 4.3, 2.35)
SIDE_PICTURE = Box(5.2, 0.45, 7.55, 6.4)
WIDE_PICTURE = Box(0.6, 1.6, 12.13, 4.45)
WIDE_TEXT = Box(0.6, 6.1, 12.13, 0.8)
TABLE_NOTE = Box(0.6, 6.62, 12.13, 0.34)
FOOTER = Box(0.6, 7.0, 11.0, 0.35)
NUMBER = Box(11.73, 7.0, 1.0, 0.35)
# Name of the layout in the file, place among those python-pptx brings along, boxes of its placeholders.
LAYOUTS: dict[str, tuple[int, tuple[Box, ...]]] = {
    "Cover": (0, (COVER_TITLE, COVER_BODY)),
    "Text": (1, (TITLE, BODY)),
    "Figure or table": (5, (TITLE,)),
    "Figure beside text": (7, (SIDE_TITLE, SIDE_TEXT)),
}


def new_deck(*, footer: str, language: str) -> Any:
    """Return a presentation with four layouts and no slide."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH_IN), Inches(HEIGHT_IN)
    _set_fonts(deck.slide_master)
    layouts = list(deck.slide_layouts)
    for name, (place, boxes) in LAYOUTS.items():
        layout = layouts[place]
        layout.name = name
        kept = [shape for shape in layout.placeholders if "TITLE" in str(shape.placeholder_format.type)]
        kept += [shape for shape in layout.placeholders if _is_text(shape)]
        for shape in list(layout.placeholders):
            if shape not in kept[: len(boxes)]:
                shape._element.getparent().remove(shape._element)
        for shape, box in zip(kept, boxes, strict=False):
            put(shape, box)
    for place, layout in enumerate(layouts):
        if place not in [place for place, _ in LAYOUTS.values()]:
            deck.slide_layouts.remove(layout)
    _furnish_master(deck.slide_master, footer, language)
    return deck


def put(shape: Any, box: Box) -> None:
    """Move a shape into a box."""
    shape.left, shape.top = Inches(box.left), Inches(box.top)
    shape.width, shape.height = Inches(box.width), Inches(box.height)


def _is_text(shape: Any) -> bool:
    kind = str(shape.placeholder_format.type)
    return any(word in kind for word in ("BODY", "OBJECT", "SUBTITLE"))


def _set_fonts(master: Any) -> None:
    """Use a font that every machine has, so that lines break where they were measured to break."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    for latin in theme.iter("{*}latin"):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _furnish_master(master: Any, footer: str, language: str) -> None:
    """Give every slide a stripe, a line of notice, and its number."""
    for shape in list(master.placeholders):
        kind = str(shape.placeholder_format.type)
        if "TITLE" in kind:
            put(shape, TITLE)
        elif "BODY" in kind:
            put(shape, BODY)
        else:
            shape._element.getparent().remove(shape._element)
    tree = master.shapes._spTree
    tree.insert(2, parse_xml(_STRIPE))
    letters = _letters(language)
    number = f'<a:fld id="{NUMBER_FIELD}" type="slidenum">{letters}<a:t>1</a:t></a:fld>'
    notice = f"<a:r>{letters}<a:t>{escape(footer)}</a:t></a:r>"
    tree.append(parse_xml(_line(91, "Notice", FOOTER, "l", notice)))
    tree.append(parse_xml(_line(92, "Slide number", NUMBER, "r", number)))


_STRIPE = (
    f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Stripe"/><p:cNvSpPr/>'
    '<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
    f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(WIDTH_IN)}" cy="{Inches(0.14)}"/></a:xfrm>'
    f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{ACCENT}"/></a:solidFill>'
    "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
)


_NO_INSETS = " ".join(f'{side}Ins="0"' for side in "lr")


def _letters(language: str) -> str:
    color = f'<a:solidFill><a:srgbClr val="{GRAY}"/></a:solidFill>'
    return f'<a:rPr lang="{language}" sz="{FOOTER_PT * 100}">{color}</a:rPr>'


def _line(shape_id: int, name: str, box: Box, align: str, content: str) -> str:
    place = f'<a:off x="{Inches(box.left)}" y="{Inches(box.top)}"/>'
    size = f'<a:ext cx="{Inches(box.width)}" cy="{Inches(box.height)}"/>'
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{shape_id}" name="{name}"/><p:cNvSpPr txBox="1"/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>{place}{size}</a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        '</a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="square" '
        f'{_NO_INSETS} anchor="ctr"/>'
        f'<a:p><a:pPr algn="{align}"/>{content}</a:p></p:txBody></p:sp>'
    )
