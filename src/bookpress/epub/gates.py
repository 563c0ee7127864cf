"""Gates of the e-book: what a reader could not open, see, or hear is told before EPUBCheck says so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from bookpress.epub.package import Book
from bookpress.epub.xhtml import NS

ACTIVE = "//h:script | //h:form | //h:input | //h:button | //h:iframe | //h:object | //h:embed"
REMOTE = re.compile(r"url\([\"']?(?:https?:)?//|@import")


def problems(book: Book) -> Iterator[str]:
    """Yield one sentence for each fault, with the page that has it."""
    trees = {page.href: page.tree for page in book.pages}
    anchors = {href: set(tree.xpath("//@id")) for href, tree in trees.items()}
    for page in book.pages:
        for node in page.tree.xpath(ACTIVE, namespaces=NS):
            yield f"{page.href} holds <{etree.QName(node).localname}>; an e-book has no scripts and no forms"
        for node in page.tree.xpath("//h:img", namespaces=NS):
            address = node.get("src", "")
            if len(node.get("alt", "")) < 2 or node.get("alt", "").startswith("_images/"):
                yield f"{page.href} shows {address} without alternative text"
            if posixpath.normpath(posixpath.join(posixpath.dirname(page.href), address)) not in book.files:
                yield f"{page.href} shows {address}, which is not in the book"
        for address in page.tree.xpath("//h:a/@href", namespaces=NS):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page.href), unquote(parts.path)))
            target = target if parts.path else page.href
            if target not in anchors or (parts.fragment and unquote(parts.fragment) not in anchors[target]):
                yield f"{page.href} links to {address}, which is not in the book"
        ids = page.tree.xpath("//@id")
        for twice in sorted({one for one in ids if ids.count(one) > 1} if len(ids) != len(set(ids)) else ()):
            yield f"{page.href} uses the id {twice} twice"
    for name, data in book.files.items():
        if name.endswith(".css") and REMOTE.search(data.decode("utf-8")):
            yield f"{name} loads from outside; an e-book must work without a network"
