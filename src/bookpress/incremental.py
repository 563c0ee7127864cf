"""Write again what may have changed, and nothing else, so that a repeated build gives the bytes of a fresh one.

Sphinx goes by the dates of files, writes the pages it has just read, and trusts that no other page shows anything of
them. That misses a title in the sidebar of all pages, a page that an earlier builder of the same environment read, and
a file put back with its old date. Here each builder remembers what it last wrote its pages from:

- a page is read again if the content of its source, or of a file it depends on, is not what it was;
- it is written again if it was read since, by whichever builder;
- all pages are written again if anything that pages can learn of one another has changed: titles, numbers, labels,
  the table of contents, citations. Pages that list uses of evidence are written if a use has changed.

What is compared is all that the environment holds, except what is named in `OWN`; a value that cannot be compared
counts as changed. What lies outside of the chapters is the concern of :mod:`bookpress.unchanged`.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from bookpress.domain import EvidenceDomain

logger = logging.getLogger(__name__)
SOURCES = "bookpress_sources"
# Of the environment: dates, what belongs to one run or to one page alone, and what other members tell again.
OWN = {
    *("app", "config", "config_status", "config_status_extra", "domains", "events", "project", "settings", "srcdir"),
    *("doctreedir", "temp_data", "ref_context", "versioning_condition", "versioning_compare", "version", "domaindata"),
    *("all_docs", "dependencies", "included", "reread_always", "original_image_uri", "images", "dlfiles"),
    *("nb_new_exec_data", "mystnb_config", "myst_config", "sphinx_exercise_gated_registry"),
    *("bookpress_formatted_entries", SOURCES),
}
USES = ("facts", "code", "discrepancies")
LINES = {"line", "lineno"}
ABOUT = ("metadata", "nb_metadata")
UNSEEN = {"exec_data", "source_map", "wordcount", "words"}
"""Of what a page says about itself, what no other shows: when its cells ran, its lines, how many words it has."""


# --- what is read again ---------------------------------------------------------------------------------------------
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _content(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """Return the digests of a page's source and of all that it depends on."""
    source = Path(env.srcdir)
    files = [env.doc2path(docname), *(str(source / name) for name in env.dependencies.get(docname, ()))]
    return {file: _digest(Path(file)) for file in files}


def _changed_content(
    _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], _removed: set[str]
) -> list[str]:
    known: dict[str, dict[str, str]] = getattr(env, SOURCES, {})
    if any(Path(path).name != name for path, (_, name) in env.images.items()):
        return sorted(env.found_docs)  # two pictures of one name: which of them is renamed follows the order of reading
    rest = env.found_docs - added - changed
    return sorted(page for page in rest if page in env.all_docs and known.get(page) != _content(env, page))


def _note_content(env: BuildEnvironment) -> None:
    setattr(env, SOURCES, {page: _content(env, page) for page in sorted(env.found_docs)})


# --- what is written again ------------------------------------------------------------------------------------------
def plain(value: Any) -> Any:
    """Return a value as text, lists, and pairs alone, the same for equal values, whatever their order in a dict.

    Examples
    --------
    >>> plain({"b": {2, 1}, "a": (None, "x")})
    ['dict', ["'a'", ['None', "'x'"]], ["'b'", ['set', '1', '2']]]
    """
    if value is None or isinstance(value, (str, int, float, bool, bytes, Enum)):
        return repr(value)
    if isinstance(value, nodes.Node):
        return value.pformat() if isinstance(value, (nodes.Element, nodes.Text)) else repr(value)
    if isinstance(value, Mapping):
        told = ([str(plain(key)), plain(one)] for key, one in value.items())
        return ["dict", *sorted(told, key=str)]
    if isinstance(value, Set):
        return ["set", *sorted((plain(one) for one in value), key=str)]
    if hasattr(value, "_asdict"):
        return [type(value).__name__, plain({key: one for key, one in value._asdict().items() if key not in LINES})]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if is_dataclass(value):
        members = {one.name: getattr(value, one.name, None) for one in fields(value)}
        return [type(value).__name__, plain({key: one for key, one in members.items() if key not in LINES})]
    return repr(value)  # of an object that says nothing of itself, its address: it counts as changed


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(plain(value)).encode()).hexdigest()


def shared_state(env: BuildEnvironment) -> dict[str, str]:
    """Return a digest of each thing that pages may know of one another."""
    members = {name: value for name, value in vars(env).items() if name not in OWN and not name.startswith("_")}
    for name in ABOUT:
        pages = members.get(name, {})
        members[name] = {
            page: {key: one for key, one in told.items() if key not in UNSEEN} for page, told in pages.items()
        }
    parts = {name: _hash(value) for name, value in members.items()}
    for name, data in env.domaindata.items():
        shown = {key: one for key, one in data.items() if key != "version"}
        if name == EvidenceDomain.name:
            shown = {key: one for key, one in shown.items() if key not in (*USES, "seen")}
        if name == "cite":
            shown = _cited(shown)
        parts[f"domain {name}"] = _hash(shown)
    return parts


def _cited(data: dict[str, Any]) -> dict[str, Any]:
    """Return what pages can know of citations. The order in which pages cite is that of reading; nothing follows it."""
    return {
        "refs": sorted(map(plain, data["citation_refs"]), key=str),
        "lists": [
            [plain(key), plain(one._replace(filter_=ast.dump(one.filter_)))]
            for key, one in data["bibliographies"].items()
        ],
        "entries": [plain(_told(one)) for one in data["citations"]],
    }


def _told(citation: Any) -> Any:
    """Return a citation with its parts as text."""
    formatted, tooltip = _words(citation.formatted_entry), _words(citation.tooltip_entry)
    return citation._replace(entry=repr(citation.entry), formatted_entry=formatted, tooltip_entry=tooltip)


def _words(formatted: Any) -> tuple[str, ...]:
    return () if formatted is None else (formatted.key, formatted.label, repr(formatted.text))


class Memory:
    """What a builder wrote last, in a file beside its pages."""

    def __init__(self, app: Sphinx) -> None:
        """Read what is there."""
        out = Path(app.outdir)
        self._file = out.with_name(f".{out.name}-written.json")
        self._app = app
        self.last: dict[str, Any] = {}
        if self._file.is_file():
            self.last = json.loads(self._file.read_text(encoding="utf-8"))
            self._file.unlink()  # until this build is done, nothing is known

    def look(self) -> dict[str, Any]:
        """Return what the pages would be written from now."""
        env, trees = self._app.env, Path(self._app.doctreedir)
        evidence = env.domaindata.get(EvidenceDomain.name, {})
        return {
            "shared": shared_state(env),
            "uses": _hash({part: evidence.get(part) for part in USES}),
            "pages": {page: (trees / f"{page}.doctree").stat().st_mtime_ns for page in sorted(env.found_docs)},
        }

    def outdated(self) -> Iterator[str]:
        """Yield the pages that must be written again."""
        now = self.now = self.look()
        before = self.last.get("shared", {})
        other = sorted(name for name in {*before, *now["shared"]} if before.get(name) != now["shared"].get(name))
        if other:
            logger.info("all pages are written, because they may show what has changed: %s", ", ".join(other))
            yield from now["pages"]
        yield from (page for page, day in now["pages"].items() if self.last.get("pages", {}).get(page) != day)
        if now["uses"] != self.last.get("uses"):
            evidence = self._app.env.domaindata.get(EvidenceDomain.name, {})
            yield from {*evidence.get("register", ()), *evidence.get("errata", ())}

    def keep(self) -> None:
        """Write down what this build wrote."""
        self._file.write_text(json.dumps(self.now), encoding="utf-8")


_MEMORIES: dict[int, Memory] = {}


def _outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    _note_content(env)
    memory = _MEMORIES[id(app)] = Memory(app)
    return sorted(set(memory.outdated()))


def _keep(app: Sphinx, exception: Exception | None) -> None:
    memory = _MEMORIES.pop(id(app), None)
    if memory is not None and exception is None:
        memory.keep()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to the build: last of all that look at the environment, last of all that finish it."""
    app.connect("env-get-outdated", _changed_content)
    app.connect("env-get-updated", _outdated, priority=950)  # when sections and figures have their numbers
    app.connect("build-finished", _keep, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
