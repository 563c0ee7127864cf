"""Body surface area and the dose of a day, against values worked by hand, an oracle, and properties."""

from __future__ import annotations

import dataclasses
import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitebook.dosing import FORMULAS, INDICATIONS, body_surface_area, dose_rate

from . import oracle_dosing as oracle

LIGHT = st.floats(1, 44.999999, allow_nan=False)
HEIGHTS = st.floats(40, 230, allow_nan=False)
FORMULA = st.sampled_from(sorted(FORMULAS))


def rr(weight_kg: float, height_cm: float | None = None, cycle: int = 1, day: int = 1) -> float:
    return dose_rate(
        indication="relapsed-refractory", weight_kg=weight_kg, height_cm=height_cm, cycle=cycle, day=day
    ).mcg_per_day


# --- body surface area -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "height", "area"),
    [(36, 100, 1.0), (25, 144, 1.0), (10, 90, 0.5), (4, 56.25, 0.25), (64, 126.5625, 1.5)],
)
def test_mosteller_where_the_root_is_exact(weight: float, height: float, area: float) -> None:
    assert body_surface_area(weight_kg=weight, height_cm=height) == area


@pytest.mark.parametrize(
    ("formula", "area"),
    [("mosteller", 1.82), ("du-bois", 1.81), ("haycock", 1.83), ("gehan-george", 1.83), ("boyd", 1.83)],
)
def test_an_adult_of_70_kg_and_170_cm(formula: str, area: float) -> None:
    assert round(body_surface_area(weight_kg=70, height_cm=170, formula=formula), 2) == area


@pytest.mark.parametrize(
    ("formula", "logarithm"),
    [
        ("du-bois", math.log(0.007184) + 0.425 * math.log(12) + 0.725 * math.log(86)),
        ("haycock", math.log(0.024265) + 0.5378 * math.log(12) + 0.3964 * math.log(86)),
        ("gehan-george", math.log(0.0235) + 0.51456 * math.log(12) + 0.42246 * math.log(86)),
        ("boyd", math.log(0.0003207) + 0.3 * math.log(86) + (0.7285 - 0.0188 * 4.079181246047625) * math.log(12000)),
    ],
)
def test_a_toddler_of_12_kg_and_86_cm_by_logarithms(formula: str, logarithm: float) -> None:
    assert math.isclose(
        body_surface_area(weight_kg=12, height_cm=86, formula=formula), math.exp(logarithm), rel_tol=1e-12
    )


def test_every_formula_names_its_source_and_range() -> None:
    sources = {"mosteller1987", "dubois1916", "haycock1978", "gehan1970", "boyd1935"}
    assert {formula.source for formula in FORMULAS.values()} == sources
    assert next(iter(FORMULAS)) == "mosteller"
    for formula in FORMULAS.values():
        assert "1 to 300 kg, 40 to 230 cm" in formula.valid_range


@given(LIGHT, HEIGHTS, FORMULA)
@settings(max_examples=200, deadline=None)
def test_area_grows_with_weight_and_with_height(weight: float, height: float, formula: str) -> None:
    area = body_surface_area(weight_kg=weight, height_cm=height, formula=formula)
    assert 0 < area < 4
    assert body_surface_area(weight_kg=weight * 1.01, height_cm=height, formula=formula) > area
    assert body_surface_area(weight_kg=weight, height_cm=max(height / 1.01, 40), formula=formula) <= area


# --- dose of a day -----------------------------------------------------------------------------------------------


def test_a_child_of_one_square_meter_gets_the_numbers_of_the_label() -> None:
    assert rr(36, 100, 1, 1) == 5.0
    assert rr(36, 100, 1, 8) == 15.0
    assert rr(36, 100, 9, 28) == 15.0
    assert rr(36, 100, 9, 29) == 0.0


@pytest.mark.parametrize(("day", "dose"), [(1, 9), (7, 9), (8, 28), (28, 28), (29, 0), (42, 0)])
def test_the_step_days_of_an_adolescent(day: int, dose: float) -> None:
    assert rr(60, None, 1, day) == dose


def test_45_kg_belongs_to_the_fixed_dose_and_the_dose_jumps_there() -> None:
    at = dose_rate(indication="mrd-positive", weight_kg=45, cycle=1, day=1)
    below = dose_rate(indication="mrd-positive", weight_kg=45 - 1e-9, height_cm=150, cycle=1, day=1)
    above = dose_rate(indication="mrd-positive", weight_kg=45 + 1e-9, cycle=1, day=1)
    assert (at.basis, at.mcg_per_day) == ("fixed", 28.0) == (above.basis, above.mcg_per_day)
    assert below.basis == "bsa"
    assert math.isclose(below.mcg_per_day, 15 * math.sqrt(45 * 150 / 3600), rel_tol=1e-9)
    assert below.mcg_per_day < 21 < at.mcg_per_day


def test_the_weight_that_floating_point_puts_just_below_45_is_below() -> None:
    # 450 tenths of a kilogram, added up: 0.1 is no binary number, and the sum is not 45.
    almost = sum([0.1] * 450)
    assert almost != 45
    for weight in (almost, math.nextafter(45, 0), 45.0, math.nextafter(45, 99)):
        found = dose_rate(indication="mrd-positive", weight_kg=weight, height_cm=150, cycle=1, day=1)
        assert found.basis == ("bsa" if weight < 45 else "fixed")


def test_no_dose_is_rounded_and_the_text_rounds_half_up() -> None:
    dose = dose_rate(indication="mrd-positive", weight_kg=21, height_cm=117, cycle=1, day=1)
    assert dose.mcg_per_day == 15 * math.sqrt(21 * 117 / 3600)
    assert str(dose) == "12.4 mcg/day"
    # 12.25 mcg/day would print as 12.2 by half-even rounding.
    half = dataclasses.replace(dose, mcg_per_day=12.25)
    assert str(half) == "12.3 mcg/day"
    assert "unrounded" in " ".join(dose.working)


@pytest.mark.parametrize("formula", sorted(FORMULAS))
@pytest.mark.parametrize(("day", "cap"), [(1, 9), (8, 28)])
def test_below_45_kg_only_du_bois_at_230_cm_meets_the_cap(formula: str, day: int, cap: float) -> None:
    largest = {"indication": "relapsed-refractory", "weight_kg": math.nextafter(45, 0), "height_cm": 230, "cycle": 1}
    dose = dose_rate(**largest, day=day, formula=formula)  # type: ignore[arg-type]
    assert dose.cap_applied is (formula == "du-bois")
    assert (dose.mcg_per_day == cap) is (formula == "du-bois")
    assert any(("the cap is the dose" if dose.cap_applied else "is not passed") in line for line in dose.working)


def test_the_consolidation_dose_says_that_it_is_not_verified() -> None:
    dose = dose_rate(indication="consolidation", weight_kg=50, cycle=1, day=1)
    assert (dose.status, dose.mark, str(dose)) == ("unverified", "†", "28.0 mcg/day†")
    assert dose.working[-1].startswith("†")
    assert dose_rate(indication="relapsed-refractory", weight_kg=50, cycle=1, day=1).mark == ""


def test_the_working_names_rule_version_and_each_step() -> None:
    dose = dose_rate(indication="relapsed-refractory", weight_kg=21, height_cm=117, cycle=1, day=8)
    text = "\n".join(dose.working)
    for piece in ("label-rr-lt45-c1-d8", "US PI 2018-2025", "below 45 kg", "0.826 m²", "12.39", "cap of 28 mcg/day"):
        assert piece in text


def test_an_unusual_pair_is_computed_with_a_warning() -> None:
    dose = dose_rate(indication="mrd-positive", weight_kg=40, height_cm=60, cycle=1, day=1)
    assert any("were weight and height confused?" in line for line in dose.working)


def test_exhaustive_grid_against_the_oracle() -> None:
    weights = (2.5, 4, 5.4, 8, 12.3, 17, 22, 30.1, 38, 44.9, math.nextafter(45, 0), 45, 45.1, 70, 120)
    heights = (46, 58.5, 75, 96, 117, 140, 163, 190)
    checked = 0
    for indication in INDICATIONS:
        for cycle, length in oracle.LENGTHS[indication].items():
            for day, weight, height in itertools.product(range(1, length + 1), weights, heights):
                found = dose_rate(indication=indication, weight_kg=weight, height_cm=height, cycle=cycle, day=day)
                amount, basis, capped = oracle.dose(indication, weight, height, cycle, day)
                assert math.isclose(found.mcg_per_day, amount, rel_tol=1e-12), found
                assert (found.basis, found.cap_applied) == (basis, capped), found
                assert found.rule_id == oracle.rule_id(indication, weight, cycle, day), found
                checked += 1
    assert checked >= 100_000


@given(LIGHT, LIGHT, HEIGHTS, st.integers(1, 9), st.integers(1, 28))
@settings(max_examples=200, deadline=None)
def test_below_45_kg_more_weight_never_means_a_lower_dose(
    one: float, other: float, height: float, cycle: int, day: int
) -> None:
    light, heavy = sorted((one, other))
    assert rr(light, height, cycle, day) <= rr(heavy, height, cycle, day)


@given(st.sampled_from(INDICATIONS), st.floats(1, 300), HEIGHTS, st.integers(1, 4), st.integers(1, 42), FORMULA)
@settings(max_examples=300, deadline=None)
def test_never_negative_never_above_the_cap_and_zero_from_day_29(
    indication: str, weight: float, height: float, cycle: int, day: int, formula: str
) -> None:
    dose = dose_rate(
        indication=indication, weight_kg=weight, height_cm=height, cycle=cycle, day=day, formula=formula
    ).mcg_per_day
    low = indication == "relapsed-refractory" and cycle == 1 and day <= 7
    assert 0 <= dose <= (9 if low else 28)
    assert (dose == 0) is (day >= 29)


# --- bad input -----------------------------------------------------------------------------------------------------

GOOD = {"indication": "relapsed-refractory", "weight_kg": 21, "height_cm": 117, "cycle": 1, "day": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight_kg": -3}, r"weight_kg .* from 1 to 300 kg, got -3"),
        ({"weight_kg": 0}, r"weight_kg .* got 0"),
        ({"weight_kg": math.nan}, r"weight_kg .* got nan"),
        ({"weight_kg": math.inf}, r"weight_kg .* got inf"),
        ({"weight_kg": "21"}, r"weight_kg .* got '21'"),
        ({"weight_kg": True}, r"weight_kg .* got True"),
        ({"weight_kg": None}, r"weight_kg .* got None"),
        ({"weight_kg": 21000}, r"weight_kg .* kilograms, not grams"),
        ({"height_cm": 1.10}, r"height_cm .* centimeters, not meters"),
        ({"height_cm": -110}, r"height_cm .* from 40 to 230 cm, got -110"),
        ({"height_cm": "117"}, r"height_cm .* got '117'"),
        ({"height_cm": math.nan}, r"height_cm .* got nan"),
        ({"height_cm": None}, r"height_cm .* got None; .* below 45 kg, so give the height"),
        ({"indication": "relapsed"}, r"indication must be one of 'relapsed-refractory', .* got 'relapsed'"),
        ({"indication": None}, r"indication .* got None"),
        ({"cycle": 0}, r"cycle .* from 1 to 9"),
        ({"cycle": 10}, r"cycle .* from 1 to 9 \(relapsed-refractory\), got 10"),
        ({"cycle": 1.5}, r"cycle .* got 1.5"),
        ({"cycle": 5, "indication": "mrd-positive"}, r"cycle .* from 1 to 4"),
        ({"cycle": 5, "indication": "consolidation"}, r"cycle .* from 1 to 4"),
        ({"day": 0}, r"day .* from 1 to 42"),
        ({"day": 43}, r"day .* from 1 to 42"),
        ({"cycle": 6, "day": 85}, r"day .* from 1 to 84"),
        ({"day": "8"}, r"day .* got '8'"),
        ({"age_months": 0.5}, r"age_months .* from 1 month of age"),
        ({"age_months": "12"}, r"age_months .* got '12'"),
        ({"formula": "mosteler"}, r"formula must be one of 'mosteller', .* got 'mosteler'"),
    ],
)
def test_bad_input_is_named_with_unit_and_range(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dose_rate(**(GOOD | change))  # type: ignore[arg-type]


def test_a_bad_height_is_refused_even_where_the_dose_is_fixed() -> None:
    with pytest.raises(ValueError, match="centimeters, not meters"):
        rr(50, 1.6)


def test_the_youngest_patient_of_the_label_is_accepted() -> None:
    dose = dose_rate(indication="mrd-positive", weight_kg=3.6, height_cm=53, cycle=1, day=1, age_months=1)
    assert math.isclose(dose.mcg_per_day, 15 * math.sqrt(3.6 * 53 / 3600))
