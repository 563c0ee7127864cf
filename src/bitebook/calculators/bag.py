"""Calculator: the bag behind a dose, with volumes, vials, rate, what is delivered, and what a flush would push in."""

from __future__ import annotations

from bitebook.calculators.blocks import Block, Lines, Table, Text
from bitebook.calculators.entries import Entries
from bitebook.calculators.fields import WEIGHT, Choice, Field
from bitebook.calculators.model import Calculator, Outcome
from bitebook.dosing.table import mark, shown
from bitebook.infusion import HOURS_PER_DAY, LABEL_VERSIONS, Bag, bag

NEVER = "Never flush a line that holds the drug: discard bag and line as one."


def _compute(entries: Entries) -> Outcome:
    made = bag(
        mcg_per_day=entries.number("mcg_per_day"),
        duration_h=entries.number("duration_h"),  # type: ignore[arg-type]  # the package refuses a part of an hour
        weight_kg=entries.number("weight_kg"),
        label_version=entries.word("label_version"),
    )
    line_ml = entries.number_or_none("line_volume_ml")
    status = _headline(made)
    blocks: list[Block] = [Text(status, role="result"), Text(_flush(made, line_ml), role="warning"), _table(made)]
    if made.derived:
        derived = (
            "derived: computed by the bag model of this book, not printed in a label that we saw; "
            "below the weight band the label prints volumes of its own"
        )
        blocks.append(Text(derived, role="note"))
    blocks += [
        Lines("Working", made.working, ordered=True),
        Lines("Storage, as far as our sources say", made.storage),
        Lines("What to know", made.notes),
    ]
    return Outcome(status, tuple(blocks), made.rule_ids)


def _headline(made: Bag) -> str:
    rate = f"{made.rate_ml_per_h:g}{mark(made.rate_status)} mL/h"
    if made.drug_volume_ml is None:
        return f"Rate {rate} for {made.duration_h} h; the composition of this bag is not in our sources."
    vials = "1 vial" if made.vials == 1 else f"{made.vials} vials"
    kind = "printed" if made.printed else "derived"
    return (
        f"{shown(made.drug_volume_ml, 2)}{made.mark} mL of reconstituted drug ({kind}) from {vials}, "
        f"at {rate} for {made.duration_h} h."
    )


def _flush(made: Bag, line_ml: float | None) -> str:
    """Return the warning against a flush, with numbers where the volume of the line is known."""
    if line_ml is None:
        return NEVER
    amount = made.flush_mcg(line_volume_ml=line_ml)
    hours = made.flush_hours(line_volume_ml=line_ml)
    return (
        f"{NEVER} A flush of {line_ml:g} mL would push {shown(amount, 2)}{made.mark} mcg in at once, "
        f"as much as the pump gives in {shown(hours)} h."
    )


def _table(made: Bag) -> Table:
    kind = "printed in the label" if made.printed else "derived"
    rows: list[tuple[str, str, str]] = [
        ("Rate", f"{made.rate_ml_per_h:g}{mark(made.rate_status)} mL/h", "label"),
        ("Infused", f"{shown(made.infused_ml)}{mark(made.rate_status)} mL", "rate × duration"),
    ]
    volumes = (
        ("Drug volume", made.drug_volume_ml, 2, "mL", kind),
        ("Drug volume by the bag model", made.computed_volume_ml, 2, "mL", "derived"),
        ("Saline before the drug", made.diluent_ml, 1, "mL", "label"),
        ("IV solution stabilizer", made.stabilizer_ml, 1, "mL", "label"),
        ("Plain saline to the full volume", made.top_up_ml, 2, "mL", "derived"),
        ("Full bag", made.bag_volume_ml, 2, "mL", "derived"),
        ("Drug in the bag", made.content_mcg, 2, "mcg", "derived"),
        ("Concentration", made.concentration_mcg_per_ml, 4, "mcg/mL", "derived"),
        ("Delivered", made.delivered_mcg_per_day, 2, "mcg/day", f"against {shown(made.mcg_per_day, 2)} prescribed"),
        ("Left in bag and line", made.left_in_bag_ml, 2, "mL", "discarded"),
        ("Drug left behind", made.left_in_bag_mcg, 2, "mcg", "discarded"),
    )
    for name, value, places, unit, origin in volumes:
        if value:
            rows.append((name, f"{shown(value, places)}{made.mark} {unit}", origin))
    if made.vials is not None:
        rows.insert(3, ("Vials", f"{made.vials}{made.mark}", "rounded up"))
    rows.append(("Preservative (benzyl alcohol)", "yes" if made.preservative else "no", "label"))
    return Table(caption=f"The bag for {made.duration_h} h", columns=("What", "How much", "From"), rows=tuple(rows))


def _duration(hours: int) -> Choice:
    days, rest = divmod(hours, HOURS_PER_DAY)
    return Choice(str(hours), f"{hours} h" + (f" ({days} days)" if days > 1 and not rest else ""))


# Written here and not read from the table, because an import must not open a file; a test compares the two.
_HOURS = (24, 48, 72, 96, 168)

CALCULATOR = Calculator(
    name="bag",
    title="Bag and vials",
    purpose="What one bag must hold for a dose, how many vials that takes, and what stays behind. Never a recipe.",
    fields=(
        Field("mcg_per_day", "Dose", "number", unit="mcg/day", default="12.4", help="Not per m²."),
        Field("duration_h", "Bag for", "choice", default="48", choices=tuple(_duration(hours) for hours in _HOURS)),
        WEIGHT,
        Field(
            "label_version", "US label", "choice", default=LABEL_VERSIONS[0],
            choices=tuple(Choice(version, f"version {version}") for version in LABEL_VERSIONS),
        ),
        Field(
            "line_volume_ml", "Volume of the line", "number", unit="mL", default="5", optional=True,
            help="May stay empty; with it you see what a flush would do.",
        ),
    ),
    compute=_compute,
    aliases={},
)  # fmt: skip
