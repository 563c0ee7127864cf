"""A tiny book in a temporary folder, with invented evidence, for the tests of the press."""

from __future__ import annotations

import importlib
import io
import re
import shutil
import sys
import textwrap
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

PROVIDER = """
from types import SimpleNamespace

EMPTY = dict(interval_text="", interval_status="", checked="2020-02-02", locator="p. 7", source="able2020")


def row(id, table, label, text, status="primary", **more):
    return SimpleNamespace(**{**EMPTY, **more}, id=id, table=table, label=label, text=text, status=status)


ROWS = [
    row("able-share", "shares", "Share of kites that flew", "54.4%"),
    row("able-ratio", "ratios", "Ratio of kites", "0.70", interval_text="95% CI 0.47 to 1.03"),
    row("able-doubt", "ratios", "Ratio of hearsay", "0.71", "unverified", interval_text="95% CI 0.5 to 1.0"),
    row("able-half", "ratios", "Ratio half seen", "0.72", interval_text="95% CI 0.6 to 0.9",
        interval_status="unverified"),
    row("able-string", "shares", "Length of string", "30 m <long>"),
]


def facts():
    return {one.id: one for one in ROWS}


def discrepancies():
    return [
        dict(id="kite-count", number="1", topic="How many kites", printed_where="page 3", printed="nine",
             source_says="six", book_uses="six", why="We counted.", confidence="high",
             fact_ids="able-share able-ratio"),
    ]
"""

QUESTIONS = """
chapter: kites
title: Kites
objectives: {goal-1: Tell kites apart.}
items:
  - id: one
    objective: goal-1
    level: apply
    type: single
    lead_in: Which kite flies?
    options:
      - {text: the one with a string, correct: true, reason: "It has a string, so it flies."}
      - {text: the one without, reason: "Without a string it falls."}
      - {text: none, reason: "One of them flies."}
    explanation: A kite needs its string.
    sources: [able2020]
    tags: [easy]
"""


class Book:
    """A source folder that can be built more than once, and what a build said."""

    def __init__(self, folder: Path, extensions: list[str], *, parser: str = "myst_parser") -> None:
        self.root = folder
        self.source = folder / "book"
        self.source.mkdir()
        self.provider = f"kites_{folder.name}".replace("-", "_")
        self.overrides: dict[str, object] = {
            "extensions": [parser, *extensions],
            "bookpress_facts": self.provider,
            "html_theme": "basic",
            # Said outright: Sphinx would keep the default of the build before this one.
            "source_suffix": {".md": "myst-nb" if parser == "myst_nb" else "markdown"},
            "myst_enable_extensions": ["dollarmath", "colon_fence", "deflist"],
            "project": "Kites",
            "html_copy_source": False,
        }
        if parser == "myst_nb":
            self.overrides |= {"nb_execution_mode": "off", "suppress_warnings": ["myst-nb.lexer"]}
        self.write_provider(PROVIDER)

    def write_provider(self, text: str) -> None:
        # Python knows a changed module by second and size: a quick second build would be given the old one.
        shutil.rmtree(self.root / "__pycache__", ignore_errors=True)
        importlib.invalidate_caches()
        (self.root / f"{self.provider}.py").write_text(text, encoding="utf-8")

    def page(self, name: str, text: str) -> None:
        (self.source / f"{name}.md").write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def build(self, builder: str = "html", *, fresh: bool = False, parallel: int = 1) -> str:
        """Build, and return the warnings with paths relative to the source folder."""
        sys.modules.pop(self.provider, None)
        said = io.StringIO()
        out = self.root / "out" / builder
        sys.path.insert(0, str(self.root))
        try:
            with patch_docutils(), docutils_namespace():
                self.app = Sphinx(
                    self.source,
                    None,
                    out,
                    self.root / "doctrees",
                    builder,
                    confoverrides=self.overrides,
                    status=None,
                    warning=said,
                    freshenv=fresh,
                    parallel=parallel,
                )
                self.app.build()
        finally:
            sys.path.remove(str(self.root))
        text = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())
        return text.replace(f"{self.source}/", "")

    def html(self, name: str, builder: str = "html") -> str:
        suffix = {"html": "html", "epub": "xhtml", "text": "txt"}[builder]
        return (self.root / "out" / builder / f"{name}.{suffix}").read_text(encoding="utf-8")

    def resolved(self, name: str) -> nodes.document:
        return self.app.env.get_and_resolve_doctree(name, self.app.builder)
