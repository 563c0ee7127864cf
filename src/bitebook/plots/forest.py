"""Estimates with their intervals, one row each: comparisons of two arms, and single proportions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout

_RATIOS: Final = ("hazard ratio", "odds ratio", "risk ratio", "rate ratio", "relative risk")
_TICKS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_WIDEST: Final = (0.05, 20.0)  # a ratio outside is shown by an arrow, its number stands in the text


def forest(
    rows: pd.DataFrame,
    *,
    favors: tuple[str, str] | None = None,
    limits: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw treatment comparisons with their intervals: one row each, ratios on a log axis.

    Parameters
    ----------
    rows
        From ``evidence.table("comparisons")``: columns ``study``, ``endpoint``, ``measure``, ``value``, ``low``,
        ``high``; used when present: ``label`` (replaces the name of study and endpoint), ``population``, ``p_sides``,
        ``interval_kind``, ``status``, ``interval_status``. One measure only; rows with measure "P value" are written
        beside the estimate they belong to.
    favors
        What lies left and right of no difference. Default for hazard ratios: the treated and the control arm.
    limits
        Ends of the axis, unit of the measure. Intervals that go beyond end in an arrow.
    ax
        Axes to draw on; a new figure when ``None``.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column, mixes measures, or holds a ratio that is not positive.

    Notes
    -----
    An open marker says that the interval includes no difference; a dashed interval, with a dagger, that it is not
    verified. No summary diamond is drawn: trials with other populations and other controls are not pooled by eye.
    """
    needed = ("study", "endpoint", "measure", "value", "low", "high")
    table = reading.require(rows, needed, used_by="forest")
    is_p = table["measure"].astype(str).str.lower().eq("p value")
    estimates = reading.require(table[~is_p], needed, used_by="forest (estimates, P values aside)")
    measure = str(reading.single(estimates, "measure", used_by="forest"))
    ratio = measure.lower() in _RATIOS
    facts, p_rows = reading.records(estimates), reading.records(table[is_p])
    null = 1.0 if ratio else 0.0
    ends = limits or _limits(facts, ratio=ratio)
    many = reading.several(estimates, ("study", "population"))
    placed = layout.stack(
        [(_label(fact, many), _value(fact), _details(fact, many, _p_values(fact, p_rows))) for fact in facts]
    )
    remarks = _remarks(facts, null, beside=p_rows)
    height = layout.height_of(placed, extra_in=layout.notes_height(remarks) + 0.25)
    sides = favors or _default_sides(estimates, measure)
    with style.canvas(ax, height_in=height) as drawn:
        if ratio:
            drawn.set_xscale("log")
        drawn.set_xlim(*ends)
        layout.rule(drawn, placed, [null], color=style.BLACK, width=1.2)
        for fact, row in zip(facts, placed, strict=True):
            _interval(drawn, fact, row.y_in, ends, includes_null=_includes(fact, null))
        layout.write_rows(drawn, placed)
        ticks = (
            [tick for tick in _TICKS if ends[0] <= tick <= ends[1]] if ratio else [float(t) for t in drawn.get_xticks()]
        )
        if ratio:
            drawn.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
            drawn.minorticks_off()
        kind = f"{reading.kinds_of(facts)}{', log scale' if ratio else ''}"
        name = f"{measure[0].upper()}{measure[1:]} ({kind}); {null:g} = no difference"
        drawn.set_xlabel(name if sides is None else _towards(*sides) + name)
        layout.notes(drawn, remarks)
    return drawn


def proportions(rows: pd.DataFrame, *, limits: tuple[float, float] | None = None, ax: Axes | None = None) -> Axes:
    """Draw single proportions in percent with their intervals, one row each.

    Parameters
    ----------
    rows
        Columns ``value`` (percent) and ``label`` or ``study`` and ``endpoint``; used when present: ``low``, ``high``
        (percent), ``arm`` (sets marker and color), ``population``, ``denominator`` or ``n``, ``status``,
        ``interval_status``.
    limits
        Ends of the axis in percent, within 0 to 100. Default 0 to 100.
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column, or holds a percentage outside 0 to 100.
    """
    named = isinstance(rows, pd.DataFrame) and "label" in rows.columns
    table = reading.require(
        rows, ("label", "value") if named else ("study", "endpoint", "value"), used_by="proportions"
    )
    facts = reading.records(table)
    for fact in facts:
        _check_percent(fact)
    many = reading.several(table, ("study", "population"))
    placed = layout.stack(
        [(_label(fact, many), _percent_text(fact), _details(fact, many, _crowd(fact))) for fact in facts]
    )
    remarks = _remarks(facts, None)
    height = layout.height_of(placed, extra_in=layout.notes_height(remarks))
    ends = limits or (0.0, 100.0)
    with style.canvas(ax, height_in=height) as drawn:
        drawn.set_xlim(*ends)
        for fact, row in zip(facts, placed, strict=True):
            _interval(drawn, fact, row.y_in, ends, includes_null=False, arm=str(fact.get("arm") or "blinatumomab"))
        layout.rule(drawn, placed, [float(tick) for tick in drawn.get_xticks() if ends[0] <= tick <= ends[1]])
        layout.write_rows(drawn, placed)
        kind = f" ({reading.kinds_of(facts)})" if any(map(reading.interval_text, facts)) else ""
        drawn.set_xlabel(f"Percent of patients{kind}")
        layout.notes(drawn, remarks)
    return drawn


def _towards(left: str, right: str) -> str:
    """Say what lies on which side of no difference; names too long for one line take two."""
    first, second = f"← {left} better", f"{right} better →"
    whole = f"{first}   |   {second}"
    return f"{whole}\n" if layout.width_of(whole) < layout.INNER_IN else f"{first}\n{second}\n"


def _interval(
    ax: Axes,
    fact: Mapping[str, Any],
    y: float,
    ends: tuple[float, float],
    *,
    includes_null: bool,
    arm: str = "blinatumomab",
) -> None:
    look = style.arm_style(arm)
    low, high, value = (
        float(fact[name]) if reading.present(fact.get(name)) else math.nan for name in ("low", "high", "value")
    )
    if not math.isnan(low) and not math.isnan(high):
        dash = (0, (2.2, 1.6)) if reading.unverified(fact, interval=True) else "-"
        ax.plot([max(low, ends[0]), min(high, ends[1])], [y, y], color=look.color, linestyle=dash, zorder=2)
        for end, outside, shape in ((low, low < ends[0], "<"), (high, high > ends[1], ">")):
            at = min(max(end, ends[0]), ends[1])
            ax.plot(at, y, marker=shape if outside else "|", color=look.color, markersize=9, clip_on=False, zorder=2)
    if ends[0] <= value <= ends[1]:
        open_marker = includes_null or not look.filled
        ax.plot(
            value,
            y,
            marker=look.marker,
            markersize=10,
            color=look.color,
            markeredgewidth=2,
            markerfacecolor=style.PAPER if open_marker else look.color,
            zorder=3,
            clip_on=False,
        )


def _label(fact: Mapping[str, Any], many: Sequence[str]) -> str:
    """Name a row by its study; by its endpoint alone where all rows are of one study."""
    if reading.present(fact.get("label")):
        return str(fact["label"])
    return reading.study_name(fact["study"]) if "study" in many else str(fact["endpoint"])


def _details(fact: Mapping[str, Any], many: Sequence[str], extra: Sequence[str]) -> str:
    """Say what the label does not: endpoint, P value or size, and the population where populations differ."""
    named = reading.present(fact.get("label"))
    first = [str(fact["endpoint"])] if not named and "study" in many else []
    lines = ["; ".join([*first, *extra])]
    if not named and "population" in many and reading.present(fact.get("population")):
        lines.append(str(fact["population"]))
    return "\n".join(line for line in lines if line)


def _value(fact: Mapping[str, Any]) -> str:
    interval = reading.interval_text(fact)
    daggers = reading.DAGGER if reading.unverified(fact) or reading.unverified(fact, interval=True) else ""
    return f"{reading.printed(fact)} ({interval}){daggers}" if interval else f"{reading.printed(fact)}{daggers}"


def _p_values(fact: Mapping[str, Any], p_rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the P values printed for the same study, population, endpoint, and time."""
    keys = ("study", "population", "endpoint", "timepoint_months")
    return [p_text(row) for row in p_rows if all(_agree(fact.get(key), row.get(key)) for key in keys)]


def p_text(fact: Mapping[str, Any]) -> str:
    r"""Return a printed P value with its sides, for example "one-sided P = 0.03".

    Examples
    --------
    >>> p_text({"value": 0.03, "p_sides": 1})
    'one-sided P\xa0=\xa00.03'
    >>> p_text({"value": "<0.001"})
    'P\xa0<\xa00.001 (sides not stated)'
    """
    number = reading.printed(fact)
    # No-break spaces keep "P = 0.03" on one line.
    shown = f"P\u00a0<\u00a0{number[1:].strip()}" if number.startswith("<") else f"P\u00a0=\u00a0{number}"
    sides = fact.get("p_sides")
    words = {"1": "one-sided ", "2": "two-sided "}.get(f"{float(sides):g}" if reading.present(sides) else "", "")  # type: ignore[arg-type]
    return f"{words}{shown}{reading.mark(fact)}" if words else f"{shown}{reading.mark(fact)} (sides not stated)"


def _agree(one: object, other: object) -> bool:
    return not (reading.present(one) and reading.present(other)) or one == other


def _includes(fact: Mapping[str, Any], null: float) -> bool:
    low, high = fact.get("low"), fact.get("high")
    return reading.present(low) and reading.present(high) and float(low) <= null <= float(high)  # type: ignore[arg-type]


def _remarks(
    facts: Sequence[Mapping[str, Any]], null: float | None, *, beside: Sequence[Mapping[str, Any]] = ()
) -> list[str]:
    lines = []
    if null is not None and any(_includes(fact, null) for fact in facts):
        lines.append(f"Open marker: the interval includes {null:g}.")
    if any(not reading.interval_text(fact) for fact in facts) and any(reading.interval_text(fact) for fact in facts):
        lines.append("Marker without a line: no interval available.")
    if any(reading.unverified(fact, interval=True) and reading.interval_text(fact) for fact in facts):
        lines.append("Dashed line: interval not verified against the paper.")
    if any(reading.unverified(fact) or reading.unverified(fact, interval=True) for fact in [*facts, *beside]):
        lines.append(reading.UNVERIFIED_NOTE)
    return lines


def _limits(facts: Sequence[Mapping[str, Any]], *, ratio: bool) -> tuple[float, float]:
    numbers = [
        float(fact[name]) for fact in facts for name in ("value", "low", "high") if reading.present(fact.get(name))
    ]
    if not numbers:
        raise ValueError("rows for forest holds no number in value, low, or high")
    if not ratio:
        reach = 1.1 * max(abs(number) for number in numbers) or 1.0
        return (-reach, reach)
    if min(numbers) <= 0:
        raise ValueError(f"value, low, and high of a ratio must be above 0, got {min(numbers):g}")
    low = max(min([*numbers, 0.5]) * 0.85, _WIDEST[0])
    high = min(max([*numbers, 2.0]) * 1.15, _WIDEST[1])
    return (low, high)


def _default_sides(rows: pd.DataFrame, measure: str) -> tuple[str, str] | None:
    if measure.lower() != "hazard ratio" or not {"treated", "control"} <= set(rows.columns):
        return None
    pairs = {(str(t), str(c)) for t, c in zip(rows["treated"], rows["control"], strict=True) if reading.present(t)}
    return pairs.pop() if len(pairs) == 1 else None


def _check_percent(fact: Mapping[str, Any]) -> None:
    for name in ("value", "low", "high"):
        number = fact.get(name)
        if reading.present(number) and not 0 <= float(number) <= 100:  # type: ignore[arg-type]
            raise ValueError(f"{name} must be a number from 0 to 100 percent, got {number!r}")


def _percent_text(fact: Mapping[str, Any]) -> str:
    interval = reading.interval_text(fact)
    daggers = (
        reading.DAGGER if reading.unverified(fact) or (interval and reading.unverified(fact, interval=True)) else ""
    )
    return f"{reading.printed(fact)}%{f' ({interval})' if interval else ''}{daggers}"


def _crowd(fact: Mapping[str, Any]) -> list[str]:
    for name in ("denominator", "n", "n_treated", "n_randomized"):
        if reading.present(fact.get(name)):
            return [f"n = {float(fact[name]):g}"]
    return []
