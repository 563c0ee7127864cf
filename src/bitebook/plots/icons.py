"""A hundred children, a hundred marks: a percentage that can be counted."""

from __future__ import annotations

import math
from collections.abc import Mapping

from matplotlib.axes import Axes

from bitebook import style
from bitebook.plots import layout

_SIDE = 10
_SPACE = 12.4  # from one array's left edge to the next


def icon_array(*, percents: Mapping[str, float], event: str, ax: Axes | None = None) -> Axes:
    """Draw one square of 100 marks for each group; filled marks with a cross had the event.

    Parameters
    ----------
    percents
        Group to percent with the event, 0 to 100; one or two groups stand side by side.
    event
        What the filled marks had, for example "sepsis, grade 3 or worse".
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If there is no group or more than two, or a percentage lies outside 0 to 100.

    Notes
    -----
    Marks are whole children: the percentage is rounded to the nearest one, halves up. The difference between two arrays
    is the absolute difference; it is not a result for any one child.
    """
    if not 1 <= len(percents) <= 2:
        raise ValueError(f"percents must hold one or two groups, got {len(percents)}")
    for name, percent in percents.items():
        if isinstance(percent, bool) or not math.isfinite(percent) or not 0 <= percent <= 100:
            raise ValueError(f"percents[{name!r}] must be a number from 0 to 100 percent, got {percent!r}")
    with style.canvas(ax, height_in=3.35) as drawn:
        for number, (name, percent) in enumerate(percents.items()):
            _array(drawn, number * _SPACE, math.floor(percent + 0.5))
            drawn.text(number * _SPACE - 0.4, -0.85, name, va="bottom", fontweight="bold")
        drawn.set_xlim(-0.6, 2 * _SPACE - 2.2)
        drawn.set_ylim(10.0, -2.2)
        drawn.set_aspect("equal")
        drawn.axis("off")
        counts = " and ".join(f"{math.floor(percent + 0.5)}" for percent in percents.values())
        layout.notes(drawn, [f"⊗ of 100 children: {event} ({counts}). Each mark is one child."])
    return drawn


def _array(ax: Axes, left: float, count: int) -> None:
    spots = [(left + i % _SIDE, i // _SIDE) for i in range(_SIDE * _SIDE)]
    hit, spared = spots[:count], spots[count:]
    dark = "#6b2f00"
    if spared:
        x, y = zip(*spared, strict=True)
        ax.scatter(x, y, s=92, marker="o", facecolor=style.PAPER, edgecolor="#8c8c8c", linewidth=1.3)
    if hit:
        x, y = zip(*hit, strict=True)
        ax.scatter(x, y, s=104, marker="o", facecolor=style.VERMILLION, edgecolor=dark, linewidth=1.3)
        ax.scatter(x, y, s=38, marker="x", color=style.PAPER, linewidth=1.7)
