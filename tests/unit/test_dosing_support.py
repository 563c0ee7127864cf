"""Premedication, hospital days, interruption, and dose modification, each against the label's words."""

from __future__ import annotations

import math

import pytest

from bitebook.dosing import after_interruption, hospital_days, modification, premedication

AREA = math.sqrt(21 * 117 / 3600)
CHILD = {"weight_kg": 21, "height_cm": 117}


# --- premedication -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indication", "age_group", "cycle", "day", "hours", "required"),
    [
        # Adults: before the first dose of each cycle.
        ("relapsed-refractory", "adult", 1, 1, None, True),
        ("relapsed-refractory", "adult", 9, 1, None, True),
        ("mrd-positive", "adult", 4, 1, None, True),
        ("consolidation", "adult", 4, 1, None, True),
        # Before the step dose, which only relapsed or refractory disease has, in cycle 1.
        ("relapsed-refractory", "adult", 1, 8, None, True),
        ("relapsed-refractory", "pediatric", 1, 8, None, True),
        ("relapsed-refractory", "adult", 2, 8, None, False),
        ("mrd-positive", "adult", 1, 8, None, False),
        ("consolidation", "pediatric", 1, 8, None, False),
        # Children: first cycle only.
        ("relapsed-refractory", "pediatric", 1, 1, None, True),
        ("relapsed-refractory", "pediatric", 2, 1, None, False),
        ("mrd-positive", "pediatric", 2, 1, None, False),
        ("consolidation", "pediatric", 2, 1, None, False),
        # Restart: from 4 hours on.
        ("relapsed-refractory", "adult", 3, 12, 4, True),
        ("relapsed-refractory", "adult", 3, 12, 3.99, False),
        ("relapsed-refractory", "pediatric", 1, 12, 4, True),
        ("relapsed-refractory", "pediatric", 2, 12, 48, False),
        ("consolidation", "pediatric", 1, 3, 4, True),
        # A short break does not cancel the dose due on the day itself.
        ("relapsed-refractory", "adult", 1, 8, 1, True),
        ("relapsed-refractory", "adult", 2, 1, 0, True),
    ],
)
def test_when_premedication_is_asked_for(
    indication: str, age_group: str, cycle: int, day: int, hours: float | None, required: bool
) -> None:
    found = premedication(
        indication=indication, age_group=age_group, cycle=cycle, day=day, restart_after_hours=hours, **CHILD
    )
    assert found.required is required
    assert (found.dose_mg is not None) is required


@pytest.mark.parametrize(
    ("indication", "age_group", "drug", "dose"),
    [
        ("relapsed-refractory", "adult", "dexamethasone", 20.0),
        ("consolidation", "adult", "dexamethasone", 20.0),
        ("mrd-positive", "adult", "prednisone", 100.0),
        ("relapsed-refractory", "pediatric", "dexamethasone", 5 * AREA),
        ("mrd-positive", "pediatric", "dexamethasone", 5 * AREA),
        ("consolidation", "pediatric", "dexamethasone", 5 * AREA),
    ],
)
def test_drug_and_dose(indication: str, age_group: str, drug: str, dose: float) -> None:
    found = premedication(indication=indication, age_group=age_group, cycle=1, **CHILD)
    assert found.drug == drug
    assert found.dose_mg is not None
    assert math.isclose(found.dose_mg, dose)
    assert found.status == "primary"
    assert found.second_dose_mg is None


def test_the_cap_of_premedication_is_20_mg_and_no_weight_band_replaces_it() -> None:
    # 5 mg/m² passes 20 mg above 4 m²: out of reach for most, but the cap is there.
    heavy = premedication(indication="consolidation", age_group="pediatric", cycle=1, weight_kg=290, height_cm=220)
    assert (heavy.dose_mg, heavy.cap_applied) == (20.0, True)
    teen = premedication(indication="consolidation", age_group="pediatric", cycle=1, weight_kg=64, height_cm=156.25)
    assert teen.dose_mg is not None
    assert math.isclose(teen.dose_mg, 5 * 100 / 60)
    assert not teen.cap_applied


def test_the_european_rule_for_children_is_another_one() -> None:
    found = premedication(indication="relapsed-refractory", age_group="pediatric", cycle=1, region="EU", **CHILD)
    assert found.rule_id == "label-pre-eu-ped"
    assert found.dose_mg is not None
    assert found.second_dose_mg is not None
    assert math.isclose(found.dose_mg, 10 * AREA)
    assert math.isclose(found.second_dose_mg, 5 * AREA)
    with pytest.raises(ValueError, match=r"region .* our sources hold no other such rule"):
        premedication(indication="mrd-positive", age_group="adult", cycle=1, region="EU")
    with pytest.raises(ValueError, match="restart_after_hours must be None with region 'EU'"):
        premedication(
            indication="relapsed-refractory",
            age_group="pediatric",
            cycle=1,
            region="EU",
            restart_after_hours=5,
            **CHILD,
        )


def test_a_restart_says_when_the_premedication_row_itself_names_none() -> None:
    found = premedication(indication="mrd-positive", age_group="adult", cycle=2, day=5, restart_after_hours=5)
    assert found.rule_ids == ("label-pre-mrd-adult", "label-int-ge4h")
    assert "itself names no restart" in found.reason


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age_group": "child"}, "age_group must be one of 'adult', 'pediatric'"),
        ({"cycle": 10}, "cycle .* from 1 to 9"),
        ({"day": 0}, "day .* from 1 to 28"),
        ({"day": 29}, "day .* from 1 to 28"),
        ({"restart_after_hours": -1}, "restart_after_hours .* from 0 to 10000 h, got -1"),
        ({"restart_after_hours": "5"}, "restart_after_hours .* got '5'"),
        ({"weight_kg": None}, "weight_kg .* got None; dexamethasone goes by body surface area"),
        ({"height_cm": None}, "height_cm .* got None"),
        ({"height_cm": 1.17}, "not meters"),
        ({"region": "Mars"}, "region must be one of 'US', 'EU'"),
    ],
)
def test_bad_input_to_premedication(change: dict[str, object], message: str) -> None:
    good = {"indication": "relapsed-refractory", "age_group": "pediatric", "cycle": 1, **CHILD}
    with pytest.raises(ValueError, match=message):
        premedication(**(good | change))  # type: ignore[arg-type]


# --- hospital days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indication", "cycle", "days"),
    [
        ("relapsed-refractory", 1, 9),
        ("relapsed-refractory", 2, 2),
        ("relapsed-refractory", 3, None),
        ("relapsed-refractory", 9, None),
        ("mrd-positive", 1, 3),
        ("mrd-positive", 2, 2),
        ("mrd-positive", 4, None),
        ("consolidation", 1, 3),
        ("consolidation", 2, 2),
        ("consolidation", 4, None),
    ],
)
def test_hospital_days(indication: str, cycle: int, days: int | None) -> None:
    found = hospital_days(indication=indication, cycle=cycle)
    assert found.days == days
    assert ("supervision" in found.action) is (days is None)
    assert found.status == "primary"


def test_the_european_rule_for_disorders_of_the_nervous_system() -> None:
    assert hospital_days(indication="relapsed-refractory", cycle=1, region="EU", cns_disorder=True).days == 14
    assert hospital_days(indication="relapsed-refractory", cycle=2, region="EU", cns_disorder=True).days == 2
    for cycle, cns_disorder in ((1, False), (3, True)):
        with pytest.raises(ValueError, match="our sources hold no such rule"):
            hospital_days(indication="relapsed-refractory", cycle=cycle, region="EU", cns_disorder=cns_disorder)
    with pytest.raises(ValueError, match="the rule is European"):
        hospital_days(indication="relapsed-refractory", cycle=1, cns_disorder=True)
    with pytest.raises(ValueError, match="cns_disorder must be True or False, got 1"):
        hospital_days(indication="relapsed-refractory", cycle=1, cns_disorder=1)  # type: ignore[arg-type]


# --- interruption --------------------------------------------------------------------------------------------------

STOPPED = {"indication": "relapsed-refractory", "age_group": "adult", "cycle": 1, "infusion_days_given": 9}


@pytest.mark.parametrize(
    ("gap", "same", "left"),
    [
        ({"days": 3}, True, 19),
        ({"days": 7}, True, 19),
        ({"hours": 168}, True, 19),
        ({"hours": 168.01}, False, 28),
        ({"days": 7.01}, False, 28),
        ({"hours": 1}, True, 19),
    ],
)
def test_same_cycle_up_to_seven_days(gap: dict[str, float], same: bool, left: float) -> None:
    found = after_interruption(**STOPPED, **gap)  # type: ignore[arg-type]
    assert (found.same_cycle, found.remaining_infusion_days) == (same, left)
    assert found.rule_ids[1] == ("label-int-le7" if same else "label-int-gt7")


def test_given_and_remaining_days_make_28() -> None:
    for given in (0, 0.5, 7, 12.25, 28):
        found = after_interruption(**(STOPPED | {"infusion_days_given": given}), hours=5)  # type: ignore[arg-type]
        assert found.remaining_infusion_days == 28 - given


@pytest.mark.parametrize(
    ("age_group", "cycle", "hours", "premedicate", "supervise"),
    [
        ("adult", 1, 3.9, False, False),
        ("adult", 1, 4, True, True),
        ("adult", 4, 4, True, True),
        ("pediatric", 1, 4, True, True),
        ("pediatric", 2, 4, False, True),
        ("pediatric", 1, 200, True, True),
        ("pediatric", 2, 3.9, False, False),
    ],
)
def test_four_hours(age_group: str, cycle: int, hours: float, premedicate: bool, supervise: bool) -> None:
    found = after_interruption(
        indication="relapsed-refractory", age_group=age_group, cycle=cycle, infusion_days_given=9, hours=hours
    )
    assert (found.premedicate, found.supervise) == (premedicate, supervise)


def test_a_long_pause_for_another_reason_is_left_open() -> None:
    found = after_interruption(**STOPPED, days=10, adverse_event=False)  # type: ignore[arg-type]
    assert (found.same_cycle, found.remaining_infusion_days) == (None, None)
    assert any("neither same nor new cycle" in step for step in found.steps)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "exactly one of the two"),
        ({"hours": 5, "days": 1}, "exactly one of the two"),
        ({"hours": -1}, "hours .* from 0 to 10000 h, got -1"),
        ({"days": "3"}, "days .* got '3'"),
        ({"hours": 5, "infusion_days_given": 29}, "infusion_days_given .* from 0 to 28 days, got 29"),
        ({"hours": 5, "cycle": 0}, "cycle .* from 1 to 9"),
        ({"hours": 5, "adverse_event": "yes"}, "adverse_event must be True or False, got 'yes'"),
    ],
)
def test_bad_input_to_an_interruption(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        after_interruption(**(STOPPED | change))  # type: ignore[arg-type]


# --- modification --------------------------------------------------------------------------------------------------


def test_cytokine_release_of_grade_3() -> None:
    child = modification(event="crs", grade=3, **CHILD)
    assert child.permanent is False
    assert child.restart_mcg_per_day is not None
    assert child.escalate_mcg_per_day is not None
    assert child.dexamethasone_mg is not None
    assert math.isclose(child.restart_mcg_per_day, 5 * AREA)
    assert math.isclose(child.escalate_mcg_per_day, 15 * AREA)
    assert math.isclose(child.dexamethasone_mg, 5 * AREA)
    assert "every 8 h for up to 3 days, then taper over 4 days" in " ".join(child.steps)
    teen = modification(event="crs", grade=3, weight_kg=45)
    assert (teen.restart_mcg_per_day, teen.escalate_mcg_per_day, teen.escalate_after_days) == (9.0, 28.0, 7)
    assert (teen.dexamethasone_mg, teen.status) == (8.0, "primary")


def test_the_cap_of_dexamethasone_in_cytokine_release_is_8_mg_not_20() -> None:
    # 5 mg/m² × 1.69 m² = 8.5 mg.
    found = modification(event="crs", grade=3, weight_kg=44.9, height_cm=230)
    assert (found.dexamethasone_mg, found.dexamethasone_cap_applied) == (8.0, True)


def test_cytokine_release_of_grade_4_stops_for_good_with_the_steroid_of_grade_3() -> None:
    found = modification(event="crs", grade=4, **CHILD)
    assert found.permanent is True
    assert found.restart_mcg_per_day is None
    assert found.dexamethasone_mg is not None
    assert math.isclose(found.dexamethasone_mg, 5 * AREA)
    assert found.rule_ids == ("label-mod-crs4", "label-mod-crs3-lt45")
    assert modification(event="crs", grade=4).permanent is True


@pytest.mark.parametrize(
    ("days", "at_start", "permanent"),
    [(None, None, None), (7, False, False), (7.5, None, True), (3, True, True), (3, None, None), (None, False, None)],
)
def test_neurotoxicity_of_grade_3(days: float | None, at_start: bool | None, permanent: bool | None) -> None:
    found = modification(event="neurotoxicity", grade=3, weight_kg=50, days_to_resolve=days, at_starting_dose=at_start)
    assert found.permanent is permanent
    assert len(found.permanent_if) == 2
    # No restart dose may stand beside "discontinue permanently".
    assert (found.restart_mcg_per_day is None) is (permanent is True)
    assert any("restart" in step for step in found.steps) is (permanent is not True)


def test_the_rows_below_45_kg_that_were_not_seen_are_marked() -> None:
    for event in ("neurotoxicity", "other"):
        assert modification(event=event, grade=3, **CHILD).mark == "†"
        assert modification(event=event, grade=3, weight_kg=45).mark == ""


def test_grade_4_elsewhere() -> None:
    assert modification(event="neurotoxicity", grade=4).permanent is True
    other = modification(event="other", grade=4)
    assert (other.permanent, other.action) == (None, "consider permanent discontinuation")


def test_other_reactions_of_grade_3_have_14_days() -> None:
    assert modification(event="other", grade=3, weight_kg=50, days_to_resolve=14).permanent is False
    assert modification(event="other", grade=3, weight_kg=50, days_to_resolve=15).permanent is True


def test_one_seizure_does_not_stop_for_good_and_two_do() -> None:
    assert modification(event="seizure", number_of_seizures=1).permanent is False
    two = modification(event="seizure", number_of_seizures=2)
    assert (two.permanent, two.rule_id, two.status) == (True, "label-mod-seizure", "primary")
    graded = modification(event="seizure", number_of_seizures=1, grade=4)
    assert (graded.permanent, graded.rule_ids) == (True, ("label-mod-seizure", "label-mod-neuro4"))
    assert modification(event="seizure", number_of_seizures=1, grade=3, weight_kg=50).restart_mcg_per_day == 9.0


@pytest.mark.parametrize(("event", "limit"), [("transaminases", 5), ("bilirubin", 3)])
def test_liver_enzymes_interrupt_above_the_limit_only(event: str, limit: float) -> None:
    assert modification(event=event, times_upper_limit=limit).labeled is False
    above = modification(event=event, times_upper_limit=limit + 0.1)
    assert (above.labeled, above.action, above.permanent) == (True, "interrupt", None)


@pytest.mark.parametrize("event", ["crs", "neurotoxicity", "other"])
@pytest.mark.parametrize("grade", [1, 2])
def test_what_the_sources_do_not_say_is_not_invented(event: str, grade: int) -> None:
    found = modification(event=event, grade=grade, **CHILD)
    assert found.labeled is False
    assert found.action == f"no labeled dose modification for grade {grade} in our sources"
    assert (found.steps, found.permanent, found.restart_mcg_per_day, found.dexamethasone_mg) == ((), None, None, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"event": "fever", "grade": 3}, "event must be one of 'crs', .* got 'fever'"),
        ({"event": "crs"}, r"grade .* from 1 to 4 \(crs\), got None"),
        ({"event": "crs", "grade": 5}, "grade .* from 1 to 4"),
        ({"event": "crs", "grade": 0}, "grade .* from 1 to 4"),
        ({"event": "crs", "grade": 3}, "weight_kg .* depends on the weight"),
        ({"event": "crs", "grade": 3, "weight_kg": 21}, "height_cm .* got None"),
        ({"event": "seizure"}, "number_of_seizures .* from 1 to 100 seizures, got None"),
        ({"event": "seizure", "number_of_seizures": 0}, "number_of_seizures .* got 0"),
        ({"event": "bilirubin"}, "times_upper_limit .* got None"),
        ({"event": "other", "grade": 3, "weight_kg": 50, "days_to_resolve": -1}, "days_to_resolve .* from 0 to 365"),
        ({"event": "crs", "grade": 3, "weight_kg": 50, "at_starting_dose": 1}, "at_starting_dose .* got 1"),
    ],
)
def test_bad_input_to_a_modification(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        modification(**arguments)  # type: ignore[arg-type]
