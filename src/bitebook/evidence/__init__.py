"""The evidence of the book: every number with its unit, source, place, and status.

``table("outcomes")`` gives a pandas table, ``fact("brown2021-dfs-hr")`` one value ready for a sentence, and
``python -m bitebook.evidence check`` tests all tables. The files are in ``data/`` and described in
``data/datapackage.json``.
"""

from __future__ import annotations

from bitebook.evidence.fact import Fact
from bitebook.evidence.load import discrepancies, fact, facts, rows, table, tables

__all__ = ["Fact", "discrepancies", "fact", "facts", "rows", "table", "tables"]
