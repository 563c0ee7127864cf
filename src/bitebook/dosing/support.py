"""What goes with an infusion: the corticosteroid before it and the days in hospital."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bitebook import validate
from bitebook.dosing import bsa, dose, patient, rules, table
from bitebook.dosing.table import shown

REGIONS: Final = ("US", "EU")
HOURS_MAX: Final = 10000.0


@dataclass(frozen=True, slots=True)
class Premedication:
    """The corticosteroid the label asks for at one moment; ``dose_mg`` is ``None`` when it asks for none."""

    required: bool
    drug: str
    basis: str
    reason: str
    rule_id: str
    rule_ids: tuple[str, ...]
    label_version: str
    status: str
    working: tuple[str, ...]
    dose_mg: float | None = None
    second_dose_mg: float | None = None
    cap_applied: bool = False
    timing: str = ""

    @property
    def mark(self) -> str:
        """Return the dagger if the rule was not verified against the current label, else empty text."""
        return table.mark(self.status)


@dataclass(frozen=True, slots=True)
class HospitalStay:
    """What the label recommends at a cycle start; ``days`` is ``None`` when it names no number of days."""

    days: int | None
    action: str
    note: str
    rule_id: str
    label_version: str
    status: str

    @property
    def mark(self) -> str:
        """Return the dagger if the rule was not verified against the current label, else empty text."""
        return table.mark(self.status)


def premedication(
    *,
    indication: str,
    age_group: str,
    cycle: int,
    day: int = 1,
    restart_after_hours: float | None = None,
    weight_kg: float | None = None,
    height_cm: float | None = None,
    region: str = "US",
    formula: str = "mosteller",
) -> Premedication:
    r"""Return the corticosteroid the label asks for before an infusion, a step dose, or a restart.

    A dose by body surface area is :math:`\min(d \cdot BSA, cap)` with :math:`d` in mg/m².

    Parameters
    ----------
    indication
        "relapsed-refractory", "mrd-positive", or "consolidation".
    age_group
        "adult" (each cycle) or "pediatric" (first cycle only).
    cycle
        Cycle of blinatumomab, 1 to 9 or 1 to 4.
    day
        Day of the cycle, 1 to 28; the label asks on day 1 and before a step dose.
    restart_after_hours
        Hours of interruption before a restart on this day; ``None`` if there was no interruption.
    weight_kg, height_cm
        1 to 300 kg and 40 to 230 cm: needed where the dose goes by body surface area, at any weight.
    region
        "US" or "EU": the two differ for children and must not be mixed.
    formula
        Formula of the body surface area, see `body_surface_area`.

    Returns
    -------
    Premedication
        Whether it is required, drug, dose in mg (unrounded), timing, rule, status, and working.

    Raises
    ------
    ValueError
        For a number outside its range, an unknown word, a missing weight or height, or a rule our sources lack.

    Notes
    -----
    Not the dexamethasone that treats cytokine release syndrome: that is `modification`, with another cap.

    References
    ----------
    blincyto2025 : Dosage and Administration 2.1 to 2.3; blincytoeu : 4.2.

    Examples
    --------
    >>> given = premedication(indication="relapsed-refractory", age_group="pediatric", cycle=1, day=8,
    ...                       weight_kg=21, height_cm=117)
    >>> given.drug, round(given.dose_mg, 2), given.rule_id
    ('dexamethasone', 4.13, 'label-pre-rr-ped')
    >>> premedication(indication="mrd-positive", age_group="pediatric", cycle=2).required
    False
    """
    indication = patient.indication(indication)
    age_group = validate.choice("age_group", age_group, allowed=rules.AGE_GROUPS)
    region = validate.choice("region", region, allowed=REGIONS)
    cycle = patient.cycle(cycle, indication=indication)
    day = validate.whole("day", day, unit="(infusion days)", low=1, high=_infusion_days(indication, cycle))
    weight = None if weight_kg is None else patient.weight(weight_kg)
    height = None if height_cm is None else patient.height(height_cm)
    validate.choice("formula", formula, allowed=tuple(bsa.FORMULAS))
    rule = _premedication_rule(indication, age_group, region)
    reason, asked, also = _occasion(rule, indication, cycle, day, restart_after_hours)
    opening = (f"rule {rule.id} ({rule.label_version}, {rule.locator}): {rule.event}", reason)
    result = Premedication(
        required=asked,
        drug=rule.drug,
        basis=rule.basis,
        reason=reason,
        rule_id=rule.id,
        rule_ids=(rule.id, *(other.id for other in also)),
        label_version=rule.label_version,
        status=table.weakest((rule.status, *(other.status for other in also))),
        working=opening,
    )
    if not asked:
        return result
    amount, second, capped, lines = _steroid(rule, weight, height, formula)
    return replace(
        result,
        dose_mg=amount,
        second_dose_mg=second,
        cap_applied=capped,
        timing=rule.event,
        working=(*opening, *lines),
    )


def hospital_days(*, indication: str, cycle: int, region: str = "US", cns_disorder: bool = False) -> HospitalStay:
    """Return the days in hospital the label recommends at the start of a cycle.

    Parameters
    ----------
    indication
        "relapsed-refractory", "mrd-positive", or "consolidation".
    cycle
        Cycle of blinatumomab, 1 to 9 or 1 to 4.
    region
        "US", or "EU" for the one rule of the European label our sources hold.
    cns_disorder
        True for a history of a relevant disorder of the central nervous system; the rule is European.

    Returns
    -------
    HospitalStay
        Days counted from day 1 of the cycle, or ``None`` with the advice given instead of a number.

    Raises
    ------
    ValueError
        For an unknown word, a cycle out of range, or a rule our sources lack.

    Notes
    -----
    A recommendation for the start of a cycle, not a promise that the patient may go home the day after.

    References
    ----------
    blincyto2025 : Dosage and Administration 2; blincytoeu : 4.2.

    Examples
    --------
    >>> hospital_days(indication="relapsed-refractory", cycle=1).days
    9
    >>> later = hospital_days(indication="consolidation", cycle=3)
    >>> later.days, later.action
    (None, 'supervision by a health professional or hospitalization')
    """
    indication = patient.indication(indication)
    region = validate.choice("region", region, allowed=REGIONS)
    cycle = patient.cycle(cycle, indication=indication)
    if not isinstance(cns_disorder, bool):
        raise ValueError(f"cns_disorder must be True or False, got {validate.picture(cns_disorder)}")
    if cns_disorder and region == "US":
        raise ValueError("cns_disorder must be False with region 'US', got True; the rule is European: use region='EU'")
    candidates = [rule for rule in rules.rules("hospitalization") if region in rule.region.split("/")]
    named = [r for r in candidates if r.indication == indication and bool(r.patient_group) == cns_disorder]
    found = [rule for rule in named if rule.holds_for_cycle(cycle)]
    if found:
        rule = rules.the_one(found, f"the hospital days of {indication}, cycle {cycle}")
        return _stay(rule, rule.number("value"))
    # A row may print a second number, for the cycle after its own.
    found = [rule for rule in named if rule.second_value is not None and rule.holds_for_cycle(cycle - 1)]
    if found:
        rule = rules.the_one(found, f"the hospital days of {indication}, cycle {cycle}")
        return _stay(rule, rule.number("second_value"))
    found = [rule for rule in candidates if rule.indication == rules.ALL]
    if found:
        return _stay(rules.the_one(found, "later cycles"), None)
    raise ValueError(
        f"region must be 'US' for {indication}, cycle {cycle}, cns_disorder {cns_disorder}, got {region!r}; "
        "our sources hold no such rule of another label"
    )


def _stay(rule: rules.Rule, days: float | None) -> HospitalStay:
    return HospitalStay(
        days=None if days is None else int(days),
        action=rule.action,
        note=rule.note,
        rule_id=rule.id,
        label_version=rule.label_version,
        status=rule.status,
    )


def _infusion_days(indication: str, cycle: int) -> int:
    doses = [rule for rule in rules.rules("dose") if rule.indication == indication and rule.holds_for_cycle(cycle)]
    return max(int(rule.number("day_to")) for rule in doses)


def _premedication_rule(indication: str, age_group: str, region: str) -> rules.Rule:
    found = [
        rule
        for rule in rules.rules("premedication")
        if rule.value is not None
        and region in rule.region.split("/")
        and rule.indication == indication
        and rule.age_group == age_group
    ]
    if not found:
        raise ValueError(
            f"region must be 'US' for {indication}, {age_group}, got {region!r}; our sources hold no other such rule"
        )
    return rules.the_one(found, f"the premedication of {indication}, {age_group}, {region}")


def _occasion(
    rule: rules.Rule, indication: str, cycle: int, day: int, hours: float | None
) -> tuple[str, bool, tuple[rules.Rule, ...]]:
    """Return the reason in words, whether premedication is asked for, and the further rules that were used."""
    if not rule.holds_for_cycle(cycle):
        return f"cycle {cycle}: this rule is for cycle {rule.cycle_from} only; none is asked for", False, ()
    if hours is not None:
        hours = validate.number("restart_after_hours", hours, unit="h", low=0, high=HOURS_MAX)
        restart = next(r for r in rules.rules("interruption") if r.event_key == "interruption-restart")
        if rule.region != restart.region:
            raise ValueError(
                f"restart_after_hours must be None with region 'EU', got {hours:g}; our sources hold no rule for it"
            )
        limit = restart.number("value")
        if hours >= limit:
            silent = "" if rule.at_restart else f"; {rule.id} itself names no restart, {restart.id} does"
            return f"restart after {hours:g} h, which is {limit:g} h or more{silent}", True, (restart,)
        if day != 1 and not (rule.at_step and day in _step_days(indication, cycle)):
            return f"restart after {hours:g} h, less than {limit:g} h: none is asked for", False, (restart,)
    if day == 1:
        return f"first dose of cycle {cycle}", True, ()
    if rule.at_step and day in _step_days(indication, cycle):
        return f"step dose on cycle {cycle} day {day}", True, ()
    if day in _step_days(indication, cycle):
        return f"step dose on cycle {cycle} day {day}, for which {rule.id} names none; check that label", False, ()
    return f"cycle {cycle} day {day} is neither a first dose nor a step dose: none is asked for", False, ()


def _step_days(indication: str, cycle: int) -> set[int]:
    """Return the days of a cycle on which the dose rises."""
    return {
        int(rule.number("day_from"))
        for rule in rules.rules("dose")
        if rule.indication == indication and rule.holds_for_cycle(cycle) and rule.number("day_from") > 1
    }


def _steroid(
    rule: rules.Rule, weight: float | None, height: float | None, formula: str
) -> tuple[float, float | None, bool, list[str]]:
    """Return the dose in mg, the second dose if the rule has one, whether the cap was met, and the working."""
    if rule.basis == "fixed":
        return rule.number("value"), None, False, [f"{rule.drug} {rule.number('value'):g} {rule.unit}, fixed"]
    if weight is None:
        low, high = patient.WEIGHT_KG
        raise ValueError(
            f"weight_kg must be a number from {low:g} to {high:g} kg, got None; "
            f"{rule.drug} goes by body surface area here, so give weight and height"
        )
    amount, capped, area = dose.by_surface(rule, weight, height, formula)
    lines = dose.surface_lines(rule, weight, float(height or 0), area, formula)
    lines.append(f"{rule.drug} {shown(amount)} mg, shown to one decimal; unrounded {amount!r} mg")
    second = None if rule.second_value is None else rule.second_value * area
    if second is not None:
        product = f"{rule.second_value:g} {rule.unit} × {shown(area, 3)} m² = {shown(second)} mg"
        lines.append(f"then {product} (no cap printed with it)")
    return amount, second, capped, lines
