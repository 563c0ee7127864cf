"""Small help for writing XML with lxml: an element with text, and HTML as escaped text."""

from __future__ import annotations

from typing import Any

from lxml import etree


def add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    """Append an element in the namespace of its parent and return it; a trailing underscore of a name is dropped."""
    space = etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{space}}}{tag}" if space else tag)
    for name, value in attributes.items():
        element.set(name.rstrip("_"), value)
    if text is not None:
        element.text = text
    return element


def add_html(parent: Any, fragment: str) -> None:
    """Append an XHTML fragment as elements in the namespace of the parent."""
    space = etree.QName(parent).namespace
    parsed = etree.fromstring(f'<div xmlns="{space}">{fragment}</div>')
    if parsed.text and parsed.text.strip():
        last = parent[-1] if len(parent) else None
        if last is None:
            parent.text = (parent.text or "") + parsed.text
        else:
            last.tail = (last.tail or "") + parsed.text
    for child in list(parsed):
        parent.append(child)


def to_bytes(root: Any) -> bytes:
    """Return the file with its XML declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
