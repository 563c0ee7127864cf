"""Pages with all their references resolved, kept from one build to the next, and what other pages must know of them.

The book as one document needs every page; after an edit of one chapter all others resolve to what they were. Which
pages do not is known by :mod:`bookpress.incremental`, as for the web pages and the e-book.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import LoggingReporter

from bookpress.print.names import labels_of

UNKEPT_SETTINGS = ("env", "warning_stream", "record_dependencies")


@dataclass(frozen=True)
class About:
    """What other pages must know of a page, so that it need not be read for them."""

    labels: dict[str, str]
    """The label for each id."""
    headings: frozenset[str]
    citations: frozenset[str]
    """Ids of entries of the bibliography."""
    terms: frozenset[str]
    """Ids of terms of the glossary."""
    pictures: tuple[str, ...]
    """The files of its pictures, as seen from the folder of the sources."""
    digest: str
    """Of the whole page, but for what its pictures show."""


class ResolvedPages(Mapping[str, nodes.document]):
    """The resolved pages in a folder, by name; each is read when it is first asked for."""

    def __init__(
        self,
        env: BuildEnvironment,
        folder: Path,
        *,
        docnames: list[str],
        outdated: set[str],
        prepare: Callable[[nodes.document], None],
    ) -> None:
        """Use what lies in `folder`, but for the pages that are `outdated`; `prepare` each page that is asked for."""
        self.env = env
        self._folder = folder
        self._docnames = docnames
        self._outdated = set(outdated)
        self._prepare = prepare
        self._trees: dict[str, nodes.document] = {}
        self._told: dict[str, About] = {}
        self._folder.mkdir(parents=True, exist_ok=True)

    def __iter__(self) -> Iterator[str]:
        """Go through the names in reading order."""
        return iter(self._docnames)

    def __len__(self) -> int:
        """Return how many pages there are."""
        return len(self._docnames)

    def __getitem__(self, docname: str) -> nodes.document:
        """Return a page, resolved now or by an earlier build."""
        if docname not in self._trees:
            if self._is_kept(docname):
                self._take(docname, pickle.loads(self._file(docname, "tree").read_bytes()))
            else:
                self._resolve(docname)
        return self._trees[docname]

    def about(self, docname: str) -> About:
        """Return what others must know of a page."""
        if docname not in self._told:
            if not self._is_kept(docname):
                self._resolve(docname)
            self._told[docname] = pickle.loads(self._file(docname, "about").read_bytes())
        return self._told[docname]

    def _is_kept(self, docname: str) -> bool:
        files = (self._file(docname, kind) for kind in ("tree", "about"))
        return docname not in self._outdated and all(file.is_file() for file in files)

    def _file(self, docname: str, kind: str) -> Path:
        return self._folder / f"{docname.replace('/', '-')}.{kind}"

    def _resolve(self, docname: str) -> None:
        tree = self.env.get_doctree(docname)
        self.env.apply_post_transforms(tree, docname)
        about = _about(docname, tree, data := _pickled(tree))
        self._file(docname, "tree").write_bytes(data)
        self._file(docname, "about").write_bytes(pickle.dumps(about))
        self._outdated.discard(docname)
        self._take(docname, tree)

    def _take(self, docname: str, tree: nodes.document) -> None:
        tree.settings.env = self.env
        tree.reporter = LoggingReporter(self.env.doc2path(docname))
        self._prepare(tree)
        self._trees[docname] = tree


def _about(docname: str, tree: nodes.document, data: bytes) -> About:
    terms = [term for glossary in tree.findall(addnodes.glossary) for term in glossary.findall(nodes.term)]
    return About(
        labels=labels_of(docname, tree),
        headings=frozenset(title.astext() for title in tree.findall(nodes.title)),
        citations=frozenset(one for citation in tree.findall(nodes.citation) for one in citation["ids"]),
        terms=frozenset(one for term in terms for one in term["ids"]),
        pictures=tuple(sorted({file for one in tree.findall(nodes.image) for file in _files_of(one)})),
        digest=hashlib.sha256(data).hexdigest(),
    )


def _files_of(picture: nodes.image) -> list[str]:
    return [*picture.get("candidates", {}).values(), picture["uri"]]


def _pickled(tree: nodes.document) -> bytes:
    """Return a page as bytes, without what belongs to this run of Sphinx."""
    tree.reporter = tree.transformer = None
    tree.settings = tree.settings.copy()
    for name in UNKEPT_SETTINGS:
        setattr(tree.settings, name, None)
    return pickle.dumps(tree, pickle.HIGHEST_PROTOCOL)
