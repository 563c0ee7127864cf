"""Calculator: from an adverse event and its grade to the labeled action, the restart dose, and the rule behind it."""

from __future__ import annotations

from bitebook.calculators import origins
from bitebook.calculators.blocks import Block, Lines, Table, Text
from bitebook.calculators.entries import Entries
from bitebook.calculators.fields import HEIGHT, WEIGHT, Choice, Field
from bitebook.calculators.model import Calculator, Outcome
from bitebook.dosing import Modification, modification
from bitebook.dosing.table import shown

_EVENTS = (
    Choice("crs", "cytokine release syndrome"),
    Choice("neurotoxicity", "neurologic toxicity, ICANS included"),
    Choice("seizure", "seizure"),
    Choice("other", "another adverse reaction"),
    Choice("transaminases", "liver enzymes (AST or ALT)"),
    Choice("bilirubin", "bilirubin"),
)
_LIVER = ("times_upper_limit",)
_GRADED = ("grade", "weight_kg", "height_cm", "days_to_resolve", "at_starting_dose")
#: What decides each event; anything else that was typed is said to be without effect.
_USED = {
    "crs": _GRADED,
    "neurotoxicity": _GRADED,
    "other": _GRADED,
    "seizure": ("number_of_seizures", *_GRADED),
    "transaminases": _LIVER,
    "bilirubin": _LIVER,
}


def _compute(entries: Entries) -> Outcome:
    event = entries.word("event")
    found = modification(
        event=event,
        grade=entries.number_or_none("grade"),  # type: ignore[arg-type]  # the package refuses a part of a grade
        weight_kg=entries.number_or_none("weight_kg"),
        height_cm=entries.number_or_none("height_cm"),
        number_of_seizures=entries.number_or_none("number_of_seizures"),  # type: ignore[arg-type]
        times_upper_limit=entries.number_or_none("times_upper_limit"),
        days_to_resolve=entries.number_or_none("days_to_resolve"),
        at_starting_dose={"": None, "yes": True, "no": False}[entries.word("at_starting_dose")],
    )
    twin = _referred_to(found)
    own = _for_this_patient(found)
    status = _headline(found, own, twin)
    blocks: list[Block] = [Text(status, role="result")]
    if not found.labeled:
        silent = "The rows we hold say nothing here. That is not the same as: go on. See the current label."
        blocks.append(Text(silent, role="warning"))
    blocks.append(_table(found))
    if found.labeled:
        blocks.append(_words("The label's words", found))
    if twin is not None:
        blocks.append(_words("The words of the row for heavier patients, to which this row refers", twin))
    if own:
        blocks.append(Lines("For this patient", tuple(step + found.mark for step in own)))
    blocks.append(Lines("Working", found.working, ordered=True))
    if found.note:
        blocks.append(Text(found.note, role="note"))
    ignored = [field.title.lower() for field in FIELDS[1:] if field.name in entries and field.name not in _USED[event]]
    if ignored:
        blocks.append(Text(f"Without effect for this event: {', '.join(ignored)}.", role="note"))
    return Outcome(status, tuple(blocks), (*found.rule_ids, *(twin.rule_ids if twin else ())))


def _words(title: str, found: Modification) -> Lines:
    return Lines(title, tuple(part + found.mark for part in found.action.split("; ")))


def _referred_to(found: Modification) -> Modification | None:
    """Return the row for heavier patients where the row of this patient says no more than "as for" that one."""
    if not found.action.startswith("as for"):
        return None
    band_kg = float(origins.row_of(found.rule_id)["weight_high_kg"])
    graded = "neurotoxicity" if found.event == "seizure" else found.event
    return modification(event=graded, grade=found.grade, weight_kg=band_kg)


def _for_this_patient(found: Modification) -> tuple[str, ...]:
    """Return the steps that were computed, without the label's words: together they would read as two doses."""
    label = tuple(found.action.split("; "))
    return found.steps[len(label) :] if found.steps[: len(label)] == label else found.steps


def _headline(found: Modification, own: tuple[str, ...], twin: Modification | None) -> str:
    """Return the event and what follows, in one sentence."""
    if not own:
        told = found.action
    elif own == found.steps:  # a condition was met that stops for good: the label's words for a restart do not hold
        told = "; ".join(own)
    else:
        told = "; ".join(((twin or found).action.split("; ")[0], *own))
    if found.permanent is None and found.permanent_if:
        told += f"; stop for good if {' or if '.join(found.permanent_if)}"
    grade = "" if found.grade is None else f", grade {found.grade}"
    return f"{_event(found)}{grade}: {told}{found.mark}."


def _event(found: Modification) -> str:
    name = next(choice.label for choice in _EVENTS if choice.value == found.event)
    return name[:1].upper() + name[1:]


def _table(found: Modification) -> Table:
    """Return what was found, one property a row; what the rows do not state is left out or named as open."""
    rows = [("Event", _event(found)), ("Grade", "not asked for" if found.grade is None else str(found.grade))]
    rows.append(("Stop for good", _permanent(found) + found.mark))
    if found.restart_mcg_per_day is not None:
        rows.append(("Restart dose", f"{shown(found.restart_mcg_per_day)}{found.mark} mcg/day"))
    if found.escalate_mcg_per_day is not None:
        rows.append(
            (
                "Then",
                f"{shown(found.escalate_mcg_per_day)}{found.mark} mcg/day after {found.escalate_after_days} days "
                "without recurrence",
            )
        )
    if found.dexamethasone_mg is not None:
        cap = ", the cap" if found.dexamethasone_cap_applied else ""
        rows.append(("Dexamethasone", f"{shown(found.dexamethasone_mg)}{found.mark} mg{cap}"))
    rows.append(("Rule", f"{found.rule_id or 'none'} ({found.label_version})"))
    return Table(caption="What the label's table says", columns=("What", "Answer"), rows=tuple(rows))


def _permanent(found: Modification) -> str:
    if not found.labeled:
        return "not stated in our sources"
    if found.permanent is None:
        conditions = " or if ".join(found.permanent_if)
        return f"if {conditions}" if conditions else "to be considered"
    return "yes" if found.permanent else "no"


FIELDS = (
    Field("event", "Event", "choice", default="crs", choices=_EVENTS),
    Field(
        "grade", "Grade", "choice", default="3", optional=True, help="For liver values choose none.",
        choices=(Choice("", "none"), *(Choice(str(grade), f"grade {grade}") for grade in range(1, 5))),
    ),
    Field(
        WEIGHT.name, WEIGHT.title, WEIGHT.kind, unit=WEIGHT.unit, default=WEIGHT.default, optional=True,
        help=f"Decides the row of a graded event. {WEIGHT.help}",
    ),
    Field(
        HEIGHT.name, HEIGHT.title, HEIGHT.kind, unit=HEIGHT.unit, default=HEIGHT.default, optional=True,
        help=f"Needed where the dose goes by surface. {HEIGHT.help}",
    ),
    Field("number_of_seizures", "Number of seizures", "integer", optional=True, help="For a seizure only."),
    Field(
        "times_upper_limit", "Liver value", "number", unit="× upper limit of normal", optional=True,
        help="For liver enzymes and bilirubin only.",
    ),
    Field("days_to_resolve", "Time to resolve", "number", unit="days", optional=True, help="If known."),
    Field(
        "at_starting_dose", "At the low dose", "choice", optional=True,
        help="9 mcg/day, or 5 mcg/m²/day below 45 kg. Without a step the first dose is the full one: no.",
        choices=(Choice("", "not known"), Choice("yes", "yes"), Choice("no", "no")),
    ),
)  # fmt: skip

CALCULATOR = Calculator(
    name="toxicity",
    title="Toxicity and labeled action",
    purpose="From an adverse event and its grade to what the label's table asks, and to the restart dose.",
    fields=FIELDS,
    compute=_compute,
    aliases={},
)
