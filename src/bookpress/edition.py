"""Which edition is built (reader, assignment, lecturer): the build command says so in the environment.

The extension ``bookpress.quiz`` owns the setting ``bookpress_edition``; this carries the command's word to it, and does
with the solutions of exercises what the edition asks for: folded, left out, or open.
"""

from __future__ import annotations

import os

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

VARIABLE = "BOOKPRESS_EDITION"
FOLDED = "dropdown"


def _read(_app: Sphinx, config: Config) -> None:
    config.bookpress_edition = os.environ.get(VARIABLE, config.bookpress_edition)


def treat_solutions(document: nodes.document, edition: str) -> None:
    """Leave the solutions out of the edition to hand out, and open them for the lecturer."""
    for node in list(document.findall(lambda found: found.tagname == "solution_node")):
        assert isinstance(node, nodes.Element)
        if edition == "assignment":
            node.parent.remove(node)
        elif edition == "lecturer":
            node["classes"] = [name for name in node["classes"] if name != FOLDED]


def _treat(app: Sphinx, document: nodes.document) -> None:
    treat_solutions(document, app.config.bookpress_edition)


def setup(app: Sphinx) -> dict[str, bool]:
    """Read the environment once the settings are known, and treat each page once it is read."""
    app.connect("config-inited", _read, priority=5)
    app.connect("doctree-read", _treat)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
