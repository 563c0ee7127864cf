"""Concentrations over time with bands, skewed distributions, and dose against weight."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from matplotlib.axes import Axes

from bitebook import rows as reading
from bitebook import style
from bitebook.plots import layout

_OURS: Final = "_concentration"  # how a second call knows the curves of the first; matplotlib lists no such label
_LINES: Final[tuple[tuple[str, str], ...]] = ((style.BLACK, "-"), (style.BLUE, "--"), (style.VERMILLION, "-."))
_CLEAR: Final = {"boxstyle": "round,pad=0.05", "facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.85}
_BANDS: Final = ("#9a9a9a", style.BLUE, style.VERMILLION)


def concentration_time(
    *,
    times_h: Sequence[float],
    central: Sequence[float],
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    label: str = "",
    band_label: str = "",
    references: Mapping[str, float] | None = None,
    stop_h: float | None = None,
    unit: str = "pg/mL",
    log_y: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a concentration over time, with an optional band and named horizontal reference lines.

    Parameters
    ----------
    times_h
        Hours from the start of the infusion, rising; shown in days when they reach 72 hours.
    central
        Concentration at each time, in `unit`, at least 0.
    low, high
        Ends of the band at each time, in `unit`; both or neither.
    label, band_label
        Written beside the line's end and under the axis ("90% of simulated children").
    references
        Horizontal lines: name to concentration, for example ``{"steady state": 600.0}``.
    stop_h
        Hour at which the infusion stops; marked by a vertical line.
    unit
        Unit of the concentration.
    log_y
        Logarithmic vertical axis; values of 0 are left out.
    ax
        Axes to draw on (a second call on the same axes takes the next color and dash); a new figure when ``None``.

    Raises
    ------
    ValueError
        If the sequences are empty, differ in length, times do not rise, or only one end of the band is given.
    """
    times, middle = _numbers("times_h", times_h, "hours"), _numbers("central", central, unit)
    if len(times) != len(middle):
        raise ValueError(f"central must have one value for each time, got {len(middle)} values for {len(times)} times")
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise ValueError("times_h must rise from one value to the next")
    if (low is None) != (high is None):
        raise ValueError("low and high must be given together: a band has two ends")
    if log_y and max(middle) == 0:
        raise ValueError(f"central must hold a value above 0 {unit} when log_y is True, got zeros only")
    in_days = times[-1] >= 72
    x = [time / 24 for time in times] if in_days else times
    remarks = [f"Band: {band_label}." if band_label else "", "Dotted: reference." if references else ""]
    with style.canvas(
        ax, height_in=3.5 + layout.notes_height([" ".join(remarks).strip()], width_in=layout.SCALED_IN)
    ) as drawn:
        turn = len([line for line in drawn.lines if line.get_label() == _OURS]) % len(_LINES)
        color, dash = _LINES[turn]
        shown = [value if value > 0 or not log_y else math.nan for value in middle]
        if log_y:
            drawn.set_yscale("log")
            drawn.yaxis.set_major_formatter("{x:g}")
        if low is not None and high is not None:
            ends = _numbers("low", low, unit), _numbers("high", high, unit)
            if len(ends[0]) != len(times) or len(ends[1]) != len(times):
                raise ValueError(f"low and high must have one value for each time ({len(times)})")
            drawn.fill_between(x, *ends, color=_BANDS[turn], alpha=0.25, linewidth=0)
        drawn.plot(x, shown, color=color, linestyle=dash, label=_OURS, zorder=3)
        if label:
            _name_line(drawn, x, shown, label, color)
        for name, level in (references or {}).items():
            drawn.axhline(level, color=style.GRAY, linestyle=":", linewidth=1.8, zorder=2)
            drawn.annotate(
                f"{name}: {level:.3g}{'' if unit.startswith('%') else ' '}{unit}",
                (1, level),
                xycoords=("axes fraction", "data"),
                xytext=(-3, 6),
                textcoords="offset points",
                ha="right",
                color=style.GRAY,
                fontsize=style.SMALL_PT,
                bbox=_CLEAR,
                zorder=4,
            )
        if stop_h is not None:
            drawn.axvline(stop_h / (24 if in_days else 1), color=style.VERMILLION, linestyle=(0, (5, 2)), linewidth=1.6)
            drawn.annotate(
                "infusion stops",
                (stop_h / (24 if in_days else 1), 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                color=style.TEXT[style.VERMILLION],
                ha="center",
                fontsize=style.SMALL_PT,
            )
        levels = list((references or {}).values())
        highest = max([drawn.dataLim.y1, *levels])
        if log_y:
            drawn.set_ylim(min([max(middle) / 1000, *(level / 2 for level in levels)]), highest * 2.2)
        else:
            drawn.set_ylim(0, (highest or 1.0) * 1.14)  # room for the label above the line
        drawn.set_xlim(left=0)
        drawn.set_xlabel("Days from the start of the infusion" if in_days else "Hours from the start of the infusion")
        drawn.set_title(f"Concentration ({unit})", fontweight="normal")
        layout.notes(drawn, [" ".join(remarks).strip()], width_in=layout.SCALED_IN)
    return drawn


def distribution(
    values: Sequence[float], *, unit: str, name: str, bins: int = 40, upper: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a histogram with its mean and median named: in a skewed distribution they stand apart.

    Parameters
    ----------
    values
        At least two simulated or observed values, in `unit`.
    unit, name
        For the axis: ``name (unit)``.
    bins
        Number of bars, 5 to 200.
    upper
        Values above are not drawn, but count in mean and median; the note gives their number.
    ax
        Axes to draw on; a new figure when ``None``.
    """
    numbers = sorted(_numbers("values", values, unit))
    if len(numbers) < 2 or not 5 <= bins <= 200:
        got = f"got {len(numbers)} and {bins!r}"
        raise ValueError(f"values must hold at least 2 numbers and bins lie from 5 to 200, {got}")
    mean = math.fsum(numbers) / len(numbers)
    half = len(numbers) // 2
    median = numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2
    top = upper if upper is not None else numbers[-1]
    cut = sum(number > top for number in numbers)
    remark = f"{cut:,} of {len(numbers):,} values lie beyond the axis." if cut else ""
    with style.canvas(ax, height_in=3.2 + layout.notes_height([remark])) as drawn:
        counts, *_ = drawn.hist(
            [n for n in numbers if n <= top],
            bins=bins,
            range=(min(0.0, numbers[0]), top),
            color="#c9c9c9",
            edgecolor=style.PAPER,
            linewidth=0.5,
        )
        highest = float(max(counts))
        for value, word, line, color, level in (
            (median, "median", "-", style.TEXT[style.BLUE], 1.17),
            (mean, "mean", "--", style.TEXT[style.VERMILLION], 1.04),
        ):
            drawn.plot([value, value], [0, highest * (level + 0.03)], color=color, linestyle=line)
            drawn.annotate(
                f"{word} {value:.3g} {unit}",
                (value, highest * level),
                xytext=(5, 0),
                textcoords="offset points",
                color=color,
                fontweight="bold",
            )
        drawn.set_ylim(0, highest * 1.3)
        drawn.set_yticks([])
        drawn.spines["left"].set_visible(False)
        drawn.set_xlabel(f"{name} ({unit})")
        layout.notes(drawn, [remark])
    return drawn


def dose_by_weight(
    *,
    weights_kg: Sequence[float],
    doses: Mapping[str, Sequence[float]],
    boundary_kg: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw daily dose against body weight, one line a dose step, with the weight at which the rule changes.

    Parameters
    ----------
    weights_kg
        Body weights in kg, rising.
    doses
        Name of the step to its doses (mcg/day) at these weights.
    boundary_kg
        Weight at which the rule changes; the lines are broken there, for the dose jumps.
    ax
        Axes to draw on; a new figure when ``None``.
    """
    weights = _numbers("weights_kg", weights_kg, "kg")
    if not doses:
        raise ValueError("doses must hold at least one step, got none")
    with style.canvas(ax, height_in=3.5) as drawn:
        for number, (name, series) in enumerate(doses.items()):
            amounts = _numbers(f"doses[{name!r}]", series, "mcg/day")
            if len(amounts) != len(weights):
                got = f"({len(weights)}), got {len(amounts)}"
                raise ValueError(f"doses[{name!r}] must have one value for each weight {got}")
            color, dash = _LINES[number % len(_LINES)]
            for inside in _sides(weights, boundary_kg):
                drawn.plot([weights[i] for i in inside], [amounts[i] for i in inside], color=color, linestyle=dash)
            drawn.annotate(
                name,
                (weights[-1], amounts[-1]),
                xytext=(0, 6),
                textcoords="offset points",
                ha="right",
                color=color,
                fontweight="bold",
            )
        if boundary_kg is not None:
            drawn.axvline(boundary_kg, color=style.GRAY, linestyle=":", linewidth=1.8)
            drawn.annotate(
                f"{boundary_kg:g} kg",
                (boundary_kg, 0.02),
                xycoords=("data", "axes fraction"),
                xytext=(-4, 0),
                textcoords="offset points",
                ha="right",
                color=style.GRAY,
                fontsize=style.SMALL_PT,
            )
        drawn.set_ylim(bottom=0)
        drawn.margins(y=0.12)
        drawn.set_xlabel("Body weight (kg)")
        drawn.set_title("Dose (mcg/day)", fontweight="normal")
    return drawn


def _sides(weights: Sequence[float], boundary_kg: float | None) -> list[list[int]]:
    if boundary_kg is None:
        return [list(range(len(weights)))]
    below = [i for i, weight in enumerate(weights) if weight < boundary_kg]
    above = [i for i, weight in enumerate(weights) if weight >= boundary_kg]
    return [part for part in (below, above) if part]


def _name_line(ax: Axes, x: Sequence[float], y: Sequence[float], label: str, color: str) -> None:
    """Write the label above the line, a third of the way along: the right edge belongs to reference lines."""
    near = min((i for i, value in enumerate(y) if reading.present(value)), key=lambda i: abs(x[i] - 0.3 * x[-1]))
    ax.annotate(
        label,
        (x[near], y[near]),
        xytext=(0, 8),
        textcoords="offset points",
        color=color,
        fontweight="bold",
        zorder=4,
        bbox=_CLEAR,
    )


def _numbers(name: str, values: Sequence[float], unit: str) -> list[float]:
    numbers = [float(value) for value in values]
    if not numbers:
        raise ValueError(f"{name} must hold at least one number in {unit}, got none")
    wrong = [number for number in numbers if not math.isfinite(number) or number < 0]
    if wrong:
        raise ValueError(f"{name} must hold finite numbers of at least 0 {unit}, got {wrong[0]!r}")
    return numbers
