"""Effect measures of the book: proportions, differences, ratios, hazard ratios and what they imply for a patient.

Pure standard library, so that the same files run in the reader's browser. Arguments and results are **fractions** from
0 to 1 unless a name ends in ``_percent``; ``str()`` of a result prints percentages.
"""

from __future__ import annotations

from bitebook.outcomes.difference import absolute_difference, survival_difference
from bitebook.outcomes.hazards import (
    hazard_ratio_from_p,
    p_from_hazard_ratio,
    p_range_from_printed,
    survival_from_hazard_ratio,
)
from bitebook.outcomes.needed import (
    nnt_from_difference,
    nnt_from_hazard_ratio,
    nnt_from_survival,
    number_needed_to_treat,
)
from bitebook.outcomes.proportions import (
    clopper_pearson_interval,
    interval_from_standard_error,
    rule_of_three,
    upper_bound_zero_events,
    wilson_interval,
)
from bitebook.outcomes.ratios import odds_ratio, risk_ratio
from bitebook.outcomes.results import (
    Difference,
    NumberNeeded,
    Proportion,
    PValue,
    Ratio,
    RelapseShare,
    TwoDenominators,
    ZeroEvents,
)
from bitebook.outcomes.shares import relapse_share, two_denominators

__all__ = [
    "Difference",
    "NumberNeeded",
    "PValue",
    "Proportion",
    "Ratio",
    "RelapseShare",
    "TwoDenominators",
    "ZeroEvents",
    "absolute_difference",
    "clopper_pearson_interval",
    "hazard_ratio_from_p",
    "interval_from_standard_error",
    "nnt_from_difference",
    "nnt_from_hazard_ratio",
    "nnt_from_survival",
    "number_needed_to_treat",
    "odds_ratio",
    "p_from_hazard_ratio",
    "p_range_from_printed",
    "relapse_share",
    "risk_ratio",
    "rule_of_three",
    "survival_difference",
    "survival_from_hazard_ratio",
    "two_denominators",
    "upper_bound_zero_events",
    "wilson_interval",
]
