"""Remember answers that Sphinx and sphinxcontrib-bibtex would work out again for each reference.

A style of pybtex is looked up among all installed packages at each citation. A numbered reference reads the whole page
of its figure from disk. Every run formats every entry of the bibliography. None of it changes within a build, so that
each is asked for once; the formatted entries are kept with the environment for the next build. No byte of a page
depends on this: it saves time alone.
"""

from __future__ import annotations

import functools
from typing import Any

import pybtex.plugin
from docutils import nodes
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector

FORMATTED = "bookpress_formatted_entries"


def _remember_plugins() -> None:
    """Load each plugin of pybtex once a run; what a program registers itself is not remembered."""
    load = pybtex.plugin._load_entry_point
    if hasattr(load, "__wrapped__"):
        return
    found: dict[tuple[str, str, bool], Any] = {}

    @functools.wraps(load)
    def loaded(group: str, name: str, use_aliases: bool = False) -> Any:
        groups = [group, f"{group}.aliases"] if use_aliases else [group]
        if any(name in pybtex.plugin._RUNTIME_PLUGINS.get(one, {}) for one in groups):
            return load(group, name, use_aliases)
        key = (group, name, use_aliases)
        if key not in found:
            found[key] = load(group, name, use_aliases)
        return found[key]

    pybtex.plugin._load_entry_point = loaded


class _OneReading:
    """An environment that reads each page once; only for looking, because all who ask get the same tree."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self._trees: dict[str, nodes.document] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def get_doctree(self, docname: str) -> nodes.document:
        """Return the page, read from disk the first time."""
        if docname not in self._trees:
            self._trees[docname] = self._env.get_doctree(docname)
        return self._trees[docname]


def _remember_pages(_app: Sphinx, env: BuildEnvironment) -> None:
    """Let numbered references look at pages already read. All pages have been read by now; none will change."""
    domain: Any = env.get_domain("std")
    resolve = type(domain)._resolve_numref_xref.__get__(domain)
    view = _OneReading(env)

    def resolved(_env: BuildEnvironment, *arguments: Any) -> Any:
        return resolve(view, *arguments)

    domain._resolve_numref_xref = resolved


def _remember_entries(app: Sphinx) -> None:
    """Format an entry of the bibliography again only if it, its label, or its style has changed."""
    env: Any = app.env
    known: dict[tuple[str, ...], FormattedEntry] = getattr(env, FORMATTED, {})
    used: dict[tuple[str, ...], FormattedEntry] = {}
    setattr(env, FORMATTED, used)
    plain = getattr(BaseStyle.format_entry, "__wrapped__", BaseStyle.format_entry)

    @functools.wraps(plain)
    def format_entry(self: BaseStyle, label: str, entry: Any, bib_data: Any = None) -> FormattedEntry:
        if bib_data is not None:  # cross-references look further than the entry
            return plain(self, label, entry, bib_data)
        style = f"{type(self).__module__}.{type(self).__qualname__}"
        parts = (style, type(self.name_style).__qualname__, str(self.abbreviate_names), label, entry.key, repr(entry))
        if parts not in used:
            used[parts] = known[parts] if parts in known else plain(self, label, entry)
        return used[parts]

    BaseStyle.format_entry = format_entry


def _remember_numbers(app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
    """Number nothing anew if no page is read: the environment holds the numbers that the builder before gave."""
    if docnames:
        return
    for listener in list(app.events.listeners["env-get-updated"]):
        if isinstance(getattr(listener.handler, "__self__", None), TocTreeCollector):
            app.disconnect(listener.id)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to the build."""
    _remember_plugins()
    app.connect("builder-inited", _remember_entries)
    app.connect("env-before-read-docs", _remember_numbers, priority=900)
    app.connect("env-updated", _remember_pages, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
