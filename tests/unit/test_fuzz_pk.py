"""Concentrations, exposures, and schedules under random and hostile rates, times, clearances, and volumes."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest

from bitebook import pk
from bitebook.pk import population

from . import fuzz_tools as fuzz

Random = random.Random
Arguments = dict[str, Any]
SMALL = 1e-9  # of the largest number in a sum: its terms are rounded


def body(r: Random) -> Arguments:
    return {"clearance_l_per_h": fuzz.near(r, 0.0001, 10000), "volume_l": fuzz.near(r, 0.0001, 10000)}


def courses(r: Random) -> list[pk.Infusion]:
    made = []
    for _ in range(r.choice((0, 1, 1, 2, 4))):
        start = fuzz.near(r, 0, 2000)
        made.append(
            pk.Infusion(start_h=start, end_h=start + fuzz.near(r, 0.01, 700), rate_mcg_per_day=fuzz.near(r, 0, 10000))
        )
    return made


def highest(infusions: list[pk.Infusion], clearance: float) -> float:
    """Return the plateau if everything ran at once: no concentration can be above it."""
    return math.fsum(item.rate_mcg_per_day for item in infusions) / 24 / clearance * 1000


def plateau_call(r: Random) -> Arguments:
    return {"rate_mcg_per_day": fuzz.near(r, 0, 10000), "clearance_l_per_h": fuzz.near(r, 0.0001, 10000)}


def plateau_holds(a: Arguments, got: float) -> None:
    rate = got * float(a["clearance_l_per_h"]) * 24 / 1000
    assert got >= 0 and math.isclose(rate, float(a["rate_mcg_per_day"]), abs_tol=fuzz.DIGITLESS)


def half_life_holds(a: Arguments, got: float) -> None:
    k = pk.elimination_rate(**a)
    assert got > 0 and k > 0 and math.isclose(math.exp(-k * got), 0.5)


def fraction_call(r: Random) -> Arguments:
    return {"fraction": min(0.999999, fuzz.near(r, 0, 1, 0.9)), "half_life_h": fuzz.near(r, 1e-6, 1e6)}


def fraction_holds(a: Arguments, got: float) -> None:
    assert got >= 0
    assert math.isclose(1 - 0.5 ** (got / float(a["half_life_h"])), float(a["fraction"]), abs_tol=1e-9)


def stop_call(r: Random) -> Arguments:
    return {
        "concentration_at_stop_pg_per_ml": fuzz.near(r, 0, 1e9), "time_since_stop_h": fuzz.near(r, 0, 1e6),
        "half_life_h": fuzz.near(r, 1e-6, 1e6),
    }  # fmt: skip


def stop_holds(a: Arguments, got: float) -> None:
    start = float(a["concentration_at_stop_pg_per_ml"])
    assert 0 <= got <= start
    if got > start * 1e-6 and start > fuzz.DIGITLESS:
        left = pk.time_to_fall(fraction_left=min(1.0, got / start), half_life_h=a["half_life_h"])
        assert math.isclose(left, float(a["time_since_stop_h"]), rel_tol=1e-6, abs_tol=1e-6 * float(a["half_life_h"]))


def fall_call(r: Random) -> Arguments:
    return {"fraction_left": fuzz.near(r, 1e-9, 1), "half_life_h": fuzz.near(r, 1e-6, 1e6)}


def fall_holds(a: Arguments, got: float) -> None:
    assert got >= 0 and math.copysign(1, got) == 1
    assert math.isclose(
        0.5 ** (got / float(a["half_life_h"])), float(a["fraction_left"]), rel_tol=1e-9, abs_tol=fuzz.DIGITLESS
    )


def ratio_call(r: Random) -> Arguments:
    return {"interval_h": fuzz.near(r, 0.01, 10000), "half_life_h": fuzz.near(r, 0.01, 10000)}


def ratio_holds(a: Arguments, got: float) -> None:
    assert got >= 1
    left = 0.5 ** (float(a["interval_h"]) / float(a["half_life_h"]))
    assert math.isclose(got * (1 - left), 1, rel_tol=1e-9)


def curve_call(r: Random) -> Arguments:
    return {"times_h": [fuzz.near(r, 0, 3000) for _ in range(r.randint(0, 5))], "infusions": courses(r), **body(r)}


def curve_holds(a: Arguments, got: list[float]) -> None:
    times, items, clearance = list(a["times_h"]), list(a["infusions"]), float(a["clearance_l_per_h"])
    assert len(got) == len(times)
    top = highest(items, clearance)
    assert all(0 <= value <= top * (1 + SMALL) + fuzz.DIGITLESS for value in got)
    twice = [pk.Infusion(start_h=i.start_h, end_h=i.end_h, rate_mcg_per_day=i.rate_mcg_per_day / 2) for i in items]
    halves = pk.concentration(**{**a, "times_h": times, "infusions": twice})
    assert all(
        math.isclose(2 * half, full, rel_tol=1e-12, abs_tol=fuzz.DIGITLESS)
        for half, full in zip(halves, got, strict=True)
    )
    # Each course by itself adds up to all of them together.
    alone = [pk.concentration(**{**a, "times_h": times, "infusions": [item]}) for item in items]
    for place, value in enumerate(got):
        assert math.isclose(math.fsum(curve[place] for curve in alone), value, rel_tol=1e-12, abs_tol=fuzz.DIGITLESS)
        first = min((item.start_h for item in items), default=math.inf)
        assert (value == 0) or times[place] > first


def area_call(r: Random) -> Arguments:
    start, end = sorted((fuzz.near(r, 0, 3000), fuzz.near(r, 0, 3000)))
    return {"infusions": courses(r), **body(r), "start_h": r.choice((0, start)), "end_h": r.choice((None, end))}


def area_holds(a: Arguments, got: float) -> None:
    items, clearance = list(a["infusions"]), float(a["clearance_l_per_h"])
    total = math.fsum(item.rate_mcg_per_day * (item.end_h - item.start_h) / 24 for item in items) / clearance * 1000
    assert 0 <= got <= total * (1 + SMALL) + fuzz.DIGITLESS
    if a["start_h"] == 0 and a["end_h"] is None:
        assert math.isclose(got, total, rel_tol=SMALL, abs_tol=fuzz.DIGITLESS)
    end = 1e6 if a["end_h"] is None else float(a["end_h"])
    middle = (float(a["start_h"]) + end) / 2
    before, after = (
        pk.area_under_curve(**{**a, "infusions": items, **window})
        for window in ({"end_h": middle}, {"start_h": middle})
    )
    assert math.isclose(before + after, got, rel_tol=SMALL, abs_tol=max(SMALL * total * 1e-3, fuzz.DIGITLESS))


def injection_call(r: Random) -> Arguments:
    doses = [pk.Injection(time_h=fuzz.near(r, 0, 2000), mcg=fuzz.near(r, 0, 100000)) for _ in range(r.randint(0, 3))]
    return {
        "times_h": [fuzz.near(r, 0, 3000) for _ in range(r.randint(0, 4))], "doses": doses,
        "absorption_rate_per_h": fuzz.near(r, 1e-6, 1e4), "bioavailability": fuzz.near(r, 1e-6, 1), **body(r),
    }  # fmt: skip


def injection_holds(a: Arguments, got: list[float]) -> None:
    given = math.fsum(dose.mcg for dose in a["doses"]) * float(a["bioavailability"])
    top = given / float(a["volume_l"]) * 1000
    assert len(got) == len(list(a["times_h"]))
    assert all(0 <= value <= top * (1 + SMALL) + fuzz.DIGITLESS for value in got)


def peak_call(r: Random) -> Arguments:
    return {"absorption_rate_per_h": fuzz.near(r, 1e-6, 1e4), **body(r)}


def peak_holds(a: Arguments, got: float) -> None:
    ka, ke = float(a["absorption_rate_per_h"]), float(a["clearance_l_per_h"]) / float(a["volume_l"])
    assert min(1 / ka, 1 / ke) * (1 - 1e-6) <= got <= max(1 / ka, 1 / ke) * (1 + 1e-6)


def clearance_call(r: Random) -> Arguments:
    return {"bsa_m2": fuzz.near(r, 0.37, 3, 1.88), "extrapolate": r.random() < 0.3}


def clearance_holds(a: Arguments, got: float) -> None:
    assert 0 < got < 5
    assert got <= pk.clearance(bsa_m2=min(3, float(a["bsa_m2"]) * 1.01), extrapolate=a["extrapolate"])


def steps_call(r: Random) -> Arguments:
    pairs = [(fuzz.near(r, 0, 10000), fuzz.near(r, 0.01, 200)) for _ in range(r.randint(1, 4))]
    return {"steps": pairs, "start_h": fuzz.near(r, 0, 2000)}


def steps_holds(a: Arguments, got: tuple[pk.Infusion, ...]) -> None:
    dose = math.fsum(rate * days for rate, days in a["steps"])
    assert math.isclose(pk.infused_mcg(infusions=got), dose, rel_tol=1e-6, abs_tol=1e-9)
    assert all(one.end_h <= two.start_h for one, two in itertools.pairwise(got))


def interrupted_call(r: Random) -> Arguments:
    return {
        "infusions": courses(r), "start_h": fuzz.near(r, 0, 3000), "duration_h": fuzz.near(r, 0, 500),
        "make_up": r.random() < 0.5,
    }  # fmt: skip


def interrupted_holds(a: Arguments, got: tuple[pk.Infusion, ...]) -> None:
    planned, given = pk.infused_mcg(infusions=a["infusions"]), pk.infused_mcg(infusions=got)
    assert given <= planned * (1 + 1e-6) + 1e-9
    stop = float(a["start_h"])
    restart = stop + float(a["duration_h"])
    if restart > stop:
        assert not any(item.start_h < restart and item.end_h > stop for item in got if item.rate_mcg_per_day > 0)
    if a["make_up"]:
        assert math.isclose(given, planned, rel_tol=1e-6, abs_tol=1e-6)


def lognormal_call(r: Random) -> Arguments:
    return {
        "typical": fuzz.near(r, 1e-6, 1e9), "cv_percent": fuzz.near(r, 0, 1000),
        "typical_is": r.choice(("median", "mean")),
    }  # fmt: skip


def lognormal_holds(a: Arguments, got: pk.LogNormal) -> None:
    assert 0 < got.median <= got.mean and got.sigma >= 0
    assert math.isclose(math.exp(got.mu + got.sigma**2 / 2), got.mean) and math.isclose(math.exp(got.mu), got.median)
    assert math.isclose(math.expm1(got.sigma**2), (float(a["cv_percent"]) / 100) ** 2, abs_tol=1e-12)
    assert float(a["typical"]) == getattr(got, str(a["typical_is"]))


def skewed_call(r: Random) -> Arguments:
    return {
        "rate_mcg_per_day": fuzz.near(r, 0, 10000), "mean_clearance_l_per_h": fuzz.near(r, 0.001, 10000),
        "cv_clearance_percent": fuzz.near(r, 0, 1000),
    }  # fmt: skip


def skewed_holds(a: Arguments, got: pk.SkewedSteadyState) -> None:
    at_mean, at_median, mean = (
        got.at_mean_clearance_pg_per_ml, got.at_median_clearance_pg_per_ml, got.mean_pg_per_ml,
    )  # fmt: skip
    assert 0 <= at_mean <= at_median <= mean
    assert math.isclose(at_mean * mean, at_median**2, rel_tol=1e-9, abs_tol=fuzz.DIGITLESS)
    flow = at_mean * 24 * float(a["mean_clearance_l_per_h"])
    assert math.isclose(flow, 1000 * float(a["rate_mcg_per_day"]), abs_tol=fuzz.DIGITLESS)


def simulate_call(r: Random) -> Arguments:
    return {
        "n": r.randint(1, 20), "infusions": courses(r),
        "times_h": [fuzz.near(r, 0, 3000) for _ in range(r.randint(1, 3))],
        "typical_clearance_l_per_h": fuzz.near(r, 0.01, 100), "typical_volume_l": fuzz.near(r, 0.01, 100),
        "cv_clearance_percent": fuzz.near(r, 0, 200), "cv_volume_percent": fuzz.near(r, 0, 200),
        "seed": r.randint(0, 2**32 - 1), "typical_is": r.choice(("median", "mean")),
    }  # fmt: skip


def simulate_holds(a: Arguments, got: population.Population) -> None:
    assert got.n == int(a["n"]) and (got.clearance_l_per_h > 0).all() and (got.volume_l > 0).all()
    for curve, clearance, volume in zip(got.concentration_pg_per_ml, got.clearance_l_per_h, got.volume_l, strict=True):
        alone = pk.concentration(
            times_h=list(a["times_h"]), infusions=a["infusions"], clearance_l_per_h=min(1e4, max(1e-4, clearance)),
            volume_l=min(1e4, max(1e-4, volume)),
        )  # fmt: skip
        if 1e-4 <= clearance <= 1e4 and 1e-4 <= volume <= 1e4:
            assert all(
                math.isclose(x, y, rel_tol=1e-9, abs_tol=fuzz.DIGITLESS) for x, y in zip(curve, alone, strict=True)
            )


TARGETS: list[fuzz.Target] = [
    (pk.steady_state, plateau_call, plateau_holds, 0.01),
    (pk.half_life_h, body, half_life_holds, 0.01),
    (pk.time_to_fraction, fraction_call, fraction_holds, 0.01),
    (pk.concentration_after_stop, stop_call, stop_holds, 0.01),
    (pk.time_to_fall, fall_call, fall_holds, 0.01),
    (pk.accumulation_ratio, ratio_call, ratio_holds, 0.01),
    (pk.concentration, curve_call, curve_holds, 0.02),
    (pk.area_under_curve, area_call, area_holds, 0.02),
    (pk.subcutaneous, injection_call, injection_holds, 0.01),
    (pk.peak_time_h, peak_call, peak_holds, 0.01),
    (pk.clearance, clearance_call, clearance_holds, 0.01),
    (pk.step_schedule, steps_call, steps_holds, 0.01),
    (pk.interrupted, interrupted_call, interrupted_holds, 0.01),
    (pk.lognormal, lognormal_call, lognormal_holds, 0.01),
    (pk.mean_css_from_skewed_clearance, skewed_call, skewed_holds, 0.01),
    (population.simulate, simulate_call, simulate_holds, 0.002),
]


@pytest.mark.parametrize("target", TARGETS, ids=fuzz.name_of)
def test_random_and_hostile_arguments(target: fuzz.Target) -> None:
    fuzz.run(target)
