"""Where patients, or milliliters, go: enrollment steps and the content of a bag."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout

_PARTS: Final = ((style.GREEN, ""), ("#f6c9a6", "///"), ("#e2e2e2", "..."), (style.PAPER, "xx"))


def _percent(share: float) -> str:
    """Return a share in percent, to one decimal: 12.5% must not turn into 12%."""
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def enrollment_flow(steps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many patients reach each step of a trial, and how many are lost before the next.

    Parameters
    ----------
    steps
        Columns ``label`` and ``n`` (patients, whole, never rising from row to row); used when present: ``lost``
        (why the others did not go on: written beside the drop), ``status``.
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If steps is empty, lacks a column, holds a negative number, or rises.
    """
    table = reading.require(steps, ("label", "n"), used_by="enrollment_flow")
    facts = reading.records(table)
    numbers = [float(fact["n"]) for fact in facts]
    if any(not math.isfinite(n) or n < 0 or n != int(n) for n in numbers) or numbers[0] == 0:
        raise ValueError(f"n must be whole numbers of patients, at least 0 (first above 0), got {numbers}")
    if any(later > earlier for earlier, later in pairwise(numbers)):
        raise ValueError(f"n must not rise from one step to the next, got {numbers}")
    remarks = [reading.UNVERIFIED_NOTE] if any(reading.unverified(fact) for fact in facts) else []
    bar, drop = 0.30, 0.30
    tall = len(facts) * (layout.LINE_IN + 0.06 + bar) + (len(facts) - 1) * drop
    with style.canvas(ax, height_in=tall + 0.3 + layout.notes_height(remarks)) as drawn:
        top = 0.0
        for number, fact in enumerate(facts):
            share = numbers[number] / numbers[0]
            drawn.text(0, top, str(fact["label"]), va="top", fontweight="bold")
            drawn.text(1, top, f"{numbers[number]:g} ({_percent(share)}){reading.mark(fact)}", va="top", ha="right")
            top += layout.LINE_IN + 0.06
            drawn.barh(top + bar / 2, 1, height=bar, color="#f1f1f1", edgecolor="none")
            drawn.barh(
                top + bar / 2, share, height=bar, color="#7fceb5", edgecolor=style.TEXT[style.GREEN], linewidth=1.2
            )
            top += bar
            if number + 1 < len(facts):
                gone = numbers[number] - numbers[number + 1]
                why = f": {fact['lost']}" if reading.present(fact.get("lost")) else " did not go on"
                drawn.text(
                    0.03, top + drop / 2, f"↓ {gone:g}{why}", va="center", fontsize=style.SMALL_PT, color=style.GRAY
                )
                top += drop
        drawn.set_xlim(-0.005, 1.005)
        drawn.set_ylim(top + 0.02, 0)
        drawn.axis("off")
        layout.notes(drawn, remarks)
    return drawn


def bag_content(*, parts: Mapping[str, float], unit: str = "mL", ax: Axes | None = None) -> Axes:
    """Draw what a bag holds as one bar: delivered, left in the bag and the line, and whatever else is named.

    Parameters
    ----------
    parts
        Name to amount, in `unit`, each above 0; two to four parts, in order from the left. Equal hatches print in gray.
    unit
        Unit of the amounts.
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If there are fewer than two or more than four parts, or an amount is not above 0.
    """
    if not 2 <= len(parts) <= len(_PARTS):
        raise ValueError(f"parts must hold from 2 to {len(_PARTS)} amounts, got {len(parts)}")
    for name, amount in parts.items():
        if isinstance(amount, bool) or not math.isfinite(amount) or amount <= 0:
            raise ValueError(f"parts[{name!r}] must be a number above 0 {unit}, got {amount!r}")
    total = math.fsum(parts.values())
    with style.canvas(ax, height_in=1.0 + 0.26 * len(parts)) as drawn:
        left = 0.0
        for number, (name, amount) in enumerate(parts.items()):
            color, hatch = _PARTS[number]
            drawn.barh(0.2, amount, left=left, height=0.4, color=color, hatch=hatch, edgecolor=style.INK, linewidth=1.2)
            y = 0.62 + 0.26 * number
            drawn.plot([left + amount / 2] * 2, [0.4, y], color=style.GRAY, linewidth=1)
            before = left + amount / 2 > total / 2
            drawn.annotate(
                f"{name}: {amount:g} {unit}",
                (left + amount / 2, y),
                xytext=(-5 if before else 5, 0),
                textcoords="offset points",
                ha="right" if before else "left",
                va="center",
            )
            left += amount
        drawn.text(0, -0.06, f"In the bag: {total:g} {unit}", va="bottom", fontweight="bold")
        drawn.set_xlim(-0.002 * total, total * 1.002)
        drawn.set_ylim(0.62 + 0.26 * len(parts) - 0.1, -0.28)
        drawn.axis("off")
    return drawn
