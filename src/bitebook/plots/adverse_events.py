"""Adverse events of two arms, joined by a line: how far apart they lie is the message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout


def adverse_event_dumbbell(
    rows: pd.DataFrame, *, order: Literal["difference", "given"] = "difference", ax: Axes | None = None
) -> Axes:
    """Draw the share of patients with each adverse event in two arms as a dumbbell.

    Parameters
    ----------
    rows
        From ``evidence.table("adverse_events")``: columns ``event``, ``arm``, ``value`` (percent); used when present:
        ``grade``, ``treatment_phase``, ``study``, ``status``. One study, phase, and grade, and two arms. Events printed
        for one arm only are shown as a single point.
    order
        "difference": widest gap first; "given": as in `rows`.
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column, mixes studies, phases, or grades, holds more than two arms, or a pair twice.
    """
    table = reading.require(rows, ("event", "arm", "value"), used_by="adverse_event_dumbbell")
    table = table[table["value"].map(reading.present)]
    reading.require(table, (), used_by="adverse_event_dumbbell (rows with a value)")
    for column in ("study", "treatment_phase", "population"):
        reading.single(table, column, used_by="adverse_event_dumbbell")
    grade = reading.single(table, "grade", used_by="adverse_event_dumbbell")
    arms = list(dict.fromkeys(str(arm) for arm in table["arm"]))
    if len(arms) > 2:
        raise ValueError(f"rows for adverse_event_dumbbell must hold two arms, got {len(arms)}: {', '.join(arms)}")
    pairs = _pairs(table)
    names = sorted(pairs, key=lambda name: -_gap(pairs[name])) if order == "difference" else list(pairs)
    placed = layout.stack([(name, "", "") for name in names])
    facts = [fact for pair in pairs.values() for fact in pair.values()]
    remarks = [reading.UNVERIFIED_NOTE] if any(reading.unverified(fact) for fact in facts) else []
    with style.canvas(ax, height_in=layout.height_of(placed, extra_in=0.35 + layout.notes_height(remarks))) as drawn:
        # Room beyond both ends, so that "0%" and "100%" stand inside the frame.
        drawn.set_xlim(-15, 109)
        drawn.set_xticks(range(0, 101, 25), [f"{tick}%" for tick in range(0, 101, 25)])
        layout.rule(drawn, placed, range(0, 101, 25))
        for name, row in zip(names, placed, strict=True):
            _dumbbell(drawn, pairs[name], row.y_in)
        layout.write_rows(drawn, placed)
        _name_arms(drawn, arms)
        drawn.set_xlabel(f"Patients with the event{_grade_words(grade)}")
        layout.notes(drawn, remarks)
    return drawn


def _pairs(table: pd.DataFrame) -> dict[str, dict[str, Mapping[str, Any]]]:
    pairs: dict[str, dict[str, Mapping[str, Any]]] = {}
    for fact in reading.records(table):
        value = float(fact["value"])
        if not 0 <= value <= 100:
            raise ValueError(f"value must be a number from 0 to 100 percent, got {value!r} for {fact['event']!r}")
        pair = pairs.setdefault(str(fact["event"]), {})
        if str(fact["arm"]) in pair:
            twice = f"{fact['event']!r} twice for {fact['arm']!r}"
            raise ValueError(f"rows for adverse_event_dumbbell holds {twice}; filter to one phase and grade")
        pair[str(fact["arm"])] = fact
    return pairs


def _gap(pair: Mapping[str, Mapping[str, Any]]) -> float:
    values = [float(fact["value"]) for fact in pair.values()]
    return max(values) - min(values)


def _dumbbell(ax: Axes, pair: Mapping[str, Mapping[str, Any]], y: float) -> None:
    ordered = sorted(pair.values(), key=lambda fact: float(fact["value"]))
    ax.plot([float(fact["value"]) for fact in ordered], [y] * len(ordered), color="#9a9a9a", linewidth=3.5, zorder=2)
    for place, fact in enumerate(ordered):
        look = style.arm_style(str(fact["arm"]))
        ax.plot(
            float(fact["value"]),
            y,
            marker=look.marker,
            markersize=11,
            markeredgewidth=2.2,
            color=look.color,
            markerfacecolor=look.face,
            zorder=3,
            clip_on=False,
        )
        leftmost = place == 0 and len(ordered) > 1
        ax.annotate(
            f"{reading.printed(fact)}%{reading.mark(fact)}",
            (float(fact["value"]), y),
            xytext=(-9 if leftmost else 9, 0),
            textcoords="offset points",
            va="center",
            ha="right" if leftmost else "left",
            color=look.text_color,
            fontweight="bold",
        )


def _name_arms(ax: Axes, arms: list[str]) -> None:
    for arm in arms:
        look = style.arm_style(arm)
        ax.plot(
            [],
            [],
            marker=look.marker,
            markersize=11,
            markeredgewidth=2.2,
            linestyle="none",
            color=look.color,
            markerfacecolor=look.face,
            label=arm,
        )
    style.legend_above(ax, columns=2)


def _grade_words(grade: object) -> str:
    words = {">=3": ", grade 3 or worse", "any": ", any grade", "serious": ", serious"}
    return words.get(str(grade), f", grade {grade}") if reading.present(grade) else ""
