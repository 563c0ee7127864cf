"""Figures for programs that want pixels: an SVG becomes a PNG of 300 dots an inch, the same bytes every time."""

from __future__ import annotations

import re
import struct
import tempfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib
import typst

DOTS_PER_INCH = 300
WIDTH_CM = 16.0
DOCTYPE = re.compile(rb"<!DOCTYPE[^>]*>\s*")
SIZE = re.compile(r'<svg[^>]*?viewBox="[\d.\-]+[ ,]+[\d.\-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure as pixels, and how wide it is in relation to its height."""

    png: bytes
    aspect: float


def svg_bytes(path: Path) -> bytes:
    """Return an SVG without its DOCTYPE, which some readers refuse."""
    return DOCTYPE.sub(b"", path.read_bytes())


def aspect(path: Path) -> float:
    """Return width divided by height of an SVG.

    Raises
    ------
    ValueError
        If it has no viewBox.
    """
    found = SIZE.search(path.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{path.name} has no viewBox: add one, so that its shape is known")
    return float(found[1]) / float(found[2])


@cache
def draw(path: Path, *, width_cm: float = WIDTH_CM) -> Picture:
    """Return the picture of an SVG on a white ground; typst draws it with the fonts that matplotlib brings along."""
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "figure.svg").write_bytes(svg_bytes(path))
        page = Path(folder) / "page.typ"
        page.write_text(
            "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
            f'#image("figure.svg", width: {width_cm}cm)\n',
            encoding="utf-8",
        )
        png = typst.compile(
            str(page), format="png", ppi=DOTS_PER_INCH, font_paths=[str(fonts)], ignore_system_fonts=True
        )
    return Picture(_with_resolution(bytes(png)), aspect(path))


def _with_resolution(png: bytes) -> bytes:
    """Write the dots an inch into a PNG: without it programs take 72 and show the picture four times too large."""
    per_meter = round(DOTS_PER_INCH / 0.0254)
    content = b"pHYs" + struct.pack(">IIB", per_meter, per_meter, 1)
    chunk = struct.pack(">I", 9) + content + struct.pack(">I", zlib.crc32(content))
    end_of_header = 33  # signature (8) and the chunk IHDR (25)
    return png[:end_of_header] + chunk + png[end_of_header:]
