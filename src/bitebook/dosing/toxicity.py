"""Dose modification after an adverse event, by event and grade, as far as our sources state it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bitebook import validate
from bitebook.dosing import bsa, dose, patient, rules, table
from bitebook.dosing.table import shown

EVENTS: Final = ("crs", "neurotoxicity", "seizure", "other", "transaminases", "bilirubin")
LIVER: Final = ("transaminases", "bilirubin")


@dataclass(frozen=True, slots=True)
class Modification:
    """What the label's modification table says for one event.

    ``labeled`` is False when the rows we hold state no modification: then ``action`` says so and nothing is invented.
    ``permanent`` is True or False, or ``None`` when it depends on ``permanent_if`` or is only to be considered.
    """

    event: str
    grade: int | None
    labeled: bool
    action: str
    rule_id: str
    rule_ids: tuple[str, ...]
    label_version: str
    status: str
    working: tuple[str, ...]
    note: str = ""
    steps: tuple[str, ...] = ()
    permanent: bool | None = None
    permanent_if: tuple[str, ...] = ()
    restart_mcg_per_day: float | None = None
    escalate_mcg_per_day: float | None = None
    escalate_after_days: int | None = None
    dexamethasone_mg: float | None = None
    dexamethasone_cap_applied: bool = False

    @property
    def mark(self) -> str:
        """Return the dagger if a rule was not verified against the current label, else empty text."""
        return table.mark(self.status)


def modification(
    *,
    event: str,
    grade: int | None = None,
    weight_kg: float | None = None,
    height_cm: float | None = None,
    number_of_seizures: int | None = None,
    times_upper_limit: float | None = None,
    days_to_resolve: float | None = None,
    at_starting_dose: bool | None = None,
    formula: str = "mosteller",
) -> Modification:
    r"""Return the labeled response to an adverse event.

    Amounts by body surface area are :math:`\min(d \cdot BSA, cap)`, for dexamethasone in mg and for the restart in
    mcg/day.

    Parameters
    ----------
    event
        "crs", "neurotoxicity" (including ICANS), "seizure", "other", "transaminases", or "bilirubin".
    grade
        1 to 4, for "crs", "neurotoxicity", and "other"; for a first "seizure" it adds the row for neurotoxicity.
    weight_kg, height_cm
        1 to 300 kg and 40 to 230 cm: the weight decides the row of a graded event, the height is needed below 45 kg.
    number_of_seizures
        1 to 100, for "seizure": the label stops for good after more than one.
    times_upper_limit
        Multiple of the upper limit of normal, 0 to 1000, for "transaminases" and "bilirubin".
    days_to_resolve
        Days until the event had resolved to the row's grade, 0 to 365, if known.
    at_starting_dose
        True if the event came at the low dose that starts a step (9 mcg/day, or 5 mcg/m²/day), if known. Whoever starts
        at the full dose, as in MRD-positive disease, was not at it.
    formula
        Formula of the body surface area, see `body_surface_area`.

    Returns
    -------
    Modification
        Action, steps, restart dose, dexamethasone, whether to stop for good, rule, status, and working.

    Raises
    ------
    ValueError
        For a number outside its range, an unknown event, or an argument the event needs and does not get.

    Notes
    -----
    For education: treat the patient by the current label and the local protocol. The rows hold nothing for grades 1 and
    2 and no separate rows for ICANS.

    References
    ----------
    blincyto2025 : Dosage and Administration 2.4; blincyto2014 : liver enzymes.

    Examples
    --------
    >>> found = modification(event="crs", grade=3, weight_kg=21, height_cm=117)
    >>> round(found.restart_mcg_per_day, 2), round(found.dexamethasone_mg, 2), found.permanent
    (4.13, 4.13, False)
    >>> modification(event="seizure", number_of_seizures=2).permanent
    True
    >>> modification(event="crs", grade=2, weight_kg=50).labeled
    False
    """
    name = validate.choice("event", event.lower() if isinstance(event, str) else event, allowed=EVENTS)
    validate.choice("formula", formula, allowed=tuple(bsa.FORMULAS))
    weight = None if weight_kg is None else patient.weight(weight_kg)
    height = None if height_cm is None else patient.height(height_cm)
    if days_to_resolve is not None:
        days_to_resolve = validate.number("days_to_resolve", days_to_resolve, unit="days", low=0, high=365)
    if at_starting_dose is not None and not isinstance(at_starting_dose, bool):
        raise ValueError(f"at_starting_dose must be True, False, or None, got {validate.picture(at_starting_dose)}")
    if name in LIVER:
        return _liver(name, times_upper_limit)
    if name == "seizure":
        seizures = _seizure(number_of_seizures)
        if seizures.permanent or grade is None:
            return seizures
    level = validate.whole("grade", grade, unit=f"({name})", low=1, high=4)
    row_event = "neurotoxicity" if name == "seizure" else name
    found = [rule for rule in _rows(row_event) if rule.grade == str(level)]
    if not found:
        silent = f"no labeled dose modification for grade {level} in our sources"
        nothing = _nothing(name, level, _rows(row_event), silent)
        return nothing if name != "seizure" else _joined(seizures, nothing)
    graded = _graded(row_event, level, found, weight, height, days_to_resolve, at_starting_dose, formula)
    if name == "seizure":
        return replace(graded, event=name, rule_ids=(*seizures.rule_ids, *graded.rule_ids), note=seizures.note)
    return graded


def _rows(event: str) -> list[rules.Rule]:
    return [rule for rule in rules.rules("dose modification") if rule.event_key == event]


def _plain(event: str, grade: int | None, rule: rules.Rule, action: str, permanent: bool | None) -> Modification:
    """Return a modification that is its rule's words and nothing else."""
    line = f"rule {rule.id} ({rule.label_version}, {rule.locator}): {rule.event}, grade {rule.grade}: {rule.action}"
    return Modification(
        event=event,
        grade=grade,
        labeled=True,
        action=action,
        rule_id=rule.id,
        rule_ids=(rule.id,),
        label_version=rule.label_version,
        status=rule.status,
        working=(line,),
        note=rule.note,
        steps=tuple(action.split("; ")),
        permanent=permanent,
    )


def _nothing(event: str, grade: int | None, seen: list[rules.Rule], action: str) -> Modification:
    """Return the plain statement that the rows we hold say nothing for this case."""
    ids = tuple(rule.id for rule in seen)
    versions = "; ".join(dict.fromkeys(rule.label_version for rule in seen))
    return Modification(
        event=event,
        grade=grade,
        labeled=False,
        action=action,
        rule_id="",
        rule_ids=ids,
        label_version=versions,
        status=table.weakest(tuple(rule.status for rule in seen)),
        working=(f"{action}; rows looked at: {', '.join(ids)}",),
    )


def _joined(seizures: Modification, nothing: Modification) -> Modification:
    """Return the rule on seizures together with the silence of the rows on its grade; neither may hide the other."""
    return replace(
        seizures,
        grade=nothing.grade,
        action=f"{seizures.action}; {nothing.action}",
        steps=(*seizures.steps, nothing.action),
        rule_ids=(*seizures.rule_ids, *nothing.rule_ids),
        label_version="; ".join(dict.fromkeys((seizures.label_version, nothing.label_version))),
        status=table.weakest((seizures.status, nothing.status)),
        working=(*seizures.working, seizures.steps[0], *nothing.working),
    )


def _seizure(number_of_seizures: object) -> Modification:
    count = validate.whole("number_of_seizures", number_of_seizures, unit="seizures", low=1, high=100)
    rule = rules.the_one(_rows("seizure"), "seizures")
    if count > rule.number("value"):
        return replace(_plain("seizure", None, rule, rule.action, True), steps=("discontinue permanently",))
    action = (
        f"{count} seizure: this row does not ask for permanent discontinuation; "
        "grade the event and see the rows for neurotoxicity"
    )
    return _plain("seizure", None, rule, action, False)


def _liver(event: str, times_upper_limit: object) -> Modification:
    times = validate.number("times_upper_limit", times_upper_limit, unit="× upper limit of normal", low=0, high=1000)
    rule = rules.the_one(_rows(event), event)
    if times > rule.number("value"):
        return _plain(event, None, rule, rule.action, None)
    below = f"{times:g} × upper limit is not above {rule.value:g}: this row asks for nothing"
    return _nothing(event, None, [rule], below)


def _graded(
    event: str,
    grade: int,
    found: list[rules.Rule],
    weight: float | None,
    height: float | None,
    days_to_resolve: float | None,
    at_starting_dose: bool | None,
    formula: str,
) -> Modification:
    if len(found) > 1 and weight is None:
        low, high = patient.WEIGHT_KG
        raise ValueError(
            f"weight_kg must be a number from {low:g} to {high:g} kg, got None; "
            f"the rule for {event} of grade {grade} depends on the weight"
        )
    rule = rules.the_one([r for r in found if weight is None or r.holds_for_weight(weight)], f"{event} grade {grade}")
    permanent = {"yes": True, "no": False}.get(rule.permanent)
    result = _plain(event, grade, rule, rule.action, permanent)
    if rule.restart_value is not None and weight is not None:
        result = _with_restart(result, rule, weight, height, formula)
        result = _with_conditions(result, rule, days_to_resolve, at_starting_dose)
    # Grade 4 cytokine release is treated with the dexamethasone of grade 3, whose row holds the dose.
    steroid = [r for r in _rows(event) if r.drug and (weight is None or r.holds_for_weight(weight))]
    if len(steroid) == 1 and weight is not None:
        return _with_steroid(result, steroid[0], weight, height, formula)
    return result


def _with_restart(
    result: Modification, rule: rules.Rule, weight: float, height: float | None, formula: str
) -> Modification:
    """Add the restart dose and the dose to escalate to, each with the cap of the dose table it repeats."""
    amounts, lines = [], []
    for field, word in (("restart_value", "restart"), ("escalate_value", "escalate to")):
        per = rule.number(field)
        if rule.basis == "fixed":
            amounts.append(per)
            lines.append(f"{word} {per:g} mcg/day, fixed")
            continue
        twin = _dose_row(per, weight)
        amount, _, area = dose.by_surface(twin, weight, height, formula)
        amounts.append(amount)
        cap = f", cap {twin.cap:g} mcg/day of {twin.id}" if twin.cap is not None else ""
        product = f"{per:g} {twin.unit} × {shown(area, 3)} m² = {shown(amount)} mcg/day"
        lines.append(f"{word} {product}{cap} (carried unrounded)")
    after = int(rule.number("escalate_after_days"))
    plan = f"restart at {shown(amounts[0])} mcg/day, {shown(amounts[1])} mcg/day after {after} days without recurrence"
    return replace(
        result,
        steps=(*result.steps, plan),
        restart_mcg_per_day=amounts[0],
        escalate_mcg_per_day=amounts[1],
        escalate_after_days=after,
        working=(*result.working, *lines),
    )


def _dose_row(per_m2: float, weight: float) -> rules.Rule:
    """Return a dose row with this amount per m²: the restart repeats a dose of the table, and with it its cap."""
    rows = [r for r in rules.rules("dose") if r.basis == "bsa" and r.value == per_m2 and r.holds_for_weight(weight)]
    if not rows:
        raise LookupError(f"data/dosing_rules.csv has no dose row of {per_m2:g} mcg/m²/day for a restart")
    return rows[0]


def _with_conditions(
    result: Modification, rule: rules.Rule, days_to_resolve: float | None, at_starting_dose: bool | None
) -> Modification:
    """Add what would make the stop permanent, and decide it where the caller knows enough."""
    if rule.permanent != "conditional":
        return result
    conditions: list[str] = []
    met: list[bool | None] = []
    if rule.stop_if_at_start:
        conditions.append("it occurred at the low dose")
        met.append(at_starting_dose)
    limit = rule.number("resolve_within_days")
    conditions.append(f"it takes more than {limit:g} days to resolve")
    met.append(None if days_to_resolve is None else days_to_resolve > limit)
    if not any(met):
        return replace(result, permanent=None if None in met else False, permanent_if=tuple(conditions))
    # A condition is met: a restart dose beside "discontinue permanently" would be a trap, so it goes.
    reasons = " and ".join(condition for condition, true in zip(conditions, met, strict=True) if true)
    return replace(
        result,
        permanent=True,
        permanent_if=tuple(conditions),
        steps=(f"discontinue permanently: {reasons}",),
        restart_mcg_per_day=None,
        escalate_mcg_per_day=None,
        escalate_after_days=None,
        working=(*result.working[:1], f"discontinue permanently: {reasons}"),
    )


def _with_steroid(
    result: Modification, rule: rules.Rule, weight: float, height: float | None, formula: str
) -> Modification:
    """Add the dexamethasone dose; it has its own cap, lower than that of premedication."""
    capped = False
    if rule.basis == "fixed":
        amount = rule.number("value")
        lines = [f"{rule.drug} {amount:g} {rule.unit}, fixed ({rule.id})"]
    else:
        amount, capped, area = dose.by_surface(rule, weight, height, formula)
        lines = [f"{rule.drug} by rule {rule.id}", *dose.surface_lines(rule, weight, float(height or 0), area, formula)]
    step = (
        f"{rule.drug} {shown(amount)} mg every {rule.number('steroid_interval_h'):g} h for up to "
        f"{rule.number('steroid_days'):g} days, then taper over {rule.number('steroid_taper_days'):g} days"
    )
    return replace(
        result,
        steps=(*result.steps, step),
        dexamethasone_mg=amount,
        dexamethasone_cap_applied=capped,
        rule_ids=tuple(dict.fromkeys((*result.rule_ids, rule.id))),
        status=table.weakest((result.status, rule.status)),
        working=(*result.working, *lines),
    )
