"""A DataFrame on the page: a captioned, numbered table in MyST Markdown, and the same in plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from bitebook import rows as reading

_NUMBER: Final = re.compile(r"[<>≥≤−+-]?\s?\d[\d.,]*\s?%?(\s?±\s?[\d.]+)?(\s?\([^()]*\))?†?")
_CODE: Final = re.compile(r"(`+[^`]*`+)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, as a notebook shows it: MyST Markdown on the page, plain text in a terminal."""

    frame: pd.DataFrame
    caption: str
    name: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def markdown(self) -> str:
        """The table as MyST: directive with caption and label, pipe table, notes below."""
        head = [_escaped(str(column)) for column in self.frame.columns]
        body = [[_escaped(_cell(value)) for value in row] for row in self.frame.itertuples(index=False)]
        rule = ["--:" if _numeric(self.frame.iloc[:, place]) else ":--" for place in range(len(head))]
        lines = [f":::{{table}} {self.caption}"]
        if self.name:
            lines.append(f":name: {self.name}")
        lines += ["", _line(head), _line(rule), *(_line(row) for row in body), "", ":::"]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        """The same content in aligned plain text."""
        cells = [[str(column) for column in self.frame.columns]]
        cells += [[_cell(value) for value in row] for row in self.frame.itertuples(index=False)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
        text = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
        return "\n".join([self.caption, *text, *self.notes])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        return {"text/markdown": self.markdown, "text/plain": str(self)}


def show(frame: pd.DataFrame, *, caption: str, name: str | None = None, notes: Sequence[str] = ()) -> Table:
    """Make a table of the page from a DataFrame: captioned, numbered, and open to references.

    Parameters
    ----------
    frame
        What a function of `bitebook.tables` returned, or any DataFrame with at least one row; its index is not shown.
    caption
        One line of MyST that states what the table shows. Required: a table without a caption cannot be found.
    name
        Label for ``{numref}``, in small letters, digits, and hyphens, by custom beginning with ``tab-``.
    notes
        Paragraphs below the table. A legend for the dagger, and the sources the rows name, are added by themselves.

    Returns
    -------
    Table
        Displays itself as the last line of a cell.

    Raises
    ------
    ValueError
        If the frame is empty, the caption is empty or longer than one line, or the name is malformed.

    Examples
    --------
    >>> print(show(pd.DataFrame({"Arm": ["A"], "DFS (%)": ["54.4†"]}), caption="Survival.").markdown)
    :::{table} Survival.
    <BLANKLINE>
    | Arm | DFS (%) |
    | :-- | --: |
    | A | 54.4† |
    <BLANKLINE>
    :::
    <BLANKLINE>
    † not verified against the current label or paper.
    <BLANKLINE>
    """
    reading.require(frame, (), used_by="tables.show")
    if not isinstance(caption, str) or not caption.strip() or "\n" in caption:
        raise ValueError(f"caption must be one line of text, got {caption!r}")
    if name is not None and not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"name must hold small letters, digits, and hyphens only, such as 'tab-dosing', got {name!r}")
    below = list(notes)
    if any(reading.DAGGER in _cell(value) for row in frame.itertuples(index=False) for value in row):
        below.append(reading.UNVERIFIED_NOTE)
    sources = frame.attrs.get("sources", ())
    if sources:
        below.append(f"{'Source' if len(sources) == 1 else 'Sources'}: {{cite}}`{','.join(sources)}`.")
    return Table(frame, caption.strip(), name, tuple(below))


def _cell(value: object) -> str:
    return " ".join(reading.or_none(value).split()) if value != "" else ""


def _numeric(column: pd.Series[Any]) -> bool:
    texts = [text for value in column if (text := _cell(value)) not in ("", reading.NONE)]
    return bool(texts) and all(_NUMBER.fullmatch(text) for text in texts)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escaped(text: str) -> str:
    r"""Escape what Markdown would take for markup; code and roles, in backticks, stay as they are.

    Examples
    --------
    >>> print(_escaped("a|b, $5 to $6, *x*, {cite}`k_1`"))
    a\|b, \$5 to \$6, \*x\*, {cite}`k_1`
    """
    parts = _CODE.split(text)
    plain = (re.sub(r"([|$*<\\])", r"\\\1", part) if i % 2 == 0 else part for i, part in enumerate(parts))
    return "".join(plain)
