"""Simulated patients: each equals the closed form, all together follow their distribution, and it is fast enough."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bitebook import pk
from bitebook.pk import Infusion, population

COURSE = pk.step_schedule(steps=[(9, 7), (28, 21)])
CUT = pk.interrupted(infusions=COURSE, start_h=100, duration_h=6)
SETTINGS: dict[str, object] = {
    "n": 300,
    "infusions": CUT,
    "times_h": [0, 0.001, 3, 24, 99, 100, 103, 106, 168, 169, 400, 672, 680],
    "typical_clearance_l_per_h": 2.22,
    "typical_volume_l": 5.98,
    "cv_clearance_percent": 60,
    "cv_volume_percent": 40,
    "seed": 7,
}


def run(**changes: object) -> population.Population:
    return population.simulate(**{**SETTINGS, **changes})  # type: ignore[arg-type]


class TestCurves:
    def test_every_patient_equals_the_closed_form(self) -> None:
        people = run()
        for row in range(0, people.n, 7):
            expected = pk.concentration(
                times_h=people.times_h,
                infusions=CUT,
                clearance_l_per_h=people.clearance_l_per_h[row],
                volume_l=people.volume_l[row],
            )
            assert people.concentration_pg_per_ml[row] == pytest.approx(expected, rel=1e-12, abs=1e-200)

    def test_agrees_with_numerical_integration(self) -> None:
        people = run(n=5, infusions=[Infusion(start_h=0, end_h=48, rate_mcg_per_day=28)], times_h=[0.5, 3, 24, 48])
        for row in range(people.n):
            cl, v = people.clearance_l_per_h[row], people.volume_l[row]
            solved = solve_ivp(
                lambda _, a, k=cl / v: 28 / 24 - k * a,
                (0, 48),
                [0.0],
                method="DOP853",
                t_eval=people.times_h,
                rtol=1e-12,
                atol=1e-14,
            )
            assert people.concentration_pg_per_ml[row] == pytest.approx(solved.y[0] / v * 1000, rel=1e-8)

    def test_times_in_any_order(self) -> None:
        ahead, back = run(times_h=[1, 50, 103, 700]), run(times_h=[700, 103, 50, 1])
        assert np.array_equal(ahead.concentration_pg_per_ml, back.concentration_pg_per_ml[:, ::-1])

    def test_nothing_before_the_start_and_no_patient_below_zero(self) -> None:
        late = run(infusions=[Infusion(start_h=50, end_h=60, rate_mcg_per_day=9)])
        assert np.all(late.concentration_pg_per_ml[:, late.times_h <= 50] == 0)
        assert np.all(run().concentration_pg_per_ml >= 0) and np.all(np.isfinite(run().concentration_pg_per_ml))
        assert np.all(run(infusions=[]).concentration_pg_per_ml == 0)


class TestVariability:
    def test_same_seed_same_patients(self) -> None:
        assert np.array_equal(run().concentration_pg_per_ml, run().concentration_pg_per_ml)
        assert not np.array_equal(run().clearance_l_per_h, run(seed=8).clearance_l_per_h)

    def test_patients_do_not_depend_on_the_schedule(self) -> None:
        assert np.array_equal(run().volume_l, run(infusions=COURSE, times_h=[1]).volume_l)

    @pytest.mark.parametrize("kind", ["median", "mean"])
    def test_lognormal_moments(self, kind: str) -> None:
        people = run(n=100_000, times_h=[1], typical_is=kind)
        for values, typical, cv in ((people.clearance_l_per_h, 2.22, 0.6), (people.volume_l, 5.98, 0.4)):
            center = np.median(values) if kind == "median" else values.mean()
            # Four standard errors of the mean or median at this size.
            assert center == pytest.approx(typical, rel=4 * 1.3 * cv / math.sqrt(100_000))
            assert values.std() / values.mean() == pytest.approx(cv, rel=0.03)
        assert abs(np.corrcoef(people.clearance_l_per_h, people.volume_l)[0, 1]) < 0.02

    def test_no_variability_is_one_patient(self) -> None:
        people = run(cv_clearance_percent=0, cv_volume_percent=0)
        low, high = people.percentiles([0, 100])
        assert low == pytest.approx(high, rel=1e-12)

    def test_mean_plateau_of_skewed_clearance(self) -> None:
        people = run(
            n=100_000,
            infusions=[Infusion(start_h=0, end_h=1e5, rate_mcg_per_day=28)],
            times_h=[1e5],
            typical_clearance_l_per_h=3.10,
            typical_is="mean",
        )
        expected = population.mean_css_from_skewed_clearance(
            rate_mcg_per_day=28, mean_clearance_l_per_h=3.10, cv_clearance_percent=60
        )
        assert people.mean_pg_per_ml[0] == pytest.approx(expected.mean_pg_per_ml, rel=0.01)
        assert people.percentiles([50])[0, 0] == pytest.approx(expected.at_median_clearance_pg_per_ml, rel=0.01)

    def test_percentiles(self) -> None:
        people = run()
        low, middle, high = people.percentiles()
        assert np.all(low <= middle) and np.all(middle <= high)
        assert middle == pytest.approx(np.median(people.concentration_pg_per_ml, axis=0))
        assert people.half_life_h == pytest.approx(math.log(2) * people.volume_l / people.clearance_l_per_h)

    def test_result_cannot_be_overwritten(self) -> None:
        with pytest.raises(ValueError, match="read-only"):
            run().clearance_l_per_h[0] = 1

    def test_text_names_the_assumption(self) -> None:
        assert "assumed between-patient variability" in str(run())

    def test_extreme_variability_stays_finite(self) -> None:
        for cl, v in ((1e-4, 1e4), (1e4, 1e-4), (2.22, 5.98)):
            wild = run(
                n=20_000,
                times_h=[0, 1e-9, 300, 1e6],
                typical_clearance_l_per_h=cl,
                typical_volume_l=v,
                cv_clearance_percent=1000,
                cv_volume_percent=1000,
            )
            assert np.all(np.isfinite(wild.concentration_pg_per_ml)) and np.all(wild.concentration_pg_per_ml >= 0)


def test_as_fast_as_bare_numpy() -> None:
    times = np.linspace(0, 700, 400)
    cl, v = np.full(1000, 2.22), np.full(1000, 5.98)

    def ours() -> None:
        population.concentrations(times_h=times, infusions=COURSE, clearance_l_per_h=cl, volume_l=v)

    def bare() -> None:
        k = (cl / v)[:, None]
        total = np.zeros((1000, 400))
        for item in COURSE:
            filled = -np.expm1(-k * np.clip(times - item.start_h, 0, item.end_h - item.start_h))
            total += (
                item.rate_mcg_per_day
                / 24
                * 1000
                / cl[:, None]
                * filled
                * np.exp(-k * np.clip(times - item.end_h, 0, None))
            )

    laps: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(9):  # taken in turns, so that a busy machine slows both; the fastest lap counts
        for name, function in (("ours", ours), ("bare", bare)):
            begin = time.perf_counter()
            function()
            laps[name].append(time.perf_counter() - begin)
    assert min(laps["ours"]) < 1.5 * min(laps["bare"])


@pytest.mark.parametrize("name", list(SETTINGS))
@pytest.mark.parametrize("wrong", [True, None, "1", float("nan"), float("inf"), -1], ids=repr)
def test_every_wrong_argument_is_named(name: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=name):
        run(**{name: wrong})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run(n=0), "n must be a whole number from 1"),
        (lambda: run(times_h=[]), "at least one time"),
        (lambda: run(n=100_000, times_h=range(600)), "too much at once"),
        (lambda: run(typical_is="mode"), "typical_is"),
        (lambda: run().percentiles([101]), "percents"),
        (lambda: run().percentiles([]), "at least one percentile"),
        (lambda: many(cl=np.array([2.0, np.nan])), "clearance_l_per_h must hold finite"),
        (lambda: many(cl=np.array([2.0, 0.0])), "clearance_l_per_h must hold finite"),
        (lambda: many(cl=np.array([2.0])), "must be equal"),
        (lambda: many(cl=np.array([True, True])), "array of numbers in L/h"),
        (lambda: many(cl=np.array([[2.0, 2.0]])), "one-dimensional"),
    ],
)
def test_impossible_input_is_explained(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=message):
        call()


def many(cl: np.ndarray) -> np.ndarray:
    return population.concentrations(
        times_h=np.array([1.0]), infusions=COURSE, clearance_l_per_h=cl, volume_l=np.array([5.0, 5.0])
    )
