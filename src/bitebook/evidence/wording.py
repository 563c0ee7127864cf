"""Put a number and its unit into words, the same way everywhere in the book."""

from __future__ import annotations

NOT_AVAILABLE = "not available to us"

# Units that stand in the tables in one form and are printed in another.
_PRINTED = {"m2": "m²", "m3": "m³"}
_IRREGULAR = {"countries": "country", "studies": "study", "QALY": "QALY"}
# Only counted things lose their plural s; symbols of units have none.
_COUNTED = frozenset(
    {
        "hours",
        "days",
        "weeks",
        "months",
        "years",
        "minutes",
        "cycles",
        "courses",
        "blocks",
        "patients",
        "infants",
        "children",
        "cases",
        "events",
        "responses",
        "seizures",
        "agents",
        "indications",
        "samples",
        "markers",
        "targets",
        "documents",
        "trials",
        "institutions",
        "caregivers",
        "infusions",
        "doses",
        "vials",
        "bags",
        "levels",
        "changes",
        "points",
    }
)


def unit_text(unit: str, *, one: bool = False) -> str:
    """Return the unit as printed, in the singular if `one`.

    Examples
    --------
    >>> unit_text("mcg/m2/day"), unit_text("days", one=True), unit_text("dose levels", one=True)
    ('mcg/m²/day', 'day', 'dose level')
    """
    printed = unit
    for plain, sign in _PRINTED.items():
        printed = printed.replace(plain, sign)
    if not one:
        return printed
    head, _, last = printed.rpartition(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last in _COUNTED:
        last = last.removesuffix("s")
    return f"{head} {last}".strip()


def quantity(text: str, unit: str) -> str:
    """Return a number with its unit.

    Examples
    --------
    >>> quantity("54.4", "percent"), quantity("9", "days"), quantity("1", "days"), quantity("0.70", "")
    ('54.4%', '9 days', '1 day', '0.70')
    """
    if unit == "percent":
        return f"{text}%"
    return f"{text} {unit_text(unit, one=text in ('1', '1.0'))}".strip()


def span(low: str, high: str, unit: str) -> str:
    """Return a range; the unit stands once, except for percent, where it stands on both ends.

    Examples
    --------
    >>> span("10", "15", "percent"), span("24", "48", "hours")
    ('10% to 15%', '24 to 48 hours')
    >>> span("", "24", "hours"), span("85", "", "percent")
    ('up to 24 hours', 'at least 85%')
    """
    if low and high:
        start = f"{low}%" if unit == "percent" else low
        return f"{start} to {quantity(high, unit)}"
    if high:
        return f"up to {quantity(high, unit)}"
    return f"at least {quantity(low, unit)}"


def p_value(text: str, sides: str) -> str:
    """Return a P value with its side, as far as the source states it.

    Examples
    --------
    >>> p_value("0.03", "1"), p_value("<0.001", "")
    ('P = 0.03 (one-sided)', 'P < 0.001')
    """
    shown = f"P < {text[1:].strip()}" if text.startswith("<") else f"P = {text}"
    side = {"1": " (one-sided)", "2": " (two-sided)"}.get(sides, "")
    return shown + side


def is_number(text: str) -> bool:
    """Tell whether a cell holds a plain number (never ``nan`` or ``inf``).

    Examples
    --------
    >>> is_number("39.0"), is_number("<0.001"), is_number("nan"), is_number("")
    (True, False, False, False)
    """
    try:
        number = float(text)
    except ValueError:
        return False
    return number - number == 0
