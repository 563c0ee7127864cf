"""What must hold between the cells of one row: each rule names the cell it blames and says what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

RATIOS = ("hazard ratio", "odds ratio", "risk ratio", "rate ratio")
SURVIVAL = "survival"
# Half a unit of the last printed digit is rounding; the rest is room for binary fractions.
SLACK = 1e-9
CV_SLACK_POINTS = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on the rows of a table.

    ``holds`` takes the table as text and returns True for each row that passes; rows the rule does not concern pass.
    """

    name: str
    column: str
    advice: str
    holds: Callable[[pd.DataFrame], pd.Series[bool]]


def number(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a text column as numbers; anything that is not a number becomes missing."""
    if column not in frame:
        return pd.Series(float("nan"), index=frame.index)
    return pd.to_numeric(frame[column], errors="coerce")


def filled(frame: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Tell for each row whether the cell holds anything."""
    return frame[column] != ""


def _at_most(small: str, large: str) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda frame: ~(number(frame, small) > number(frame, large))


def _percent_agrees(frame: pd.DataFrame, events: str, total: str, *, complement: bool = False) -> pd.Series[bool]:
    """Compare the printed percentage with the counts, to half a unit of its last printed decimal."""
    percent = 100 * number(frame, events) / number(frame, total)
    expected = 100 - percent if complement else percent
    decimals = frame["value"].str.extract(r"\.(\d+)$", expand=False).fillna("").str.len()
    allowed = 0.5 * 10.0 ** (-decimals.astype(float)) + SLACK
    wrong = (number(frame, "value") - expected).abs() > allowed
    return ~(wrong & (frame["unit"] == "percent"))


def _is_ratio(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["measure"].isin(RATIOS)


def _inside(frame: pd.DataFrame) -> pd.Series[bool]:
    value, low, high = number(frame, "value"), number(frame, "low"), number(frame, "high")
    return ~((value < low) | (value > high))


def _probability(frame: pd.DataFrame, concerned: pd.Series[bool]) -> pd.Series[bool]:
    """A P value is a number from 0 to 1, or a bound such as <0.001."""
    p = pd.to_numeric(frame["value"].str.removeprefix("<"), errors="coerce")
    return ~concerned | p.between(0, 1)


def _percent_range(frame: pd.DataFrame) -> pd.Series[bool]:
    return (frame["unit"] != "percent") | number(frame, "value").fillna(0).between(0, 100)


def _has_interval(frame: pd.DataFrame) -> pd.Series[bool]:
    return filled(frame, "value") & (filled(frame, "low") | filled(frame, "high"))


def _number_of_id(frame: pd.DataFrame) -> pd.Series[bool]:
    in_id = frame["id"].str.extract(r"^discrepancy-(\d+)-", expand=False)
    return number(frame, "number") == pd.to_numeric(in_id, errors="coerce")


def _cv(frame: pd.DataFrame) -> pd.Series[bool]:
    expected = 100 * number(frame, "sd") / number(frame, "value")
    return ~((number(frame, "cv_percent") - expected).abs() > CV_SLACK_POINTS)


def _review_row(frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows of the source review carry its id prefix and its status, and no other row does."""
    prefixed = frame["id"].str.startswith("review-")
    return (prefixed == (frame["origin"] == "review")) & (~prefixed | (frame["status"] == "review"))


ORDER = Rule("low must not exceed high", "low", "correct low or high", _at_most("low", "high"))
NOTED = Rule(
    "an unverified value needs a note",
    "note",
    "say in note where the value comes from and what was not seen",
    lambda frame: (frame["status"] != "unverified") | filled(frame, "note"),
)
INSIDE = Rule("low <= value <= high", "value", "correct value, low, or high", _inside)
PERCENT = Rule("a percentage lies between 0 and 100", "value", "correct value or unit", _percent_range)
EVENTS = Rule("events <= n", "events", "correct events or n", _at_most("events", "n"))
EVENTS_PERCENT = Rule(
    "percent agrees with events/n",
    "value",
    "give 100*events/n rounded to the printed decimals; if the source disagrees with itself, leave events and n empty",
    lambda frame: _percent_agrees(frame, "events", "n"),
)
KIND = Rule(
    "an interval needs its kind",
    "interval_kind",
    "say what low and high are, for example '95% CI' or 'range'",
    lambda frame: ~_has_interval(frame) | filled(frame, "interval_kind"),
)
EVERY_TABLE = (ORDER, NOTED)
WEIGHTS = Rule(
    "weight_low_kg < weight_high_kg",
    "weight_low_kg",
    "correct the weight band",
    _at_most("weight_low_kg", "weight_high_kg"),
)

BY_TABLE: dict[str, tuple[Rule, ...]] = {
    "studies": (
        INSIDE,
        Rule(
            "value equals n", "value", "give the number of patients in both", lambda frame: frame["value"] == frame["n"]
        ),
    ),
    "outcomes": (
        INSIDE,
        PERCENT,
        KIND,
        Rule(
            "failures <= denominator",
            "failures",
            "correct failures or denominator",
            _at_most("failures", "denominator"),
        ),
        Rule(
            "responders <= denominator",
            "responders",
            "correct responders or denominator",
            _at_most("responders", "denominator"),
        ),
        Rule(
            "n_treated <= n_randomized",
            "n_treated",
            "correct n_treated or n_randomized",
            _at_most("n_treated", "n_randomized"),
        ),
        Rule(
            "failures belong to survival endpoints",
            "failures",
            "put counts of remission, MRD, transplant, or toxicity into responders",
            lambda frame: ~filled(frame, "failures") | frame["endpoint"].str.contains(SURVIVAL),
        ),
        Rule(
            "responders belong to endpoints other than survival",
            "responders",
            "put relapses and deaths into failures",
            lambda frame: ~filled(frame, "responders") | ~frame["endpoint"].str.contains(SURVIVAL),
        ),
        Rule(
            "percent agrees with responders/denominator",
            "value",
            "give 100*responders/denominator, rounded as printed, or leave the counts empty and say why in note",
            lambda frame: (
                (frame["estimate_type"] != "proportion") | _percent_agrees(frame, "responders", "denominator")
            ),
        ),
        Rule(
            "percent agrees with 1 - failures/denominator",
            "value",
            "a crude proportion is 100*(1 - failures/denominator), rounded; or it is a Kaplan-Meier estimate",
            lambda frame: (
                ~frame["estimate_type"].str.startswith("crude")
                | _percent_agrees(frame, "failures", "denominator", complement=True)
            ),
        ),
    ),
    "comparisons": (
        Rule(
            "a ratio is a number above 0",
            "value",
            "hazard, odds, risk, and rate ratios are positive numbers",
            lambda frame: ~_is_ratio(frame) | (number(frame, "value") > 0),
        ),
        Rule(
            "hazard ratio inside its interval",
            "value",
            "low <= value <= high; look whether the source prints the reciprocal",
            lambda frame: ~_is_ratio(frame) | _inside(frame),
        ),
        Rule(
            "low <= value <= high",
            "value",
            "correct value, low, or high",
            lambda frame: _is_ratio(frame) | _inside(frame),
        ),
        Rule(
            "p between 0 and 1",
            "value",
            "a number from 0 to 1 or a bound such as '<0.001'",
            lambda frame: _probability(frame, frame["measure"] == "P value"),
        ),
        Rule(
            "p_sides belongs to P values",
            "p_sides",
            "leave p_sides empty unless measure is 'P value'",
            lambda frame: ~filled(frame, "p_sides") | (frame["measure"] == "P value"),
        ),
        KIND,
    ),
    "adverse_events": (INSIDE, PERCENT, EVENTS, EVENTS_PERCENT, KIND),
    "resistance": (INSIDE, PERCENT, EVENTS, EVENTS_PERCENT, KIND),
    "pharmacokinetics": (
        INSIDE,
        KIND,
        Rule("cv_percent agrees with sd/value", "cv_percent", "give 100*sd/value, rounded to a whole number", _cv),
    ),
    "statements": (
        INSIDE,
        KIND,
        Rule(
            "p between 0 and 1",
            "value",
            "a number from 0 to 1 or a bound such as '<0.001'",
            lambda frame: _probability(frame, frame["unit"] == "P value"),
        ),
        Rule(
            "review rows are named review-",
            "origin",
            "an id starts with review- if and only if origin and status are review",
            _review_row,
        ),
    ),
    "dosing_rules": (
        INSIDE,
        WEIGHTS,
        Rule("day_from <= day_to", "day_from", "correct the days", _at_most("day_from", "day_to")),
        Rule("cycle_from <= cycle_to", "cycle_from", "correct the cycles", _at_most("cycle_from", "cycle_to")),
    ),
    "preparation": (INSIDE, WEIGHTS),
    "discrepancies": (
        Rule(
            "number agrees with the id",
            "number",
            "discrepancy-07-... has number 7",
            _number_of_id,
        ),
    ),
}


def for_table(name: str) -> tuple[Rule, ...]:
    """Return the rules of a table, the ones every table shares first."""
    return EVERY_TABLE + BY_TABLE.get(name, ())
