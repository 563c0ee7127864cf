"""A fingerprint of all that the cells depend on, because the execution cache sees the cells alone.

Editing `data/` or the helper package changes the fingerprint, and with it the folder of the cache: every chapter is
then executed again. Going back to an earlier state finds that state's cache.
"""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.settings import load

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def fingerprint(root: Path, patterns: list[str]) -> str:
    """Return a short hash of the named files of `root` and of the Python that runs them."""
    digest = hashlib.sha256(".".join(platform.python_version_tuple()[:2]).encode())
    for file in files_of(root, patterns):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def files_of(root: Path, patterns: list[str]) -> list[Path]:
    """Return the files of `root` that the patterns name, sorted."""
    return sorted({file for pattern in patterns for file in root.glob(pattern) if file.is_file()})


def cache_folder(root: Path, patterns: list[str]) -> Path:
    """Return where the executed notebooks of this state of the repository are kept."""
    return root / "_build" / ".jupyter_cache" / fingerprint(root, patterns)


def _use_fingerprint(app: Sphinx, config: Config) -> None:
    settings = load(Path(app.srcdir).parent)
    config.bookpress_fingerprint = fingerprint(settings.root, settings.cell_inputs)
    if config.nb_execution_mode == "cache":
        config.nb_execution_cache_path = str(cache_folder(settings.root, settings.cell_inputs))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the value; ``env`` makes a changed fingerprint read every page again."""
    app.add_config_value("bookpress_fingerprint", "", "env", str)
    app.connect("config-inited", _use_fingerprint, priority=10)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
