"""One loss, two denominators: percent of all treated beside percent of those who relapsed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout

_LOOKS: Final[dict[str, tuple[str, str]]] = {  # denominator -> fill, hatch
    "treated": (style.VERMILLION, ""),
    "relapses": ("#f6c9a6", "///"),
}
_BAR_IN: Final = 0.24


def resistance_denominators(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how often an antigen is lost, once of all treated and once of relapses, group by group.

    Parameters
    ----------
    rows
        From ``evidence.table("resistance")``: columns ``statement``, ``value`` (percent); used when present: ``of``
        ("treated" or "relapses"; otherwise read from the wording of the statement), ``label`` or ``population`` (names
        the group), ``events``, ``n``, ``status``.
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column, or the denominator of a row cannot be told.
    """
    table = reading.require(rows, ("statement", "value"), used_by="resistance_denominators")
    groups: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for fact in reading.records(table):
        if not reading.present(fact["value"]) or not 0 <= float(fact["value"]) <= 100:
            got = f"got {fact['value']!r} for {fact['statement']!r}"
            raise ValueError(f"value must be a number from 0 to 100 percent, {got}")
        groups.setdefault(_group(fact), []).append((_denominator(fact), fact))
    facts = [fact for bars in groups.values() for _, fact in bars]
    remarks = [reading.UNVERIFIED_NOTE] if any(reading.unverified(fact) for fact in facts) else []
    top = 0.0
    height = sum(0.4 + len(bars) * (_BAR_IN + 0.07) for bars in groups.values()) + 0.85 + layout.notes_height(remarks)
    with style.canvas(ax, height_in=height) as drawn:
        for name, bars in groups.items():
            drawn.text(0, top + 0.03, name, va="top", fontweight="bold")
            top += 0.28
            for denominator, one in bars:
                _bar(drawn, one, denominator, top)
                top += _BAR_IN + 0.07
            top += 0.12
        highest = max(float(fact["value"]) for fact in facts)
        drawn.set_xlim(0, min(100.0, 10 * (int(highest / 10) + 1)) * 1.75)
        ticks = [tick for tick in drawn.get_xticks() if tick <= 10 * (int(highest / 10) + 1)]
        drawn.set_xticks(ticks, [f"{tick:g}%" for tick in ticks])
        drawn.spines["bottom"].set_bounds(ticks[0], ticks[-1])
        drawn.set_ylim(top, 0)
        drawn.yaxis.set_visible(False)
        drawn.spines["left"].set_visible(False)
        layout.notes(drawn, remarks)
    return drawn


def _bar(ax: Axes, fact: Mapping[str, Any], denominator: str, top: float) -> None:
    fill, hatch = _LOOKS[denominator]
    value = float(fact["value"])
    ax.barh(
        top + _BAR_IN / 2,
        value,
        height=_BAR_IN,
        color=fill,
        hatch=hatch,
        edgecolor=style.TEXT[style.VERMILLION],
        linewidth=1,
    )
    counts = ""
    if reading.present(fact.get("events")) and reading.present(fact.get("n")):
        counts = f" ({float(fact['events']):g}/{float(fact['n']):g})"
    ax.annotate(
        f"{reading.printed(fact)}%{reading.mark(fact)} of {denominator}{counts}",
        (value, top + _BAR_IN / 2),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
    )


def _group(fact: Mapping[str, Any]) -> str:
    for name in ("label", "population", "study"):
        if reading.present(fact.get(name)):
            return str(fact[name])
    return str(fact["statement"])


def _denominator(fact: Mapping[str, Any]) -> str:
    """Tell the denominator from the column ``of`` or from the words of the statement; never guess."""
    words = str(fact["of"] if reading.present(fact.get("of")) else fact["statement"]).lower()
    treated = "treated" in words
    relapses = "relapses" in words or "relapsed" in words
    if treated == relapses:
        raise ValueError(
            f"cannot tell the denominator of {fact['statement']!r}; add a column of: 'treated' or 'relapses'"
        )
    return "treated" if treated else "relapses"
