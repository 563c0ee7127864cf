"""Effect measures under random and hostile counts, fractions, ratios, and levels."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import pytest

from bitebook import outcomes

from . import fuzz_tools as fuzz

Random = random.Random
Arguments = dict[str, Any]
# A sum over the rounding of a float's last digits; never a margin for a wrong formula.
LAST = 1e-9


def level(r: Random) -> float:
    return r.choice((0.95, 0.95, 0.9, 0.5, 0.9999, fuzz.near(r, 0.5, 0.9999)))


def n_of(r: Random, highest: int = 10_000_000) -> int:
    return min(highest, max(1, r.choice((1, 2, 30, r.randint(1, 400), round(math.exp(r.uniform(0, 16.1)))))))


def arm(r: Random, highest: int = 10_000_000) -> tuple[int, int]:
    n = n_of(r, highest)
    return r.choice((0, n, r.randint(0, n), r.randint(0, min(n, 3)))), n


def arms(r: Random) -> Arguments:
    (a, n1), (c, n2) = arm(r), arm(r)
    return {"events_treated": a, "n_treated": n1, "events_control": c, "n_control": n2, "confidence": level(r)}


def inside(result: Any, low: float = 0, high: float = 1) -> None:
    assert low <= result.low <= result.estimate <= result.high <= high
    assert "nan" not in str(result) and "inf" not in str(result)


def proportion_call(r: Random) -> Arguments:
    x, n = arm(r)
    return {"events": x, "n": n, "confidence": level(r)}


def exact_call(r: Random) -> Arguments:
    x, n = arm(r, 2000 if r.random() < 0.999 else 10_000_000)
    return {"events": x, "n": n, "confidence": level(r)}


def proportion_holds(a: Arguments, got: outcomes.Proportion) -> None:
    x, n = int(a["events"]), int(a["n"])
    inside(got)
    assert got.estimate == float(Fraction(x, n))
    assert (got.low == 0) == (x == 0) or got.low < 1e-300
    assert (got.high == 1) == (x == n)
    # The score test says where the limits lie: |p - q| = z sqrt(q (1 - q) / n).
    z = z_of(float(a["confidence"]))
    for limit in (got.low, got.high):
        if 0 < limit < 1:
            off = abs(x / n - limit) - z * math.sqrt(limit * (1 - limit) / n)
            assert abs(off) < 1e-7 * (1 + z)


def exact_holds(a: Arguments, got: outcomes.Proportion) -> None:
    x, n = int(a["events"]), int(a["n"])
    inside(got)
    assert (got.low == 0) == (x == 0)
    assert (got.high == 1) == (x == n)
    tail = (1 - float(a["confidence"])) / 2
    if n <= 60:  # the binomial sums themselves
        if x > 0:
            assert math.isclose(binomial(n, got.low, range(x, n + 1)), tail, rel_tol=1e-6)
        if x < n:
            assert math.isclose(binomial(n, got.high, range(x + 1)), tail, rel_tol=1e-6)


def binomial(n: int, p: float, values: range) -> float:
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in values)


def z_of(confidence: float) -> float:
    """Return the deviate by halving the error function: no quantile of a library is used."""
    low, high = 0.0, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erf(middle / math.sqrt(2)) < confidence else (low, middle)
    return low


def difference_holds(a: Arguments, got: outcomes.Difference) -> None:
    inside(got, -1, 1)
    one, two = (
        Fraction(int(a["events_treated"]), int(a["n_treated"])),
        Fraction(int(a["events_control"]), int(a["n_control"])),
    )
    assert got.estimate == float(one - two) and (got.treated, got.control) == (float(one), float(two))
    back = outcomes.absolute_difference(
        events_treated=a["events_control"], n_treated=a["n_control"], events_control=a["events_treated"],
        n_control=a["n_treated"], confidence=a["confidence"],
    )  # fmt: skip
    assert math.isclose(back.low, -got.high, abs_tol=LAST) and math.isclose(back.high, -got.low, abs_tol=LAST)


def survival_call(r: Random) -> Arguments:
    return {
        "survival_treated": fuzz.near(r, 0, 1), "standard_error_treated": fuzz.near(r, 1e-6, 0.5),
        "survival_control": fuzz.near(r, 0, 1), "standard_error_control": fuzz.near(r, 1e-6, 0.5),
        "confidence": level(r), "sides": r.choice((1, 2)),
    }  # fmt: skip


def survival_holds(a: Arguments, got: outcomes.Difference) -> None:
    inside(got, -1, 1)
    assert got.p_value is not None and 0 <= got.p_value.value <= 1 and got.p_value.sides == int(a["sides"])
    assert math.isclose(got.estimate, float(a["survival_treated"]) - float(a["survival_control"]), abs_tol=1e-15)
    alpha = 1 - float(a["confidence"])
    if a["sides"] == 2 and got.low > -1 and got.high < 1 and abs(got.p_value.value - alpha) > 1e-9:
        assert got.includes_zero == (got.p_value.value > alpha)


def needed_call(r: Random) -> Arguments:
    return {**arms(r), "event_is": r.choice(("undesired", "desired"))}


def needed_holds(a: Arguments, got: outcomes.NumberNeeded) -> None:
    benefit = got.benefit
    if benefit.low <= 0 <= benefit.high or min(abs(x) for x in (benefit.low, benefit.estimate, benefit.high)) < 1e-10:
        assert got.value is got.low is got.high is got.patients is None and got.direction == "open"
        return
    assert got.value is not None and got.low is not None and got.high is not None and got.patients is not None
    assert 1 - LAST <= got.low <= got.value * (1 + LAST) and got.value <= got.high * (1 + LAST)
    assert math.isclose(got.value * abs(got.benefit.estimate), 1)
    if "event_is" in a:
        more = Fraction(int(a["events_treated"]), int(a["n_treated"])) > Fraction(
            int(a["events_control"]), int(a["n_control"])
        )
        assert got.direction == ("benefit" if more == (a["event_is"] == "desired") else "harm")
    rounded = math.ceil(got.value - 1e-6) if got.direction == "benefit" else max(1, math.floor(got.value + 1e-6))
    assert abs(got.patients - rounded) <= (1 if abs(got.value - round(got.value)) < 1e-5 else 0)


def ratio_interval(r: Random) -> Arguments:
    middle, half = math.exp(r.uniform(-3, 3)), math.exp(r.uniform(-4, 1.5))
    skew = r.uniform(-0.4, 0.4) * half
    return {
        "hazard_ratio": math.exp(math.log(middle) + skew), "ci_low": middle * math.exp(-half),
        "ci_high": middle * math.exp(half),
    }  # fmt: skip


def needed_ratio_call(r: Random) -> Arguments:
    return {"control_survival": fuzz.near(r, 1e-3, 0.999), **ratio_interval(r), "confidence": level(r)}


def p_call(r: Random) -> Arguments:
    return {**ratio_interval(r), "sides": r.choice((1, 2)), "confidence": level(r)}


def p_holds(a: Arguments, got: outcomes.PValue) -> None:
    assert 0 <= got.value <= 1 and got.sides == int(a["sides"])
    if got.sides == 2 and a["confidence"] == 0.95:  # an interval around its middle excludes 1 exactly when P < 0.05
        low, high, ratio = (math.log(float(a[name])) for name in ("ci_low", "ci_high", "hazard_ratio"))
        if math.isclose(low + high, 2 * ratio, abs_tol=1e-12) and abs(got.value - 0.05) > 1e-9:
            assert (got.value < 0.05) == (low > 0 or high < 0)
    if got.sides == 1 and float(a["hazard_ratio"]) != 1:
        assert (got.value <= 0.5) == (float(a["hazard_ratio"]) < 1)


def p_range_call(r: Random) -> Arguments:
    decimals = r.choice((1, 2, 2, 3, 6))
    rounded = {name: max(10.0**-decimals, round(value, decimals)) for name, value in ratio_interval(r).items()}
    return {**rounded, "sides": r.choice((1, 2)), "decimals": decimals}


def p_range_holds(a: Arguments, got: tuple[outcomes.PValue, outcomes.PValue]) -> None:
    low, high = got
    assert 0 <= low.value <= high.value <= 1
    named = {name: a[name] for name in ("hazard_ratio", "ci_low", "ci_high", "sides")}
    middle = outcomes.p_from_hazard_ratio(**named).value
    assert low.value <= middle * (1 + LAST) and middle <= high.value * (1 + LAST)


def back_call(r: Random) -> Arguments:
    p = r.choice((fuzz.near(r, 1e-9, 0.999), r.uniform(0.001, 0.2)))
    ratio = math.exp(r.uniform(-3, 3))
    sides = r.choice((1, 2))
    ratio = min(ratio, 1 / ratio) if sides == 1 and p < 0.5 else ratio
    ratio = max(ratio, 1 / ratio) if sides == 1 and p > 0.5 else ratio
    return {"hazard_ratio": ratio, "p_value": p, "sides": sides, "confidence": level(r)}


def back_holds(a: Arguments, got: outcomes.Ratio) -> None:
    inside(got, 0, math.inf)
    assert math.isclose(got.low * got.high, got.estimate**2, rel_tol=1e-6)
    if got.low > 1e-5 and got.high < 1e5:
        again = outcomes.p_from_hazard_ratio(
            hazard_ratio=got.estimate, ci_low=got.low, ci_high=got.high, sides=a["sides"], confidence=a["confidence"]
        )
        assert math.isclose(again.value, float(a["p_value"]), rel_tol=1e-5)


def applied_call(r: Random) -> Arguments:
    return {"control_survival": fuzz.near(r, 0, 1), "hazard_ratio": fuzz.near(r, 1e-6, 1e6, 1)}


def applied_holds(a: Arguments, got: float) -> None:
    assert 0 <= got <= 1
    survival, ratio = float(a["control_survival"]), float(a["hazard_ratio"])
    assert (got >= survival) if ratio <= 1 else (got <= survival)
    if survival > 0 and got > 1e-300:
        assert math.isclose(math.log(got), ratio * math.log(survival), rel_tol=1e-6, abs_tol=1e-12)


def ratio_call(r: Random) -> Arguments:
    return {**arms(r), "continuity_correction": r.choice((0, 0.5, 0.5, fuzz.near(r, 0.01, 1)))}


def risk_holds(a: Arguments, got: outcomes.Ratio) -> None:
    inside(got, 0, math.inf)
    back = outcomes.risk_ratio(**swapped(a))
    assert math.isclose(back.estimate * got.estimate, 1) and math.isclose(back.low * got.high, 1, rel_tol=1e-6)


def odds_holds(a: Arguments, got: outcomes.Ratio) -> None:
    inside(got, 0, math.inf)
    back = outcomes.odds_ratio(**swapped(a))
    assert math.isclose(back.estimate * got.estimate, 1) and math.isclose(back.low * got.high, 1, rel_tol=1e-6)


def swapped(a: Arguments) -> Arguments:
    other = {"treated": "control", "control": "treated"}
    turned = {}
    for name, value in a.items():
        stem, _, side = name.rpartition("_")
        turned[f"{stem}_{other[side]}" if side in other else name] = value
    return turned


def error_call(r: Random) -> Arguments:
    return {
        "estimate": fuzz.near(r, 0, 1), "standard_error": fuzz.near(r, 1e-6, 0.5), "confidence": level(r),
        "scale": r.choice(("linear", "log-log")),
    }  # fmt: skip


def error_holds(a: Arguments, got: outcomes.Proportion) -> None:
    inside(got)
    if a["scale"] == "linear" and not got.truncated:
        half = z_of(float(a["confidence"])) * float(a["standard_error"])
        assert math.isclose(got.high - got.low, 2 * half, rel_tol=1e-6, abs_tol=1e-14)


def zero_call(r: Random) -> Arguments:
    return {"n": n_of(r), "confidence": level(r)}


def zero_holds(a: Arguments, got: outcomes.ZeroEvents) -> None:
    assert 0 < got.upper < 1 and got.rule_of_three == min(1.0, 3 / int(a["n"]))
    none = math.exp(int(a["n"]) * math.log1p(-got.upper))
    assert math.isclose(none, 1 - float(a["confidence"]), rel_tol=1e-6)
    assert a["confidence"] != 0.95 or got.upper <= got.rule_of_three


def share_call(r: Random) -> Arguments:
    one, two = sorted((fuzz.near(r, 1e-3, 100), fuzz.near(r, 1e-3, 100)))
    return {"percent_of_treated": one, "percent_of_relapses": two}


def share_holds(a: Arguments, got: outcomes.RelapseShare) -> None:
    assert 0 < got.relapse_percent <= 100
    assert math.isclose(got.relapse_percent * got.percent_of_relapses / 100, got.percent_of_treated, rel_tol=1e-9)


def denominators_call(r: Random) -> Arguments:
    x, subgroup, everyone = sorted((n_of(r), n_of(r), n_of(r)))
    return {"events": x, "n_subgroup": subgroup, "n_all": everyone}


def denominators_holds(a: Arguments, got: outcomes.TwoDenominators) -> None:
    assert 0 <= got.percent_of_all <= got.percent_of_subgroup <= 100
    assert math.isclose(got.percent_of_all * got.n_all, got.percent_of_subgroup * got.n_subgroup, abs_tol=LAST)


TARGETS: list[fuzz.Target] = [
    (outcomes.wilson_interval, proportion_call, proportion_holds, 0.02),
    (outcomes.clopper_pearson_interval, exact_call, exact_holds, 0.003),
    (outcomes.absolute_difference, arms, difference_holds, 0.03),
    (outcomes.survival_difference, survival_call, survival_holds, 0.02),
    (outcomes.number_needed_to_treat, needed_call, needed_holds, 0.02),
    (outcomes.nnt_from_hazard_ratio, needed_ratio_call, needed_holds, 0.02),
    (outcomes.p_from_hazard_ratio, p_call, p_holds, 0.02),
    (outcomes.p_range_from_printed, p_range_call, p_range_holds, 0.01),
    (outcomes.hazard_ratio_from_p, back_call, back_holds, 0.01),
    (outcomes.survival_from_hazard_ratio, applied_call, applied_holds, 0.02),
    (outcomes.risk_ratio, ratio_call, risk_holds, 0.02),
    (outcomes.odds_ratio, ratio_call, odds_holds, 0.02),
    (outcomes.interval_from_standard_error, error_call, error_holds, 0.02),
    (outcomes.upper_bound_zero_events, zero_call, zero_holds, 0.02),
    (outcomes.relapse_share, share_call, share_holds, 0.01),
    (outcomes.two_denominators, denominators_call, denominators_holds, 0.01),
]


@pytest.mark.parametrize("target", TARGETS, ids=fuzz.name_of)
def test_random_and_hostile_arguments(target: fuzz.Target) -> None:
    fuzz.run(target)
