"""The dose of one day: what the label gives a patient on this day of this cycle, with the steps that lead to it."""

from __future__ import annotations

from dataclasses import dataclass

from bitebook import validate
from bitebook.dosing import bsa, patient, rules, table
from bitebook.dosing.table import shown


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose rate and where it comes from.

    ``mcg_per_day`` is not rounded and is 0 in the infusion-free interval; ``basis`` is "fixed", "bsa", or
    "infusion-free". ``status`` says how well the rule is verified, and ``mark`` is the sign to print with the number.
    """

    mcg_per_day: float
    basis: str
    cap_applied: bool
    rule_id: str
    label_version: str
    status: str
    source: str
    locator: str
    indication: str
    cycle: int
    day: int
    weight_kg: float
    height_cm: float | None
    bsa_m2: float | None
    bsa_formula: str | None
    rule: rules.Rule

    @property
    def mark(self) -> str:
        """Return the dagger if the rule was not verified against the current label, else empty text."""
        return table.mark(self.status)

    @property
    def warning(self) -> str:
        """Return a line of warning if weight and height hardly belong to one person, else empty text."""
        return "" if self.height_cm is None else patient.pair_warning(self.weight_kg, self.height_cm)

    @property
    def working(self) -> tuple[str, ...]:
        """Return the steps of the calculation, one line each."""
        return _working(self)

    def __str__(self) -> str:
        """Return the dose for display, to one decimal."""
        return f"{shown(self.mcg_per_day)} mcg/day{self.mark}"


def dose_rate(
    *,
    indication: str,
    weight_kg: float,
    height_cm: float | None = None,
    cycle: int,
    day: int,
    age_months: float | None = None,
    formula: str = "mosteller",
) -> Dose:
    r"""Return the labeled dose rate on one day of one cycle.

    From the weight at which the label changes to a fixed dose (45 kg, included) the dose is the row's value; below it
    is :math:`\min(d \cdot BSA, cap)` with :math:`d` in mcg/m²/day. Every value is read from ``data/dosing_rules.csv``.

    Parameters
    ----------
    indication
        "relapsed-refractory", "mrd-positive", or "consolidation".
    weight_kg
        Body weight in kg, 1 to 300.
    height_cm
        Height in cm, 40 to 230; may be left out only where the dose is fixed.
    cycle
        Cycle of blinatumomab, 1 to 9 (relapsed-refractory) or 1 to 4.
    day
        Day of the cycle, from 1 to the cycle's length (42, or 84 in cycles 6 to 9).
    age_months
        Age in months; if given, at least 1.
    formula
        Formula of the body surface area, see `body_surface_area`.

    Returns
    -------
    Dose
        The dose in mcg/day, unrounded, with rule, label version, status, and working.

    Raises
    ------
    ValueError
        For a number outside its range, an unknown indication, or a missing height where the dose goes by surface.

    Notes
    -----
    For education, not for prescribing. Not for an interrupted, restarted, or modified course: see
    `after_interruption` and `modification`. The calculation keeps every digit; what a pharmacy dispenses follows the
    label's volume table, not this number.

    References
    ----------
    blincyto2025 : Dosage and Administration 2.1 to 2.3.

    Examples
    --------
    A fictional child of 21 kg and 117 cm with relapsed disease, on the step day and in the interval:

    >>> dose = dose_rate(indication="relapsed-refractory", weight_kg=21, height_cm=117, cycle=1, day=8)
    >>> print(dose)
    12.4 mcg/day
    >>> dose.rule_id, dose.cap_applied, dose.status
    ('label-rr-lt45-c1-d8', False, 'secondary')
    >>> dose_rate(indication="relapsed-refractory", weight_kg=21, height_cm=117, cycle=1, day=29).mcg_per_day
    0.0
    """
    indication = patient.indication(indication)
    weight = patient.weight(weight_kg)
    height = None if height_cm is None else patient.height(height_cm)
    patient.age(age_months)
    validate.choice("formula", formula, allowed=tuple(bsa.FORMULAS))
    cycle = patient.cycle(cycle, indication=indication)
    of_cycle = [rule for rule in rules.dose_rules(indication, weight) if rule.holds_for_cycle(cycle)]
    where = f"{indication}, cycle {cycle}, {weight:g} kg"
    closing = rules.the_one([rule for rule in of_cycle if rule.cycle_length_days is not None], f"the end of {where}")
    last = int(closing.number("cycle_length_days"))
    day = validate.whole("day", day, unit=f"(cycle {cycle}, {indication})", low=1, high=last)
    patient_day = _PatientDay(indication, cycle, day, weight, height)
    if day > int(closing.number("day_to")):
        return _dose(closing, patient_day, basis="infusion-free", amount=0.0)
    rule = rules.the_one([rule for rule in of_cycle if rule.holds_for_day(day)], f"{where}, day {day}")
    if rule.basis == "fixed":
        return _dose(rule, patient_day, basis="fixed", amount=rule.number("value"))
    amount, capped, area = by_surface(rule, weight, height, formula)
    return _dose(rule, patient_day, basis="bsa", amount=amount, capped=capped, area=area, formula=formula)


def by_surface(rule: rules.Rule, weight_kg: float, height_cm: float | None, formula: str) -> tuple[float, bool, float]:
    """Return the amount a rule by body surface area gives, whether its cap was met, and the area in m²."""
    if height_cm is None:
        below = f" below {rule.weight_high_kg:g} kg" if rule.weight_high_kg is not None else ""
        low, high = patient.HEIGHT_CM
        raise ValueError(
            f"height_cm must be a number from {low:g} to {high:g} cm, got None; "
            f"the dose goes by body surface area{below}, so give the height"
        )
    area = bsa.body_surface_area(weight_kg=weight_kg, height_cm=height_cm, formula=formula)
    amount = rule.number("value") * area
    if rule.cap is not None and amount > rule.cap:
        return rule.cap, True, area
    return amount, False, area


def surface_lines(rule: rules.Rule, weight_kg: float, height_cm: float, area: float, formula: str) -> list[str]:
    """Return the lines of working for an amount by body surface area."""
    unit = rule.unit.replace("/m²", "")
    raw = rule.number("value") * area
    lines = [
        f"body surface area by {formula}, {bsa.FORMULAS[formula].expression}, "
        f"at {weight_kg:g} kg and {height_cm:g} cm: {shown(area, 3)} m² (carried unrounded)",
        f"{rule.number('value'):g} {rule.unit} × {shown(area, 3)} m² = {shown(raw, 2)} {unit}",
    ]
    if rule.cap is None:
        lines.append("the rule names no cap")
    elif raw > rule.cap:
        lines.append(f"above the cap of {rule.cap:g} {unit}: the cap is the dose")
    else:
        lines.append(f"the cap of {rule.cap:g} {unit} is not passed")
    warning = patient.pair_warning(weight_kg, height_cm)
    return [*lines, warning] if warning else lines


@dataclass(frozen=True, slots=True)
class _PatientDay:
    """Who is asked about, and when: checked values only."""

    indication: str
    cycle: int
    day: int
    weight_kg: float
    height_cm: float | None


def _dose(
    rule: rules.Rule,
    of: _PatientDay,
    *,
    basis: str,
    amount: float,
    capped: bool = False,
    area: float | None = None,
    formula: str | None = None,
) -> Dose:
    return Dose(
        mcg_per_day=amount,
        basis=basis,
        cap_applied=capped,
        rule_id=rule.id,
        label_version=rule.label_version,
        status=rule.status,
        source=rule.source,
        locator=rule.locator,
        indication=of.indication,
        cycle=of.cycle,
        day=of.day,
        weight_kg=of.weight_kg,
        height_cm=of.height_cm,
        bsa_m2=area,
        bsa_formula=formula,
        rule=rule,
    )


def _working(dose: Dose) -> tuple[str, ...]:
    rule = dose.rule
    when = f"{dose.indication}, cycle {dose.cycle}, day {dose.day}"
    lines = [f"{when}: rule {rule.id} ({rule.label_version}, {rule.locator})"]
    if dose.basis == "infusion-free":
        first, last = int(rule.number("day_to")) + 1, int(rule.number("cycle_length_days"))
        lines.append(f"days {first} to {last} are free of infusion: 0 mcg/day")
    elif dose.basis == "fixed":
        lines.append(f"{dose.weight_kg:g} kg is at or above {rule.number('weight_low_kg'):g} kg: fixed dose")
        lines.append(f"dose {rule.number('value'):g} {rule.unit}")
    elif dose.height_cm is not None and dose.bsa_m2 is not None and dose.bsa_formula is not None:
        lines.append(f"{dose.weight_kg:g} kg is below {rule.number('weight_high_kg'):g} kg: dose by body surface area")
        lines += surface_lines(rule, dose.weight_kg, dose.height_cm, dose.bsa_m2, dose.bsa_formula)
        rounded = f"dose {shown(dose.mcg_per_day)} mcg/day, shown to one decimal"
        lines.append(f"{rounded}; unrounded {dose.mcg_per_day!r} mcg/day")
    # A fixed dose needs no height, yet a confused pair may be why the dose looks fixed.
    if dose.warning and dose.warning not in lines:
        lines.append(dose.warning)
    if dose.status == "unverified":
        lines.append("† not verified against the current label")
    return tuple(lines)
