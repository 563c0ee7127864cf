"""Which edition is built (reader, assignment, lecturer): the build command says so in the environment.

The extension ``bookpress.quiz`` owns the setting ``bookpress_edition``; this carries the command's word to it, and
takes the solutions of exercises out of the edition that is given to a class.
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
LEFT_OUT = "This edition leaves the solution out."


class LeaveSolutionsOut(SphinxPostTransform):
    """Remove the solutions of sphinx-exercise from every page, in whatever form the edition is built."""

    default_priority = 7  # before their titles are resolved

    def run(self, **_options: Any) -> None:
        """Remove them if this edition must not tell."""
        if self.config.bookpress_edition != WITHOUT_KEY:
            return
        # By name, so that the extension need not be loaded.
        for node in [one for one in self.document.findall(nodes.Element) if type(one).__name__ == "solution_node"]:
            # The register of evidence links to every use of a value: those links still need a place to lead to.
            anchors = [one for part in node.findall(nodes.Element) for one in part["ids"] if one != "solution-content"]
            node.parent.replace(node, nodes.paragraph("", LEFT_OUT, ids=anchors, classes=["solution-left-out"]))


def _read(_app: Sphinx, config: Config) -> None:
    config.bookpress_edition = os.environ.get(VARIABLE, config.bookpress_edition)


def setup(app: Sphinx) -> dict[str, bool]:
    """Read the environment once the settings are known."""
    app.connect("config-inited", _read, priority=5)
    app.add_post_transform(LeaveSolutionsOut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
