"""The cover as PNG: many readers and every shop refuse an SVG as the picture of a book."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import typst
from lxml import etree
from sphinx.errors import ExtensionError

WIDTH_PT, HEIGHT_PT = 600, 800
PIXELS_PER_PT = 2  # 1200 by 1600 pixels


def describe_cover(svg: Path) -> str:
    """Return what a drawing says of itself in its ``<desc>``.

    Raises
    ------
    ExtensionError
        If the file is not there, is no drawing, or does not describe itself.
    """
    if not svg.is_file():
        raise ExtensionError(f"{svg} does not exist: name the cover in bookpress_epub_cover")
    try:
        told = etree.parse(svg).findtext("{http://www.w3.org/2000/svg}desc", "").strip()
    except etree.XMLSyntaxError as error:
        raise ExtensionError(f"{svg} is no SVG: {error}") from error
    if not told:
        raise ExtensionError(f"{svg} has no <desc>: a cover must be described for those who do not see it")
    return told


def render_cover(svg: Path) -> bytes:
    """Return a drawing as PNG, two pixels a point."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "cover.typ")
        Path(folder, "cover.svg").write_bytes(svg.read_bytes())
        page.write_text(
            f"#set page(width: {WIDTH_PT}pt, height: {HEIGHT_PT}pt, margin: 0pt)\n"
            '#image("cover.svg", width: 100%, height: 100%, fit: "contain")\n',
            encoding="utf-8",
        )
        made = typst.compile(
            page, format="png", ppi=72 * PIXELS_PER_PT, font_paths=_font_folders(), ignore_system_fonts=True
        )
    return bytes(made)


def _font_folders() -> list[Path]:
    """Return where DejaVu Sans lies, the face of the drawings: matplotlib brings it, so no machine needs its own."""
    found = find_spec("matplotlib")
    places = found.submodule_search_locations if found else None
    return [Path(place, "mpl-data", "fonts", "ttf") for place in places or ()]
