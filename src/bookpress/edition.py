"""Which edition is built (reader, assignment, lecturer): the build command says so in the environment.

The extension ``bookpress.quiz`` owns the setting ``bookpress_edition``; this carries the command's word to it, and does
with the solutions of exercises what the edition asks for: folded, left out, or open.
"""

from __future__ import annotations

import os
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform

VARIABLE = "BOOKPRESS_EDITION"
WITHOUT_KEY = "assignment"
OPEN = "lecturer"
FOLDED = "dropdown"
LEFT_OUT = "This edition leaves the solution out."


class TreatSolutions(SphinxPostTransform):
    """Leave the solutions of sphinx-exercise out of what a class is given, and open them for the lecturer.

    A post-transform, so that it holds in whatever form the edition is built.
    """

    default_priority = 7  # before their titles are resolved

    def run(self, **_options: Any) -> None:
        """Do with each solution what the edition asks for."""
        treat_solutions(self.document, self.config.bookpress_edition)


def treat_solutions(document: nodes.document, edition: str) -> None:
    """Remove the solutions of a page (assignment), open them (lecturer), or leave them folded (reader)."""
    # By name, so that the extension need not be loaded.
    for node in [one for one in document.findall(nodes.Element) if type(one).__name__ == "solution_node"]:
        if edition == WITHOUT_KEY:
            # The register of evidence links to every use of a value: those links still need a place to lead to.
            anchors = [one for part in node.findall(nodes.Element) for one in part["ids"] if one != "solution-content"]
            node.parent.replace(node, nodes.paragraph("", LEFT_OUT, ids=anchors, classes=["solution-left-out"]))
        elif edition == OPEN:
            node["classes"] = [name for name in node["classes"] if name != FOLDED]


def _read(_app: Sphinx, config: Config) -> None:
    config.bookpress_edition = os.environ.get(VARIABLE, config.bookpress_edition)


def setup(app: Sphinx) -> dict[str, bool]:
    """Read the environment once the settings are known."""
    app.connect("config-inited", _read, priority=5)
    app.add_post_transform(TreatSolutions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
