"""A whole course: cycles, dose steps, infusion-free intervals, totals, and the calendar from a first day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bitebook import validate
from bitebook.dosing import patient, table
from bitebook.dosing.dose import Dose, dose_rate
from bitebook.dosing.table import shown


@dataclass(frozen=True, slots=True)
class CourseStep:
    """Consecutive days of one cycle with the same dose; 0 mcg/day in an infusion-free interval."""

    cycle: int
    day_from: int
    day_to: int
    date_from: date
    date_to: date
    dose: Dose

    @property
    def days(self) -> int:
        """Return the number of days, both ends included."""
        return self.day_to - self.day_from + 1

    @property
    def mcg_per_day(self) -> float:
        """Return the dose rate in mcg/day, unrounded."""
        return self.dose.mcg_per_day

    @property
    def total_mcg(self) -> float:
        """Return the dose of the whole step in mcg."""
        return self.dose.mcg_per_day * self.days

    @property
    def rule_id(self) -> str:
        """Return the id of the rule that sets this step."""
        return self.dose.rule_id


@dataclass(frozen=True, slots=True)
class CourseCycle:
    """One cycle: its days, its interval, and what it delivers."""

    cycle: int
    start: date
    infusion_end: date
    end: date
    infusion_days: int
    infusion_free_days: int
    total_mcg: float

    @property
    def length_days(self) -> int:
        """Return the length of the cycle in days, interval included."""
        return self.infusion_days + self.infusion_free_days


@dataclass(frozen=True, slots=True)
class CourseDay:
    """One line of the calendar."""

    date: date
    cycle: int
    day: int
    mcg_per_day: float
    event: str


@dataclass(frozen=True, slots=True)
class Course:
    """A planned course with uninterrupted cycles one after the other."""

    indication: str
    start: date
    end: date
    cycles: tuple[CourseCycle, ...]
    steps: tuple[CourseStep, ...]
    infusion_free: tuple[CourseStep, ...]
    total_mcg: float
    status: str
    label_version: str
    rule_ids: tuple[str, ...]
    calendar: tuple[CourseDay, ...]

    @property
    def mark(self) -> str:
        """Return the dagger if a rule was not verified against the current label, else empty text."""
        return table.mark(self.status)

    @property
    def working(self) -> tuple[str, ...]:
        """Return the course in lines of text: each step, each cycle's total, the sum."""
        lines = []
        for cycle in self.cycles:
            lines += [_step_line(step) for step in self.steps if step.cycle == cycle.cycle]
            lines.append(
                f"cycle {cycle.cycle}: {shown(cycle.total_mcg)} mcg in {cycle.infusion_days} days, "
                f"then {cycle.infusion_free_days} days free of infusion, to {cycle.end}"
            )
        lines.append(f"course: {shown(self.total_mcg)} mcg{self.mark} (sums of unrounded doses)")
        lines += dict.fromkeys(step.dose.warning for step in self.steps if step.dose.warning)
        return tuple(lines)


def course(
    *,
    indication: str,
    weight_kg: float,
    height_cm: float | None = None,
    cycles: int,
    start: date,
    age_months: float | None = None,
    formula: str = "mosteller",
) -> Course:
    """Plan a course of cycles 1 to `cycles` without interruption and with an unchanged weight and height.

    The total is the sum over all days of the dose rate times one day.

    Parameters
    ----------
    indication, weight_kg, height_cm, age_months, formula
        As in `dose_rate`.
    cycles
        Number of cycles, from 1 to the most the label names (9 in relapsed or refractory disease, else 4).
    start
        Calendar day of cycle 1 day 1.

    Returns
    -------
    Course
        Cycles, steps, infusion-free intervals, totals in mcg, and a calendar.

    Raises
    ------
    ValueError
        As `dose_rate`; also if `start` is not a date.

    Notes
    -----
    For education. A protocol that alternates blinatumomab with chemotherapy has other intervals than the label, and a
    child who grows between cycles needs a new calculation. The last day of infusion runs into the next calendar day.

    References
    ----------
    blincyto2025 : Dosage and Administration 2.1 to 2.3.

    Examples
    --------
    >>> plan = course(indication="relapsed-refractory", weight_kg=50, cycles=2, start=date(2026, 1, 5))
    >>> plan.total_mcg, [cycle.total_mcg for cycle in plan.cycles]
    (1435.0, [651.0, 784.0])
    >>> [(step.cycle, step.day_from, step.day_to, step.mcg_per_day) for step in plan.steps]
    [(1, 1, 7, 9.0), (1, 8, 28, 28.0), (2, 1, 28, 28.0)]
    >>> plan.cycles[1].start, plan.end
    (datetime.date(2026, 2, 16), datetime.date(2026, 3, 29))
    """
    name = patient.indication(indication)
    count = patient.cycle(cycles, indication=name, argument="cycles")
    first = _first_day(start)
    steps: list[CourseStep] = []
    whole: list[CourseCycle] = []
    try:
        for number in range(1, count + 1):
            of_cycle = _steps_of_cycle(name, weight_kg, height_cm, number, first, age_months, formula)
            steps += of_cycle
            whole.append(_cycle_of(of_cycle))
            first = whole[-1].end + timedelta(days=1)
    except OverflowError:
        raise ValueError(f"start must leave room for the course before the year 9999, got {start!r}") from None
    infusing = tuple(step for step in steps if step.dose.basis != "infusion-free")
    return Course(
        indication=name,
        start=whole[0].start,
        end=whole[-1].end,
        cycles=tuple(whole),
        steps=infusing,
        infusion_free=tuple(step for step in steps if step.dose.basis == "infusion-free"),
        total_mcg=math.fsum(step.total_mcg for step in infusing),
        status=table.weakest(tuple(step.dose.status for step in steps)),
        label_version="; ".join(dict.fromkeys(step.dose.label_version for step in steps)),
        rule_ids=tuple(dict.fromkeys(step.rule_id for step in steps)),
        calendar=tuple(day for step in steps for day in _calendar(step)),
    )


def _step_line(step: CourseStep) -> str:
    """Return one step in words."""
    when = f"cycle {step.cycle}, days {step.day_from}-{step.day_to} ({step.date_from} to {step.date_to})"
    return (
        f"{when}: {shown(step.mcg_per_day)} mcg/day × {step.days} days = {shown(step.total_mcg)} mcg ({step.rule_id})"
    )


def _first_day(start: object) -> date:
    # A datetime is a date to isinstance, but an hour of the day has no place in a calendar of days.
    if isinstance(start, datetime) or not isinstance(start, date):
        got = validate.picture(start)
        raise ValueError(f"start must be a datetime.date (the calendar day of cycle 1 day 1), got {got}")
    return start


def _steps_of_cycle(
    indication: str,
    weight_kg: float,
    height_cm: float | None,
    cycle: int,
    first: date,
    age_months: float | None,
    formula: str,
) -> list[CourseStep]:
    """Return the steps of one cycle, the interval last: each step ends where the rule of its first day ends."""
    steps: list[CourseStep] = []
    day = 1
    while not steps or steps[-1].dose.basis != "infusion-free":
        dose = dose_rate(
            indication=indication, weight_kg=weight_kg, height_cm=height_cm,
            cycle=cycle, day=day, age_months=age_months, formula=formula,
        )  # fmt: skip
        last = int(dose.rule.number("cycle_length_days" if dose.basis == "infusion-free" else "day_to"))
        span = (first + timedelta(days=day - 1), first + timedelta(days=last - 1))
        steps.append(CourseStep(cycle, day, last, *span, dose))
        day = last + 1
    return steps


def _cycle_of(steps: list[CourseStep]) -> CourseCycle:
    *infusing, interval = steps
    return CourseCycle(
        cycle=interval.cycle,
        start=infusing[0].date_from,
        infusion_end=infusing[-1].date_to,
        end=interval.date_to,
        infusion_days=sum(step.days for step in infusing),
        infusion_free_days=interval.days,
        total_mcg=math.fsum(step.total_mcg for step in infusing),
    )


def _calendar(step: CourseStep) -> list[CourseDay]:
    free = step.dose.basis == "infusion-free"
    if free:
        opening = "infusion ends; infusion-free interval begins"
    elif step.day_from == 1:
        opening = f"cycle {step.cycle} begins"
    else:
        opening = "step to the higher dose"
    return [
        CourseDay(
            date=step.date_from + timedelta(days=offset),
            cycle=step.cycle,
            day=step.day_from + offset,
            mcg_per_day=step.mcg_per_day,
            event="" if offset else opening,
        )
        for offset in range(step.days)
    ]
