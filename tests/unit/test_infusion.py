"""Bags: the label's printed volumes, conservation of mass, vials in decimals, weight limits, and the flush."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitebook.infusion import Bag, bag, durations_h, reconstitution, weight_limit_kg

#: dose, hours, printed volume, vials, rate: as the older label prints them from 45 kg.
PRINTED = [
    (9, 24, 0.83, 1, 10.0),
    (9, 48, 1.7, 1, 5.0),
    (28, 24, 2.6, 1, 10.0),
    (28, 48, 5.2, 2, 5.0),
    (28, 168, 16.8, 6, 0.6),
]


@pytest.mark.parametrize(("dose", "hours", "volume", "vials", "rate"), PRINTED)
def test_the_printed_volumes_deliver_the_dose_within_three_percent(
    dose: float, hours: int, volume: float, vials: int, rate: float
) -> None:
    made = bag(mcg_per_day=dose, duration_h=hours, weight_kg=45)
    assert (made.drug_volume_ml, made.vials, made.rate_ml_per_h) == (volume, vials, rate)
    assert (made.printed, made.derived, made.status) == (True, False, "unverified")
    assert made.delivered_mcg_per_day is not None
    assert made.computed_volume_ml is not None
    assert abs(made.delivered_mcg_per_day / dose - 1) < 0.03
    assert abs(made.computed_volume_ml / volume - 1) < 0.03
    assert any(f"the label prints {volume} mL†" in line for line in made.working)


def test_the_seven_day_bag_by_hand() -> None:
    made = bag(mcg_per_day=28, duration_h=168, weight_kg=50)
    # 90 + 2.2 + 16.8 + 1.0 = 110 mL; 12.5 × 16.8 = 210 mcg; 210 × 100.8 / 110 = 192.436 mcg in 7 days.
    assert (made.diluent_ml, made.stabilizer_ml, made.top_up_ml, made.bag_volume_ml) == (90, 2.2, 1.0, 110)
    assert (made.content_mcg, made.infused_ml, made.left_in_bag_ml) == (210, 100.8, 9.2)
    assert math.isclose(made.delivered_mcg_per_day or 0, 192.436363 / 7, rel_tol=1e-8)
    assert math.isclose(made.left_in_bag_mcg or 0, 210 - 192.436363, rel_tol=1e-6)
    assert made.preservative


def test_16_8_ml_are_six_vials_although_floats_say_seven() -> None:
    assert math.ceil(16.8 / 2.8) == 7
    assert bag(mcg_per_day=28, duration_h=168, weight_kg=50).vials == 6


def test_the_callers_decimal_context_does_not_matter() -> None:
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_UP)):
        rough = bag(mcg_per_day=12.392, duration_h=48, weight_kg=21)
    assert rough == bag(mcg_per_day=12.392, duration_h=48, weight_kg=21)


def test_a_day_bag_below_45_kg_by_hand() -> None:
    # V = 12 × 275.5 / (12.5 × 240 − 12) = 3306 / 2988 mL.
    made = bag(mcg_per_day=12, duration_h=24, weight_kg=21)
    assert made.drug_volume_ml is not None
    assert math.isclose(made.drug_volume_ml, 3306 / 2988, rel_tol=1e-15)
    assert (made.derived, made.printed, made.vials, made.delivered_mcg_per_day) == (True, False, 1, 12.0)
    assert not made.preservative
    assert any("not reproduced" in note for note in made.notes)
    assert any("taken to hold below" in note for note in made.notes)


def test_28_mcg_below_45_kg_does_not_take_the_volume_printed_from_45_kg() -> None:
    assert bag(mcg_per_day=28, duration_h=24, weight_kg=math.nextafter(45, 0)).derived
    assert bag(mcg_per_day=28, duration_h=24, weight_kg=45).printed


@given(st.floats(0.5, 28, allow_nan=False), st.sampled_from([24, 48, 168]), st.floats(6, 44.9), st.floats(0.1, 30))
@settings(max_examples=150, deadline=None)
def test_mass_is_conserved_and_the_dose_arrives(dose: float, hours: int, weight: float, line: float) -> None:
    made = bag(mcg_per_day=dose, duration_h=hours, weight_kg=weight)
    exact = {name: Fraction(getattr(made, name)) for name in ("drug_volume_ml", "bag_volume_ml", "content_mcg")}
    given_mcg = dose * hours / 24
    assert math.isclose(made.delivered_mcg_per_day or 0, dose, rel_tol=1e-12)
    assert math.isclose(float(exact["drug_volume_ml"]) * 12.5, float(exact["content_mcg"]), rel_tol=1e-12)
    assert math.isclose(given_mcg + (made.left_in_bag_mcg or 0), made.content_mcg or 0, rel_tol=1e-12)
    parts = (made.diluent_ml or 0) + (made.stabilizer_ml or 0) + (made.drug_volume_ml or 0) + (made.top_up_ml or 0)
    assert math.isclose(parts, float(exact["bag_volume_ml"]), rel_tol=1e-12)
    assert (made.left_in_bag_mcg or 0) > 0
    assert (made.top_up_ml or 0) >= 0
    assert (made.vials or 0) >= (made.drug_volume_ml or 0) / 2.8 * (1 - 1e-12)
    assert (made.vials or 0) < (made.drug_volume_ml or 0) / 2.8 + 1
    # What a flush pushes in at once is what the pump would give in the same volume.
    flushed = made.flush_mcg(line_volume_ml=line)
    assert math.isclose(flushed, dose / 24 * made.flush_hours(line_volume_ml=line), rel_tol=1e-9)


def test_72_and_96_h_run_at_the_same_rate_and_their_bags_are_unknown() -> None:
    three, four = (bag(mcg_per_day=28, duration_h=hours, weight_kg=50) for hours in (72, 96))
    assert three.rate_ml_per_h == four.rate_ml_per_h == 1.8
    assert (three.infused_ml, four.infused_ml) == (129.6, 172.8)
    for made in (three, four):
        assert not made.composition_known
        assert made.drug_volume_ml is made.vials is made.delivered_mcg_per_day is made.left_in_bag_mcg is None
        assert "not in our sources" in made.notes[0]
        assert made.storage[-1] == "storage of this bag: not in our sources"
        with pytest.raises(ValueError, match="whose composition is known"):
            made.flush_mcg(line_volume_ml=2)


def test_durations_and_weight_limits_by_label_version() -> None:
    assert durations_h(label_version="2025") == (24, 48, 72, 96, 168)
    assert durations_h(label_version="2018") == (24, 48, 168)
    assert weight_limit_kg(duration_h=24) is None
    assert [weight_limit_kg(duration_h=hours) for hours in (72, 96, 168)] == [5.4] * 3
    assert weight_limit_kg(duration_h=168, label_version="2018") == 22.0


@pytest.mark.parametrize(("version", "limit"), [("2025", 5.4), ("2018", 22.0)])
def test_the_weight_limit_is_included(version: str, limit: float) -> None:
    assert isinstance(bag(mcg_per_day=5, duration_h=168, weight_kg=limit, label_version=version), Bag)
    with pytest.raises(ValueError, match=f"weight_kg must be a number from {limit:g} .* take bags of 24 or 48 h"):
        bag(mcg_per_day=5, duration_h=168, weight_kg=math.nextafter(limit, 0), label_version=version)
    assert not bag(mcg_per_day=1, duration_h=48, weight_kg=2, label_version=version).preservative


def test_a_bag_says_how_to_keep_it_and_never_to_flush() -> None:
    made = bag(mcg_per_day=28, duration_h=48, weight_kg=50)
    assert any("48 hours; a 48-h bag must" in line for line in made.storage)
    assert not any("48-h bag" in line for line in bag(mcg_per_day=28, duration_h=24, weight_kg=50).storage)
    assert "do not flush the infusion line (bolus overdose)" in made.notes
    assert any("Instructions for Use" in note for note in made.notes)
    old = bag(mcg_per_day=28, duration_h=48, weight_kg=50, label_version="2018")
    assert not any("Instructions for Use" in note for note in old.notes)


def test_the_vial_is_12_5_per_ml_because_of_its_overfill() -> None:
    vial = reconstitution()
    assert vial.concentration_mcg_per_ml == 12.5 != vial.labeled_mcg / vial.water_ml
    assert vial.usable_ml == 2.8 < vial.total_ml == 3.08


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mcg_per_day": 0}, "mcg_per_day must be a number above 0, up to 28 mcg/day, got 0"),
        ({"mcg_per_day": -5}, "mcg_per_day .* got -5"),
        ({"mcg_per_day": 28.5}, "mcg_per_day .* up to 28 mcg/day, got 28.5"),
        ({"mcg_per_day": math.nan}, "mcg_per_day .* got nan"),
        ({"mcg_per_day": "28"}, "mcg_per_day .* got '28'"),
        ({"duration_h": 7}, "duration_h .* got 7; a bag of 7 days is one of 168 h"),
        ({"duration_h": 36}, "duration_h must be one of 24, 48, 72, 96, 168 h"),
        ({"duration_h": "24"}, "duration_h .* got '24'"),
        ({"duration_h": 72, "label_version": "2018"}, "duration_h must be one of 24, 48, 168 h"),
        ({"label_version": "2020"}, "label_version must be one of '2025', '2018'"),
        ({"label_version": 2025}, "label_version .* got 2025"),
        ({"weight_kg": 50000}, "not grams"),
        ({"weight_kg": None}, "weight_kg .* got None"),
    ],
)
def test_bad_input(change: dict[str, object], message: str) -> None:
    good = {"mcg_per_day": 28, "duration_h": 24, "weight_kg": 50}
    with pytest.raises(ValueError, match=message):
        bag(**(good | change))  # type: ignore[arg-type]


@pytest.mark.parametrize("volume", [0, -1, math.nan, "5", 1000])
def test_bad_line_volumes(volume: object) -> None:
    with pytest.raises(ValueError, match=r"line_volume_ml must be a number above 0, up to 278\.1 mL"):
        bag(mcg_per_day=28, duration_h=24, weight_kg=50).flush_mcg(line_volume_ml=volume)  # type: ignore[arg-type]
