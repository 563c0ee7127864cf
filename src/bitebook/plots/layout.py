"""Shared pieces of layout: stacked rows that stay readable on a phone, wrapped text, notes under the axes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from bitebook import style

LINE_IN = 0.205  # height of one line of text
GRAPHIC_IN = 0.30  # height of the strip a row's marks stand in
GAP_IN = 0.17
AXIS_IN = 0.62  # tick labels and axis label
CHARACTERS = 54  # of bold type that fit over the default width
SMALL_CHARACTERS = 70  # of small type


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a stacked chart: text above, marks below; `y_in` counts inches down from the top."""

    label: str
    value: str
    detail: str
    top_in: float

    @property
    def text_lines(self) -> int:
        """Number of text lines above the marks."""
        return self.label.count("\n") + 1 + (self.detail.count("\n") + 1 if self.detail else 0)

    @property
    def y_in(self) -> float:
        """Where the marks stand."""
        return self.top_in + self.text_lines * LINE_IN + GRAPHIC_IN / 2

    @property
    def bottom_in(self) -> float:
        """Where the next row may begin."""
        return self.top_in + self.text_lines * LINE_IN + GRAPHIC_IN + GAP_IN


def wrap(text: str, characters: int) -> str:
    """Break text into lines of at most `characters`.

    Examples
    --------
    >>> wrap("febrile neutropenia", 12)
    'febrile\\nneutropenia'
    """
    return "\n".join(textwrap.wrap(text, max(characters, 8), break_long_words=False, break_on_hyphens=False)) or text


def stack(items: Sequence[tuple[str, str, str]]) -> list[Row]:
    """Place (label, value, detail) triples below one another; labels leave room for the value at their right."""
    rows: list[Row] = []
    top = 0.0
    for label, value, detail in items:
        row = Row(
            wrap(label, CHARACTERS - int(0.85 * len(value)) - 2),
            value,
            wrap(detail, SMALL_CHARACTERS) if detail else "",
            top,
        )
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
        lines = row.label.count("\n") + 1
        ax.text(0, row.top_in, row.label, transform=across, va="top", fontweight="bold", linespacing=1.2)
        if row.value:
            ax.text(1, row.top_in, row.value, transform=across, va="top", ha="right")
        if row.detail:
            ax.text(
                0,
                row.top_in + lines * LINE_IN,
                row.detail,
                transform=across,
                va="top",
                color=style.GRAY,
                fontsize=style.SMALL_PT,
                linespacing=1.2,
            )
    ax.set_ylim(rows[-1].bottom_in - GAP_IN / 2, 0)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)


def rule(
    ax: Axes, rows: Sequence[Row], positions: Sequence[float], *, color: str = style.RULE, width: float = 0.8
) -> None:
    """Draw upright lines at `positions` beside the marks only, so that no line runs through text."""
    for row in rows:
        ends = (row.y_in - GRAPHIC_IN / 2, row.bottom_in - GAP_IN / 2)
        ax.vlines(positions, *ends, color=color, linewidth=width, zorder=0.5)


def notes(ax: Axes, lines: Sequence[str]) -> None:
    """Write notes below the axis label, left aligned; they count in the layout, so nothing overlaps."""
    kept = [wrap(line, SMALL_CHARACTERS) for line in lines if line]
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


def notes_height(lines: Sequence[str]) -> float:
    """Return the inches that `notes` will need for these lines."""
    return sum(wrap(line, SMALL_CHARACTERS).count("\n") + 1 for line in lines if line) * LINE_IN * 0.95 + 0.05
