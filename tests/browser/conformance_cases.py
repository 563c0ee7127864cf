"""Thousands of questions to the package, made from numbers alone: the page and the build must answer in the same words.

Runs natively and, as the text of a cell, in the page; so it uses the standard library and the package alone. Each case
has a generator of its own, seeded by its name and number: any block of cases can be asked for by itself. Some inputs
are wrong on purpose, for the messages must agree too.
"""

from __future__ import annotations

import datetime
import zlib

from bitebook import dosing, infusion, outcomes, pk

INDICATIONS = ("relapsed-refractory", "mrd-positive", "consolidation")
GROUPS = ("adult", "pediatric")
WRONG = (-1, 0, 1e9, float("nan"), "21", None, True)


class Dice:
    """A generator written out here, so that no library decides what is asked."""

    def __init__(self, kind: str, number: int) -> None:
        self.state = zlib.crc32(f"{kind} {number}".encode())
        for _ in range(8):
            self.real(0, 1)

    def real(self, low: float, high: float, places: int | None = None) -> float:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        value = low + (high - low) * (self.state >> 11) / 2**53
        return value if places is None else round(value, places)

    def whole(self, low: int, high: int) -> int:
        return min(high, low + int(self.real(0, high - low + 1)))

    def one_of(self, choices):
        return choices[self.whole(0, len(choices) - 1)]

    def sometimes_wrong(self, arguments: dict) -> dict:
        """Spoil one argument in one case of twelve."""
        if self.whole(1, 12) == 1:
            arguments[self.one_of(sorted(arguments))] = self.one_of(WRONG)
        return arguments


def patient(dice: Dice) -> dict:
    weight = dice.one_of((dice.real(1.5, 120, 1), dice.real(40, 50, 1), 45, dice.real(5, 45)))
    return {"weight_kg": weight, "height_cm": dice.one_of((dice.real(45, 200, 0), dice.real(45, 200)))}


def dose(dice):
    asked = {
        "indication": dice.one_of(INDICATIONS),
        **patient(dice),
        "cycle": dice.whole(1, 5),
        "day": dice.whole(1, 45),
    }
    asked["formula"] = dice.one_of(tuple(dosing.FORMULAS))
    told = dosing.dose_rate(**dice.sometimes_wrong(asked))
    return told, str(told), told.working


def course(dice):
    start = datetime.date(2026, 1, 1) + datetime.timedelta(days=dice.whole(0, 2000))
    asked = {"indication": dice.one_of(INDICATIONS), **patient(dice), "cycles": dice.whole(1, 5), "start": start}
    told = dosing.course(**dice.sometimes_wrong(asked))
    steps = [(step.cycle, step.day_from, step.day_to, step.mcg_per_day, str(step.date_to)) for step in told.steps]
    return told.total_mcg, told.status, told.rule_ids, told.working[-1], steps, told.calendar[-1]


def surface(dice):
    asked = patient(dice) | {"formula": dice.one_of(tuple(dosing.FORMULAS))}
    return dosing.body_surface_area(**dice.sometimes_wrong(asked))


def modification(dice):
    event = dice.one_of(("crs", "neurotoxicity", "other", "seizure", "transaminases", "bilirubin"))
    asked = {"event": event, **patient(dice), "days_to_resolve": dice.one_of((None, dice.whole(0, 20)))}
    if event == "seizure":
        asked["number_of_seizures"] = dice.whole(1, 3)
    elif event in ("transaminases", "bilirubin"):
        asked["times_upper_limit"] = dice.real(0.5, 12, 1)
    else:
        asked["grade"] = dice.whole(1, 4)
    told = dosing.modification(**dice.sometimes_wrong(asked))
    return told, told.steps


def premedication(dice):
    asked = {"indication": dice.one_of(INDICATIONS), "age_group": dice.one_of(GROUPS), "cycle": dice.whole(1, 4)}
    asked |= {"day": dice.whole(1, 30), "region": dice.one_of(("US", "US", "EU")), **patient(dice)}
    return dosing.premedication(**dice.sometimes_wrong(asked))


def hospital(dice):
    return dosing.hospital_days(indication=dice.one_of(INDICATIONS), cycle=dice.whole(0, 6))


def restart(dice):
    asked = {"indication": dice.one_of(INDICATIONS), "age_group": dice.one_of(GROUPS), "cycle": dice.whole(1, 4)}
    asked |= {"infusion_days_given": dice.real(0, 28, 1), "hours": dice.real(0, 400, 1)}
    told = dosing.after_interruption(**dice.sometimes_wrong(asked))
    return told, told.steps


def bag(dice):
    hours, version = dice.one_of((24, 48, 168, 72, 24, 48)), dice.one_of(("2025", "2025", "2018"))
    dose_of = dice.one_of((dice.real(1, 28, 1), dice.real(1, 28), 28))
    asked = {"mcg_per_day": dose_of, "duration_h": hours, "weight_kg": dice.real(3, 90, 1), "label_version": version}
    told = infusion.bag(**dice.sometimes_wrong(asked))
    return told, told.working


def body(dice):
    return {"clearance_l_per_h": dice.real(0.2, 6), "volume_l": dice.real(1, 12)}


def infusions(dice):
    first, second = dice.real(1, 10, 1), dice.real(5, 28, 1)
    plan = pk.step_schedule(steps=[(first, 168), (second, dice.real(24, 504, 0))])
    return pk.interrupted(infusions=plan, start_h=dice.real(24, 300, 0), duration_h=dice.real(1, 40, 0))


def level(dice):
    times = [dice.real(0, 700) for _ in range(4)]
    return pk.concentration(**dice.sometimes_wrong({"times_h": times, "infusions": infusions(dice), **body(dice)}))


def area(dice):
    return pk.area_under_curve(
        infusions=infusions(dice), **body(dice), start_h=dice.real(0, 100), end_h=dice.real(101, 700)
    )


def depot(dice):
    doses = [pk.Injection(time_h=48 * number, mcg=dice.real(5, 500)) for number in range(3)]
    rate = dice.real(0.005, 2)
    shape = {"absorption_rate_per_h": rate, **body(dice)}
    return (
        pk.subcutaneous(
            times_h=[dice.real(0, 200) for _ in range(3)], doses=doses, bioavailability=dice.real(0.1, 1), **shape
        ),
        pk.peak_time_h(**shape),
    )


def kinetics(dice):
    cl, half = dice.real(0.2, 6), dice.real(0.5, 30)
    return (
        pk.steady_state(rate_mcg_per_day=dice.real(1, 28), clearance_l_per_h=cl),
        pk.half_life_h(**body(dice)),
        pk.time_to_fraction(fraction=dice.real(0.01, 0.999), half_life_h=half),
        pk.time_to_fall(fraction_left=dice.real(0.01, 0.99), half_life_h=half),
        pk.accumulation_ratio(interval_h=dice.real(1, 100), half_life_h=half),
        pk.concentration_after_stop(
            concentration_at_stop_pg_per_ml=dice.real(1, 900), time_since_stop_h=dice.real(0, 60), half_life_h=half
        ),
        pk.clearance(bsa_m2=dice.real(0.38, 2.5)),
    )


def skew(dice):
    return (
        pk.lognormal(typical=dice.real(0.5, 9), cv_percent=dice.real(0, 150)),
        pk.mean_css_from_skewed_clearance(
            rate_mcg_per_day=dice.real(1, 28),
            mean_clearance_l_per_h=dice.real(0.5, 6),
            cv_clearance_percent=dice.real(0, 140),
        ),
    )


def counts(dice):
    n_treated, n_control = dice.whole(5, 300), dice.whole(5, 300)
    return {
        "events_treated": dice.whole(0, n_treated),
        "n_treated": n_treated,
        "events_control": dice.whole(0, n_control),
        "n_control": n_control,
    }


def proportion(dice):
    n = dice.whole(1, 400)
    asked = {"events": dice.whole(0, n), "n": n, "confidence": dice.one_of((0.8, 0.95, 0.99))}
    told = outcomes.wilson_interval(**dice.sometimes_wrong(dict(asked)))
    exact = outcomes.clopper_pearson_interval(**asked)
    return told, str(told), exact, str(exact), outcomes.upper_bound_zero_events(n=n)


def difference(dice):
    told = outcomes.absolute_difference(**dice.sometimes_wrong(counts(dice)))
    return told, str(told)


def needed(dice):
    told = outcomes.number_needed_to_treat(**dice.sometimes_wrong(counts(dice)))
    return told, str(told)


def ratios(dice):
    asked = counts(dice) | {"continuity_correction": 0.5}
    told = outcomes.risk_ratio(**dice.sometimes_wrong(dict(asked))), outcomes.odds_ratio(**asked)
    return told, [str(one) for one in told]


def hazard(dice):
    ratio = dice.real(0.2, 1.6, 2)
    asked = {"hazard_ratio": ratio, "ci_low": round(ratio * dice.real(0.5, 0.9), 2), "sides": dice.whole(1, 2)}
    asked["ci_high"] = round(ratio * dice.real(1.1, 2), 2)
    told = outcomes.p_from_hazard_ratio(**dice.sometimes_wrong(dict(asked)))
    return told, str(told), outcomes.p_range_from_printed(**asked)


def survival(dice):
    asked = {"survival_treated": dice.real(0.3, 0.9, 3), "survival_control": dice.real(0.3, 0.9, 3)}
    asked |= {"standard_error_treated": dice.real(0.01, 0.08, 3), "standard_error_control": dice.real(0.01, 0.08, 3)}
    told = outcomes.survival_difference(**dice.sometimes_wrong(dict(asked))), outcomes.nnt_from_survival(**asked)
    scale = dice.one_of(("linear", "log-log"))
    return (
        told,
        [str(one) for one in told],
        outcomes.interval_from_standard_error(
            estimate=asked["survival_treated"], standard_error=asked["standard_error_treated"], scale=scale
        ),
        outcomes.survival_from_hazard_ratio(
            control_survival=asked["survival_control"], hazard_ratio=dice.real(0.2, 2, 2)
        ),
    )


def crude(dice):
    share = dice.real(1, 20, 1), dice.real(10, 60, 1)
    return outcomes.relapse_share(percent_of_treated=share[0], percent_of_relapses=share[1])


KINDS = {
    kind.__name__: kind
    for kind in (
        *(dose, course, surface, modification, premedication, hospital, restart, bag),
        *(level, area, depot, kinetics, skew),
        *(proportion, difference, needed, ratios, hazard, survival, crude),
    )
}


def block(kind: str, first: int, past: int) -> str:
    """Return the answers to the cases `first` to `past` - 1 of a kind, one line each."""
    lines = []
    for number in range(first, past):
        try:
            told = repr(KINDS[kind](Dice(kind, number)))
        except ValueError as error:
            told = f"ValueError: {error}"
        lines.append(f"{kind} {number}: {told}")
    return "\n".join(lines)
