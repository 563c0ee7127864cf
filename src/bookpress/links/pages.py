"""Links of HTML and XHTML pages that lie together: a folder, the members of an e-book, or one file alone.

A link is what a reader can follow (``a``), what the browser loads (``src``, style sheets), and what ties elements of a
page together for a screen reader or a button (``aria-labelledby``, ``for``, ``popovertarget``).
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from bookpress.links.model import Link

PAGES = (".html", ".xhtml")
ADDRESSES = ("href", "src", "poster", "data", "xlink:href", "{http://www.w3.org/1999/xlink}href")
# These hold ids of the same page; the first group holds one each, the second any number.
ONE_ID = ("for", "list", "popovertarget", "aria-activedescendant")
MANY_IDS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "headers")
TOP = ("", "top")  # HTML itself says that these lead to the top of the page


class Site:
    """Pages that link to each other, and the names of the files beside them."""

    def __init__(self, files: Mapping[str, bytes], *, others: Collection[str] = ()) -> None:
        """Parse the pages among the files; of the others, it is enough to know that they are there."""
        self.names = {*files, *others}
        self.trees = {name: _parse(name, content) for name, content in files.items() if name.endswith(PAGES)}

    @cached_property
    def anchors(self) -> dict[str, frozenset[str]]:
        """The ids of each page, and the names of its old-style anchors."""
        return {name: frozenset(tree.xpath("//@id | //*[local-name()='a']/@name")) for name, tree in self.trees.items()}

    def links(self) -> Iterator[Link]:
        """Yield every link of every page."""
        for name, tree in self.trees.items():
            for node in tree.iter(etree.Element):
                yield from self._of_node(name, node)

    def _of_node(self, name: str, node: Any) -> Iterator[Link]:
        for key in ADDRESSES:
            address = node.get(key)
            if address is not None and not (key == "data" and etree.QName(node).localname != "object"):
                yield self._judge(name, address.strip())
        for key in ONE_ID + MANY_IDS:
            value = node.get(key, "")
            for one in [value] if key in ONE_ID and value else value.split():
                fault = "" if one in self.anchors[name] else f"{key} names an id that is not on the page"
                yield Link(name, f"#{one}", outside=False, fault=fault)

    def _judge(self, name: str, address: str) -> Link:
        parts = urlsplit(address)
        if parts.scheme == "data":
            return Link(name, address[:40], outside=False)
        if parts.scheme or parts.netloc:
            return Link(name, address, outside=True)
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
        )
        if target not in self.names:
            return Link(name, address, outside=False, fault=f"{target} is not in this edition")
        if target not in self.anchors or unquote(parts.fragment) in TOP:
            return Link(name, address, outside=False)
        found = unquote(parts.fragment) in self.anchors[target]
        return Link(name, address, outside=False, fault="" if found else f"{target} has no such anchor")


def _parse(name: str, content: bytes) -> Any:
    if name.endswith(".xhtml"):
        return etree.fromstring(content)
    return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
