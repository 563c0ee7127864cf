"""How much faster the closed form simulates patients than a loop over a numerical solver.

Two ratios for the same patients, infusions, and times: against ``scipy.integrate.solve_ivp`` called once a patient and
stretch of constant rate, and against the formula written as one bare numpy expression. An error if results differ.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from benchmarks.lines import Line, rounds
from bitebook import pk
from bitebook.pk import population

GOAL_OVER_SOLVER = 200.0
GOAL_OVER_NUMPY = 1.5  # at most this many times the bare expression's time

Array = NDArray[np.float64]
COURSE = pk.step_schedule(steps=[(9, 7), (28, 21)])
TIMES = np.linspace(0, 700, 200)


def patients(n: int) -> population.Population:
    """Step dosing over 28 days; the variability is invented for the benchmark."""
    return population.simulate(
        n=n,
        infusions=COURSE,
        times_h=TIMES,
        typical_clearance_l_per_h=2.22,
        typical_volume_l=5.98,
        cv_clearance_percent=50,
        cv_volume_percent=50,
        seed=20,
    )


def by_solver(cl: Array, volume: Array) -> Array:
    """One numerical solution a patient, restarted where the rate changes, as one would write it without a formula."""
    edges = sorted({0.0, float(TIMES[-1]), *(edge for i in COURSE for edge in (i.start_h, i.end_h))})
    result = np.zeros((cl.size, TIMES.size))
    for row in range(cl.size):
        k, amount = cl[row] / volume[row], np.array([0.0])
        for left, right in itertools.pairwise(edges):
            middle = (left + right) / 2
            inflow = sum(i.rate_mcg_per_day / 24 for i in COURSE if i.start_h < middle < i.end_h)
            inside = (left < TIMES) & (right >= TIMES)
            solved = solve_ivp(
                lambda _, a, rate, k: rate - k * a,
                (left, right),
                amount,
                args=(inflow, k),
                t_eval=np.append(TIMES[inside], right) if TIMES[inside][-1] < right else TIMES[inside],
                rtol=1e-6,
                atol=1e-9,
                method="LSODA",
            )
            result[row, inside] = solved.y[0][: inside.sum()] / volume[row] * 1000
            amount = solved.y[:, -1]
    return result


def by_numpy(cl: Array, volume: Array) -> Array:
    """The closed form as one expression an infusion, without checks."""
    k, plateau = (cl / volume)[:, None], (1000 / 24 / cl)[:, None]
    total = np.zeros((cl.size, TIMES.size))
    for i in COURSE:
        filled = -np.expm1(-k * np.clip(TIMES - i.start_h, 0, i.end_h - i.start_h))
        total += i.rate_mcg_per_day * plateau * filled * np.exp(-k * np.clip(TIMES - i.end_h, 0, None))
    return total


def seconds(function: Callable[[], object], laps: int) -> float:
    """Fastest of several laps: the one least disturbed by other programs."""
    best = float("inf")
    for _ in range(laps):
        begin = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - begin)
    return best


def lines(n: int = 1000) -> list[Line]:
    """Measure both ratios, after the results were found to be the same."""
    people = patients(n)
    cl, volume = people.clearance_l_per_h, people.volume_l
    laps = max(3, 2 * rounds() - 1)
    ours, formula, bare, solver = [], [], [], []
    for _ in range(rounds()):  # in turn, so that a slow moment of the machine meets each side
        ours.append(seconds(lambda: patients(n), laps=laps))
        formula.append(
            seconds(
                lambda: population.concentrations(
                    times_h=TIMES, infusions=COURSE, clearance_l_per_h=cl, volume_l=volume
                ),
                laps=laps,
            )
        )
        bare.append(seconds(lambda: by_numpy(cl, volume), laps=laps))
        begin = time.perf_counter()
        solved = by_solver(cl, volume)
        solver.append(time.perf_counter() - begin)
    peak = people.concentration_pg_per_ml.max(axis=1)[:, None]
    gap = float(np.max(np.abs(solved - people.concentration_pg_per_ml) / peak))
    exact = float(np.max(np.abs(by_numpy(cl, volume) - people.concentration_pg_per_ml)))
    if gap >= 1e-4 or exact >= 1e-6:
        raise RuntimeError(f"the sides differ: {gap:.1e} of the peak from the solver, {exact:.1e} from bare numpy")
    a, b, c, d = (statistics.median(one) for one in (ours, formula, bare, solver))
    note = f"{n} patients, {TIMES.size} times; gap to the solver {gap:.0e} of the peak"
    return [
        Line(
            "solve_ivp loop / PK population",
            d / a,
            GOAL_OVER_SOLVER,
            at_least=True,
            note=f"{d:.1f} s / {a:.4f} s; {note}",
        ),
        Line("PK population / bare numpy", b / c, GOAL_OVER_NUMPY, note=f"{1000 * b:.2f} ms / {1000 * c:.2f} ms"),
    ]
