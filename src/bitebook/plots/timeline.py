"""Dated events on a vertical time axis, which stays readable on a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout

_KINDS: Final[dict[str, tuple[str, str, bool]]] = {  # kind -> color, marker, filled
    "regulatory": (style.BLUE, "D", True),
    "trial": (style.GREEN, "o", True),
    "safety": (style.VERMILLION, "^", True),
    "other": (style.INK, "s", False),
}
_TEXT_AT: Final = 0.24  # axes fraction where the labels begin
_SPINE_AT: Final = 0.14
_MARK_IN: Final = 0.15  # a mark with its edge; nearer ones step aside so that none lies on another
_ASIDE: Final = (0.0, 0.031, -0.031)  # places of a mark beside the spine, axes fraction


def timeline(events: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw dated events from top to bottom, marks by kind, labels pushed apart where dates crowd.

    Parameters
    ----------
    events
        Columns ``date`` (ISO text: ``2024-06-14``, ``2024-06`` or ``2024``; printed as exactly as it is given),
        ``label``; used when present: ``kind`` ("regulatory", "trial", "safety", "other"), ``status``.
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If events is empty, lacks a column, or a date or kind cannot be read.
    """
    table = reading.require(events, ("date", "label"), used_by="timeline")
    facts = sorted(reading.records(table), key=lambda fact: position(str(fact["date"])))
    for fact in facts:
        if str(fact.get("kind") or "other") not in _KINDS:
            raise ValueError(f"kind must be one of {', '.join(map(repr, _KINDS))}, got {fact['kind']!r}")
    years = [position(str(fact["date"])) for fact in facts]
    labels = [layout.wrap(f"{fact['label']}{reading.mark(fact)}", layout.INNER_IN * (1 - _TEXT_AT)) for fact in facts]
    # Each label takes a line for its date and its own lines, in inches.
    sizes = [(label.count("\n") + 2) * layout.LINE_IN + 0.10 for label in labels]
    total = max(1.15 * sum(sizes) + 0.1, 2.0)
    first, last = years[0], max(years[-1], years[0] + 1)
    centers = _spread([(year - first) / (last - first) * (total - 0.4) + 0.2 for year in years], sizes, total)
    kinds = list(dict.fromkeys(str(fact.get("kind") or "other") for fact in facts))
    remarks = [reading.UNVERIFIED_NOTE] if any(reading.unverified(fact) for fact in facts) else []
    with style.canvas(ax, height_in=total + 0.75 + layout.notes_height(remarks)) as drawn:
        drawn.set_xlim(0, 1)
        drawn.set_ylim(total, 0)
        drawn.axis("off")
        drawn.plot([_SPINE_AT] * 2, [0, total], color=style.GRAY, linewidth=2)
        _year_ticks(drawn, first, last, total)
        heights = [(year - first) / (last - first) * (total - 0.4) + 0.2 for year in years]
        places = _aside(heights)
        for fact, y, x, label, center, size in zip(facts, heights, places, labels, centers, sizes, strict=True):
            color, marker, filled = _KINDS[str(fact.get("kind") or "other")]
            drawn.plot([x, _TEXT_AT - 0.045, _TEXT_AT - 0.01], [y, center, center], color="#9a9a9a", linewidth=1)
            drawn.plot(
                x,
                y,
                marker=marker,
                color=color,
                markerfacecolor=color if filled else style.PAPER,
                markeredgewidth=1.8,
            )
            top = center - size / 2 + 0.05
            drawn.text(
                _TEXT_AT,
                top,
                str(fact["date"]),
                va="top",
                fontsize=style.SMALL_PT,
                color=style.TEXT[color],
                fontweight="bold",
            )
            drawn.text(_TEXT_AT, top + layout.LINE_IN, label, va="top", linespacing=1.2)
        if kinds != ["other"]:
            _key(drawn, kinds)
        layout.notes(drawn, remarks)
    return drawn


def position(text: str) -> float:
    """Return a date as a year with fraction; a bare year or month stands at its middle.

    Examples
    --------
    >>> position("2024"), round(position("2024-06-14"), 3)
    (2024.5, 2024.451)
    """
    parts = text.strip().split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1 and 1900 <= numbers[0] <= 2100:
            return numbers[0] + 0.5
        day = date(numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else 15)
    except (ValueError, IndexError):
        raise ValueError(f"date must be ISO text such as '2024-06-14', '2024-06' or '2024', got {text!r}") from None
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


def _spread(wanted: Sequence[float], sizes: Sequence[float], total: float) -> list[float]:
    """Move label centers as little as needed so that none overlap and all stay between 0 and `total`."""
    centers = list(wanted)
    edge = 0.0
    for i, size in enumerate(sizes):
        centers[i] = max(centers[i], edge + size / 2)
        edge = centers[i] + size / 2
    edge = total
    for i in range(len(sizes) - 1, -1, -1):
        centers[i] = min(centers[i], edge - sizes[i] / 2)
        edge = centers[i] - sizes[i] / 2
    return centers


def _aside(heights: Sequence[float]) -> list[float]:
    """Return where across the axes each mark stands: on the spine, or beside it where another one is too near."""
    taken: list[tuple[float, float]] = []
    for y in heights:
        near = [x for x, other in taken if abs(y - other) < _MARK_IN]
        free = [_SPINE_AT + step for step in _ASIDE if _SPINE_AT + step not in near]
        taken.append((free[0] if free else _SPINE_AT, y))
    return [x for x, _ in taken]


def _year_ticks(ax: Axes, first: float, last: float, total: float) -> None:
    step = next(s for s in (1, 2, 5, 10, 20) if (last - first) / s <= 12)
    for year in range(int(first) + 1, int(last) + 1):
        if year % step == 0:
            y = (year - first) / (last - first) * (total - 0.4) + 0.2
            ax.plot([_SPINE_AT - 0.02, _SPINE_AT], [y, y], color=style.GRAY, linewidth=1.2)
            ax.text(_SPINE_AT - 0.03, y, str(year), ha="right", va="center", fontsize=style.SMALL_PT, color=style.GRAY)


def _key(ax: Axes, kinds: Sequence[str]) -> None:
    for kind in kinds:
        color, marker, filled = _KINDS[kind]
        ax.plot(
            [],
            [],
            marker=marker,
            linestyle="none",
            color=color,
            markerfacecolor=color if filled else style.PAPER,
            markeredgewidth=1.8,
            label=kind,
        )
    style.legend_above(ax, columns=len(kinds))
