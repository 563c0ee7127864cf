"""The gate against typed numbers: a clinical number in prose that is bound to nothing is a warning with file and line.

Read are paragraphs, headings, captions, tables, glossary entries and the alternative texts of images. Not read are
code, formulas, cell outputs (but their captions are), citations, references, and everything that comes from data:
values of the roles ``fact``, ``given`` and ``glue``, and any node with the attribute ``from_data`` or a class named in
``bookpress_numbers_skip_classes``.

Config: ``bookpress_numbers_allowed`` (regular expressions for names that hold a number, added to the built-in ones) and
``bookpress_numbers_skip_classes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from bookpress.locate import first_line, line_in_block, source_path
from bookpress.typed_numbers import HOLE, find_typed_numbers

logger = logging.getLogger(__name__)

NOT_TYPING: tuple[type[nodes.Node], ...] = (
    nodes.literal,
    nodes.literal_block,
    nodes.doctest_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.problematic,
    nodes.system_message,
    nodes.footnote_reference,
    nodes.citation,
    nodes.citation_reference,
    nodes.substitution_definition,
    nodes.docinfo,
    nodes.meta,
    nodes.image,
    addnodes.desc,
    addnodes.index,
    addnodes.number_reference,
    addnodes.download_reference,
    addnodes.toctree,
)
# Nodes of other extensions of the press, by name, so that they need not be loaded.
NOT_TYPING_NAMES = {"fact_reference", "discrepancy_reference", "PendingGlueReference"}
DATA_CLASSES = {"given", "pasted-text", "pasted-inline", "cell_input", "from-data", "fact-unknown"}
OUTPUT_CLASS = "cell_output"
CONTEXT = 30
HELP = "bind it with {fact}`id`, {glue:text}`name` or {given}`...`; a name is written in words (two-year)"


def _is_data(node: nodes.Element, skip: set[str]) -> bool:
    if isinstance(node, NOT_TYPING) or type(node).__name__ in NOT_TYPING_NAMES:
        return True
    if isinstance(node, addnodes.pending_xref):
        return not node.get("refexplicit") or node.get("refdomain") == "cite"
    return bool(node.get("from_data")) or not skip.isdisjoint(node.get("classes", ()))


def typed_blocks(node: nodes.Element, skip: set[str]) -> Iterator[nodes.TextElement]:
    """Yield the blocks of text that an author typed."""
    for child in node.children:
        if not isinstance(child, nodes.Element) or _is_data(child, skip):
            continue
        if OUTPUT_CLASS in child.get("classes", ()):
            # What a cell printed is computed; the caption around it was typed.
            for part in child.findall(lambda one: isinstance(one, (nodes.caption, nodes.legend))):
                yield from [part] if isinstance(part, nodes.TextElement) else typed_blocks(part, skip)
        elif isinstance(child, nodes.TextElement):
            yield child
        else:
            yield from typed_blocks(child, skip)


def typed_text(block: nodes.Element, skip: set[str]) -> str:
    """Return the typed text of a block; what is not typing leaves a hole."""
    parts = []
    for child in block.children:
        if isinstance(child, nodes.Text):
            parts.append(str(child))
        elif isinstance(child, nodes.Element):
            parts.append(HOLE if _is_data(child, skip) else typed_text(child, skip))
    return "".join(parts)


def _check_page(app: Sphinx, doctree: nodes.document) -> None:
    skip = DATA_CLASSES | set(app.config.bookpress_numbers_skip_classes)
    told: dict[tuple[int, str], int] = {}
    for block in typed_blocks(doctree, skip):
        _check_text(app, block, typed_text(block, skip), told)
    for image in doctree.findall(nodes.image):
        alt = image.get("typed_alt", image.get("alt", ""))
        # A figure without alternative text is shown with the name of its file, which another gate reports.
        if not re.match(r"\S+\.(?:png|svg|jpe?g)$", alt):
            _check_text(app, image, alt, told)


def _check_text(app: Sphinx, node: nodes.Element, text: str, told: dict[tuple[int, str], int]) -> None:
    env = app.env
    for found in find_typed_numbers(text, allowed=app.config.bookpress_numbers_allowed):
        path, start = source_path(node, env, env.docname), first_line(node)
        nth = told[start, found.text] = told.get((start, found.text), -1) + 1
        line = line_in_block(path, text, found.start, found.text, start=start, nth=nth)
        around = " ".join(text[max(found.start - CONTEXT, 0) : found.end + CONTEXT].split()).replace(HOLE, "…")
        message = f"typed number {' '.join(found.text.split())!r} in '{around}': {HELP}"
        logger.warning(message, location=f"{path}:{line}", type="bookpress", subtype="numbers")


def setup(app: Sphinx) -> dict[str, Any]:
    """Check each page once it has been read."""
    app.add_config_value("bookpress_numbers_allowed", [], "env", list)
    app.add_config_value("bookpress_numbers_skip_classes", [], "env", list)
    app.connect("doctree-read", _check_page, priority=700)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
