"""Whole courses: calendars, totals, and the sum over days."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitebook.dosing import INDICATIONS, course, dose_rate

from . import oracle_dosing as oracle

START = date(2026, 1, 5)


def test_the_longest_course_by_hand() -> None:
    # Cycle 1: 7 × 9 + 21 × 28 = 651; each later cycle 28 × 28 = 784. Days: 5 × 42 + 4 × 84 = 546.
    plan = course(indication="relapsed-refractory", weight_kg=50, cycles=9, start=START)
    assert [cycle.total_mcg for cycle in plan.cycles] == [651.0] + [784.0] * 8
    assert plan.total_mcg == 651 + 8 * 784 == 6923
    assert len(plan.calendar) == 546
    assert plan.end == START + timedelta(days=545)
    assert [cycle.length_days for cycle in plan.cycles] == [42] * 5 + [84] * 4
    assert {step.days for step in plan.infusion_free} == {14, 56}


def test_the_calendar_by_hand() -> None:
    plan = course(indication="relapsed-refractory", weight_kg=36, height_cm=100, cycles=2, start=date(2027, 12, 20))
    by_date = {line.date: line for line in plan.calendar}
    assert by_date[date(2027, 12, 20)].event == "cycle 1 begins"
    assert (by_date[date(2027, 12, 27)].day, by_date[date(2027, 12, 27)].mcg_per_day) == (8, 15.0)
    assert by_date[date(2027, 12, 27)].event == "step to the higher dose"
    assert (by_date[date(2028, 1, 16)].day, by_date[date(2028, 1, 16)].mcg_per_day) == (28, 15.0)
    assert (by_date[date(2028, 1, 17)].day, by_date[date(2028, 1, 17)].mcg_per_day) == (29, 0.0)
    assert (by_date[date(2028, 1, 31)].cycle, by_date[date(2028, 1, 31)].day) == (2, 1)
    # Through 29 February of a leap year.
    assert by_date[date(2028, 2, 29)].day == 30
    assert plan.total_mcg == 7 * 5 + 21 * 15 + 28 * 15


@given(
    st.sampled_from(INDICATIONS), st.floats(2, 120), st.floats(45, 200), st.integers(1, 4), st.dates(date(1990, 1, 1))
)
@settings(max_examples=25, deadline=None)
def test_the_course_is_the_sum_of_its_days(
    indication: str, weight: float, height: float, cycles: int, start: date
) -> None:
    if start.year > 9990:
        return
    plan = course(indication=indication, weight_kg=weight, height_cm=height, cycles=cycles, start=start)
    days = [
        dose_rate(indication=indication, weight_kg=weight, height_cm=height, cycle=cycle, day=day).mcg_per_day
        for cycle in range(1, cycles + 1)
        for day in range(1, oracle.LENGTHS[indication][cycle] + 1)
    ]
    assert [line.mcg_per_day for line in plan.calendar] == days
    assert math.isclose(plan.total_mcg, math.fsum(days), rel_tol=1e-12)
    assert math.isclose(plan.total_mcg, math.fsum(cycle.total_mcg for cycle in plan.cycles), rel_tol=1e-12)
    assert [line.date for line in plan.calendar] == [start + timedelta(days=n) for n in range(len(days))]


def test_status_and_rules_of_a_course() -> None:
    plan = course(indication="consolidation", weight_kg=50, cycles=4, start=START)
    assert (plan.status, plan.mark, plan.rule_ids) == ("unverified", "†", ("label-cons-ge45",))
    plan = course(indication="relapsed-refractory", weight_kg=50, cycles=6, start=START)
    assert plan.status == "secondary"
    assert plan.rule_ids[-1] == "label-rr-ge45-c6-d1"
    assert plan.working[0].endswith("9.0 mcg/day × 7 days = 63.0 mcg (label-rr-ge45-c1-d1)")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cycles": 0}, "cycles .* from 1 to 9"),
        ({"cycles": 10}, "cycles .* from 1 to 9"),
        ({"cycles": 5, "indication": "mrd-positive"}, "cycles .* from 1 to 4"),
        ({"start": "2026-01-05"}, "start must be a datetime.date .* got '2026-01-05'"),
        ({"start": datetime(2026, 1, 5, 12)}, "start must be a datetime.date"),
        ({"start": None}, "start .* got None"),
        ({"start": date(9999, 12, 1)}, "start must leave room"),
        ({"weight_kg": 30}, "height_cm .* got None"),
    ],
)
def test_bad_input(change: dict[str, object], message: str) -> None:
    good = {"indication": "relapsed-refractory", "weight_kg": 50, "cycles": 2, "start": START}
    with pytest.raises(ValueError, match=message):
        course(**(good | change))  # type: ignore[arg-type]
