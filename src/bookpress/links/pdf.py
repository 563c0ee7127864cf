"""Links of a PDF: annotations that name a place in the file or an address outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from bookpress.links.model import Link


def links(path: Path) -> Iterator[Link]:
    """Yield every link of the pages, and every entry of the outline."""
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen for page in pdf.pages}
        places = _places(pdf)
        for number, page in enumerate(pdf.pages, start=1):
            for note in page.obj.get("/Annots", []):
                if note.get("/Subtype") == "/Link":
                    yield _judge(f"{path.name} page {number}", note, places, pages)
        entry = pdf.Root.get("/Outlines", {}).get("/First")
        yield from _outline(f"{path.name} outline", entry, places, pages)


def _outline(place: str, entry: Any, places: dict[str, Any], pages: set[Any]) -> Iterator[Link]:
    while entry is not None:
        yield _judge(f"{place} {entry.get('/Title', '')}", entry, places, pages)
        yield from _outline(place, entry.get("/First"), places, pages)
        entry = entry.get("/Next")


def _judge(place: str, holder: Any, places: dict[str, Any], pages: set[Any]) -> Link:
    action = holder.get("/A", {})
    if action.get("/S") == "/URI":
        return Link(place, str(action.URI), outside=True)
    target = holder.get("/Dest", action.get("/D"))
    address = str(target) if isinstance(target, (pikepdf.String, pikepdf.Name)) else "a place on a page"
    if isinstance(target, (pikepdf.String, pikepdf.Name)):
        target = places.get(str(target))
    if isinstance(target, pikepdf.Dictionary):
        target = target.get("/D")
    found = isinstance(target, pikepdf.Array) and len(target) > 0 and getattr(target[0], "objgen", None) in pages
    return Link(place, address, outside=False, fault="" if found else "no such place in the file")


def _places(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """Return the named places of a file, from its tree of names and from the older dictionary."""
    found = {str(key): value for key, value in pdf.Root.get("/Dests", pikepdf.Dictionary()).items()}
    waiting = [pdf.Root.get("/Names", {}).get("/Dests")]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        waiting.extend(node.get("/Kids", []))
        names = list(node.get("/Names", []))
        found |= {str(key): value for key, value in zip(names[::2], names[1::2], strict=True)}
    return found
