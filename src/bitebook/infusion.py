"""The infusion bag behind a dose: drug volume, vials, rate, what is delivered, and what must never be flushed in.

For education, not for preparing a bag. Every volume is read from ``data/preparation.csv``; the arithmetic is decimal,
because in binary floating point 16.8 mL / 2.8 mL is a little more than 6 vials.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from typing import Final

from bitebook import validate
from bitebook.dosing import patient, rules, table
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
        return line_volume_ml / self.rate_ml_per_h


@dataclass(frozen=True, slots=True)
class _Base:
    """What goes into a bag before the drug, and the rows that say so."""

    diluent: Decimal
    stabilizer: Decimal
    total: Decimal | None
    rows: tuple[Row, ...]

    def volume(self, drug: Decimal) -> Decimal:
        """Return the volume of the full bag."""
        return self.diluent + self.stabilizer + drug if self.total is None else self.total

    def drug_for(self, amount: Decimal, concentration: Decimal, infused: Decimal) -> Decimal:
        """Return the drug volume that puts `amount` mcg into the infused share of the bag.

        concentration × V × infused / bag = amount, where the bag grows with V unless its total is fixed.
        """
        if self.total is not None:
            return amount * self.total / (concentration * infused)
        return amount * (self.diluent + self.stabilizer) / (concentration * infused - amount)


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
    ids = ("label-vial-labelled", "label-recon-volume", "label-recon-conc", "label-recon-total-volume")
    rows = [_row(row_id) for row_id in ids]
    labeled, water, concentration, total = (_value(row) for row in rows)
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
    return tuple(int(row["durations_h"]) for row in _rows("infusion rate") if _in_edition(row, version))


def weight_limit_kg(*, duration_h: int, label_version: str = "2025") -> float | None:
    """Return the body weight in kg below which a bag is not recommended, or ``None`` if there is no such limit.

    Examples
    --------
    >>> weight_limit_kg(duration_h=168), weight_limit_kg(duration_h=168, label_version="2018")
    (5.4, 22.0)
    """
    hours = _duration(duration_h, validate.choice("label_version", label_version, allowed=LABEL_VERSIONS))
    limit = _limit(hours, label_version)
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
    limit = _limit(hours, version)
    if limit is not None and weight < float(limit["value"]):
        raise ValueError(
            f"weight_kg must be a number from {limit['value']} to {patient.WEIGHT_KG[1]:g} kg for a bag of {hours} h "
            f"(label version {version}), got {weight:g}; the bag holds benzyl alcohol: take bags of 24 or 48 h"
        )
    with localcontext(Context(prec=28)):
        return _bag(Decimal(repr(dose)), hours, weight, version, () if limit is None else (limit,))


def _bag(dose: Decimal, hours: int, weight: float, version: str, limits: tuple[Row, ...]) -> Bag:
    rate_row = next(row for row in _rows("infusion rate") if _lasts(row, hours))
    preservative = next(row for row in _rows("preservative") if _lasts(row, hours))
    rate = _value(rate_row)
    infused = rate * hours
    used = (rate_row, preservative, *limits)
    common = Bag(
        mcg_per_day=float(dose),
        duration_h=hours,
        weight_kg=weight,
        label_version=version,
        rate_ml_per_h=float(rate),
        infused_ml=float(infused),
        preservative=_value(preservative) == 1,
        composition_known=False,
        printed=False,
        derived=False,
        rule_ids=tuple(row["id"] for row in used),
        status=table.weakest(tuple(row["status"] for row in used)),
        rate_status=rate_row["status"],
        storage=_storage(hours),
        notes=(),
        working=(f"{rate} mL/h × {hours} h = {infused} mL infused ({rate_row['id']})",),
    )
    base = _base(hours)
    if base is None:
        unknown = "the composition of this bag is not in our sources: no drug volume can be given"
        return replace(common, notes=(unknown, rate_row["note"]), working=(*common.working, unknown))
    return _filled(common, base, dose, infused, used, version)


def _filled(common: Bag, base: _Base, dose: Decimal, infused: Decimal, used: tuple[Row, ...], version: str) -> Bag:
    """Return the bag with its volumes and masses."""
    concentration_row, vial_row = _row("label-recon-conc"), _row("label-vial-labelled")
    concentration = _value(concentration_row)
    amount = dose * common.duration_h / HOURS_PER_DAY
    computed = base.drug_for(amount, concentration, infused)
    printed = _printed(dose, common.duration_h, common.weight_kg)
    volume = computed if printed is None else _value(printed)
    total = base.volume(volume)
    top_up = total - base.diluent - base.stabilizer - volume
    content = concentration * volume
    delivered = content * infused / total
    per_day = delivered * HOURS_PER_DAY / common.duration_h
    usable = _value(vial_row) / concentration
    vials = int((volume / usable).to_integral_value(rounding=ROUND_CEILING))
    rows = (*used, concentration_row, vial_row, *base.rows, *(() if printed is None else (printed,)))
    lines = [
        *common.working,
        f"prescribed {shown(dose)} mcg/day × {common.duration_h} h / {HOURS_PER_DAY} h = {shown(amount)} mcg in {infused} mL",
        f"computed drug volume {shown(computed, 2)} mL of {concentration} mcg/mL (unrounded {float(computed)!r} mL)",
    ]
    if printed is None:
        lines.append("no printed volume for this dose and weight in our sources: the computed volume is used, derived")
    else:
        error = 100 * (per_day - dose) / dose
        mark = table.mark(printed["status"])
        lines.append(
            f"the label prints {volume} mL{mark} ({printed['id']}): it delivers {shown(per_day, 2)} mcg/day, "
            f"{shown(error)}% from the prescribed dose"
        )
    lines += [
        f"vials: {shown(volume, 2)} mL / {usable} mL a vial, rounded up: {vials}",
        f"bag {shown(total, 2)} mL with {shown(content, 2)} mcg; "
        f"{shown(content - delivered, 2)} mcg in {shown(total - infused, 2)} mL stay behind: discard them, never flush",
    ]
    return replace(
        common,
        composition_known=True,
        printed=printed is not None,
        derived=printed is None,
        rule_ids=tuple(row["id"] for row in rows),
        status=table.weakest(tuple(row["status"] for row in rows)),
        notes=_notes(common, version, printed is not None),
        working=tuple(lines),
        drug_volume_ml=float(volume),
        computed_volume_ml=float(computed),
        vials=vials,
        diluent_ml=float(base.diluent),
        stabilizer_ml=float(base.stabilizer),
        top_up_ml=float(top_up),
        bag_volume_ml=float(total),
        content_mcg=float(content),
        concentration_mcg_per_ml=float(content / total),
        delivered_mcg_per_day=float(per_day),
        left_in_bag_ml=float(total - infused),
        left_in_bag_mcg=float(content - delivered),
    )


def _base(hours: int) -> _Base | None:
    """Return what goes into the bag before the drug, or ``None`` if our sources do not say."""
    diluent = [row for row in _rows("diluent") if _lasts(row, hours) and row["value"]]
    stabilizer = [row for row in _rows("IV solution stabilizer") if _lasts(row, hours)]
    totals = [row for row in diluent if row["component"] == "final bag volume"]
    salines = [row for row in diluent if row["component"] != "final bag volume"]
    if not salines or not stabilizer:
        return None
    total = _value(totals[0]) if totals else None
    return _Base(_value(salines[0]), _value(stabilizer[0]), total, (salines[0], stabilizer[0], *totals))


def _printed(dose: Decimal, hours: int, weight_kg: float) -> Row | None:
    """Return the row with the label's drug volume for exactly this dose, duration, and weight, if we hold it."""
    for row in _rows("reconstituted drug"):
        from_kg = row["weight_low_kg"]
        is_volume = row["unit"] == "mL" and row["value"] and from_kg
        if is_volume and _lasts(row, hours) and weight_kg >= float(from_kg) and Decimal(row["dose"]) == dose:
            return row
    return None


def _limit(hours: int, version: str) -> Row | None:
    found = [row for row in _rows("weight limit") if row["label_edition"] == version and _lasts(row, hours)]
    return found[0] if found else None


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


def _storage(hours: int) -> tuple[str, ...]:
    """Return the storage limits of the vial and of this bag, in words."""
    rows = [row for row in _rows("storage") if not row["durations_h"] or _lasts(row, hours)]
    lines = [_storage_line(row) for row in rows]
    if not any(row["durations_h"] for row in rows):
        lines.append("storage of this bag: not in our sources")
    return tuple(lines)


def _storage_line(row: Row) -> str:
    amount = row["value"] or f"{row['low']}-{row['high']}"
    stated = "" if row["low"] else f": {amount} {row['unit']}"
    return f"{row['component']}{stated}{table.mark(row['status'])}"


def _notes(common: Bag, version: str, printed: bool) -> tuple[str, ...]:
    """Return what must be said beside the numbers of a bag."""
    notes = []
    if not printed:
        notes.append(_row("label-recon-bsa-tables")["note"])
    fixed_from = _row("label-nacl-2448")["weight_low_kg"]
    if common.weight_kg < float(fixed_from):
        notes.append(f"the bag's volumes were seen for patients from {fixed_from} kg and are taken to hold below")
    if version == "2025":
        notes.append(_row("label-ifu-moved")["note"])
    flushing = [rule.action for rule in rules.rules("administration") if rule.event_key == "bag-change"]
    return (*notes, *flushing)


def _rows(item: str) -> list[Row]:
    return [row for row in table.read(table.table_key("preparation")) if row["item"] == item]


def _row(row_id: str) -> Row:
    for row in table.read(table.table_key("preparation")):
        if row["id"] == row_id:
            return row
    raise LookupError(f"data/preparation.csv has no row {row_id}")


def _value(row: Row) -> Decimal:
    if not row["value"]:
        raise LookupError(f"the row {row['id']} of data/preparation.csv has no value")
    return Decimal(row["value"])


def _lasts(row: Row, hours: int) -> bool:
    return str(hours) in row["durations_h"].split()


def _in_edition(row: Row, version: str) -> bool:
    return row["label_edition"] in ("all", version)
