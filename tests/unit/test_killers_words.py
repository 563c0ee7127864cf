"""Words, statuses, and ids of results, exactly: what a reader sees beside a number is part of the answer."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from bitebook import dosing, infusion, outcomes
from bitebook.dosing import rules, table
from bitebook.dosing.dose import surface_lines

RR = "relapsed-refractory"
CHILD = {"weight_kg": 21, "height_cm": 117}
ARMS = {"events_treated": 17, "n_treated": 54, "events_control": 31, "n_control": 54}
HR = {"hazard_ratio": 0.7, "ci_low": 0.47, "ci_high": 1.03}


def row(rule_id: str) -> rules.Rule:
    """Return a rule by its id, found in all categories."""
    categories = ("interruption", "dose", "premedication", "dose modification", "hospitalization")
    return next(rule for category in categories for rule in rules.rules(category) if rule.id == rule_id)


def test_a_course_parts_infusion_from_interval() -> None:
    plan = dosing.course(indication=RR, **CHILD, cycles=2, start=date(2027, 1, 4))
    assert [(s.cycle, s.day_from, s.day_to) for s in plan.steps] == [(1, 1, 7), (1, 8, 28), (2, 1, 28)]
    assert [(s.cycle, s.day_from, s.day_to) for s in plan.infusion_free] == [(1, 29, 42), (2, 29, 42)]
    assert all(step.mcg_per_day > 0 and step.dose.basis == "bsa" for step in plan.steps)
    assert all(step.mcg_per_day == 0 and step.dose.basis == "infusion-free" for step in plan.infusion_free)
    assert plan.working[-1] == f"course: {table.shown(plan.total_mcg)} mcg{plan.mark} (sums of unrounded doses)"


@pytest.mark.parametrize("days", [3, 8])
@pytest.mark.parametrize("adverse_event", [True, False])
def test_a_restart_carries_status_and_version_of_its_rules(days: float, adverse_event: bool) -> None:
    again = dosing.after_interruption(
        indication=RR, age_group="pediatric", cycle=1, infusion_days_given=9, days=days, adverse_event=adverse_event
    )
    used = [row(rule_id) for rule_id in again.rule_ids]
    assert used and again.status == max((rule.status for rule in used), key=table.STATUSES.index)
    assert again.label_version == "; ".join(dict.fromkeys(rule.label_version for rule in used))
    assert again.working[-1] == f"rules: {', '.join(again.rule_ids)} ({again.label_version})"
    assert again.steps[0] == f"interruption of {24 * days:g} h ({days:.2f} days)"


def test_an_interruption_of_no_length_is_one_and_both_lengths_are_too_many() -> None:
    given = {"indication": RR, "age_group": "adult", "cycle": 1, "infusion_days_given": 9}
    assert dosing.after_interruption(**given, days=0).same_cycle is True
    assert dosing.after_interruption(**given, days=0.5).supervise
    for hours, days in ((5, 2), (None, None)):
        with pytest.raises(ValueError) as refused:
            dosing.after_interruption(**given, hours=hours, days=days)
        told = f"hours or days must be given, exactly one of the two, got hours={hours} and days={days}"
        assert str(refused.value) == told


@pytest.mark.parametrize(("height", "hint"), [(1.1, True), (0.4, True), (2.3, True), (2.4, False), (300, False)])
def test_only_a_height_in_meters_is_taken_for_one(height: float, hint: bool) -> None:
    with pytest.raises(ValueError) as refused:
        dosing.body_surface_area(weight_kg=21, height_cm=height)
    assert ("centimeters, not meters" in str(refused.value)) is hint


@pytest.mark.parametrize(("weight", "hint"), [(21000, True), (1000, True), (999, False), (0.5, False), (-5, False)])
def test_only_a_weight_in_grams_is_taken_for_one(weight: float, hint: bool) -> None:
    with pytest.raises(ValueError) as refused:
        dosing.body_surface_area(weight_kg=weight, height_cm=117)
    assert ("give kilograms, not grams" in str(refused.value)) is hint


def test_a_decimal_keeps_all_its_digits_when_it_is_shown() -> None:
    assert table.shown(Decimal("0.12345678901234567890125"), 22) == "0.1234567890123456789013"
    assert table.shown(0.05, 1) == "0.1" and table.shown(2.5, 0) == "3"


def test_seizures_in_words() -> None:
    two = dosing.modification(event="seizure", number_of_seizures=2)
    assert two.steps == ("discontinue permanently",)
    assert (two.event, two.grade, two.permanent) == ("seizure", None, True)
    one = dosing.modification(event="seizure", number_of_seizures=1, grade=3, **CHILD)
    assert one.event == "seizure" and one.grade == 3
    assert one.rule_ids[0] == two.rule_id and len(one.rule_ids) > 1
    assert one.note == dosing.modification(event="seizure", number_of_seizures=1).note


def test_working_says_whether_there_is_a_cap() -> None:
    rule = dataclasses.replace(row("label-pre-rr-ped"), cap=None)
    assert "the rule names no cap" in surface_lines(rule, 21, 117, 0.826, "mosteller")
    assert surface_lines(dataclasses.replace(rule, cap=20.0), 21, 117, 0.826, "mosteller")[-1] == (
        "the cap of 20 mg is not passed"
    )
    assert surface_lines(dataclasses.replace(rule, cap=4.0), 21, 117, 0.826, "mosteller")[-1] == (
        "above the cap of 4 mg: the cap is the dose"
    )


def test_a_bag_names_every_row_it_rests_on() -> None:
    for weight, ids in ((50, ("label-recon-conc", "label-vial-labeled", "label-rate-24")), (21, ("label-rate-24",))):
        made = infusion.bag(mcg_per_day=28 if weight == 50 else 12.4, duration_h=24, weight_kg=weight)
        assert set(ids) <= set(made.rule_ids) and len(made.rule_ids) == len(set(made.rule_ids)) >= 5
        assert made.left_in_bag_mcg is not None and made.left_in_bag_ml is not None and made.content_mcg is not None
        stays = f"{table.shown(made.left_in_bag_mcg, 2)} mcg in {table.shown(made.left_in_bag_ml, 2)} mL stay behind"
        assert made.working[-1].endswith(f"{stays}: discard them, never flush")
        assert f"with {table.shown(made.content_mcg, 2)} mcg; " in made.working[-1]


@pytest.mark.parametrize(
    ("result", "method"),
    [
        (outcomes.wilson_interval(events=1, n=9), "Wilson score"),
        (outcomes.clopper_pearson_interval(events=1, n=9), "Clopper-Pearson"),
        (outcomes.interval_from_standard_error(estimate=0.5, standard_error=0.1), "normal, linear scale"),
        (
            outcomes.interval_from_standard_error(estimate=0.5, standard_error=0.1, scale="log-log"),
            "normal, log-log scale",
        ),
        (outcomes.absolute_difference(**ARMS), "Newcombe hybrid score"),
        (
            outcomes.survival_difference(
                survival_treated=0.6, standard_error_treated=0.1, survival_control=0.5, standard_error_control=0.1
            ),
            "normal, standard errors of both arms",
        ),
        (outcomes.risk_ratio(**ARMS), "Katz log"),
        (outcomes.odds_ratio(**ARMS), "Woolf log"),
        (outcomes.hazard_ratio_from_p(hazard_ratio=0.3, p_value=0.03, sides=2), "from the P value"),
        (
            outcomes.nnt_from_hazard_ratio(control_survival=0.5, **HR).benefit,
            "proportional hazards, control survival taken as known",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_result_names_its_method(result: outcomes.Proportion, method: str) -> None:
    assert result.method == method and result.confidence == 0.95


def test_measures_and_refusals_in_words() -> None:
    assert outcomes.risk_ratio(**ARMS).measure == "risk ratio"
    assert outcomes.odds_ratio(**ARMS).measure == "odds ratio"
    assert outcomes.hazard_ratio_from_p(hazard_ratio=0.3, p_value=0.03, sides=2).measure == "hazard ratio"
    counts = "events_treated=0 of n_treated=9, events_control=3 of n_control=9"
    for function, name in ((outcomes.risk_ratio, "risk ratio"), (outcomes.odds_ratio, "odds ratio")):
        with pytest.raises(ValueError) as refused:
            function(events_treated=0, n_treated=9, events_control=3, n_control=9)
        assert str(refused.value) == (
            f"a cell without patients gives no {name} ({counts}); report the difference with absolute_difference, "
            "or pass continuity_correction=0.5 and say so"
        )
    with pytest.raises(ValueError) as refused:
        outcomes.p_range_from_printed(hazard_ratio=0.55, ci_low=0.5, ci_high=0.6, sides=2, decimals=1)
    assert str(refused.value) == (
        "ci_low=0.5 and ci_high=0.6 could be the same number before rounding; more decimals are needed"
    )
    with pytest.raises(ValueError) as refused:
        outcomes.hazard_ratio_from_p(hazard_ratio=0.3, p_value=1e-301, sides=2)
    assert str(refused.value) == ("p_value must be a number from 1e-300 to below 1, got 1e-301: no source prints less")
    assert outcomes.hazard_ratio_from_p(hazard_ratio=0.3, p_value=1e-300, sides=2).low < 0.3


def test_no_number_needed_from_a_difference_that_is_rounding() -> None:
    tiny = outcomes.Difference(1e-11, 1e-12, 2e-11, 0.95, 0.5, 0.5, "made up")
    none = outcomes.nnt_from_difference(difference=tiny, event_is="desired")
    assert (none.value, none.low, none.high, none.patients, none.direction) == (None, None, None, None, "open")
    assert str(none) == "no NNT: the difference, or a limit of it, is too small to be told from zero"
    small = outcomes.Difference(2e-10, 1e-10, 3e-10, 0.95, 0.5, 0.5, "made up")
    assert outcomes.nnt_from_difference(difference=small, event_is="desired").value == pytest.approx(5e9)
