"""Doses, courses, premedication, modifications, and bags under random and hostile arguments."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bitebook import dosing, infusion

from . import fuzz_tools as fuzz
from . import oracle_dosing as oracle

INDICATIONS = tuple(oracle.LENGTHS)
FORMULAS = ("mosteller", "du-bois", "haycock", "gehan-george", "boyd")
Random = random.Random


def patient(r: Random) -> dict[str, Any]:
    return {"weight_kg": fuzz.near(r, 1, 300, 45), "height_cm": fuzz.near(r, 40, 230)}


def cycle_of(r: Random, indication: str) -> int:
    return r.randint(1, max(oracle.LENGTHS[indication]))


# --- each: how to make a good call, and what must hold of its answer ------------------------------------------------


def area_call(r: Random) -> dict[str, Any]:
    return {**patient(r), "formula": r.choice(FORMULAS)}


def area_holds(a: dict[str, Any], area: float) -> None:
    weight, height = float(a["weight_kg"]), float(a["height_cm"])
    assert 0.05 < area < 6
    if a["formula"] == "mosteller":
        assert math.isclose(area * area * 3600, weight * height, rel_tol=1e-12)
    taller = dosing.body_surface_area(weight_kg=weight, height_cm=min(230, height * 1.01), formula=a["formula"])
    assert taller >= area


def dose_call(r: Random) -> dict[str, Any]:
    indication = r.choice(INDICATIONS)
    cycle = cycle_of(r, indication)
    return {
        "indication": indication, **patient(r), "cycle": cycle, "day": r.randint(1, oracle.LENGTHS[indication][cycle]),
        "age_months": r.choice((None, fuzz.near(r, 1, 1500))), "formula": "mosteller",
    }  # fmt: skip


def dose_holds(a: dict[str, Any], dose: dosing.Dose) -> None:
    weight, day, cycle = float(a["weight_kg"]), int(a["day"]), int(a["cycle"])
    height = None if a["height_cm"] is None else float(a["height_cm"])
    assert height is not None or weight >= 45 or day > 28
    assert 0 <= dose.mcg_per_day <= 28
    amount, basis, capped = oracle.dose(a["indication"], weight, height or 100.0, cycle, day)
    if a["formula"] == "mosteller" or basis != "bsa":
        assert math.isclose(dose.mcg_per_day, amount, rel_tol=1e-12)
        assert (dose.basis, dose.cap_applied) == (basis, capped)
    assert dose.rule_id == oracle.rule_id(a["indication"], weight, cycle, day)
    if height is not None and height < 230:  # more surface never means less drug
        taller = dosing.dose_rate(**{**a, "height_cm": min(230, height * 1.02)})
        assert taller.mcg_per_day >= dose.mcg_per_day
    assert f"{dose}".rstrip("†") == f"{float(str(dose).split()[0]):.1f} mcg/day"
    assert all(dose.working) and "nan" not in " ".join(dose.working)


def course_call(r: Random) -> dict[str, Any]:
    indication = r.choice(INDICATIONS)
    return {
        "indication": indication, **patient(r), "cycles": cycle_of(r, indication),
        "start": date(2020, 1, 1) + timedelta(days=r.randint(0, 9000)), "age_months": None, "formula": "mosteller",
    }  # fmt: skip


def course_holds(a: dict[str, Any], plan: dosing.Course) -> None:
    weight = float(a["weight_kg"])
    height = 100.0 if a["height_cm"] is None else float(a["height_cm"])
    lengths = [oracle.LENGTHS[a["indication"]][cycle] for cycle in range(1, int(a["cycles"]) + 1)]
    days = [(cycle, day) for cycle, length in enumerate(lengths, start=1) for day in range(1, length + 1)]
    assert [(line.cycle, line.day) for line in plan.calendar] == days
    assert [line.date for line in plan.calendar] == [a["start"] + timedelta(days=n) for n in range(sum(lengths))]
    assert plan.end == plan.calendar[-1].date
    doses = [oracle.dose(a["indication"], weight, height, *day)[0] for day in days]
    assert math.isclose(plan.total_mcg, math.fsum(doses), rel_tol=1e-12)
    assert math.isclose(plan.total_mcg, math.fsum(cycle.total_mcg for cycle in plan.cycles), rel_tol=1e-12)


def premedication_call(r: Random) -> dict[str, Any]:
    indication = r.choice(INDICATIONS)
    return {
        "indication": indication, "age_group": r.choice(("adult", "pediatric")), "cycle": cycle_of(r, indication),
        "day": r.randint(1, 28), "restart_after_hours": r.choice((None, fuzz.near(r, 0, 10000, 4))), **patient(r),
        "region": r.choice(("US", "US", "EU")), "formula": r.choice(FORMULAS),
    }  # fmt: skip


def premedication_holds(a: dict[str, Any], given: dosing.Premedication) -> None:
    assert given.required == (given.dose_mg is not None)
    if not given.required:
        assert given.second_dose_mg is None and not given.cap_applied
        return
    assert given.dose_mg is not None and 0 < given.dose_mg <= (20 if given.drug == "dexamethasone" else 200)
    restart = a["restart_after_hours"] is not None and float(a["restart_after_hours"]) >= 4
    step = a["indication"] == "relapsed-refractory" and (int(a["cycle"]), int(a["day"])) == (1, 8)
    assert restart or step or int(a["day"]) == 1
    assert a["age_group"] == "adult" or int(a["cycle"]) == 1


def hospital_call(r: Random) -> dict[str, Any]:
    indication = r.choice(INDICATIONS)
    return {
        "indication": indication, "cycle": cycle_of(r, indication), "region": r.choice(("US", "EU")),
        "cns_disorder": r.random() < 0.2,
    }  # fmt: skip


def hospital_holds(a: dict[str, Any], stay: dosing.HospitalStay) -> None:
    assert stay.days is None or 1 <= stay.days <= 14
    assert stay.action and stay.rule_id
    assert int(a["cycle"]) <= 2 or stay.days is None


def interruption_call(r: Random) -> dict[str, Any]:
    indication = r.choice(INDICATIONS)
    hours = fuzz.near(r, 0, 10000, 4, 168)
    return {
        "indication": indication, "age_group": r.choice(("adult", "pediatric")), "cycle": cycle_of(r, indication),
        "infusion_days_given": fuzz.near(r, 0, 28), "adverse_event": r.random() < 0.7,
        **r.choice(({"hours": hours, "days": None}, {"hours": None, "days": min(hours / 24, 10000 / 24)})),
    }  # fmt: skip


def interruption_holds(a: dict[str, Any], again: dosing.Restart) -> None:
    hours = 24 * float(a["days"]) if a["hours"] is None else float(a["hours"])
    left = 28 - float(a["infusion_days_given"])
    if hours <= 168:
        assert again.same_cycle is True
        assert again.remaining_infusion_days is not None and math.isclose(again.remaining_infusion_days, left)
    elif a["adverse_event"]:
        assert (again.same_cycle, again.remaining_infusion_days) == (False, 28)
    else:
        assert (again.same_cycle, again.remaining_infusion_days) == (None, None)
    over = hours <= 168 and left == 0
    assert again.supervise == (hours >= 4 and not over)
    assert again.premedicate == (again.supervise and (a["age_group"] == "adult" or int(a["cycle"]) == 1))


def modification_call(r: Random) -> dict[str, Any]:
    return {
        "event": r.choice(("crs", "neurotoxicity", "seizure", "other", "transaminases", "bilirubin")),
        "grade": r.randint(1, 4), **patient(r), "number_of_seizures": r.choice((1, 2, 100)),
        "times_upper_limit": fuzz.near(r, 0, 1000, 3, 5), "days_to_resolve": r.choice((None, fuzz.near(r, 0, 365, 7))),
        "at_starting_dose": r.choice((None, True, False)), "formula": "mosteller",
    }  # fmt: skip


def modification_holds(a: dict[str, Any], found: dosing.Modification) -> None:
    event = a["event"].lower()
    assert found.action and found.status
    if found.permanent and event != "seizure":
        assert found.restart_mcg_per_day is None and found.escalate_mcg_per_day is None
    if found.restart_mcg_per_day is not None:
        assert found.escalate_mcg_per_day is not None
        assert 0 < found.restart_mcg_per_day <= 9 < found.escalate_mcg_per_day + 9 <= 28 + 9
        assert found.restart_mcg_per_day <= found.escalate_mcg_per_day
        if float(a["weight_kg"]) >= 45:
            assert (found.restart_mcg_per_day, found.escalate_mcg_per_day) == (9, 28)
        elif a["formula"] == "mosteller":
            surface = math.sqrt(float(a["weight_kg"]) * float(a["height_cm"]) / 3600)
            assert math.isclose(found.restart_mcg_per_day, min(5 * surface, 9))
            assert math.isclose(found.escalate_mcg_per_day, min(15 * surface, 28))
    if found.dexamethasone_mg is not None:
        assert 0 < found.dexamethasone_mg <= 8
    if event == "seizure":
        assert found.permanent is True or int(a["number_of_seizures"]) == 1


def bag_call(r: Random) -> dict[str, Any]:
    version = r.choice(("2025", "2018"))
    hours = r.choice((24, 48, 72, 96, 168) if version == "2025" else (24, 48, 168))
    return {
        "mcg_per_day": r.choice((9, 28, 5, 15, fuzz.near(r, 1e-6, 28, 9), fuzz.near(r, 0.5, 28))), "duration_h": hours,
        "weight_kg": fuzz.near(r, 22, 300, 45), "label_version": version,
    }  # fmt: skip


def bag_holds(a: dict[str, Any], bag: infusion.Bag) -> None:
    assert math.isclose(bag.infused_ml, bag.rate_ml_per_h * bag.duration_h)
    if not bag.composition_known:
        assert bag.drug_volume_ml is bag.vials is bag.delivered_mcg_per_day is None
        return
    assert bag.drug_volume_ml is not None and bag.vials is not None and bag.bag_volume_ml is not None
    assert bag.content_mcg is not None and bag.delivered_mcg_per_day is not None and bag.left_in_bag_mcg is not None
    assert bag.left_in_bag_ml is not None and bag.concentration_mcg_per_ml is not None and bag.top_up_ml is not None
    assert bag.diluent_ml is not None and bag.stabilizer_ml is not None
    parts = (bag.diluent_ml, bag.stabilizer_ml, bag.top_up_ml, bag.drug_volume_ml)
    assert min(*parts, bag.left_in_bag_ml, bag.left_in_bag_mcg, bag.drug_volume_ml) >= 0 and bag.vials >= 1
    assert math.isclose(math.fsum(parts), bag.bag_volume_ml, rel_tol=1e-12)
    # A vial gives 2.8 mL: enough of them, and not one too many.
    need = Fraction(repr(bag.drug_volume_ml))
    assert (bag.vials - 1) * Fraction(28, 10) <= need * (1 + Fraction(1, 10**12))
    assert bag.vials * Fraction(28, 10) >= need * (1 - Fraction(1, 10**12))
    assert math.isclose(bag.content_mcg, 12.5 * bag.drug_volume_ml, rel_tol=1e-12, abs_tol=fuzz.DIGITLESS)
    assert math.isclose(
        bag.concentration_mcg_per_ml * bag.bag_volume_ml, bag.content_mcg, rel_tol=1e-12, abs_tol=fuzz.DIGITLESS
    )
    given = bag.delivered_mcg_per_day * bag.duration_h / 24
    assert math.isclose(given, bag.concentration_mcg_per_ml * bag.infused_ml, rel_tol=1e-9, abs_tol=fuzz.DIGITLESS)
    assert math.isclose(given + bag.left_in_bag_mcg, bag.content_mcg, rel_tol=1e-9, abs_tol=fuzz.DIGITLESS)
    wanted = float(a["mcg_per_day"])
    assert bag.printed != bag.derived
    assert math.isclose(
        bag.delivered_mcg_per_day, wanted, rel_tol=0.03 if bag.printed else 1e-9, abs_tol=fuzz.DIGITLESS
    )
    line = bag.flush_mcg(line_volume_ml=min(1, bag.bag_volume_ml))
    assert 0 <= line <= bag.content_mcg * (1 + 1e-12)


TARGETS: list[fuzz.Target] = [
    (dosing.body_surface_area, area_call, area_holds, 0.12),
    (dosing.dose_rate, dose_call, dose_holds, 0.20),
    (dosing.course, course_call, course_holds, 0.01),
    (dosing.premedication, premedication_call, premedication_holds, 0.06),
    (dosing.hospital_days, hospital_call, hospital_holds, 0.03),
    (dosing.after_interruption, interruption_call, interruption_holds, 0.06),
    (dosing.modification, modification_call, modification_holds, 0.06),
    (infusion.bag, bag_call, bag_holds, 0.06),
]


@pytest.mark.parametrize("target", TARGETS, ids=fuzz.name_of)
def test_random_and_hostile_arguments(target: fuzz.Target) -> None:
    fuzz.run(target)
