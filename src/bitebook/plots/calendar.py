"""The days of a course as a calendar: dose, infusion-free days, bag changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from bitebook import rows as reading
from bitebook import style
from bitebook.dosing import Course
from bitebook.dosing.table import shown
from bitebook.plots import layout

_TINTS: Final = ("#cdeee3", "#7fceb5", "#3fb08e", "#009e73")  # light to dark: a higher dose prints darker
_WEEK: Final = 7


def dose_calendar(
    plan: Course | pd.DataFrame, *, cycle: int = 1, bag_change_days: Collection[int] = (), ax: Axes | None = None
) -> Axes:
    """Draw one cycle, a cell a day, seven days a line.

    Parameters
    ----------
    plan
        A course from `bitebook.dosing.course`; or a table with columns ``day`` (whole numbers from 1 on, each once) and
        ``dose_mcg_per_day`` (mcg/day, 0 to 1000, 0 on days without infusion).
    cycle
        Which cycle of the course; ignored for a table.
    bag_change_days
        Days on which a new bag is hung; marked by a triangle.
    ax
        Axes to draw on; a new figure when ``None``.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the plan has no such cycle, is empty, lacks a column, repeats a day, or holds a dose out of range.

    Notes
    -----
    Not a prescription. Doses are written to one decimal.
    """
    doses = _days(plan, cycle)
    weeks = -(-max(doses) // _WEEK)
    levels = sorted({dose for dose in doses.values() if dose > 0})
    remarks = _remarks(doses, bag_change_days, dagger=plan.mark if isinstance(plan, Course) else "")
    with style.canvas(ax, height_in=0.62 * weeks + 0.35 + layout.notes_height(remarks)) as drawn:
        drawn.set_xlim(-1.12, _WEEK)
        drawn.set_ylim(weeks, -0.1)
        drawn.axis("off")
        for day, dose in doses.items():
            _cell(drawn, day, dose, levels, new_bag=day in bag_change_days)
        for week in range(weeks):
            span = f"days\n{week * _WEEK + 1}-{min((week + 1) * _WEEK, max(doses))}"
            drawn.text(
                -0.12,
                week + 0.5,
                span,
                ha="right",
                va="center",
                fontsize=style.SMALL_PT,
                color=style.GRAY,
                linespacing=1.15,
            )
        layout.notes(drawn, remarks)
    return drawn


def _days(plan: Course | pd.DataFrame, cycle: int) -> dict[int, float]:
    """Return day of the cycle to dose in mcg/day."""
    if isinstance(plan, Course):
        doses = {day.day: day.mcg_per_day for day in plan.calendar if day.cycle == cycle}
        if not doses:
            raise ValueError(f"cycle must be one of the course's cycles, from 1 to {len(plan.cycles)}, got {cycle!r}")
        return doses
    table = reading.require(plan, ("day", "dose_mcg_per_day"), used_by="dose_calendar")
    doses = {int(day): float(dose) for day, dose in zip(table["day"], table["dose_mcg_per_day"], strict=True)}
    if len(doses) != len(table):
        raise ValueError("plan for dose_calendar holds a day twice; give one row for each day")
    for day, dose in doses.items():
        if not 1 <= day <= 366 or not 0 <= dose <= 1000:
            allowed = "day must lie from 1 to 366 and dose_mcg_per_day from 0 to 1000 mcg/day"
            raise ValueError(f"{allowed}, got day {day}, {dose:g} mcg/day")
    return doses


def _remarks(doses: Mapping[int, float], bag_change_days: Collection[int], *, dagger: str) -> list[str]:
    broken = any(not dose.is_integer() for dose in doses.values())
    words = [f"Bold: mcg/day{', to one decimal' if broken else ''}."]
    if 0 in doses.values():
        words.append("Hatched: no infusion.")
    if bag_change_days:
        words.append("▲ New bag.")
    return [" ".join(words), f"{dagger} Doses not verified against the current label." if dagger else ""]


def _cell(ax: Axes, day: int, dose: float, levels: list[float], *, new_bag: bool) -> None:
    left, top = (day - 1) % _WEEK, (day - 1) // _WEEK
    resting = dose == 0
    shade = "#f6f6f6" if resting else _tint(levels.index(dose), len(levels))
    ax.add_patch(
        FancyBboxPatch(
            (left + 0.04, top + 0.05),
            0.92,
            0.90,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=shade,
            edgecolor="#bdbdbd" if resting else style.TEXT[style.GREEN],
            linewidth=1.0,
            hatch="///" if resting else None,
        )
    )
    pale = {"boxstyle": "round,pad=0.12", "facecolor": "#f6f6f6", "edgecolor": "none"} if resting else None
    ax.text(left + 0.11, top + 0.30, str(day), va="center", fontsize=style.SMALL_PT, color=style.INK, bbox=pale)
    if not resting:
        ax.text(
            left + 0.5,
            top + 0.70,
            shown(dose).removesuffix(".0"),
            va="center",
            ha="center",
            fontweight="bold",
            color=style.BLACK,
        )
    if new_bag:
        ax.plot(left + 0.80, top + 0.28, marker="^", color=style.BLACK, markersize=7)


def _tint(level: int, count: int) -> str:
    """Spread the tints over the dose levels, the lowest dose lightest."""
    return _TINTS[1] if count == 1 else _TINTS[min(round(level * (len(_TINTS) - 2) / (count - 1)), len(_TINTS) - 1)]
