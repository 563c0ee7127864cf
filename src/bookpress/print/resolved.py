"""Pages with all their references resolved, kept from one build to the next.

The book as one document needs every page; after an edit of one chapter all others resolve to what they were. Which
pages do not is known by :mod:`bookpress.incremental`, as for the web pages and the e-book.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import LoggingReporter

UNKEPT_SETTINGS = ("env", "warning_stream", "record_dependencies")


class ResolvedPages:
    """The resolved pages in a folder."""

    def __init__(self, env: BuildEnvironment, folder: Path, *, outdated: set[str]) -> None:
        """Use what lies in `folder`, but for the pages named in `outdated`."""
        self._env = env
        self._folder = folder
        self._outdated = outdated
        self._folder.mkdir(parents=True, exist_ok=True)

    def page(self, docname: str) -> nodes.document:
        """Return a page, resolved now or by an earlier build."""
        file = self._folder / f"{docname.replace('/', '-')}.pickle"
        if docname not in self._outdated and file.is_file():
            tree: nodes.document = pickle.loads(file.read_bytes())
        else:
            tree = self._env.get_doctree(docname)
            self._env.apply_post_transforms(tree, docname)
            file.write_bytes(_pickled(tree))
        tree.settings.env = self._env
        tree.reporter = LoggingReporter(self._env.doc2path(docname))
        return tree


def _pickled(tree: nodes.document) -> bytes:
    """Return a page as bytes, without what belongs to this run of Sphinx."""
    tree.reporter = tree.transformer = None
    tree.settings = tree.settings.copy()
    for name in UNKEPT_SETTINGS:
        setattr(tree.settings, name, None)
    return pickle.dumps(tree, pickle.HIGHEST_PROTOCOL)
