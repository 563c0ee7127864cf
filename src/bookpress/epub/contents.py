"""The contents of the e-book, read from the pages themselves, so that numbers and places cannot differ from them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from bookpress.epub.xhtml import NS, OPS, element, skeleton


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book and the names of its pages."""

    title: str
    docnames: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a section, and what lies below it."""

    title: str
    href: str
    below: tuple[Entry, ...] = ()


def entries(href: str, tree: etree._Element) -> Entry:
    """Return the entry of a page: its title, and the sections one level below."""
    top = tree.find(".//h:section", NS)
    if top is None:
        return Entry(_text(tree.find(".//h:title", NS)), href)
    sections = [one for one in top.findall("h:section", NS) if one.get("id") and one.find("h:h2", NS) is not None]
    below = tuple(Entry(_text(one.find("h:h2", NS)), f"{href}#{one.get('id')}") for one in sections)
    return Entry(_text(top.find("h:h1", NS)), href, below)


def _text(node: etree._Element | None) -> str:
    """Return the words of a heading; of a formula the signs, without the TeX that is kept for copying."""
    if node is None:
        return ""
    words = node.xpath(".//text()[not(ancestor::m:annotation)]", namespaces=NS)
    return " ".join("".join(words).split())


def make_nav(parts: list[tuple[str, list[Entry]]], special: dict[str, str], *, language: str) -> bytes:
    """Return the navigation document: contents by parts, and landmarks; `special` names pages by their kind."""
    body = element("body")
    toc = element("nav", id="toc", role="doc-toc")
    toc.set(f"{{{OPS}}}type", "toc")
    toc.append(element("h1", "Contents"))
    top = element("ol")
    for title, pages in parts:
        listed = [_item(page) for page in pages]
        if title:
            part = element("li")
            part.append(element("span", title))
            inner = element("ol")
            inner.extend(listed)
            part.append(inner)
            top.append(part)
        else:
            top.extend(listed)
    toc.append(top)
    body.extend([toc, _landmarks(parts, special)])
    return skeleton(body, title="Contents", language=language)


def _item(entry: Entry) -> etree._Element:
    item = element("li")
    item.append(element("a", entry.title, href=entry.href))
    if entry.below:
        inner = element("ol")
        inner.extend(_item(one) for one in entry.below)
        item.append(inner)
    return item


def special_pages(trees: dict[str, etree._Element]) -> dict[str, str]:
    """Return the pages that readers' programs know by kind: glossary and bibliography."""
    found = {tree.xpath("string(//h:section/@epub:type)", namespaces=NS): href for href, tree in trees.items()}
    return {kind: found[kind] for kind in ("glossary", "bibliography") if kind in found}


def _landmarks(parts: list[tuple[str, list[Entry]]], special: dict[str, str]) -> etree._Element:
    marks = [
        ("cover", "cover.xhtml", "Cover"),
        ("titlepage", "title.xhtml", "Title page and license"),
        ("toc", "contents.xhtml#toc", "Contents"),
    ]
    body = [page for title, pages in parts if title for page in pages]
    if body:
        marks.append(("bodymatter", body[0].href, "Start of the text"))
    marks += [(kind, href, kind.capitalize()) for kind, href in special.items()]
    nav = element("nav", id="landmarks", hidden="hidden")
    nav.set(f"{{{OPS}}}type", "landmarks")
    nav.append(element("h2", "Landmarks"))
    listed = element("ol")
    for kind, href, text in marks:
        link = element("a", text, href=href)
        link.set(f"{{{OPS}}}type", kind)
        item = element("li")
        item.append(link)
        listed.append(item)
    nav.append(listed)
    return nav
