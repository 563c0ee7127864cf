"""Blinatumomab doses as the label states them: surface, dose of a day, course, premedication, interruption, toxicity.

For education, not for prescribing. Every rule is read from ``data/dosing_rules.csv``, each with its label version and
its status; a result carries the weakest status of the rules it used.
"""

from __future__ import annotations

from bitebook.dosing.bsa import FORMULAS, Formula, body_surface_area
from bitebook.dosing.course import Course, CourseCycle, CourseDay, CourseStep, course
from bitebook.dosing.dose import Dose, dose_rate
from bitebook.dosing.interruption import Restart, after_interruption
from bitebook.dosing.rules import AGE_GROUPS, INDICATIONS
from bitebook.dosing.support import HospitalStay, Premedication, hospital_days, premedication
from bitebook.dosing.toxicity import EVENTS, Modification, modification

__all__ = [
    "AGE_GROUPS",
    "EVENTS",
    "FORMULAS",
    "INDICATIONS",
    "Course",
    "CourseCycle",
    "CourseDay",
    "CourseStep",
    "Dose",
    "Formula",
    "HospitalStay",
    "Modification",
    "Premedication",
    "Restart",
    "after_interruption",
    "body_surface_area",
    "course",
    "dose_rate",
    "hospital_days",
    "modification",
    "premedication",
]
