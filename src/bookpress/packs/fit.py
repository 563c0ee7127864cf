"""How much room text takes: lines are counted with a wide font, so that no other font needs more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import matplotlib
from PIL import ImageFont

LINE_HEIGHT = 1.2  # of the size of the letters, as PowerPoint spaces single lines
PARAGRAPH_GAP = 0.35
POINTS_PER_INCH = 72
PROBE = 100  # letters are measured at this size and scaled


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), PROBE)


@cache
def width_in(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is, in inches."""
    return float(_font(bold).getlength(text)) / PROBE * size_pt / POINTS_PER_INCH


def count_lines(text: str, size_pt: float, room_in: float, *, bold: bool = False) -> int:
    """Return how many lines a paragraph needs in a box of this width; a word that is too long breaks."""
    lines, used = 1, 0.0
    space = width_in(" ", size_pt, bold=bold)
    for word in text.split():
        wide = width_in(word, size_pt, bold=bold)
        if used and used + space + wide > room_in:
            lines, used = lines + 1, 0.0
        if wide > room_in:
            extra = int(wide // room_in)
            lines, wide = lines + extra, wide - extra * room_in
        used += wide + (space if used else 0.0)
    return lines


def height_in(paragraphs: Sequence[str], size_pt: float, room_in: float, *, bold: bool = False) -> float:
    """Return how high paragraphs stand in a box of this width, in inches."""
    lines = sum(count_lines(text, size_pt, room_in, bold=bold) for text in paragraphs)
    gaps = PARAGRAPH_GAP * max(len(paragraphs) - 1, 0)
    return (lines + gaps) * LINE_HEIGHT * size_pt / POINTS_PER_INCH


def largest_size(
    paragraphs: Sequence[str], *, sizes_pt: Sequence[float], width: float, height: float, bold: bool = False
) -> float | None:
    """Return the first of the sizes at which the paragraphs fit, or None if they fit at none."""
    for size in sizes_pt:
        if height_in(paragraphs, size, width, bold=bold) <= height:
            return size
    return None
