"""Blocks as plain text, for a terminal and for those who copy a result."""

from __future__ import annotations

from collections.abc import Iterable

from bitebook.calculators.blocks import Block, Lines, Table, Text


def text_of(blocks: Iterable[Block]) -> str:
    """Return blocks as lines of text.

    Examples
    --------
    >>> print(text_of([Text("Dose 4.1 mcg/day"), Lines("Working", ("one", "two"), ordered=True)]))
    Dose 4.1 mcg/day
    <BLANKLINE>
    Working
    1. one
    2. two
    """
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if isinstance(block, Text):
        return f"Warning: {block.text}" if block.role == "warning" else block.text
    if isinstance(block, Lines):
        numbered = [f"{place}. {line}" for place, line in enumerate(block.lines, start=1)]
        return "\n".join([block.title, *(numbered if block.ordered else [f"- {line}" for line in block.lines])])
    if isinstance(block, Table):
        lines = ["\t".join(block.columns), *("\t".join(str(cell) for cell in row) for row in block.rows)]
        return "\n".join([block.caption, *lines])
    return f"{block.title}\n{block.description}"
