"""Reading evidence rows for display: what must be there, how a number was printed, what is not verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

DAGGER: Final = "†"
NONE: Final = "–"  # printed in an empty cell
UNVERIFIED_NOTE: Final = f"{DAGGER} not verified against the current label or paper."


def require(rows: object, columns: Iterable[str], *, used_by: str) -> pd.DataFrame:
    """Return `rows` if it is a table with at least one row and all `columns`.

    Raises
    ------
    ValueError
        Saying which columns are missing, or that no row was left after filtering.

    Examples
    --------
    >>> require(pd.DataFrame({"arm": ["a"]}), ["arm", "value"], used_by="forest")
    Traceback (most recent call last):
    ...
    ValueError: rows for forest lacks the column 'value'; it has: arm
    """
    if not isinstance(rows, pd.DataFrame):
        raise ValueError(f"rows for {used_by} must be a pandas DataFrame, got {type(rows).__name__}")
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        listed = ", ".join(repr(name) for name in missing)
        raise ValueError(
            f"rows for {used_by} lacks the column{'s' if len(missing) > 1 else ''} {listed}; "
            f"it has: {', '.join(map(str, rows.columns)) or 'none'}"
        )
    if rows.empty:
        raise ValueError(
            f"rows for {used_by} is empty: at least one row is needed; check the filter (study, arm, grade)"
        )
    return rows


def single(rows: pd.DataFrame, column: str, *, used_by: str) -> Any:
    """Return the one value a column holds; several values mean that things were mixed which do not belong together."""
    if column not in rows.columns:
        return None
    values = sorted({str(value) for value in rows[column] if present(value)})
    if len(values) > 1:
        raise ValueError(f"rows for {used_by} mixes {column} {', '.join(map(repr, values))}; filter to one of them")
    return values[0] if values else None


def present(value: object) -> bool:
    """Return True unless a cell is empty (None, NaN, or blank text)."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    return not (isinstance(value, float) and value != value) and value is not pd.NA


def printed(row: Mapping[str, Any], field: str = "value") -> str:
    """Return a number of a row as its source printed it ("39.0" keeps its zero); empty text if there is none.

    The printed digits come from the fact of the same id, as long as the row still holds that fact's number, and words
    such as "<0.001" from ``value_text``; a number the caller computed is written with up to six significant digits.

    Examples
    --------
    >>> printed({"value": 54.4}), printed({"value": 3.0}), printed({"value": None})
    ('54.4', '3', '')
    """
    value = row.get(field)
    if not present(value):
        text = row.get("value_text") if field == "value" else None
        return str(text) if present(text) else ""
    if isinstance(value, str):
        return value
    known = _printed_fact(str(row.get("id", "")), field)
    if known and _same(known, value):
        return known
    return f"{value:.6g}"


def unverified(row: Mapping[str, Any], *, interval: bool = False) -> bool:
    """Return True if the value (or, with ``interval=True``, its interval) is from background knowledge only."""
    own = row.get("interval_status") if interval else None
    status = own if present(own) else row.get("status")
    return status == "unverified"


def mark(row: Mapping[str, Any], *, interval: bool = False) -> str:
    """Return the dagger for a row that is not verified, else empty text."""
    return DAGGER if unverified(row, interval=interval) else ""


def interval_kind(row: Mapping[str, Any]) -> str:
    """Return what the interval is ("95% CI", "range"), or "interval" when the row does not say."""
    kind = row.get("interval_kind")
    return str(kind) if present(kind) and kind != "interval as printed" else "interval"


def kinds_of(facts: Iterable[Mapping[str, Any]]) -> str:
    """Return the one kind of interval these rows share, else "interval"."""
    kinds = {interval_kind(fact) for fact in facts if interval_text(fact)}
    return kinds.pop() if len(kinds) == 1 else "interval"


def interval_text(row: Mapping[str, Any]) -> str:
    """Return "0.47 to 1.03" as printed, or empty text when an end is missing."""
    low, high = printed(row, "low"), printed(row, "high")
    return f"{low} to {high}" if low and high else ""


def study_name(key: object) -> str:
    """Return the short name of a study, or its key when the evidence has no such study.

    Examples
    --------
    >>> study_name("nobody1999")
    'nobody1999'
    """
    return _short_names().get(str(key), str(key))


def several(rows: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """Return those of `columns` that hold more than one value."""
    return [name for name in columns if name in rows.columns and len({str(v) for v in rows[name] if present(v)}) > 1]


def or_none(value: object) -> str:
    """Return a cell as text, a dash for an empty one.

    Examples
    --------
    >>> or_none(24.0), or_none(None), or_none("early")
    ('24', '–', 'early')
    """
    if not present(value):
        return NONE
    return f"{value:g}" if isinstance(value, float) else str(value)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _printed_fact(key: str, field: str) -> str:
    if not key or field not in ("value", "low", "high"):
        return ""
    from bitebook import evidence

    fact = evidence.facts().get(key)
    return str(getattr(fact, f"{field}_text", "") or "") if fact is not None else ""


def _short_names() -> dict[str, str]:
    from bitebook import evidence

    return {row["id"]: row["short_name"] for row in evidence.rows("studies") if row["short_name"]}


def _same(text: str, value: object) -> bool:
    try:
        return abs(float(text) - float(value)) < 1e-9  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
