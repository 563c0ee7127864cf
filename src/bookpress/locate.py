"""From a node or a role back to the line a writer has to change.

Parsers know the line a paragraph begins on, not the line of a word in it. Chapters have one sentence a line, so a
message that names the paragraph's first line sends the writer searching; these helpers look the words up in the source.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment

REACH = 120
"""How many lines below a block's first line are searched before the rest of the file is."""


def source_path(node: nodes.Node, env: BuildEnvironment, docname: str) -> Path:
    """Return the file a node came from: the page's own, or the file it includes."""
    page = Path(env.doc2path(docname))
    current: nodes.Node | None = node
    while current is not None and not current.source:
        current = current.parent
    named = Path(str(current.source)) if current is not None else page
    return named if named.is_file() else page


def first_line(node: nodes.Node) -> int:
    """Return the line of the nearest enclosing node that knows one."""
    current: nodes.Node | None = node
    while current is not None and not current.line:
        current = current.parent
    return int(current.line or 1) if current is not None else 1


def line_of(path: Path, words: str, *, start: int, nth: int = 0) -> int:
    """Return the line of `path` that holds `words`, searched from line `start` on; `start` itself if none does.

    Parameters
    ----------
    path
        The source file.
    words
        What is written there; each run of white space also matches a line break and emphasis marks.
    start
        First line of the block, counted from 1.
    nth
        Which occurrence at or below `start`, counted from 0.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = [re.escape(part) for part in words.split()]
    whole = re.compile(r"[\s*_]+".join(parts))
    text = "\n".join(lines[start - 1 : start - 1 + REACH])
    found = list(whole.finditer(text))
    if parts and found:
        return start + text.count("\n", 0, found[min(nth, len(found) - 1)].start())
    anywhere = whole.search("\n".join(lines)) if parts else None
    return 1 + "\n".join(lines).count("\n", 0, anywhere.start()) if anywhere else start


def line_in_block(path: Path, text: str, offset: int, words: str, *, start: int, nth: int = 0) -> int:
    """Return the line of the `words` that stand at `offset` of the `text` of a block that begins on line `start`.

    Parsers keep the line breaks of a paragraph, so counting them gives the line. Where the source does not bear that
    out (a table's cell, whose line is its table's), the words are searched for.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    line = start + text.count("\n", 0, offset)
    if 0 < line <= len(lines) and words.split()[0] in lines[line - 1]:
        return line
    return line_of(path, words, start=start, nth=nth)
