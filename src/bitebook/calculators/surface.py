"""Calculator: body surface area by every formula of the package, side by side."""

from __future__ import annotations

import re

from bitebook.calculators.blocks import Block, Lines, Table, Text
from bitebook.calculators.entries import Entries
from bitebook.calculators.fields import HEIGHT, WEIGHT
from bitebook.calculators.model import Calculator, Outcome
from bitebook.dosing import FORMULAS, Formula, body_surface_area, patient
from bitebook.dosing.table import shown


def _compute(entries: Entries) -> Outcome:
    weight_kg, height_cm = entries.number("weight_kg"), entries.number("height_cm")
    areas = {name: body_surface_area(weight_kg=weight_kg, height_cm=height_cm, formula=name) for name in FORMULAS}
    default = next(iter(FORMULAS))
    low, high = min(areas.values()), max(areas.values())
    status = (
        f"Body surface area {shown(areas[default], 3)} m² by {_title(default)}; "
        f"the five formulas span {shown(low, 3)} to {shown(high, 3)} m²."
    )
    blocks: list[Block] = [Text(status, role="result")]
    warning = patient.pair_warning(weight_kg, height_cm)
    if warning:
        blocks.append(Text(warning.removeprefix("check the entry: "), role="warning"))
    blocks.append(
        Table(
            caption="Body surface area by formula (W weight in kg, H height in cm)",
            columns=("Formula", "Area (m²)", f"Against {_title(default)} (%)", "Made for", "Written", "Source"),
            rows=tuple(_row(FORMULAS[name], area, areas[default]) for name, area in areas.items()),
        )
    )
    squared = f"({weight_kg:g} kg × {height_cm:g} cm / 3600)"
    spread = 100 * (high / low - 1)
    working = (
        f"{_title(default)}: √{squared} = √{shown(areas[default] ** 2, 5)} = {shown(areas[default], 4)} m²",
        f"largest over smallest: {shown(high, 4)} / {shown(low, 4)}, {shown(spread)}% apart",
        f"range {FORMULAS[default].valid_range.split(';')[0]}; a body outside of it is refused, not extrapolated",
    )
    advice = "Neither label nor review says which formula to take. Name the one you take on the order."
    return Outcome(status, (*blocks, Lines("Working", working, ordered=True), Text(advice, role="note")))


def _row(formula: Formula, area: float, reference: float) -> tuple[str, ...]:
    off = shown(100 * (area / reference - 1)).replace("-", "−")
    return (
        _title(formula.name),
        shown(area, 3),
        "0.0" if off == "−0.0" else off,
        formula.made_for,
        formula.expression,
        _source(formula),
    )


def _title(name: str) -> str:
    """Return the name of a formula as its authors spell it.

    Examples
    --------
    >>> _title("du-bois"), _title("gehan-george")
    ('Du Bois', 'Gehan-George')
    """
    return {"du-bois": "Du Bois"}.get(name, "-".join(part.capitalize() for part in name.split("-")))


def _source(formula: Formula) -> str:
    year = re.search(r"\d{4}", formula.source)
    return f"{_title(formula.name)} {year[0]}" if year else formula.source


CALCULATOR = Calculator(
    name="bsa",
    title="Body surface area",
    purpose="One body, five published formulas: how far they agree, and for whom each was made.",
    fields=(WEIGHT, HEIGHT),
    compute=_compute,
    aliases={},
)
