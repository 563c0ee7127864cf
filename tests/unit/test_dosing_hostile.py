"""What a hostile reader tried on doses, bags, and rule tables: each test stands for a slip that once got through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from bitebook import evidence, infusion, tables
from bitebook.dosing import after_interruption, course, dose_rate, modification, premedication

CHILD = {"weight_kg": 21, "height_cm": 117}


def line_of(table: str, row_id: str) -> dict[str, str]:
    rows = evidence.table(table)
    return tables.label_rules(rows[rows["id"] == row_id]).iloc[0].to_dict()


# --- numbers that are none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", [np.True_, np.timedelta64(21, "D"), 10**400], ids=["truth", "span", "giant"])
def test_a_truth_value_a_span_of_time_and_a_giant_are_no_weight(weight: object) -> None:
    with pytest.raises(ValueError, match=r"weight_kg must be a number from 1 to 300 kg"):
        dose_rate(indication="relapsed-refractory", weight_kg=weight, height_cm=117, cycle=1, day=1)  # type: ignore[arg-type]


def test_an_array_scalar_of_numpy_is_a_number() -> None:
    dose = dose_rate(indication="mrd-positive", weight_kg=np.float32(50), cycle=1, day=np.int64(1))
    assert dose.mcg_per_day == 28


# --- weight and height confused ----------------------------------------------------------------------------------


def test_a_swapped_pair_is_warned_of_where_the_dose_is_fixed() -> None:
    """A child of 42 kg and 140 cm, entered the other way round, gets the fixed dose: the warning must not be lost."""
    swapped = {"indication": "relapsed-refractory", "weight_kg": 140, "height_cm": 42}
    dose = dose_rate(**swapped, cycle=1, day=8)
    assert dose.basis == "fixed"
    assert "were weight and height confused?" in dose.warning
    assert dose.warning in dose.working
    assert any("were weight and height confused?" in line for line in dose_rate(**swapped, cycle=1, day=29).working)
    assert dose.warning in course(**swapped, cycles=1, start=date(2027, 1, 4)).working


def test_a_usual_pair_or_no_height_is_not_warned_of() -> None:
    assert dose_rate(indication="relapsed-refractory", **CHILD, cycle=1, day=8).warning == ""
    assert dose_rate(indication="relapsed-refractory", weight_kg=45, cycle=1, day=8).warning == ""


# --- messages that mislead ---------------------------------------------------------------------------------------


def test_the_european_rule_does_not_deny_that_day_8_is_a_step() -> None:
    found = premedication(indication="relapsed-refractory", age_group="pediatric", cycle=1, day=8, region="EU", **CHILD)
    assert not found.required
    assert "neither a first dose nor a step dose" not in found.reason
    assert "label-pre-eu-ped" in found.reason
    assert "step dose" in found.reason


def test_nothing_is_restarted_when_all_infusion_days_were_given() -> None:
    over = after_interruption(
        indication="relapsed-refractory", age_group="adult", cycle=2, infusion_days_given=28, days=3
    )
    assert over.remaining_infusion_days == 0
    assert (over.premedicate, over.supervise) == (False, False)
    assert "no infusion is left to restart" in over.steps[-1]


@pytest.mark.parametrize(("indication", "last"), [("relapsed-refractory", 9), ("consolidation", 4)])
def test_a_new_cycle_after_the_last_one_is_left_open(indication: str, last: int) -> None:
    late = after_interruption(indication=indication, age_group="pediatric", cycle=last, infusion_days_given=9, days=8)
    assert any(f"cycle {last} is the last of the label's course" in step for step in late.steps)
    early = after_interruption(
        indication=indication, age_group="pediatric", cycle=last - 1, infusion_days_given=9, days=8
    )
    assert not any("is the last of the label's course" in step for step in early.steps)


def test_a_first_seizure_of_low_grade_keeps_the_rule_on_seizures() -> None:
    found = modification(event="seizure", number_of_seizures=1, grade=2, weight_kg=50)
    assert found.event == "seizure"
    assert "label-mod-seizure" in found.rule_ids
    assert (found.labeled, found.permanent) == (True, False)
    assert any("1 seizure" in line for line in found.working)


def test_a_flush_takes_any_number() -> None:
    bag = infusion.bag(mcg_per_day=28, duration_h=48, weight_kg=50)
    hours = bag.flush_hours(line_volume_ml=Decimal(5))  # type: ignore[arg-type]
    assert hours == 1.0
    assert type(bag.flush_hours(line_volume_ml=np.float64(5))) is float


# --- rows that lost what makes them safe -------------------------------------------------------------------------


def test_a_premedication_row_names_drug_and_patient() -> None:
    adult, child = (line_of("dosing_rules", f"label-pre-rr-{who}") for who in ("adult", "ped"))
    assert adult["Value"] == "dexamethasone 20 mg"
    assert "adult" in adult["Applies to"]
    assert child["Value"] == "dexamethasone 5 mg/m², at most 20 mg"
    assert "child" in child["Applies to"]
    assert line_of("dosing_rules", "label-pre-mrd-adult")["Value"] == "prednisone 100 mg"


def test_the_european_hospital_row_names_whom_it_is_for_and_both_its_numbers() -> None:
    row = line_of("dosing_rules", "label-hosp-eu-cns")
    assert "history of relevant CNS disorder" in row["Applies to"]
    assert row["Value"] == "14 days; next cycle 2 days"


@pytest.mark.parametrize("row_id", ["label-mod-neuro3-lt45", "label-mod-other3-lt45", "label-mod-icans-table"])
def test_a_rule_in_words_that_was_not_verified_keeps_its_dagger(row_id: str) -> None:
    assert line_of("dosing_rules", row_id)["Rule"].endswith("†")
    assert not line_of("dosing_rules", "label-mod-neuro4")["Rule"].endswith("†")


def test_no_rule_is_named_by_its_id_and_grades_read_as_words() -> None:
    for name in ("dosing_rules", "preparation"):
        frame = tables.label_rules(evidence.table(name))
        assert not frame["Rule"].str.startswith("label-").any(), name
    assert line_of("preparation", "label-rate-72")["Rule"] == "infusion rate"
    assert line_of("preparation", "label-delivered-72")["Rule"].startswith("volume delivered")
    assert "grade >5" not in line_of("dosing_rules", "label-mod-liver-ast")["Applies to"]
    assert "any grade" in line_of("dosing_rules", "label-mod-seizure")["Applies to"]
