"""Pharmacokinetics of blinatumomab in closed form: one compartment, linear, no target-mediated loss.

Pure standard library, so that the same files run in the reader's browser. The simulation of many patients needs numpy
and lives in :mod:`bitebook.pk.population`, which is never imported from here.

Units throughout: rates in mcg/day, clearance in L/h, volume in L, time in hours, concentration in pg/mL
(1 mcg/L = 1 ng/mL = 1000 pg/mL). For teaching, never for prescribing.
"""

from __future__ import annotations

from bitebook.pk.absorption import Injection, peak_time_h, subcutaneous
from bitebook.pk.infusions import Infusion, area_under_curve, concentration, infused_mcg
from bitebook.pk.model import (
    accumulation_ratio,
    concentration_after_stop,
    elimination_rate,
    half_life_h,
    steady_state,
    time_to_fall,
    time_to_fraction,
)
from bitebook.pk.parameters import PopulationModel, clearance, population_model
from bitebook.pk.schedule import interrupted, step_schedule
from bitebook.pk.skew import LogNormal, SkewedSteadyState, lognormal, mean_css_from_skewed_clearance

__all__ = [
    "Infusion",
    "Injection",
    "LogNormal",
    "PopulationModel",
    "SkewedSteadyState",
    "accumulation_ratio",
    "area_under_curve",
    "clearance",
    "concentration",
    "concentration_after_stop",
    "elimination_rate",
    "half_life_h",
    "infused_mcg",
    "interrupted",
    "lognormal",
    "mean_css_from_skewed_clearance",
    "peak_time_h",
    "population_model",
    "steady_state",
    "step_schedule",
    "subcutaneous",
    "time_to_fall",
    "time_to_fraction",
]
