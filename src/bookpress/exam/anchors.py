"""Give each objective of a chapter an anchor, so that a question can send its reader back to it."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from bookpress.questions.load import BankError, load_bank

logger = logging.getLogger(__name__)


def anchor(objective: str) -> str:
    """Return the anchor of an objective."""
    return f"objective-{objective}"


def anchor_objectives(app: Sphinx, doctree: nodes.document) -> None:
    """Put an anchor on each item of the list of objectives; their order is that of the chapter's bank."""
    env = app.env
    path = Path(env.srcdir, app.config.bookpress_questions, f"{env.docname}.yaml")
    if not path.is_file():
        return
    env.note_dependency(str(path))
    try:
        objectives = list(load_bank(path).objectives)
    except BankError:
        return  # the quiz says what is wrong with it
    section = doctree.ids.get(app.config.bookpress_objectives_section)
    found = next(section.findall(nodes.enumerated_list), None) if section is not None else None
    items = [] if found is None else [item for item in found.children if isinstance(item, nodes.list_item)]
    if len(items) != len(objectives):
        logger.warning(
            "the page lists %d objectives, its bank %s has %d: list each once, in the same order",
            len(items), path.name, len(objectives), location=env.docname, type="bookpress", subtype="exam",
        )  # fmt: skip
        return
    for item, objective in zip(items, objectives, strict=True):
        item["ids"].append(anchor(objective))
