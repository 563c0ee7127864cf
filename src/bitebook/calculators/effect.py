"""Calculator: what two arms of a trial differ by, with intervals, and the number needed to treat where there is one."""

from __future__ import annotations

from bitebook.calculators.blocks import Block, Lines, Table, Text
from bitebook.calculators.entries import Entries
from bitebook.calculators.fields import Choice, Field
from bitebook.calculators.model import Calculator, Outcome
from bitebook.outcomes import (
    Difference,
    NumberNeeded,
    Proportion,
    Ratio,
    absolute_difference,
    nnt_from_difference,
    odds_ratio,
    risk_ratio,
    wilson_interval,
)
from bitebook.outcomes.results import ratio_text, signed

LIMIT = (
    "Crude: when the events came, and who was lost to follow-up, is not in these numbers. "
    "Where a report prints a survival curve, its estimate goes before this one."
)


def _compute(entries: Entries) -> Outcome:
    counts = {name: entries.number(name) for name in ("events_treated", "n_treated", "events_control", "n_control")}
    desired = entries.word("event_is")
    confidence = float(entries.word("confidence"))
    difference = absolute_difference(**counts, confidence=confidence)  # type: ignore[arg-type]
    needed = nnt_from_difference(difference=difference, event_is=desired)
    arms = {
        arm: wilson_interval(
            events=counts[f"events_{arm}"],  # type: ignore[arg-type]  # the package refuses a part of a patient
            n=counts[f"n_{arm}"],  # type: ignore[arg-type]
            confidence=confidence,
        )
        for arm in ("treated", "control")
    }
    ratios = {
        "Risk ratio": _ratio(risk_ratio, counts, confidence),
        "Odds ratio": _ratio(odds_ratio, counts, confidence),
    }
    status = f"Difference {difference}. NNT: {_needed_text(needed)}."
    blocks: list[Block] = [Text(status, role="result"), _table(counts, arms, difference, needed, ratios)]
    blocks += [Lines("Working", _working(counts, arms, difference, needed), ordered=True)]
    blocks += [Lines("Methods", _methods(arms["treated"], difference, ratios)), Text(LIMIT, role="note")]
    return Outcome(status, tuple(blocks))


def _ratio(measure: object, counts: dict[str, float], confidence: float) -> Ratio | str:
    """Return a ratio, or the package's reason why there is none: the difference stands all the same."""
    try:
        found = measure(**counts, confidence=confidence)  # type: ignore[operator]
    except ValueError as reason:
        return f"none: {str(reason).split(';')[0]}"
    assert isinstance(found, Ratio)
    return found


def _needed_text(needed: NumberNeeded) -> str:
    if needed.value is None:
        return f"none: {needed.reason}"
    return str(needed)


def _table(
    counts: dict[str, float],
    arms: dict[str, Proportion],
    difference: Difference,
    needed: NumberNeeded,
    ratios: dict[str, Ratio | str],
) -> Table:
    rows = [
        (f"{arm.capitalize()} arm", f"{counts[f'events_{arm}']:g} of {counts[f'n_{arm}']:g}: {share}")
        for arm, share in arms.items()
    ]
    rows.append(("Difference, treated minus control", str(difference)))
    rows.append(("Number needed to treat", _needed_text(needed)))
    rows += [(name, str(ratio)) for name, ratio in ratios.items()]
    return Table(caption="Two arms compared", columns=("Measure", "Estimate and interval"), rows=tuple(rows))


def _working(
    counts: dict[str, float], arms: dict[str, Proportion], difference: Difference, needed: NumberNeeded
) -> tuple[str, ...]:
    lines = [
        f"{arm}: {counts[f'events_{arm}']:g} / {counts[f'n_{arm}']:g} = {share.percent:.1f}%, {share.interval_text}"
        for arm, share in arms.items()
    ]
    one, two = arms["treated"], arms["control"]
    points = signed(difference.percentage_points, 1)
    lines.append(f"difference: {one.percent:.1f}% − {two.percent:.1f}% = {points} percentage points")
    lines.append(
        f"lower limit: {points} − √(({one.percent:.1f} − {one.low_percent:.1f})² + "
        f"({two.high_percent:.1f} − {two.percent:.1f})²) = {signed(difference.low_percentage_points, 1)}"
    )
    lines.append(
        f"upper limit: {points} + √(({one.high_percent:.1f} − {one.percent:.1f})² + "
        f"({two.percent:.1f} − {two.low_percent:.1f})²) = {signed(difference.high_percentage_points, 1)}"
    )
    if needed.value is None:
        lines.append("the interval crosses zero: treatment may help or harm, and no single number of patients says so")
    else:
        rounded = "up" if needed.direction == "benefit" else "down"
        lines.append(
            f"NNT: 1 / {abs(difference.estimate):.4f} = {needed.value:.2f}, rounded {rounded} to {needed.patients}"
        )
    return tuple(lines)


def _methods(arm: Proportion, difference: Difference, ratios: dict[str, Ratio | str]) -> tuple[str, ...]:
    found = [f"each arm: {arm.method}", f"difference: {difference.method}", "NNT: reciprocal of the difference"]
    for name, ratio in ratios.items():
        if isinstance(ratio, Ratio):
            found.append(f"{name.lower()}: {ratio.method}, {ratio_text(ratio.estimate)} is treated over control")
    return tuple(found)


def _count(name: str, title: str, default: str) -> Field:
    return Field(name, title, "integer", unit="patients", default=default)


CALCULATOR = Calculator(
    name="effect",
    title="Effect measures",
    purpose="From events and patients in two arms to difference, interval, ratios, and the number needed to treat.",
    fields=(
        _count("events_treated", "Events, treated arm", "17"),
        _count("n_treated", "All in the treated arm", "54"),
        _count("events_control", "Events, control arm", "31"),
        _count("n_control", "All in the control arm", "54"),
        Field(
            "event_is", "The event is", "choice", default="undesired",
            choices=(
                Choice("undesired", "undesired: relapse, death"),
                Choice("desired", "desired: remission, MRD response"),
            ),
        ),
        Field(
            "confidence", "Interval", "choice", default="0.95",
            choices=(Choice("0.9", "90%"), Choice("0.95", "95%"), Choice("0.99", "99%")),
        ),
    ),
    compute=_compute,
    aliases={},
)  # fmt: skip
