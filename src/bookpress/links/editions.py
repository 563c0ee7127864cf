"""Where the links of each edition are found: the built folders, and the packs if they were made."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bookpress.links import pdf
from bookpress.links.model import Link
from bookpress.links.pages import Site


def web(folder: Path) -> Iterator[Link]:
    """Yield the links of the offline site."""
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    # The theme leaves templates in _static that end in .html; nothing shows them.
    pages = {name for name in names if name.endswith(".html") and not name.startswith("_static/")}
    contents = {name: (folder / name).read_bytes() for name in sorted(pages)}
    yield from Site(contents, others=names - pages).links()


def epub(path: Path) -> Iterator[Link]:
    """Yield the links of an e-book."""
    with zipfile.ZipFile(path) as archive:
        yield from Site({name: archive.read(name) for name in archive.namelist()}).links()


def printed(folder: Path) -> Iterator[Link]:
    """Yield the links of the book and of the handouts."""
    for file in sorted(folder.glob("*.pdf")):
        yield from pdf.links(file)


def packs(folder: Path) -> Iterator[Link]:
    """Yield the links of the one-file pages and of the HTML slides, each of which must stand alone."""
    for file in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith(".html") and "/html/" not in name:  # the site within the book's pack is the one above
                    alone = {posixpath.basename(name): archive.read(name)}
                    yield from Site(alone).links()


def all_links(build: Path) -> Iterator[Link]:
    """Yield every link of every edition that is built."""
    yield from web(build / "html")
    for file in sorted((build / "epub").glob("*.epub")):
        yield from epub(file)
    yield from printed(build / "pdf")
    yield from packs(build / "packs")
