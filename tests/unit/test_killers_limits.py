"""The range of every numeric argument, to the last digit: both ends are taken, a hair beyond is refused in exact words.

Written down from the documentation of each function, so that a changed end, unit, or name fails here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bitebook import dosing, infusion, outcomes, pk
from bitebook.pk import population

INF = math.inf
RR = "relapsed-refractory"
FRACTION = "as a fraction (divide a percentage by 100)"
DAY = pk.Infusion(start_h=0, end_h=24, rate_mcg_per_day=28)
SHOT = pk.Injection(time_h=0, mcg=100)
CHILD: dict[str, Any] = {"weight_kg": 21, "height_cm": 117}
DOSE = {"indication": RR, **CHILD, "cycle": 1, "day": 1}
PRE = {"indication": RR, "age_group": "pediatric", "cycle": 1, "day": 1, **CHILD}
AGAIN = {"indication": RR, "age_group": "pediatric", "cycle": 2, "infusion_days_given": 9}
BODY = {"clearance_l_per_h": 2.22, "volume_l": 5.98}
SHOTS = {"times_h": [6], "doses": [SHOT], "absorption_rate_per_h": 0.1, "bioavailability": 0.5, **BODY}
ARMS = {"events_treated": 17, "n_treated": 54, "events_control": 31, "n_control": 54}
SURVIVAL = {
    "survival_treated": 0.6, "standard_error_treated": 0.05, "survival_control": 0.5, "standard_error_control": 0.05,
}  # fmt: skip
HR = {"hazard_ratio": 0.7, "ci_low": 0.47, "ci_high": 1.03}
PEOPLE = {
    "n": 3, "infusions": [DAY], "times_h": [6], "typical_clearance_l_per_h": 2, "typical_volume_l": 6,
    "cv_clearance_percent": 50, "cv_volume_percent": 50, "seed": 1,
}  # fmt: skip
BAG = {"mcg_per_day": 10, "duration_h": 24, "weight_kg": 50}
MANY = 10_000_000


@dataclass(frozen=True)
class Limit:
    """An argument, its allowed range, and the words behind it."""

    function: Callable[..., Any]
    good: dict[str, Any]
    name: str
    low: float
    high: float
    unit: str = ""
    open_low: bool = False
    whole: bool = False
    hint: str = ""
    ends: tuple[bool, bool] = (True, True)  # False where another rule refuses this end in other words

    def message(self, value: object) -> str:
        start = f"above {self.low:g}, up to" if self.open_low else f"from {self.low:g} to"
        kind = (
            f"a whole number from {int(self.low)} to {int(self.high)}"
            if self.whole
            else f"a number {start} {self.high:g}"
        )
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.name} must be {kind}{unit}, got {value!r}"

    def call(self, value: object) -> Any:
        return self.function(**{**self.good, self.name: value})


def body_limits(function: Callable[..., Any], good: dict[str, Any]) -> list[Limit]:
    return [
        Limit(function, good, "clearance_l_per_h", 1e-4, 1e4, "L/h"), Limit(function, good, "volume_l", 1e-4, 1e4, "L"),
    ]  # fmt: skip


def arm_limits(function: Callable[..., Any], *, level: bool = True) -> list[Limit]:
    found = []
    for side in ("treated", "control"):
        none_is_fine = function in (outcomes.absolute_difference, outcomes.number_needed_to_treat)
        all_are_fine = function is not outcomes.odds_ratio
        found += [
            Limit(function, ARMS, f"n_{side}", 1, MANY, "patients", whole=True, ends=(False, True)),
            Limit(function, ARMS, f"events_{side}", 0, 54, "patients", whole=True, ends=(none_is_fine, all_are_fine)),
        ]
    return [*found, Limit(function, ARMS, "confidence", 0.5, 0.9999, FRACTION)] if level else found


def level(function: Callable[..., Any], good: dict[str, Any]) -> Limit:
    return Limit(function, good, "confidence", 0.5, 0.9999, FRACTION)


LIMITS = [
    # dosing
    Limit(dosing.body_surface_area, CHILD, "weight_kg", 1, 300, "kg"),
    Limit(dosing.body_surface_area, CHILD, "height_cm", 40, 230, "cm"),
    Limit(dosing.dose_rate, DOSE, "weight_kg", 1, 300, "kg"),
    Limit(dosing.dose_rate, DOSE, "height_cm", 40, 230, "cm"),
    Limit(
        dosing.dose_rate, DOSE, "age_months", 1, 1500, "months", hint="; the label names patients from 1 month of age"
    ),
    Limit(dosing.dose_rate, DOSE, "cycle", 1, 9, f"({RR})", whole=True),
    Limit(dosing.dose_rate, DOSE, "day", 1, 42, f"(cycle 1, {RR})", whole=True),
    Limit(dosing.dose_rate, {**DOSE, "cycle": 6}, "day", 1, 84, f"(cycle 6, {RR})", whole=True),
    Limit(
        dosing.course,
        {"indication": RR, **CHILD, "cycles": 1, "start": date(2026, 1, 5)},
        "cycles",
        1,
        9,
        f"({RR})",
        whole=True,
    ),
    Limit(dosing.premedication, PRE, "cycle", 1, 9, f"({RR})", whole=True),
    Limit(dosing.premedication, PRE, "day", 1, 28, "(infusion days)", whole=True),
    Limit(dosing.premedication, PRE, "weight_kg", 1, 300, "kg"),
    Limit(dosing.premedication, PRE, "height_cm", 40, 230, "cm"),
    Limit(dosing.premedication, PRE, "restart_after_hours", 0, 10000, "h"),
    Limit(dosing.hospital_days, {"indication": "mrd-positive"}, "cycle", 1, 4, "(mrd-positive)", whole=True),
    Limit(dosing.after_interruption, {**AGAIN, "hours": 5}, "cycle", 1, 9, f"({RR})", whole=True),
    Limit(dosing.after_interruption, {**AGAIN, "hours": 5}, "infusion_days_given", 0, 28, "days"),
    Limit(dosing.after_interruption, AGAIN, "hours", 0, 10000, "h"),
    Limit(dosing.after_interruption, AGAIN, "days", 0, 10000 / 24, "days"),
    Limit(dosing.modification, {"event": "crs", "grade": 3, **CHILD}, "grade", 1, 4, "(crs)", whole=True),
    Limit(dosing.modification, {"event": "crs", "grade": 3, **CHILD}, "weight_kg", 1, 300, "kg"),
    Limit(dosing.modification, {"event": "crs", "grade": 3, **CHILD}, "height_cm", 40, 230, "cm"),
    Limit(dosing.modification, {"event": "crs", "grade": 3, **CHILD}, "days_to_resolve", 0, 365, "days"),
    Limit(dosing.modification, {"event": "seizure"}, "number_of_seizures", 1, 100, "seizures", whole=True),
    Limit(dosing.modification, {"event": "bilirubin"}, "times_upper_limit", 0, 1000, "× upper limit of normal"),
    # bags
    Limit(infusion.bag, BAG, "mcg_per_day", 0, 28, "mcg/day", open_low=True),
    Limit(infusion.bag, BAG, "weight_kg", 1, 300, "kg"),
    # pharmacokinetics
    Limit(pk.steady_state, {"rate_mcg_per_day": 28, "clearance_l_per_h": 2}, "rate_mcg_per_day", 0, 10000, "mcg/day"),
    Limit(pk.steady_state, {"rate_mcg_per_day": 28, "clearance_l_per_h": 2}, "clearance_l_per_h", 1e-4, 1e4, "L/h"),
    *body_limits(pk.elimination_rate, BODY),
    *body_limits(pk.half_life_h, BODY),
    *body_limits(pk.concentration, {"times_h": [1], "infusions": [DAY], **BODY}),
    *body_limits(pk.area_under_curve, {"infusions": [DAY], **BODY}),
    *body_limits(pk.subcutaneous, SHOTS),
    *body_limits(pk.peak_time_h, {"absorption_rate_per_h": 0.1, **BODY}),
    Limit(pk.time_to_fraction, {"fraction": 0.5, "half_life_h": 2}, "fraction", 0, 1, FRACTION, ends=(True, False)),
    Limit(pk.time_to_fraction, {"fraction": 0.5, "half_life_h": 2}, "half_life_h", 1e-6, 1e6, "h"),
    Limit(pk.time_to_fall, {"fraction_left": 0.5, "half_life_h": 2}, "fraction_left", 0, 1, FRACTION, open_low=True),
    Limit(pk.time_to_fall, {"fraction_left": 0.5, "half_life_h": 2}, "half_life_h", 1e-6, 1e6, "h"),
    *[
        Limit(
            pk.concentration_after_stop,
            {"concentration_at_stop_pg_per_ml": 600, "time_since_stop_h": 4, "half_life_h": 2},
            name,
            low,
            high,
            unit,
        )
        for name, low, high, unit in (
            ("concentration_at_stop_pg_per_ml", 0, 1e9, "pg/mL"),
            ("time_since_stop_h", 0, 1e6, "h"),
            ("half_life_h", 1e-6, 1e6, "h"),
        )
    ],
    Limit(pk.accumulation_ratio, {"interval_h": 24, "half_life_h": 2}, "interval_h", 0.01, 1e4, "h"),
    Limit(pk.accumulation_ratio, {"interval_h": 24, "half_life_h": 2}, "half_life_h", 0.01, 1e4, "h"),
    Limit(pk.Infusion, {"start_h": 0, "end_h": 1e6, "rate_mcg_per_day": 9}, "start_h", 0, 1e6, "h", ends=(True, False)),
    Limit(pk.Infusion, {"start_h": 0, "end_h": 9, "rate_mcg_per_day": 9}, "end_h", 0, 1e6, "h", ends=(False, True)),
    Limit(pk.Infusion, {"start_h": 0, "end_h": 9, "rate_mcg_per_day": 9}, "rate_mcg_per_day", 0, 10000, "mcg/day"),
    Limit(pk.Injection, {"time_h": 0, "mcg": 9}, "time_h", 0, 1e6, "h"),
    Limit(pk.Injection, {"time_h": 0, "mcg": 9}, "mcg", 0, 100000, "mcg"),
    Limit(pk.area_under_curve, {"infusions": [DAY], **BODY}, "start_h", 0, 1e6, "h"),
    Limit(pk.area_under_curve, {"infusions": [DAY], **BODY}, "end_h", 0, 1e6, "h"),
    Limit(pk.subcutaneous, SHOTS, "absorption_rate_per_h", 1e-6, 1e4, "1/h"),
    Limit(pk.subcutaneous, SHOTS, "bioavailability", 0, 1, FRACTION, open_low=True),
    Limit(pk.peak_time_h, {"absorption_rate_per_h": 0.1, **BODY}, "absorption_rate_per_h", 1e-6, 1e4, "1/h"),
    Limit(pk.clearance, {"bsa_m2": 1}, "bsa_m2", 0.37, 3, "m² (extrapolate=True allows 0.1)"),
    Limit(pk.clearance, {"bsa_m2": 1, "extrapolate": True}, "bsa_m2", 0.1, 3, "m²"),
    Limit(pk.step_schedule, {"steps": [(9, 7)]}, "start_h", 0, 1e6, "h", ends=(True, False)),
    Limit(pk.interrupted, {"infusions": [DAY], "start_h": 5, "duration_h": 4}, "start_h", 0, 1e6, "h"),
    Limit(pk.interrupted, {"infusions": [DAY], "start_h": 5, "duration_h": 4}, "duration_h", 0, 1e6, "h"),
    Limit(pk.lognormal, {"typical": 3, "cv_percent": 95}, "typical", 1e-6, 1e9, "(in its own unit)"),
    Limit(pk.lognormal, {"typical": 3, "cv_percent": 95}, "cv_percent", 0, 1000, "percent"),
    *[
        Limit(
            pk.mean_css_from_skewed_clearance,
            {"rate_mcg_per_day": 28, "mean_clearance_l_per_h": 3.1, "cv_clearance_percent": 95},
            name,
            low,
            high,
            unit,
        )
        for name, low, high, unit in (
            ("rate_mcg_per_day", 0, 10000, "mcg/day"),
            ("mean_clearance_l_per_h", 1e-3, 1e4, "L/h"),
            ("cv_clearance_percent", 0, 1000, "percent"),
        )
    ],
    Limit(population.simulate, PEOPLE, "n", 1, 100_000, "patients", whole=True),
    Limit(population.simulate, PEOPLE, "seed", 0, 2**32 - 1, whole=True),
    Limit(population.simulate, PEOPLE, "typical_clearance_l_per_h", 1e-4, 1e4, "L/h"),
    Limit(population.simulate, PEOPLE, "typical_volume_l", 1e-4, 1e4, "L"),
    Limit(population.simulate, PEOPLE, "cv_clearance_percent", 0, 1000, "percent"),
    Limit(population.simulate, PEOPLE, "cv_volume_percent", 0, 1000, "percent"),
    # effect measures
    *[
        limit
        for function in (outcomes.wilson_interval, outcomes.clopper_pearson_interval)
        for limit in (
            Limit(function, {"events": 1, "n": 54}, "events", 0, 54, "patients", whole=True),
            Limit(
                function,
                {"events": 1, "n": 54},
                "n",
                1,
                MANY,
                "patients",
                whole=True,
                ends=(True, function is outcomes.wilson_interval),
            ),
            level(function, {"events": 1, "n": 54}),
        )
    ],
    *arm_limits(outcomes.absolute_difference),
    *arm_limits(outcomes.number_needed_to_treat),
    *arm_limits(outcomes.risk_ratio),
    *arm_limits(outcomes.odds_ratio),
    Limit(outcomes.risk_ratio, ARMS, "continuity_correction", 0, 1, "patients"),
    Limit(outcomes.odds_ratio, ARMS, "continuity_correction", 0, 1, "patients"),
    *[
        limit
        for function in (outcomes.survival_difference, outcomes.nnt_from_survival)
        for limit in (
            Limit(function, SURVIVAL, "survival_treated", 0, 1, FRACTION),
            Limit(function, SURVIVAL, "survival_control", 0, 1, FRACTION),
            Limit(function, SURVIVAL, "standard_error_treated", 0, 0.5, FRACTION, open_low=True),
            Limit(function, SURVIVAL, "standard_error_control", 0, 0.5, FRACTION, open_low=True),
            level(function, SURVIVAL),
        )
    ],
    Limit(outcomes.survival_difference, SURVIVAL, "sides", 1, 2, "(sides of the test)", whole=True),
    Limit(
        outcomes.nnt_from_hazard_ratio,
        {"control_survival": 0.5, **HR},
        "control_survival",
        0,
        1,
        FRACTION,
        ends=(False, False),
    ),
    level(outcomes.nnt_from_hazard_ratio, {"control_survival": 0.5, **HR}),
    *[
        Limit(function, {**HR, **more}, name, 1e-6, 1e6, "(ratio)", ends=(False, False))
        for function, more in (
            (outcomes.p_from_hazard_ratio, {"sides": 2}),
            (outcomes.p_range_from_printed, {"sides": 2}),
            (outcomes.nnt_from_hazard_ratio, {"control_survival": 0.5}),
        )
        for name in HR
    ],
    Limit(outcomes.p_from_hazard_ratio, {**HR, "sides": 2}, "sides", 1, 2, "(sides of the test)", whole=True),
    level(outcomes.p_from_hazard_ratio, {**HR, "sides": 2}),
    Limit(outcomes.p_range_from_printed, {**HR, "sides": 2}, "sides", 1, 2, "(sides of the test)", whole=True),
    Limit(outcomes.p_range_from_printed, {**HR, "sides": 2}, "decimals", 1, 6, "decimals", whole=True),
    Limit(
        outcomes.hazard_ratio_from_p,
        {"hazard_ratio": 0.3, "p_value": 0.03, "sides": 2},
        "hazard_ratio",
        1e-6,
        1e6,
        "(ratio)",
    ),
    Limit(
        outcomes.hazard_ratio_from_p,
        {"hazard_ratio": 0.3, "p_value": 0.03, "sides": 2},
        "p_value",
        0,
        1,
        FRACTION,
        ends=(False, False),
    ),
    Limit(
        outcomes.hazard_ratio_from_p,
        {"hazard_ratio": 0.3, "p_value": 0.03, "sides": 2},
        "sides",
        1,
        2,
        "(sides of the test)",
        whole=True,
    ),
    level(outcomes.hazard_ratio_from_p, {"hazard_ratio": 0.3, "p_value": 0.03, "sides": 2}),
    Limit(
        outcomes.survival_from_hazard_ratio,
        {"control_survival": 0.4, "hazard_ratio": 0.7},
        "control_survival",
        0,
        1,
        FRACTION,
    ),
    Limit(
        outcomes.survival_from_hazard_ratio,
        {"control_survival": 0.4, "hazard_ratio": 0.7},
        "hazard_ratio",
        1e-6,
        1e6,
        "(ratio)",
    ),
    Limit(outcomes.interval_from_standard_error, {"estimate": 0.6, "standard_error": 0.05}, "estimate", 0, 1, FRACTION),
    Limit(
        outcomes.interval_from_standard_error,
        {"estimate": 0.6, "standard_error": 0.05},
        "standard_error",
        0,
        0.5,
        FRACTION,
        open_low=True,
    ),
    level(outcomes.interval_from_standard_error, {"estimate": 0.6, "standard_error": 0.05}),
    Limit(outcomes.upper_bound_zero_events, {"n": 30}, "n", 1, MANY, "patients", whole=True),
    level(outcomes.upper_bound_zero_events, {"n": 30}),
    Limit(outcomes.rule_of_three, {"n": 30}, "n", 1, MANY, "patients", whole=True),
    Limit(
        outcomes.relapse_share,
        {"percent_of_treated": 9.8, "percent_of_relapses": 100},
        "percent_of_treated",
        0,
        100,
        "percent",
        open_low=True,
    ),
    Limit(
        outcomes.relapse_share,
        {"percent_of_treated": 1e-9, "percent_of_relapses": 50},
        "percent_of_relapses",
        0,
        100,
        "percent",
        open_low=True,
    ),
    Limit(
        outcomes.two_denominators, {"events": 1, "n_subgroup": 58, "n_all": 98}, "events", 0, 58, "patients", whole=True
    ),
    Limit(
        outcomes.two_denominators,
        {"events": 1, "n_subgroup": 58, "n_all": 98},
        "n_subgroup",
        1,
        98,
        "patients",
        whole=True,
    ),
    Limit(
        outcomes.two_denominators, {"events": 1, "n_subgroup": 1, "n_all": 98}, "n_all", 1, MANY, "patients", whole=True
    ),
]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.function.__name__}-{limit.name}-{limit.high:g}")
def test_the_ends_are_taken_and_a_hair_beyond_is_refused(limit: Limit) -> None:
    below: float = limit.low if limit.open_low else math.nextafter(limit.low, -INF)
    beyond = (int(limit.low) - 1, int(limit.high) + 1) if limit.whole else (below, math.nextafter(limit.high, INF))
    for value, hint in zip(beyond, (limit.hint, ""), strict=True):
        with pytest.raises(ValueError) as refused:
            limit.call(value)
        assert str(refused.value) == limit.message(value) + hint
    for end, fits in zip((limit.low, limit.high), limit.ends, strict=True):
        if fits and not (limit.open_low and end == limit.low):
            limit.call(int(end) if limit.whole else end)
