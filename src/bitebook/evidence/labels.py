"""Say in a few words what a row is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Row = Mapping[str, str]


def describe(table: str, row: Row, *, study_name: str, study_population: str = "") -> str:
    """Return a short description of a row; patients are named where they are not those of the whole study.

    Parameters
    ----------
    table
        Name of the table the row belongs to.
    row
        The cells as text.
    study_name
        Short name of the row's study; empty if it has none.
    study_population
        Population of the row's study.

    Examples
    --------
    >>> row = {"endpoint": "overall survival", "timepoint_months": "24", "arm": "chemotherapy"}
    >>> describe("outcomes", row, study_name="AALL1331 HR/IR (Brown 2021)")
    'AALL1331 HR/IR (Brown 2021): overall survival at 24 months, chemotherapy'
    """
    body = _MAKERS.get(table, _plain)(row)
    if table not in _WITH_STUDY:
        return body
    population = row.get("population", "")
    if population and population != study_population:
        body = f"{body} ({population})"
    return f"{study_name}: {body}" if study_name else body


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _at(row: Row) -> str:
    months = row.get("timepoint_months", "")
    return f" at {months} months" if months else ""


def _outcome(row: Row) -> str:
    return _join(row["endpoint"] + _at(row), row["arm"])


def _comparison(row: Row) -> str:
    return f"{row['measure']} for {row['endpoint']}{_at(row)}, {row['treated']} against {row['control']}"


def _adverse_event(row: Row) -> str:
    grade = {"any": "any grade", "": "", "serious": "serious"}.get(row["grade"], f"grade {row['grade']}")
    return _join(row["event"], grade.replace(">=", "≥"), row["arm"], row["treatment_phase"])


def _pharmacokinetics(row: Row) -> str:
    dose = f"{row['dose']} {row['dose_unit']}" if row["dose"] else ""
    return _join(row["parameter"], row["population"], row["route"], dose)


def _study(row: Row) -> str:
    return f"{row['short_name']}: number of {row['unit'] or 'patients'}"


def _resistance(row: Row) -> str:
    return _join(row["statement"], row["population"])


def _agent(row: Row) -> str:
    return f"{row['agent']}: registry number"


def _statement(row: Row) -> str:
    return row["statement"]


def _discrepancy(row: Row) -> str:
    return row["topic"]


def _plain(row: Row) -> str:
    """Describe a row of the rule tables: whatever it says about itself, in the order of the columns below."""
    names = ("item", "component", "category", "indication", "phase", "patient_group", "event", "drug", "label_version")
    return _join(*(row.get(name, "") for name in names))


_WITH_STUDY = frozenset({"outcomes", "comparisons", "adverse_events"})
_MAKERS: dict[str, Callable[[Row], str]] = {
    "studies": _study,
    "outcomes": _outcome,
    "comparisons": _comparison,
    "adverse_events": _adverse_event,
    "resistance": _resistance,
    "pharmacokinetics": _pharmacokinetics,
    "agents": _agent,
    "statements": _statement,
    "discrepancies": _discrepancy,
}
