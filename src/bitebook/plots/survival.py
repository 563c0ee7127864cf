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
_ARM_IN: Final = 0.27  # height of one arm's line


def survival_landmarks(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw survival estimates at their printed time points, the arms of each comparison one below the other.

    Parameters
    ----------
    rows
        From ``evidence.table("outcomes")``: columns ``arm``, ``endpoint``, ``timepoint_months``, ``value`` (percent);
        used when present: ``label`` (replaces endpoint and time), ``study``, ``population``, ``estimate_type``,
        ``low``, ``high`` (percent), ``standard_error`` (percentage points), ``status``,
        ``interval_status``. Several studies or populations get rows of their own.
    ax
        Axes to draw on; a new figure when ``None``.

    Returns
    -------
    Axes
        The axes drawn on: percent from left to right, a row for each endpoint, time, study, and population.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column or a time point, holds an arm twice in a row, or mixes kinds of estimates: a
        crude proportion at some median follow-up is not survival at a time and has no place on this axis.

    Notes
    -----
    Intervals are drawn as printed. Where only a standard error is printed, the bar is estimate ± 1.96 standard errors,
    cut at 0 and 100, and a note says so. Points are never joined.
    """
    table = reading.require(rows, ("arm", "endpoint", "timepoint_months", "value"), used_by="survival_landmarks")
    reading.single(table, "estimate_type", used_by="survival_landmarks; crude and Kaplan-Meier values share no axis:")
    facts = [fact for fact in reading.records(table) if reading.present(fact["value"])]
    many = reading.several(table, ("study", "population"))
    groups = _groups(facts, many)
    arms = list(dict.fromkeys(str(fact["arm"]) for fact in facts))
    placed = layout.stack([_words(group, many) for group in groups], graphic_in=_ARM_IN * len(arms))
    remarks = _remarks(facts)
    height = layout.height_of(placed, extra_in=0.6 + layout.notes_height(remarks))
    with style.canvas(ax, height_in=height) as drawn:
        drawn.set_xlim(0, 100)
        drawn.set_xticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
        layout.rule(drawn, placed, range(0, 101, 20))
        for group, row in zip(groups, placed, strict=True):
            for fact in group:
                _point(drawn, fact, row.marks_top_in + (arms.index(str(fact["arm"])) + 0.5) * _ARM_IN)
        layout.write_rows(drawn, placed)
        last = placed[-1].end_in
        drawn.set_ylim(last + 0.26, 0)
        note = drawn.text(0.7, last + 0.13, REDRAWN, va="center", fontsize=style.SMALL_PT, color=style.GRAY)
        note.set_fontstyle("italic")
        _key(drawn, arms)
        drawn.set_xlabel("Percent of patients")
        layout.notes(drawn, remarks)
    return drawn


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


def _groups(facts: Sequence[Mapping[str, Any]], many: Sequence[str]) -> list[list[Mapping[str, Any]]]:
    """Collect the arms that belong together: same label, endpoint, time, study, and population."""
    if not facts:
        raise ValueError("rows for survival_landmarks holds no value; check the filter")
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for fact in facts:
        name = f"{fact['arm']!r}, {fact['endpoint']!r}"
        if not reading.present(fact["timepoint_months"]):
            raise ValueError(f"timepoint_months is missing for {name}; drop the row or draw it with proportions()")
        if not 0 <= float(fact["value"]) <= 100:
            raise ValueError(f"value must be a number from 0 to 100 percent, got {fact['value']!r} for {name}")
        key = tuple(str(fact.get(column)) for column in ("label", "endpoint", "timepoint_months", *many))
        group = groups.setdefault(key, [])
        if any(other["arm"] == fact["arm"] for other in group):
            raise ValueError(f"rows for survival_landmarks holds {name} twice; filter to one")
        group.append(fact)
    return list(groups.values())


def _words(group: Sequence[Mapping[str, Any]], many: Sequence[str]) -> tuple[str, str, str]:
    """Return label, value, and detail of a row."""
    fact = group[0]
    months = float(fact["timepoint_months"])
    time = f"{months / 12:g} year{'s' if months != 12 else ''}" if months % 6 == 0 else f"{months:g} months"
    plain = f"{fact['endpoint']} at {time}"
    details = [str(fact["population"])] if "population" in many and reading.present(fact.get("population")) else []
    if reading.present(fact.get("label")):
        return str(fact["label"]), "", ""
    if "study" in many:
        return reading.study_name(fact["study"]), "", "\n".join([plain, *details])
    return plain, "", "\n".join(details)


def _point(ax: Axes, fact: Mapping[str, Any], y: float) -> None:
    look = style.arm_style(str(fact["arm"]))
    value = float(fact["value"])
    low, high = interval(fact)
    if not math.isnan(low):
        dash = (0, (2.2, 1.6)) if reading.unverified(fact, interval=True) else "-"
        ax.plot([low, high], [y, y], color=look.color, linestyle=dash, zorder=2)
        ax.plot([low, high], [y, y], color=look.color, linestyle="none", marker="|", markersize=9, zorder=2)
    ax.plot(
        value,
        y,
        marker=look.marker,
        color=look.color,
        markerfacecolor=look.face,
        markersize=10,
        markeredgewidth=2,
        linestyle="none",
        zorder=3,
        clip_on=False,
    )
    ends = [end for end in (value, low, high) if not math.isnan(end)]
    right = max(ends) <= 82  # else the number would leave the frame
    ax.annotate(
        f"{reading.printed(fact)}%{reading.mark(fact)}",
        (max(ends) if right else min(ends), y),
        xytext=(10 if right else -10, 0),
        textcoords="offset points",
        va="center",
        ha="left" if right else "right",
        color=look.text_color,
        fontweight="bold",
    )


def _from_error(fact: Mapping[str, Any]) -> bool:
    return not reading.interval_text(fact) and reading.present(fact.get("standard_error"))


def _remarks(facts: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    if any(_from_error(fact) for fact in facts):
        lines.append("Bars: estimate ± 1.96 printed standard errors.")
    if any(reading.interval_text(fact) for fact in facts):
        kind = reading.kinds_of(facts)
        lines.append("Where one is printed: the printed interval." if lines else f"Bars: {kind} as printed.")
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
        face = look.face
        ax.plot(
            [], [], look.marker, color=look.color, markerfacecolor=face, markersize=10, markeredgewidth=2, label=arm
        )
    style.legend_above(ax, columns=2)
