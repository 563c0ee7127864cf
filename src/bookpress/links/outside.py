"""Addresses that lead out of the book: well-formed, and listed in one file, so that a new one is seen in review."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bookpress.links.model import Link

# A DOI is "10.", four to nine digits, a slash, and any visible signs (ISO 26324; Crossref's own pattern).
DOI = re.compile(r"/10\.\d{4,9}/[^\s\"<>]+")
HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
UNSAFE = re.compile(r"[\s\"<>\\^`{|}\x00-\x1f\x7f]")
FIELDS = ("address", "kind")


def fault_of(address: str) -> str:
    """Say what is wrong with an address, or return an empty text.

    Examples
    --------
    >>> fault_of("https://doi.org/10.3324/haematol.2023.283818")
    ''
    >>> fault_of("http://example.org/")
    'must begin with https://'
    >>> fault_of("https://doi.org/haematol.2023")
    'is no DOI: it must read https://doi.org/10.NUMBER/NAME'
    """
    parts = urlsplit(address)
    if parts.scheme != "https":
        return "must begin with https://"
    if not HOST.fullmatch(parts.netloc):
        return f"names no host that could be reached: {parts.netloc!r}"
    if UNSAFE.search(address):
        return "holds a sign that must be written as %XX"
    if parts.netloc.endswith("doi.org") and (parts.netloc != "doi.org" or not DOI.fullmatch(parts.path)):
        return "is no DOI: it must read https://doi.org/10.NUMBER/NAME"
    return ""


def listing(links: Iterable[Link]) -> str:
    """Return the addresses outside as a CSV table, each once, in alphabetic order."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(FIELDS)
    for address in sorted({link.address for link in links if link.outside}):
        table.writerow((address, "doi" if urlsplit(address).netloc == "doi.org" else "page"))
    return out.getvalue()
