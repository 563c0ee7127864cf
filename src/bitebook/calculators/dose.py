"""Calculator: the dose of every day of a course, with the working, the totals, and a calendar."""

from __future__ import annotations

from datetime import date, timedelta

from bitebook.calculators.blocks import Block, Cell, Lines, Table, Text
from bitebook.calculators.entries import Entries
from bitebook.calculators.fields import HEIGHT, INDICATION, WEIGHT, Choice, Field
from bitebook.calculators.model import Calculator, Outcome
from bitebook.dosing import FORMULAS, Course, CourseCycle, CourseDay, course, patient
from bitebook.dosing.table import mark, shown

# Written out: strftime would follow the language of the machine.
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NO_INFUSION = "off"


def day_text(day: date) -> str:
    """Return a day that reads the same everywhere.

    Examples
    --------
    >>> day_text(date(2027, 1, 4))
    'Mon 2027-01-04'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _compute(entries: Entries) -> Outcome:
    weight_kg = entries.number("weight_kg")
    height_cm = entries.number_or_none("height_cm")
    plan = course(
        indication=entries.word("indication"),
        weight_kg=weight_kg,
        height_cm=height_cm,
        age_months=entries.number_or_none("age_months"),
        formula=entries.word("formula"),
        cycles=entries.number("cycles"),  # type: ignore[arg-type]  # the package refuses a part of a cycle
        start=entries.day("start"),
    )
    warning = patient.pair_warning(weight_kg, height_cm) if height_cm is not None else ""
    status = _headline(plan)
    blocks: list[Block] = [Text(status, role="result")]
    if warning:
        blocks.append(Text(warning.removeprefix("check the entry: "), role="warning"))
    blocks += [_schedule(plan), *_workings(plan)]
    blocks += [_calendar(plan, cycle) for cycle in plan.cycles]
    return Outcome(status, tuple(blocks), plan.rule_ids)


def _headline(plan: Course) -> str:
    """Return the doses of the first cycle and the total in one sentence."""
    first = [step for step in plan.steps if step.cycle == 1]
    doses = ", ".join(
        f"{shown(step.mcg_per_day)}{step.dose.mark} mcg/day on days {step.day_from} to {step.day_to}" for step in first
    )
    count = len(plan.cycles)
    number = "1 cycle" if count == 1 else f"{count} cycles"
    return f"Cycle 1: {doses}; {number}, {shown(plan.total_mcg)}{plan.mark} mcg, to {day_text(plan.end)}."


def _schedule(plan: Course) -> Table:
    rows = []
    for step in sorted((*plan.steps, *plan.infusion_free), key=lambda step: step.date_from):
        free = step.dose.basis == "infusion-free"
        rows.append(
            (
                str(step.cycle),
                f"{step.day_from} to {step.day_to}",
                f"{day_text(step.date_from)} to {day_text(step.date_to)}",
                NO_INFUSION if free else shown(step.mcg_per_day) + step.dose.mark,
                NO_INFUSION if free else shown(step.total_mcg) + step.dose.mark,
            )
        )
    total = ("All", "", f"{day_text(plan.start)} to {day_text(plan.end)}", "", shown(plan.total_mcg) + plan.mark)
    return Table(
        caption="The course, step by step",
        columns=("Cycle", "Days", "Dates", "Dose (mcg/day)", "Total (mcg)"),
        rows=(*rows, total),
    )


def _workings(plan: Course) -> list[Lines]:
    """Return the calculation of each rule's dose, once a rule, and then the sums."""
    seen: set[str] = set()
    doses: list[Lines] = []
    for step in plan.steps:
        if step.rule_id not in seen:
            seen.add(step.rule_id)
            title = f"Working: cycle {step.cycle}, from day {step.day_from}"
            doses.append(Lines(title, step.dose.working, ordered=True))
    return [*doses, Lines("Working: the sums", plan.working, ordered=True)]


def _calendar(plan: Course, cycle: CourseCycle) -> Table:
    """Return one cycle as weeks of seven days, each with its date, its day of the cycle, and its dose."""
    days = {day.date: day for day in plan.calendar if day.cycle == cycle.cycle}
    highest = max(day.mcg_per_day for day in days.values())
    monday = cycle.start - timedelta(days=cycle.start.weekday())
    weeks = []
    while monday <= cycle.end:
        week = [monday + timedelta(days=offset) for offset in range(len(WEEKDAYS))]
        weeks.append(tuple(_day_cell(days.get(day), highest, mark(plan.status)) for day in week))
        monday += timedelta(days=len(WEEKDAYS))
    return Table(
        caption=(
            f"Calendar of cycle {cycle.cycle}, {cycle.start.isoformat()} to {cycle.end.isoformat()}: "
            f"date, day of the cycle (d), mcg/day; {NO_INFUSION}: no infusion"
        ),
        columns=WEEKDAYS,
        rows=tuple(weeks),
        row_heads=False,
        folded=cycle.cycle > 1,
    )


def _day_cell(day: CourseDay | None, highest: float, dagger: str) -> Cell:
    if day is None:
        return Cell()
    when = (f"{MONTHS[day.date.month - 1]} {day.date.day}", f"d{day.day}")
    if day.mcg_per_day == 0:
        return Cell((*when, NO_INFUSION), "rest")
    return Cell((*when, shown(day.mcg_per_day) + dagger), "full" if day.mcg_per_day == highest else "step")


CALCULATOR = Calculator(
    name="dose",
    title="Dose and course",
    purpose="From weight, height, and indication to the labeled dose of every day, its working, and a calendar.",
    fields=(
        WEIGHT,
        HEIGHT,
        Field(
            "age_months", "Age", "number", unit="months", optional=True,
            help="May stay empty; if given, an age that the label does not name is refused.",
        ),
        INDICATION,
        Field("cycles", "Cycles", "integer", default="1", help="As many as the label names, at most."),
        Field("start", "First day of cycle 1", "date", default="2027-01-04", help="The result writes it year first."),
        Field(
            "formula", "Formula of the body surface area", "choice", default="mosteller",
            choices=tuple(Choice(name, name) for name in FORMULAS),
        ),
    ),
    compute=_compute,
    aliases={"cycle": "cycles"},
)  # fmt: skip
