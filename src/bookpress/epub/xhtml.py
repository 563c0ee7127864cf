"""Names and small tools for the XHTML of an e-book."""

from __future__ import annotations

from lxml import etree

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
OPS = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
NS = {"h": XHTML, "m": MATHML, "epub": OPS}
STYLES = ("formulas.css", "book-epub.css")


def element(name: str, text: str = "", **attributes: str) -> etree._Element:
    """Return an XHTML element; ``class_`` stands for the attribute ``class``."""
    made = etree.Element(f"{{{XHTML}}}{name}")
    for key, value in attributes.items():
        made.set(key.rstrip("_"), value)
    made.text = text or None
    return made


def skeleton(body: etree._Element, *, title: str, language: str, up: str = "", notice: str = "") -> bytes:
    """Return the whole page around a body; `up` leads from it to the folder of the package."""
    page = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": OPS})
    page.set("lang", language)
    page.set(f"{{{XML}}}lang", language)
    head = element("head")
    head.append(element("meta", charset="utf-8"))
    head.append(element("title", title))
    head.extend(element("link", rel="stylesheet", type="text/css", href=f"{up}styles/{style}") for style in STYLES)
    if notice:
        body.append(element("p", notice, class_="notice"))
    page.extend([head, body])
    etree.cleanup_namespaces(page, keep_ns_prefixes=["epub"])
    return bytes(etree.tostring(page, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")) + b"\n"
