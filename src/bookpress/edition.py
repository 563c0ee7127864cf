"""Which edition is built (reader, assignment, lecturer): the build command says so in the environment.

The extension ``bookpress.quiz`` owns the setting ``bookpress_edition``; this only carries the command's word to it.
"""

from __future__ import annotations

import os

from sphinx.application import Sphinx
from sphinx.config import Config

VARIABLE = "BOOKPRESS_EDITION"


def _read(_app: Sphinx, config: Config) -> None:
    config.bookpress_edition = os.environ.get(VARIABLE, config.bookpress_edition)


def setup(app: Sphinx) -> dict[str, bool]:
    """Read the environment once the settings are known."""
    app.connect("config-inited", _read, priority=5)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
