"""Tables: rows of evidence in, a table for readers out, and its Markdown, which becomes a real table in every edition.

The functions take a DataFrame and return a DataFrame of text; `show` makes it a captioned, numbered table on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bitebook import rows as reading
from bitebook.display import Table, show
from bitebook.dosing import Course
from bitebook.dosing.table import shown
from bitebook.evidence import wording

__all__ = [
    "Table",
    "adverse_event_comparison",
    "comparisons",
    "dose_schedule",
    "label_rules",
    "pick",
    "show",
    "study_overview",
    "two_arm",
]


def pick(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Choose and rename columns; numbers keep their printed digits, and what is not verified gets its dagger.

    Parameters
    ----------
    rows
        Rows of any evidence table.
    columns
        Column to header; put the unit into the header. Two names are made from several columns: ``"interval"`` ("0.47
        to 1.03") and ``"value unit"`` ("616 pg/mL").

    Examples
    --------
    >>> rows = pd.DataFrame({"parameter": ["half-life"], "value": [2.1], "unit": ["h"], "status": ["unverified"]})
    >>> pick(rows, {"parameter": "Parameter", "value unit": "Value"}).iloc[0].tolist()
    ['half-life', '2.1 h†']
    """
    made = ("interval", "value unit")
    table = reading.require(rows, [name for name in columns if name not in made], used_by="tables.pick")
    facts = reading.records(table)
    chosen = [{header: _picked(fact, name) for name, header in columns.items()} for fact in facts]
    return _frame(chosen, table, list(columns.values()))


def two_arm(rows: pd.DataFrame) -> pd.DataFrame:
    """Set the outcomes of two or more arms side by side: one line an endpoint and time, one column an arm.

    Parameters
    ----------
    rows
        From ``evidence.table("outcomes")``: columns ``arm``, ``endpoint``, ``value``; used when present:
        ``timepoint_months``, ``estimate_type``, ``unit``, ``standard_error``, ``low``, ``high``, ``failures``,
        ``responders``, ``denominator``, ``status``. One study; of each arm one value an endpoint and time.

    Returns
    -------
    pandas.DataFrame
        Columns Endpoint, Time, Estimate (crude or Kaplan-Meier: never the same thing), then the arms with their unit.

    Raises
    ------
    ValueError
        If rows is empty, lacks a column, mixes studies, or holds an arm twice for one endpoint and time.
    """
    table = reading.require(rows, ("arm", "endpoint", "value"), used_by="two_arm")
    reading.single(table, "study", used_by="two_arm")
    facts = [fact for fact in reading.records(table) if reading.present(fact["value"])]
    units = {_unit(fact) for fact in facts}
    header = f" ({units.pop()})" if len(units) == 1 and "" not in units else ""
    lines: dict[tuple[str, str, str], dict[str, str]] = {}
    arms = list(dict.fromkeys(str(fact["arm"]) for fact in facts))
    for fact in facts:
        key = (
            str(fact["endpoint"]),
            _time(fact),
            reading.or_none(fact.get("estimate_type")).replace("kaplan-meier", "Kaplan-Meier"),
        )
        line = lines.setdefault(key, {})
        if str(fact["arm"]) in line:
            raise ValueError(f"rows for two_arm holds {key[0]!r} ({key[1]}) twice for {fact['arm']!r}; filter to one")
        line[str(fact["arm"])] = _estimate(fact, with_unit=not header)
    chosen = [
        {
            "Endpoint": endpoint,
            "Time": time,
            "Estimate": kind,
            **{f"{arm}{header}": line.get(arm, reading.NONE) for arm in arms},
        }
        for (endpoint, time, kind), line in lines.items()
    ]
    return _frame(chosen, table, ["Endpoint", "Time", "Estimate", *(f"{arm}{header}" for arm in arms)])


def study_overview(studies: pd.DataFrame) -> pd.DataFrame:
    """List studies: name with registry number, population, design with phase, patients.

    Parameters
    ----------
    studies
        From ``evidence.table("studies")``: columns ``id``, ``short_name``, ``population``, ``design``, ``n``; used when
        present: ``registry_id``, ``phase``, ``year``, ``follow_up``, ``status``.
    """
    table = reading.require(studies, ("id", "short_name", "population", "design", "n"), used_by="study_overview")
    chosen = []
    for fact in reading.records(table):
        phase = f"{_phase(str(fact['phase']))}, " if reading.present(fact.get("phase")) else ""
        chosen.append(
            {
                "Study": _joined(fact["short_name"], fact.get("year")),
                "Registry": reading.or_none(fact.get("registry_id")),
                "Population": reading.or_none(fact["population"]),
                "Design": f"{phase}{reading.or_none(fact['design'])}",
                "Patients (n)": f"{reading.printed(fact, 'n') or reading.NONE}{reading.mark(fact)}",
                "Follow-up": reading.or_none(fact.get("follow_up")),
            }
        )
    frame = _frame(chosen, table, list(chosen[0]))
    frame.attrs["sources"] = tuple(dict.fromkeys(str(key) for key in table["id"]))
    return frame


def comparisons(rows: pd.DataFrame) -> pd.DataFrame:
    """List treatment comparisons: study, endpoint, measure, estimate, interval, and the sides of a P value.

    Parameters
    ----------
    rows
        From ``evidence.table("comparisons")``: columns ``study``, ``endpoint``, ``measure``, ``value``; used when
        present: ``timepoint_months``, ``low``, ``high``, ``p_sides``, ``unit``, ``status``, ``interval_status``.
    """
    table = reading.require(rows, ("study", "endpoint", "measure", "value"), used_by="comparisons")
    kind = reading.kinds_of(reading.records(table))
    header = kind if kind != "interval" else "Interval"
    chosen = []
    for fact in reading.records(table):
        measure = str(fact["measure"])
        if measure.lower() == "p value":
            sides = f"{float(fact['p_sides']):g}" if reading.present(fact.get("p_sides")) else ""
            measure += {"1": ", one-sided", "2": ", two-sided"}.get(sides, ", sides not stated")
        elif reading.present(fact.get("unit")):
            measure += f" ({_unit(fact)})"
        time = _time(fact)
        interval = reading.interval_text(fact)
        other = "" if reading.interval_kind(fact) in (kind, "interval") else f" ({reading.interval_kind(fact)})"
        chosen.append(
            {
                "Study": reading.study_name(fact["study"]),
                "Endpoint": str(fact["endpoint"]) + (f", {time}" if time != reading.NONE else ""),
                "Measure": measure,
                "Estimate": f"{reading.printed(fact)}{reading.mark(fact)}",
                header: f"{interval}{other}{reading.mark(fact, interval=True)}" if interval else reading.NONE,
            }
        )
    return _frame(chosen, table, list(chosen[0]))


def adverse_event_comparison(rows: pd.DataFrame) -> pd.DataFrame:
    """Set adverse events of the arms side by side: percent, with counts where they are printed.

    Parameters
    ----------
    rows
        From ``evidence.table("adverse_events")``: columns ``event``, ``arm``, ``value`` (percent); used when present:
        ``grade``, ``treatment_phase``, ``events``, ``n``, ``status``. Each combination once.

    Returns
    -------
    pandas.DataFrame
        Columns Event, Phase and Grade where they differ between rows, then one for each arm.
    """
    table = reading.require(rows, ("event", "arm", "value"), used_by="adverse_event_comparison")
    extra = reading.several(table, ("study", "treatment_phase", "grade"))
    heads = {"study": "Study", "treatment_phase": "Phase", "grade": "Grade"}
    arms = list(dict.fromkeys(str(arm) for arm in table["arm"]))
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for fact in reading.records(table):
        key = (str(fact["event"]), *(_shown_key(fact, name) for name in extra))
        line = lines.setdefault(key, {})
        if str(fact["arm"]) in line:
            raise ValueError(
                f"rows for adverse_event_comparison holds {' / '.join(key)!r} twice for {fact['arm']!r}; filter to one"
            )
        line[str(fact["arm"])] = _percent(fact)
    columns = ["Event", *(heads[name] for name in extra), *(f"{arm} (%)" for arm in arms)]
    chosen = [
        dict(zip(columns, (*key, *(line.get(arm, reading.NONE) for arm in arms)), strict=True))
        for key, line in lines.items()
    ]
    return _frame(chosen, table, columns)


def dose_schedule(plan: Course) -> pd.DataFrame:
    """List the steps of a course: cycle, days, dates, dose, and amount; doses to one decimal, sums of unrounded doses.

    Parameters
    ----------
    plan
        From `bitebook.dosing.course`.
    """
    if not isinstance(plan, Course):
        raise ValueError(f"plan must be a course from bitebook.dosing.course, got {type(plan).__name__}")
    steps = sorted((*plan.steps, *plan.infusion_free), key=lambda step: (step.cycle, step.day_from))
    chosen = [
        {
            "Cycle": str(step.cycle),
            "Days": f"{step.day_from}-{step.day_to}",
            "Dates": f"{step.date_from} to {step.date_to}",
            "Dose (mcg/day)": f"{shown(step.mcg_per_day)}{step.dose.mark}" if step.mcg_per_day else "no infusion",
            "Amount (mcg)": f"{shown(step.total_mcg)}{step.dose.mark}" if step.mcg_per_day else reading.NONE,
        }
        for step in steps
    ]
    last = dict.fromkeys(chosen[0], "")
    chosen.append({**last, "Cycle": "all", "Amount (mcg)": f"{shown(plan.total_mcg)}{plan.mark}"})
    frame = pd.DataFrame(chosen)
    frame.attrs["sources"] = tuple(dict.fromkeys(step.dose.source for step in steps if step.dose.source))
    return frame


def label_rules(rows: pd.DataFrame) -> pd.DataFrame:
    """List rules of the label: what, for whom and when, the value with its cap, label version and place on each line.

    Parameters
    ----------
    rows
        From ``evidence.table("dosing_rules")`` or ``("preparation")``: ``label_version``, ``region``, ``value``;
        used when present: ``item`` with ``component``, else ``label``, ``action``, ``category`` or ``id`` (the first
        that is filled names the rule), ``indication``, ``age_group``, ``patient_group``, ``event``, ``grade``, weight
        band, cycles, days, ``durations_h``, ``dose``, ``drug``, ``cap``, ``second_value``, ``unit``, ``locator``,
        ``status``.
    """
    table = reading.require(rows, ("label_version", "region", "value"), used_by="label_rules")
    chosen = []
    for fact in reading.records(table):
        value = _rule_value(fact)
        chosen.append(
            {
                # A rule in words has no number to carry the dagger.
                "Rule": _rule_name(fact) + ("" if value else reading.mark(fact)),
                "Applies to": _scope(fact) or reading.NONE,
                "Value": value or reading.NONE,
                "Label": _edition(str(fact["region"]), str(fact["label_version"])),
                "Where": reading.or_none(fact.get("locator")),
            }
        )
    return _frame(chosen, table, list(chosen[0]))


def _rule_name(fact: Mapping[str, Any]) -> str:
    item, component = _given(fact, "item"), _given(fact, "component")
    if item:
        return f"{item}: {component}" if component else item
    return next(
        (_given(fact, name) for name in ("label", "action", "category", "id") if _given(fact, name)), reading.NONE
    )


def _rule_value(fact: Mapping[str, Any]) -> str:
    """Return drug (unless it is the book's own), amount, cap, and second amount: a bare "20 mg" is no rule."""
    amount = _quantity(fact)
    if not amount:
        return ""
    drug = _given(fact, "drug")
    parts = [f"{drug} {amount}" if drug not in ("", "blinatumomab") else amount]
    parts[0] += f", at most {fact['cap']:g} {_given(fact, 'cap_unit')}" if reading.present(fact.get("cap")) else ""
    second = fact.get("second_value")
    if reading.present(second):
        word = "next cycle" if fact.get("category") == "hospitalization" else "then"
        parts.append(f"{word} {wording.quantity(f'{second:g}', str(fact['unit']))}")
    return "; ".join(parts) + reading.mark(fact)


def _scope(fact: Mapping[str, Any]) -> str:
    """Say for whom and when a rule holds; the lower end of a weight band is included, the upper is not."""
    who = {"adult": "adults", "pediatric": "children"}.get(_given(fact, "age_group"), "")
    parts = [_given(fact, "indication").replace("all", ""), who, _given(fact, "patient_group"), _given(fact, "event")]
    grade = _given(fact, "grade")
    parts.append("any grade" if grade == "any" else f"grade {grade}" if grade.isdigit() else grade)
    low, high = _given(fact, "weight_low_kg"), _given(fact, "weight_high_kg")
    parts += [f"{low} kg or more" if low else "", f"below {high} kg" if high else ""]
    for name, start, end in (("cycle", "cycle_from", "cycle_to"), ("day", "day_from", "day_to")):
        first, last = _given(fact, start), _given(fact, end)
        if first:
            parts.append(f"{name} {first}" if last in ("", first) else f"{name}s {first}-{last}")
    dose, hours = _given(fact, "dose").replace(" ", " or "), _given(fact, "durations_h").replace(" ", ", ")
    parts += [f"dose {dose} {_given(fact, 'dose_unit')}" if dose else "", f"bags of {hours} h" if hours else ""]
    return "; ".join(part for part in parts if part)


def _given(fact: Mapping[str, Any], name: str) -> str:
    value = fact.get(name)
    return reading.or_none(value) if reading.present(value) else ""


def _frame(chosen: Sequence[Mapping[str, str]], rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Build the frame of text and remember where its rows come from."""
    frame = pd.DataFrame(list(chosen), columns=list(columns))
    keys = [str(key) for key in rows["source"] if reading.present(key)] if "source" in rows.columns else []
    frame.attrs["sources"] = tuple(dict.fromkeys(keys))
    return frame


def _picked(fact: Mapping[str, Any], name: str) -> str:
    if name == "interval":
        text = reading.interval_text(fact)
        return f"{text}{reading.mark(fact, interval=True)}" if text else reading.NONE
    if name == "value unit":
        text = _quantity(fact)
        return f"{text}{reading.mark(fact)}" if text else reading.NONE
    value = fact[name]
    if name in ("value", "low", "high"):
        text = reading.printed(fact, name)
        return f"{text}{reading.mark(fact, interval=name != 'value')}" if text else reading.NONE
    if name == "study":
        return reading.study_name(value)
    return reading.or_none(value)


def _quantity(fact: Mapping[str, Any]) -> str:
    """Return value, else range, with the unit, worded as everywhere in the book."""
    unit = str(fact["unit"]) if reading.present(fact.get("unit")) else ""
    number, low, high = (reading.printed(fact, field) for field in ("value", "low", "high"))
    if not number:
        return wording.span(low, high, unit) if low or high else ""
    return wording.quantity(number, unit) if wording.is_number(number) else number


def _unit(fact: Mapping[str, Any]) -> str:
    """Return the unit as a header shows it."""
    unit = str(fact["unit"]) if reading.present(fact.get("unit")) else ""
    return "%" if unit == "percent" else wording.unit_text(unit)


def _estimate(fact: Mapping[str, Any], *, with_unit: bool) -> str:
    """Return value, precision, and counts of one outcome: "61.2 ± 5.0", "39.0 (27 to 51)", "69 (17/54 events)"."""
    text = _quantity(fact) if with_unit else reading.printed(fact)
    if reading.present(fact.get("standard_error")):
        text += f" ± {reading.printed(fact, 'standard_error')}"
    extras = [reading.interval_text(fact)] if reading.interval_text(fact) else []
    for name, word in (("failures", "events"), ("responders", "patients")):
        if reading.present(fact.get(name)) and reading.present(fact.get("denominator")):
            extras.append(f"{reading.printed(fact, name)}/{reading.printed(fact, 'denominator')} {word}")
    dagger = reading.DAGGER if reading.unverified(fact) or reading.unverified(fact, interval=True) else ""
    return text + (f" ({'; '.join(extras)})" if extras else "") + dagger


def _percent(fact: Mapping[str, Any]) -> str:
    counts = ""
    if reading.present(fact.get("events")) and reading.present(fact.get("n")):
        counts = f" ({reading.printed(fact, 'events')}/{reading.printed(fact, 'n')})"
    return f"{reading.printed(fact) or reading.NONE}{counts}{reading.mark(fact)}"


def _time(fact: Mapping[str, Any]) -> str:
    months = fact.get("timepoint_months")
    if not reading.present(months):
        return reading.NONE
    years = float(months) / 12  # type: ignore[arg-type]
    if years >= 1 and (years * 2).is_integer():
        return f"{years:g} year{'' if years == 1 else 's'}"
    return f"{float(months):g} months"  # type: ignore[arg-type]


def _shown_key(fact: Mapping[str, Any], name: str) -> str:
    if name == "study":
        return reading.study_name(fact[name])
    return reading.or_none(fact[name]).replace(">=", "≥")


def _phase(text: str) -> str:
    """Put the word before a number; "expanded access" is no phase."""
    return f"phase {text}" if text[0] in "I123" else text


def _edition(region: str, version: str) -> str:
    """Name region and version, the region once."""
    return version if version.startswith(region) else f"{region}: {version}"


def _joined(name: object, year: object) -> str:
    """Add the year unless the name already ends in it."""
    text = str(name)
    shown_year = f"{float(year):g}" if reading.present(year) else ""  # type: ignore[arg-type]
    return text if not shown_year or shown_year in text else f"{text} ({shown_year})"
