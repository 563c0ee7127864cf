"""Survival at the time points a paper prints; nothing is drawn between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout

REDRAWN: Final = "Redrawn from published estimates; no curve is implied."
_Z95: Final = 1.959963984540054


def survival_landmarks(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw survival estimates at their printed time points, arms side by side.

    Parameters
    ----------
    rows
        From ``evidence.table("outcomes")``: columns ``arm``, ``endpoint``, ``timepoint_months``, ``value`` (percent);
        used when present: ``study``, ``estimate_type``, ``low``, ``high`` (percent), ``standard_error`` (percentage points),
        ``status``, ``interval_status``. Rows of several studies or populations get a group each.
    ax
        Axes to draw on; a new figure when ``None``.

    Returns
    -------
    Axes
        The axes drawn on: percent upward, one group of points for each endpoint and time.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column, has no time point, or mixes Kaplan-Meier estimates with crude proportions:
        a crude proportion at some median follow-up is not survival at a time and has no place on this axis.

    Notes
    -----
    Intervals are drawn as printed. Where only a standard error is printed, the bar is estimate ± 1.96 standard errors,
    cut at 0 and 100, and a note says so. Points are never joined.
    """
    table = reading.require(rows, ("arm", "endpoint", "timepoint_months", "value"), used_by="survival_landmarks")
    reading.single(
        table, "estimate_type", used_by="survival_landmarks (crude and Kaplan-Meier values never share an axis)"
    )
    facts = [fact for fact in reading.records(table) if reading.present(fact["value"])]
    for fact in facts:
        if not reading.present(fact["timepoint_months"]):
            raise ValueError(
                f"timepoint_months is missing for {fact['arm']!r}, {fact['endpoint']!r}; "
                "drop the row or draw it with proportions()"
            )
        if not 0 <= float(fact["value"]) <= 100:
            raise ValueError(f"value must be a number from 0 to 100 percent, got {fact['value']!r}")
    if not facts:
        raise ValueError("rows for survival_landmarks holds no value")
    many = reading.several(table, ("study", "population"))
    groups = list(dict.fromkeys(_group(fact, many) for fact in facts))
    arms = list(dict.fromkeys(str(fact["arm"]) for fact in facts))
    remarks = [REDRAWN, *_remarks(facts)]
    tallest = max(group.count("\n") + 1 for group in groups)
    with style.canvas(ax, height_in=3.3 + 0.2 * tallest + layout.notes_height(remarks[1:])) as drawn:
        drawn.grid(axis="y")
        for fact in facts:
            place = groups.index(_group(fact, many)) + _dodge(arms.index(str(fact["arm"])), len(arms))
            _point(drawn, fact, place, right=arms.index(str(fact["arm"])) >= len(arms) / 2)
        drawn.set_xlim(-0.55, len(groups) - 0.45)
        drawn.set_ylim(0, 104)
        drawn.set_yticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
        drawn.set_xticks(range(len(groups)), groups, fontsize=style.FONT_PT)
        drawn.tick_params(axis="x", length=0)
        _key(drawn, arms)
        drawn.text(
            0.01, 0.025, REDRAWN, transform=drawn.transAxes, fontsize=style.SMALL_PT, color=style.GRAY, style="italic"
        )
        _below(drawn, remarks[1:], tallest)
    return drawn


def _group(fact: Mapping[str, Any], many: Sequence[str]) -> str:
    months = float(fact["timepoint_months"])
    time = f"{months / 12:g} year{'s' if months != 12 else ''}" if months % 6 == 0 else f"{months:g} months"
    parts = [layout.wrap(str(fact["endpoint"]), 16), f"at {time}"]
    for name in many:
        parts.insert(0, layout.wrap(reading.study_name(fact[name]) if name == "study" else str(fact[name]), 16))
    return "\n".join(parts)


def _dodge(number: int, count: int) -> float:
    return (number - (count - 1) / 2) * (0.24 if count <= 2 else 0.5 / count)


def _point(ax: Axes, fact: Mapping[str, Any], x: float, *, right: bool) -> None:
    look = style.arm_style(str(fact["arm"]))
    value = float(fact["value"])
    low, high = interval(fact)
    if not math.isnan(low):
        dash = (0, (2.2, 1.6)) if reading.unverified(fact, interval=True) else "-"
        ax.plot([x, x], [low, high], color=look.color, linestyle=dash, zorder=2)
        ax.plot([x, x], [low, high], color=look.color, linestyle="none", marker="_", markersize=9, zorder=2)
    ax.plot(
        x,
        value,
        marker=look.marker,
        color=look.color,
        markerfacecolor=look.face,
        markersize=10,
        markeredgewidth=2,
        linestyle="none",
        zorder=3,
    )
    ax.annotate(
        f"{reading.printed(fact)}%{reading.mark(fact)}",
        (x, value),
        xytext=(9 if right else -9, 0),
        textcoords="offset points",
        va="center",
        ha="left" if right else "right",
        color=look.text_color,
        fontweight="bold",
    )


def interval(fact: Mapping[str, Any]) -> tuple[float, float]:
    """Return the printed interval, else estimate ± 1.96 standard errors within 0 to 100, else NaN (all in percent).

    Examples
    --------
    >>> interval({"value": 54.4, "low": None, "high": None, "standard_error": None})
    (nan, nan)
    >>> tuple(round(end, 1) for end in interval({"value": 61.2, "standard_error": 5.0}))
    (51.4, 71.0)
    """
    if reading.present(fact.get("low")) and reading.present(fact.get("high")):
        return float(fact["low"]), float(fact["high"])
    if reading.present(fact.get("standard_error")):
        half = _Z95 * float(fact["standard_error"])
        return max(0.0, float(fact["value"]) - half), min(100.0, float(fact["value"]) + half)
    return math.nan, math.nan


def _from_error(fact: Mapping[str, Any]) -> bool:
    return not reading.interval_text(fact) and reading.present(fact.get("standard_error"))


def _remarks(facts: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    if any(_from_error(fact) for fact in facts):
        lines.append("Bars: estimate ± 1.96 printed standard errors.")
    if any(reading.interval_text(fact) for fact in facts):
        lines.append(
            f"Bars: {reading.kinds_of(facts)} as printed."
            if not lines
            else "Where one is printed: the printed interval."
        )
    if any(math.isnan(interval(fact)[0]) for fact in facts):
        lines.append("Point without a bar: no interval available.")
    if any(reading.unverified(fact, interval=True) and not math.isnan(interval(fact)[0]) for fact in facts):
        lines.append("Dashed bar: interval not verified against the paper.")
    if any(reading.unverified(fact) for fact in facts):
        lines.append(reading.UNVERIFIED_NOTE)
    return lines


def _key(ax: Axes, arms: Sequence[str]) -> None:
    """Name the arms above the axes, each with its own mark."""
    for arm in arms:
        look = style.arm_style(arm)
        ax.plot(
            [],
            [],
            marker=look.marker,
            color=look.color,
            markerfacecolor=look.face,
            markeredgewidth=2,
            linestyle="none",
            label=arm,
        )
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=2,
        fontsize=style.FONT_PT,
        handletextpad=0.3,
        columnspacing=1.2,
        borderaxespad=0.2,
    )


def _below(ax: Axes, lines: Sequence[str], tick_lines: int) -> None:
    if lines:
        ax.annotate(
            "\n".join(layout.wrap(line, 58) for line in lines),
            (0, 0),
            xytext=(-34, -12 - 16.5 * tick_lines),
            xycoords="axes fraction",
            textcoords="offset points",
            va="top",
            color=style.GRAY,
            fontsize=style.SMALL_PT,
            linespacing=1.25,
            annotation_clip=False,
        )
