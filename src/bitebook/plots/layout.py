"""Shared pieces of layout: stacked rows that stay readable on a phone, measured line breaks, notes under the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from matplotlib.transforms import blended_transform_factory

from bitebook import style

LINE_IN = 0.205  # height of one line of text
GRAPHIC_IN = 0.30  # height of the strip a row's marks stand in
GAP_IN = 0.17
AXIS_IN = 0.62  # tick labels and axis label
INNER_IN = style.WIDTH_IN - 0.3  # width of axes without a vertical scale
SCALED_IN = style.WIDTH_IN - 0.95  # width of axes beside a vertical scale


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a stacked chart: text above, marks below; all in inches down from the top of the axes."""

    label: str
    value: str
    detail: str
    top_in: float
    graphic_in: float

    @property
    def text_lines(self) -> int:
        """Number of text lines above the marks."""
        return self.label.count("\n") + 1 + (self.detail.count("\n") + 1 if self.detail else 0)

    @property
    def marks_top_in(self) -> float:
        """Where the strip of marks begins."""
        return self.top_in + self.text_lines * LINE_IN

    @property
    def y_in(self) -> float:
        """The middle of the strip of marks."""
        return self.marks_top_in + self.graphic_in / 2

    @property
    def end_in(self) -> float:
        """Where the strip of marks ends."""
        return self.marks_top_in + self.graphic_in + GAP_IN / 2

    @property
    def bottom_in(self) -> float:
        """Where the next row may begin."""
        return self.marks_top_in + self.graphic_in + GAP_IN


@lru_cache(maxsize=4096)
def width_of(text: str, *, size_pt: float = style.FONT_PT, bold: bool = False) -> float:
    """Return the width in inches of one line of text in the style's own font."""
    font = FontProperties(family="DejaVu Sans", size=size_pt, weight="bold" if bold else "normal")
    width, _, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def wrap(text: str, width_in: float, *, size_pt: float = style.FONT_PT, bold: bool = False) -> str:
    """Break text at spaces so that no line is wider than `width_in`; a longer single word stays whole.

    Examples
    --------
    >>> wrap("febrile neutropenia", 1.1)
    'febrile\\nneutropenia'
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size_pt=size_pt, bold=bold) <= width_in:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def small(text: str, width_in: float = INNER_IN) -> str:
    """Break a note or detail, set in the small size; line breaks in the text are kept."""
    return "\n".join(wrap(line, width_in, size_pt=style.SMALL_PT) for line in text.split("\n"))


def stack(items: Sequence[tuple[str, str, str]], *, graphic_in: float = GRAPHIC_IN) -> list[Row]:
    """Place (label, value, detail) triples below one another; labels leave room for the value at their right."""
    rows: list[Row] = []
    top = 0.0
    for label, value, detail in items:
        room = INNER_IN - (width_of(value) + 0.15 if value else 0)
        row = Row(wrap(label, room, bold=True), value, small(detail) if detail else "", top, graphic_in)
        rows.append(row)
        top = row.bottom_in
    return rows


def height_of(rows: Sequence[Row], *, extra_in: float = 0.0) -> float:
    """Return the height in inches of a figure that holds these rows, its axis, and `extra_in` for notes."""
    return rows[-1].bottom_in + AXIS_IN + 0.2 + extra_in


def write_rows(ax: Axes, rows: Sequence[Row]) -> None:
    """Write labels at the left and values at the right, rule the rows off, and hide the vertical axis."""
    across = blended_transform_factory(ax.transAxes, ax.transData)
    for number, row in enumerate(rows):
        if number:
            ax.axhline(row.top_in - GAP_IN / 2, color=style.RULE, linewidth=0.8, zorder=0)
        below = row.top_in + (row.label.count("\n") + 1) * LINE_IN
        texts = [
            ax.text(0, row.top_in, row.label, transform=across, va="top", fontweight="bold", linespacing=1.2),
            ax.text(1, row.top_in, row.value, transform=across, va="top", ha="right"),
            ax.text(0, below, row.detail, transform=across, va="top", color=style.GRAY, fontsize=style.SMALL_PT),
        ]
        for text in texts:
            text.set_in_layout(False)  # measured already; the axes keep the full width
    ax.set_ylim(rows[-1].end_in, 0)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)


def rule(
    ax: Axes, rows: Sequence[Row], positions: Sequence[float], *, color: str = style.RULE, width: float = 0.8
) -> None:
    """Draw upright lines at `positions` beside the marks only, so that no line runs through text."""
    for row in rows:
        ax.vlines(positions, row.marks_top_in, row.end_in, color=color, linewidth=width, zorder=0.5)


def notes(ax: Axes, lines: Sequence[str], *, width_in: float = INNER_IN) -> None:
    """Write notes below the axis label, left aligned; they count in the layout, so nothing overlaps."""
    kept = [small(line, width_in) for line in lines if line]
    if not kept:
        return
    label = ax.get_xlabel()
    tall = label.count("\n") + 1 if label else 0
    ticks = 24 if ax.xaxis.get_visible() and ax.axison else 8
    ax.annotate(
        "\n".join(kept),
        (0, 0),
        xytext=(0, -(ticks + tall * 17)),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        ha="left",
        color=style.GRAY,
        fontsize=style.SMALL_PT,
        linespacing=1.25,
        annotation_clip=False,
    )


def notes_height(lines: Sequence[str], *, width_in: float = INNER_IN) -> float:
    """Return the inches that `notes` will need for these lines."""
    return sum(small(line, width_in).count("\n") + 1 for line in lines if line) * LINE_IN * 0.95 + 0.05
