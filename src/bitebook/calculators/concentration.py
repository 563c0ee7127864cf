"""Calculator: the concentration of a course with a step dose and, if asked for, a pause of the pump, drawn and told."""

from __future__ import annotations

from dataclasses import dataclass

from bitebook.calculators import origins
from bitebook.calculators.blocks import Block, Drawing, Lines, Table, Text
from bitebook.calculators.entries import Entries, EntryError
from bitebook.calculators.fields import Choice, Field
from bitebook.calculators.model import Calculator, Outcome
from bitebook.dosing.table import mark, shown
from bitebook.drawing import Line, Span, line_chart
from bitebook.pk import (
    Infusion,
    area_under_curve,
    clearance,
    concentration,
    half_life_h,
    infused_mcg,
    interrupted,
    population_model,
    steady_state,
    step_schedule,
    time_to_fraction,
)
from bitebook.pk.parameters import SMALLEST_BSA_M2

HOURS_PER_DAY = 24
ROWS = ("pk-pop-cl", "pk-pop-v", "pk-pop-bsa-ref", "pk-pop-bsa-exponent")
LIMIT = (
    "A typical patient of one published model: one compartment, linear, no antibodies against the drug. "
    "Real patients lie far on both sides of this curve, and no level decides on treatment."
)
#: Points of a curve: an even grid, and a finer one after each change of rate, where the curve bends.
_GRID, _BEND, _TAIL_H, _BEFORE_H, _AFTER_H = 100, 24, 24.0, 12.0, 24.0


@dataclass(frozen=True, slots=True)
class _Pause:
    """The pump stands still from `start_h` to `end_h`."""

    start_h: float
    end_h: float


@dataclass(frozen=True, slots=True)
class _Body:
    """The typical patient: clearance, volume, and the mark of what is not verified about them."""

    clearance_l_per_h: float
    volume_l: float
    dagger: str

    def curve(self, times_h: list[float], course: tuple[Infusion, ...]) -> list[float]:
        return concentration(
            times_h=times_h, infusions=course, clearance_l_per_h=self.clearance_l_per_h, volume_l=self.volume_l
        )

    def level(self, value: float) -> str:
        return f"{value:.0f}{self.dagger} pg/mL"

    @property
    def half_life_h(self) -> float:
        return half_life_h(clearance_l_per_h=self.clearance_l_per_h, volume_l=self.volume_l)


def _compute(entries: Entries) -> Outcome:
    body = _body(entries.number("bsa_m2"))
    steps = _steps(entries)
    planned = step_schedule(steps=steps)
    last_h = HOURS_PER_DAY * sum(days for _, days in steps)
    pause = _pause(entries, last_h)
    make_up = entries.word("make_up") == "yes"
    course = planned
    if pause is not None:
        gap = pause.end_h - pause.start_h
        course = interrupted(infusions=planned, start_h=pause.start_h, duration_h=gap, make_up=make_up)
    plateaus = [steady_state(rate_mcg_per_day=rate, clearance_l_per_h=body.clearance_l_per_h) for rate, _ in steps]
    status = _headline(body, steps, plateaus, pause, course)
    blocks: list[Block] = [Text(status, role="result"), *_drawings(body, planned, course, pause)]
    blocks += [_table(body, planned, course, pause), Lines("Working", _working(body, steps, plateaus), ordered=True)]
    rows = ROWS if body.dagger else ROWS[:-1]  # at the reference surface the exponent is not used
    return Outcome(status, (*blocks, Text(LIMIT, role="note")), rows)


def _body(bsa_m2: float) -> _Body:
    model = population_model()
    rows = [origins.row_of(row_id)["status"] for row_id in ROWS[:3]]
    # At the reference surface the exponent does not enter, whatever it is.
    if bsa_m2 != model.reference_bsa_m2:
        rows.append(model.bsa_exponent_status)
    dagger = mark("unverified") if "unverified" in rows else ""
    return _Body(clearance(bsa_m2=bsa_m2), model.volume_l, dagger)


def _steps(entries: Entries) -> list[tuple[float, float]]:
    """Return the steps as pairs of rate and days; the second step is given whole or not at all."""
    steps = [(entries.number("first_mcg_per_day"), entries.number("first_days"))]
    second = ("second_mcg_per_day", "second_days")
    if any(name in entries for name in second):
        steps.append((entries.number(second[0]), entries.number(second[1])))
    return steps


def _pause(entries: Entries, last_h: float) -> _Pause | None:
    if "stop_h" not in entries and "pause_h" not in entries:
        return None
    stop, length = entries.number("stop_h"), entries.number("pause_h")
    if not 0 <= stop < last_h:
        raise EntryError(
            "stop_h", f"stop_h must be a number from 0 to below {last_h:g} h, the end of the course, got {stop:g}"
        )
    if not 0 < length <= last_h:
        raise EntryError("pause_h", f"pause_h must be a number above 0, up to {last_h:g} h, got {length:g}")
    return _Pause(stop, stop + length)


def _headline(
    body: _Body,
    steps: list[tuple[float, float]],
    plateaus: list[float],
    pause: _Pause | None,
    course: tuple[Infusion, ...],
) -> str:
    levels = ", then ".join(
        f"{body.level(level)} at {rate:g} mcg/day" for level, (rate, _) in zip(plateaus, steps, strict=True)
    )
    said = f"Plateau {levels}; half-life {shown(body.half_life_h)}{body.dagger} h."
    if pause is None:
        return said
    stop, lowest = body.curve([pause.start_h, pause.end_h], course)
    return f"{said} The pause takes the level from {body.level(stop)} to {body.level(lowest)}."


def _times(body: _Body, start_h: float, end_h: float, changes: set[float]) -> list[float]:
    """Return where to compute the curve between two times: evenly, and closely after each change of rate."""
    times = {start_h + (end_h - start_h) * place / _GRID for place in range(_GRID + 1)}
    for change in changes:
        times |= {change + body.half_life_h * place / 4 for place in range(_BEND + 1)}
    return sorted(time for time in times if start_h <= time <= end_h)


def _changes(*courses: tuple[Infusion, ...]) -> set[float]:
    return {time for course in courses for item in course for time in (item.start_h, item.end_h)}


def _drawings(
    body: _Body, planned: tuple[Infusion, ...], course: tuple[Infusion, ...], pause: _Pause | None
) -> list[Drawing]:
    """Return the whole course in days, and the pause alone in hours, where hours can be seen."""
    changes = _changes(planned, course)
    end_h = max(changes, default=0.0) + _TAIL_H
    times = _times(body, 0.0, end_h, changes)
    drawn = [_drawing(body, planned, course, pause, times, in_days=True)]
    if pause is not None:
        near = _times(body, max(0.0, pause.start_h - _BEFORE_H), min(end_h, pause.end_h + _AFTER_H), changes)
        drawn.append(_drawing(body, planned, course, pause, near, in_days=False))
    return drawn


def _drawing(
    body: _Body,
    planned: tuple[Infusion, ...],
    course: tuple[Infusion, ...],
    pause: _Pause | None,
    times_h: list[float],
    *,
    in_days: bool,
) -> Drawing:
    unit = HOURS_PER_DAY if in_days else 1
    xs = tuple(time / unit for time in times_h)
    lines = [Line("with the pause" if pause else "concentration", xs, tuple(body.curve(times_h, course)))]
    if pause is not None:
        lines.append(Line("as planned", xs, tuple(body.curve(times_h, planned))))
    spans = [Span("pump off", pause.start_h / unit, pause.end_h / unit)] if pause else []
    title = f"Concentration over the {'course' if in_days else 'pause'}{body.dagger}"
    highest = body.level(max(lines[0].ys))
    told = f"The line starts at {body.level(lines[0].ys[0])}, its highest level is {highest}"
    if pause is not None:
        told += f", and it falls to {body.level(body.curve([pause.end_h], course)[0])} while the pump is off"
    label = f"{'Days' if in_days else 'Hours'} from the start of the infusion"
    svg = line_chart(
        lines=lines, spans=spans, x_label=label, y_label=f"Concentration (pg/mL){body.dagger}", title=title,
        description=f"{told}.", x_step=7 if in_days and 14 <= xs[-1] <= 70 else None,
    )  # fmt: skip
    return Drawing(title, f"{told}.", svg)


def _table(body: _Body, planned: tuple[Infusion, ...], course: tuple[Infusion, ...], pause: _Pause | None) -> Table:
    moments = {"4 h after the start": 4.0, "24 h after the start": 24.0}
    if len(planned) > 1:
        moments["end of the first step"] = planned[0].end_h
        moments["24 h into the second step"] = planned[1].start_h + HOURS_PER_DAY
    if pause is not None:
        moments |= {"pump stops": pause.start_h, "pump runs again": pause.end_h, "12 h later": pause.end_h + 12}
    end = max((item.end_h for item in course), default=0.0)
    moments |= {"end of the infusion": end, "8 h after the end": end + 8}
    with_pause = body.curve(list(moments.values()), course)
    as_planned = body.curve(list(moments.values()), planned)
    ordered = sorted(zip(moments.items(), with_pause, as_planned, strict=True), key=lambda found: found[0][1])
    rows = [
        (name, f"{time:g}", f"{got:.0f}{body.dagger}", *([f"{plan:.0f}{body.dagger}"] if pause else []))
        for (name, time), got, plan in ordered
    ]
    given = [f"{shown(infused_mcg(infusions=one))} mcg" for one in (course, planned)]
    areas = [
        area_under_curve(infusions=one, clearance_l_per_h=body.clearance_l_per_h, volume_l=body.volume_l)
        for one in (course, planned)
    ]
    exposure = [f"{area / 1000:.0f}{body.dagger} ng·h/mL" for area in areas]
    wanted = 2 if pause else 1
    rows += [("dose given, all in all", "", *given[:wanted]), ("area under the curve", "", *exposure[:wanted])]
    columns = ("Moment", "Hour", "Concentration (pg/mL)", *(["As planned (pg/mL)"] if pause else []))
    return Table(caption="The curve in numbers", columns=columns, rows=tuple(rows))


def _working(body: _Body, steps: list[tuple[float, float]], plateaus: list[float]) -> tuple[str, ...]:
    clear, volume = body.clearance_l_per_h, body.volume_l
    lines = [f"typical clearance {shown(clear, 3)}{body.dagger} L/h: {population_model()}"]
    lines += [
        f"plateau: {rate:g} mcg/day / 24 h / {shown(clear, 3)} L/h × 1000 = {body.level(level)}"
        for (rate, _), level in zip(steps, plateaus, strict=True)
    ]
    half = body.half_life_h
    lines.append(f"half-life: ln 2 × {volume:g} L / {shown(clear, 3)} L/h = {shown(half, 2)}{body.dagger} h")
    ninety = time_to_fraction(fraction=0.9, half_life_h=half)
    lines.append(f"nine tenths of a change are reached after {shown(ninety)}{body.dagger} h, whatever the rate")
    return tuple(lines)


CALCULATOR = Calculator(
    name="concentration",
    title="Concentration over time",
    purpose="The typical concentration of a step-dosed course, and what a pause of the pump does to it.",
    fields=(
        Field(
            "bsa_m2", "Body surface area", "number", unit="m²", default="0.83", help=f"From {SMALLEST_BSA_M2:g} m² on."
        ),
        Field("first_mcg_per_day", "First dose", "number", unit="mcg/day", default="4.1", help="Not per m²."),
        Field("first_days", "First dose for", "number", unit="days", default="7"),
        Field("second_mcg_per_day", "Second dose", "number", unit="mcg/day", default="12.4", optional=True),
        Field("second_days", "Second dose for", "number", unit="days", default="21", optional=True),
        Field(
            "stop_h", "The pump stops after", "number", unit="h", default="240", optional=True,
            help="Leave this and the next empty for no pause.",
        ),
        Field("pause_h", "It stands still for", "number", unit="h", default="12", optional=True),
        Field(
            "make_up", "The missed dose is", "choice", default="no",
            choices=(Choice("no", "lost: the course ends as planned"), Choice("yes", "added: the course ends later")),
        ),
    ),
    compute=_compute,
    aliases={
        "steps[0] rate": "first_mcg_per_day",
        "steps[0] duration": "first_days",
        "steps[1] rate": "second_mcg_per_day",
        "steps[1] duration": "second_days",
        "rate_mcg_per_day": "first_mcg_per_day",
    },
)  # fmt: skip
