"""Reading a rule table with the standard library alone, so that the same files run in the reader's browser."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from bitebook.paths import data_dir

Row = Mapping[str, str]
TableKey = tuple[str, int, int]

#: From the best to the weakest: a result is only as good as the weakest row it uses.
STATUSES: Final = ("primary", "secondary", "review", "unverified")


def table_key(name: str) -> TableKey:
    """Return what identifies the present state of a table: its path, its time of change, and its size.

    Parsed tables are cached under this key, so that a changed file or another ``BITEBOOK_DATA`` is read anew.
    """
    path = f"{_folder(os.environ.get('BITEBOOK_DATA'))}/{name}.csv"
    state = os.stat(path)  # noqa: PTH116 - a Path would cost more than the whole dose
    return path, state.st_mtime_ns, state.st_size


@lru_cache(maxsize=8)
def _folder(named: str | None) -> str:  # noqa: ARG001 - the key of the cache; data_dir reads the same variable
    return str(data_dir())


@lru_cache(maxsize=16)
def read(key: TableKey) -> tuple[Row, ...]:
    """Return the rows of the table that `key` identifies; every cell is text, as printed.

    Examples
    --------
    >>> rows = read(table_key("preparation"))
    >>> next(row["value"] for row in rows if row["id"] == "label-recon-conc")
    '12.5'
    """
    with open(key[0], encoding="utf-8", newline="") as lines:  # noqa: PTH123 - the key holds text, not a Path
        return tuple(csv.DictReader(lines))


def weakest(statuses: tuple[str, ...]) -> str:
    """Return the weakest of some statuses of evidence.

    Examples
    --------
    >>> weakest(("primary", "unverified", "secondary"))
    'unverified'
    """
    return max(statuses, key=STATUSES.index)


def mark(status: str) -> str:
    """Return the dagger for a result that rests on a value not verified against the current label, else empty text."""
    return "†" if status == "unverified" else ""


def shown(value: float | Decimal, places: int = 1) -> str:
    """Return a number for display, rounded half up from its shortest decimal form; the value itself is not changed.

    Examples
    --------
    >>> shown(12.25), shown(0.785, 2), shown(28)
    ('12.3', '0.79', '28.0')
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
