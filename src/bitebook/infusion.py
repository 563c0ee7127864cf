"""The infusion bag behind a dose: drug volume, vials, rate, what is delivered, and what must never be flushed in.

For education, not for preparing a bag. Every volume is read from ``data/preparation.csv``; the arithmetic is decimal,
because in binary floating point 16.8 mL / 2.8 mL is a little more than 6 vials.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from typing import Final

from bitebook import validate
from bitebook.dosing import patient, preparation, rules, table
from bitebook.dosing.table import Row, shown

LABEL_VERSIONS: Final = ("2025", "2018")
HOURS_PER_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Reconstitution:
    """One vial with its water: what it holds, and how much of it to count on."""

    labeled_mcg: float
    water_ml: float
    concentration_mcg_per_ml: float
    total_ml: float
    usable_ml: float
    rule_ids: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Bag:
    """One infusion bag. Volumes and masses are ``None`` where our sources do not hold the bag's composition.

    ``drug_volume_ml`` is the label's printed volume if ``printed``, else computed (``derived``).
    ``delivered_mcg_per_day`` follows from the volume: a printed volume is rounded, so it delivers a little more or less
    than ``mcg_per_day``.
    """

    mcg_per_day: float
    duration_h: int
    weight_kg: float
    label_version: str
    rate_ml_per_h: float
    infused_ml: float
    preservative: bool
    composition_known: bool
    printed: bool
    derived: bool
    rule_ids: tuple[str, ...]
    status: str
    rate_status: str
    storage: tuple[str, ...]
    notes: tuple[str, ...]
    working: tuple[str, ...]
    drug_volume_ml: float | None = None
    computed_volume_ml: float | None = None
    vials: int | None = None
    diluent_ml: float | None = None
    stabilizer_ml: float | None = None
    top_up_ml: float | None = None
    bag_volume_ml: float | None = None
    content_mcg: float | None = None
    concentration_mcg_per_ml: float | None = None
    delivered_mcg_per_day: float | None = None
    left_in_bag_ml: float | None = None
    left_in_bag_mcg: float | None = None

    @property
    def mark(self) -> str:
        """Return the dagger if a volume was not verified against the current label, else empty text."""
        return table.mark(self.status)

    def flush_mcg(self, *, line_volume_ml: float) -> float:
        """Return the drug that flushing a line would push in at once, in mcg: concentration times line volume.

        Parameters
        ----------
        line_volume_ml
            Volume of the line between bag and vein in mL, above 0, at most the volume of the bag.

        Raises
        ------
        ValueError
            If the volume is out of range, or the bag's composition is not known.

        Examples
        --------
        A line of 10 mL holds what this bag gives in one hour:

        >>> bag(mcg_per_day=28, duration_h=24, weight_kg=50).flush_mcg(line_volume_ml=10) > 28 / 24
        True
        """
        if self.concentration_mcg_per_ml is None or self.bag_volume_ml is None:
            raise ValueError(
                f"duration_h must be a bag whose composition is known (24, 48, or 168 h), got {self.duration_h}"
            )
        line = validate.number(
            "line_volume_ml", line_volume_ml, unit="mL", low=0, high=self.bag_volume_ml, low_open=True
        )
        return self.concentration_mcg_per_ml * line

    def flush_hours(self, *, line_volume_ml: float) -> float:
        """Return the hours of infusion that flushing a line would give at once: line volume over rate."""
        self.flush_mcg(line_volume_ml=line_volume_ml)
        return float(line_volume_ml) / self.rate_ml_per_h


def reconstitution() -> Reconstitution:
    """Return the reconstituted vial: the overfill makes 12.5 mcg/mL, not the labeled content over the water.

    Notes
    -----
    Count on the labeled content: usable volume = labeled content / concentration.

    References
    ----------
    blincyto2025 : Dosage and Administration; blincytoch : total volume.

    Examples
    --------
    >>> vial = reconstitution()
    >>> vial.concentration_mcg_per_ml, vial.usable_ml, vial.total_ml
    (12.5, 2.8, 3.08)
    """
    ids = ("label-vial-labeled", "label-recon-volume", "label-recon-conc", "label-recon-total-volume")
    rows = [preparation.row_of(row_id) for row_id in ids]
    labeled, water, concentration, total = (preparation.value_of(row) for row in rows)
    with localcontext(Context(prec=28)):
        usable = labeled / concentration
    return Reconstitution(
        labeled_mcg=float(labeled),
        water_ml=float(water),
        concentration_mcg_per_ml=float(concentration),
        total_ml=float(total),
        usable_ml=float(usable),
        rule_ids=ids,
        status=table.weakest(tuple(row["status"] for row in rows)),
    )


def durations_h(*, label_version: str = "2025") -> tuple[int, ...]:
    """Return the bag durations a label version knows, in hours.

    Examples
    --------
    >>> durations_h(), durations_h(label_version="2018")
    ((24, 48, 72, 96, 168), (24, 48, 168))
    """
    version = validate.choice("label_version", label_version, allowed=LABEL_VERSIONS)
    rates = [row for row in preparation.rows_of("infusion rate") if preparation.in_edition(row, version)]
    return tuple(int(row["durations_h"]) for row in rates)


def weight_limit_kg(*, duration_h: int, label_version: str = "2025") -> float | None:
    """Return the body weight in kg below which a bag is not recommended, or ``None`` if there is no such limit.

    Examples
    --------
    >>> weight_limit_kg(duration_h=168), weight_limit_kg(duration_h=168, label_version="2018")
    (5.4, 22.0)
    """
    hours = _duration(duration_h, validate.choice("label_version", label_version, allowed=LABEL_VERSIONS))
    limit = preparation.weight_limit(hours, label_version)
    return None if limit is None else float(limit["value"])


def bag(*, mcg_per_day: float, duration_h: int, weight_kg: float, label_version: str = "2025") -> Bag:
    r"""Return the composition, the rate, and the delivery of one infusion bag.

    With :math:`D` in mcg/day over :math:`T` days, a bag of 24 or 48 h solves
    :math:`c V \cdot F / (B + V) = D T` for the drug volume :math:`V` (:math:`c` concentration, :math:`F` infused
    volume, :math:`B` volume before the drug); the 7-day bag has a fixed total instead of :math:`B + V`. Where the label
    prints a volume for the dose (from 45 kg), the printed volume is used and the computed one is given beside it.

    Parameters
    ----------
    mcg_per_day
        Dose in mcg/day, above 0, at most the highest dose of the label (28).
    duration_h
        24, 48, 72, 96, or 168 h; 72 and 96 h only with the 2025 version.
    weight_kg
        Body weight in kg, 1 to 300.
    label_version
        "2025", or "2018" for the older US labels: they differ in the weight limit of bags with preservative.

    Returns
    -------
    Bag
        Volumes in mL, masses in mcg, rate in mL/h, vials, rule ids, status, notes, and working.

    Raises
    ------
    ValueError
        For a number outside its range, an unknown duration, or a weight below the limit of a bag with preservative.

    Notes
    -----
    For education, never for preparing a bag: below 45 kg the label prints volumes by bands of body surface area, which
    our sources do not hold; the volumes here are computed and marked as derived. The composition of 72 and 96 h bags is
    not in our sources: only rate and infused volume are returned.

    References
    ----------
    blincyto2025, blincyto2018 : Dosage and Administration, preparation.

    Examples
    --------
    >>> week = bag(mcg_per_day=28, duration_h=168, weight_kg=50)
    >>> week.drug_volume_ml, week.vials, week.rate_ml_per_h, round(week.delivered_mcg_per_day, 1)
    (16.8, 6, 0.6, 27.5)
    >>> day = bag(mcg_per_day=12.4, duration_h=24, weight_kg=21)
    >>> round(day.drug_volume_ml, 2), day.derived, round(day.left_in_bag_mcg, 1)
    (1.14, True, 1.9)
    """
    highest = max(rule.number("value") for rule in rules.rules("dose") if rule.basis == "fixed")
    dose = validate.number("mcg_per_day", mcg_per_day, unit="mcg/day", low=0, high=highest, low_open=True)
    version = validate.choice("label_version", label_version, allowed=LABEL_VERSIONS)
    hours = _duration(duration_h, version)
    weight = patient.weight(weight_kg)
    limit = preparation.weight_limit(hours, version)
    if limit is not None and weight < float(limit["value"]):
        raise ValueError(
            f"weight_kg must be a number from {limit['value']} to {patient.WEIGHT_KG[1]:g} kg for a bag of {hours} h "
            f"(label version {version}), got {weight:g}; the bag holds benzyl alcohol: take bags of 24 or 48 h"
        )
    with localcontext(Context(prec=28)):
        return _bag(Decimal(repr(dose)), hours, weight, version, () if limit is None else (limit,))


def _bag(dose: Decimal, hours: int, weight: float, version: str, limits: tuple[Row, ...]) -> Bag:
    rate_row = next(row for row in preparation.rows_of("infusion rate") if preparation.lasts(row, hours))
    preservative = next(row for row in preparation.rows_of("preservative") if preparation.lasts(row, hours))
    rate = preparation.value_of(rate_row)
    infused = rate * hours
    used = (rate_row, preservative, *limits)
    empty = Bag(
        mcg_per_day=float(dose),
        duration_h=hours,
        weight_kg=weight,
        label_version=version,
        rate_ml_per_h=float(rate),
        infused_ml=float(infused),
        preservative=preparation.value_of(preservative) == 1,
        composition_known=False,
        printed=False,
        derived=False,
        rule_ids=tuple(row["id"] for row in used),
        status=table.weakest(tuple(row["status"] for row in used)),
        rate_status=rate_row["status"],
        storage=preparation.storage(hours),
        notes=(),
        working=(f"{rate} mL/h × {hours} h = {infused} mL infused ({rate_row['id']})",),
    )
    base = preparation.base(hours)
    if base is None:
        unknown = "the composition of this bag is not in our sources: no drug volume can be given"
        notes = (unknown, *([rate_row["note"]] if rate_row["note"] else []), *_hazards())
        return replace(empty, notes=notes, working=(*empty.working, unknown))
    return _filled(empty, base, dose, infused)


@dataclass(frozen=True, slots=True)
class _Mix:
    """The full bag in decimals: what is prescribed, what goes in, what comes out."""

    dose: Decimal
    hours: int
    infused: Decimal
    base: preparation.Base
    concentration: Decimal
    usable: Decimal
    printed: Row | None

    @property
    def amount(self) -> Decimal:
        return self.dose * self.hours / HOURS_PER_DAY

    @property
    def computed(self) -> Decimal:
        return self.base.drug_for(self.amount, self.concentration, self.infused)

    @property
    def volume(self) -> Decimal:
        return self.computed if self.printed is None else preparation.value_of(self.printed)

    @property
    def total(self) -> Decimal:
        return self.base.volume(self.volume)

    @property
    def content(self) -> Decimal:
        return self.concentration * self.volume

    @property
    def delivered(self) -> Decimal:
        return self.content * self.infused / self.total

    @property
    def delivered_per_day(self) -> Decimal:
        return self.delivered * HOURS_PER_DAY / self.hours

    @property
    def vials(self) -> int:
        return int((self.volume / self.usable).to_integral_value(rounding=ROUND_CEILING))


def _filled(empty: Bag, base: preparation.Base, dose: Decimal, infused: Decimal) -> Bag:
    """Return the bag with its volumes and masses."""
    concentration, vial = preparation.row_of("label-recon-conc"), preparation.row_of("label-vial-labeled")
    printed = preparation.printed_volume(dose, empty.duration_h, empty.weight_kg)
    mix = _Mix(
        dose=dose,
        hours=empty.duration_h,
        infused=infused,
        base=base,
        concentration=preparation.value_of(concentration),
        usable=preparation.value_of(vial) / preparation.value_of(concentration),
        printed=printed,
    )
    rows = (concentration, vial, *base.rows, *(() if printed is None else (printed,)))
    return replace(
        empty,
        composition_known=True,
        printed=printed is not None,
        derived=printed is None,
        rule_ids=(*empty.rule_ids, *(row["id"] for row in rows)),
        status=table.weakest((empty.status, *(row["status"] for row in rows))),
        notes=_notes(empty, printed is not None),
        working=(*empty.working, *_working(mix)),
        drug_volume_ml=float(mix.volume),
        computed_volume_ml=float(mix.computed),
        vials=mix.vials,
        diluent_ml=float(base.diluent),
        stabilizer_ml=float(base.stabilizer),
        top_up_ml=float(base.top_up(mix.volume)),
        bag_volume_ml=float(mix.total),
        content_mcg=float(mix.content),
        concentration_mcg_per_ml=float(mix.content / mix.total),
        delivered_mcg_per_day=float(mix.delivered_per_day),
        left_in_bag_ml=float(mix.total - infused),
        left_in_bag_mcg=float(mix.content - mix.delivered),
    )


def _working(mix: _Mix) -> tuple[str, ...]:
    """Return the steps from the dose to the bag, one line each."""
    prescribed = f"{shown(mix.dose)} mcg/day × {mix.hours} h / {HOURS_PER_DAY} h = {shown(mix.amount)} mcg"
    if mix.printed is None:
        choice = "no printed volume for this dose and weight in our sources: the computed volume is used, derived"
    else:
        off = 100 * (mix.delivered_per_day - mix.dose) / mix.dose
        choice = (
            f"the label prints {mix.volume} mL{table.mark(mix.printed['status'])} ({mix.printed['id']}): "
            f"it delivers {shown(mix.delivered_per_day, 2)} mcg/day, {shown(off)}% from the prescribed dose"
        )
    stays = f"{shown(mix.content - mix.delivered, 2)} mcg in {shown(mix.total - mix.infused, 2)} mL stay behind"
    return (
        f"prescribed {prescribed}, in {mix.infused} mL",
        f"computed drug volume {shown(mix.computed, 2)} mL of {mix.concentration} mcg/mL "
        f"(unrounded {float(mix.computed)!r} mL)",
        choice,
        f"vials: {shown(mix.volume, 2)} mL / {mix.usable} mL a vial, rounded up: {mix.vials}",
        f"bag {shown(mix.total, 2)} mL with {shown(mix.content, 2)} mcg; {stays}: discard them, never flush",
    )


def _duration(value: object, version: str) -> int:
    allowed = durations_h(label_version=version)
    listed = ", ".join(str(hours) for hours in allowed)
    problem = f"duration_h must be one of {listed} h (label version {version}), got {validate.picture(value)}"
    try:
        hours = validate.whole("duration_h", value, unit="h", low=1, high=max(allowed))
    except ValueError:
        raise ValueError(problem) from None
    if hours not in allowed:
        days = hours * HOURS_PER_DAY
        raise ValueError(f"{problem}; a bag of {hours} days is one of {days} h" if days in allowed else problem)
    return hours


def _notes(empty: Bag, printed: bool) -> tuple[str, ...]:
    """Return what must be said beside the numbers of a bag."""
    notes = []
    if not printed:
        notes.append(preparation.row_of("label-recon-bsa-tables")["note"])
    fixed_from = preparation.row_of("label-nacl-2448")["weight_low_kg"]
    if empty.weight_kg < float(fixed_from):
        notes.append(f"the bag's volumes were seen for patients from {fixed_from} kg and are taken to hold below")
    if empty.label_version == "2025":
        notes.append(preparation.row_of("label-ifu-moved")["note"])
    return (*notes, *_hazards())


def _hazards() -> tuple[str, ...]:
    return tuple(rule.action for rule in rules.rules("administration") if rule.event_key == "bag-change")
