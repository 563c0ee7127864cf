"""Search for a reader in a hurry, from a folder of files too: sentences, slips, synonyms, keys, results by chapter.

A page links one small script, ``search.js``. At first use it loads the panel, the engine, MiniSearch (``vendor/``), and
the index from ``search/``, beside the pages. Sphinx's own search, which knows none of this, is left out; the theme's
dialog goes by its option ``disable_search``.

Config: ``bookpress_search_synonyms`` (a YAML list, as seen from the folder of the sources) and
``bookpress_search_weights`` (by name of a page or title of a section: how much a hit there counts; 1 if not named).
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from bookpress.remembered import remembered
from bookpress.search.pages import Page, read_markup
from bookpress.search.script import index_script
from bookpress.search.synonyms import SynonymError, load_synonyms
from bookpress.static_files import offer_static_files

LIBRARY = Path(__file__).resolve().parents[3] / "vendor" / "minisearch"
PAGE = "search"
FOLDER = "search"
ABOUT = '<meta name="description" content="Every place of the book that speaks of what you look for." />\n'
# What the small script loads, by the name it knows it by.
FILES = {
    "look": "_static/search.css",
    "panel": "_static/search-panel.js",
    "engine": "_static/search-engine.js",
    "library": f"{FOLDER}/minisearch.js",
    "index": f"{FOLDER}/index.js",
}


def _prepare(app: Sphinx) -> None:
    """Take the place of Sphinx's search, and read the synonyms while nothing is written yet."""
    if app.builder.name != "html":
        return
    app.builder.search = False  # type: ignore[attr-defined]
    offer_static_files(app)
    try:
        named = app.config.bookpress_search_synonyms
        app.bookpress_synonyms = load_synonyms(Path(app.srcdir) / named) if named else []  # type: ignore[attr-defined]
    except SynonymError as error:
        raise ExtensionError(str(error)) from error


def _search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name == "html":
        yield PAGE, {"title": "Search", "body": _body(app), "metatags": ABOUT}, "page.html"


def _body(app: Sphinx) -> str:
    ways = [f'<a href="{app.builder.get_relative_uri(PAGE, app.config.root_doc)}">contents</a>']
    glossary = glossary_page(app.env)
    if glossary:
        ways.append(f'<a href="{app.builder.get_relative_uri(PAGE, glossary)}">glossary</a>')
    without = (
        f"The search needs JavaScript. Without it, the {' and the '.join(ways)} lead you to each chapter and term."
    )
    return f'<h1>Search</h1>\n<noscript><p>{without}</p></noscript>\n<div id="search-here"></div>\n'


def glossary_page(env: BuildEnvironment) -> str:
    """Return the page that explains the most terms, or an empty text."""
    pages = [place for (kind, _), (place, _) in env.get_domain("std").data["objects"].items() if kind == "term"]  # type: ignore[attr-defined]
    return max(sorted(set(pages)), key=pages.count, default="")


def _link_script(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    if app.builder.name != "html":
        return
    path = context["pathto"]
    # `bookpress.site` stamps these addresses like any other, so that a browser never mixes two editions.
    files = {f"data-{name}": path(file, 1) for name, file in FILES.items()}
    app.add_js_file("search.js", loading_method="defer", **{"data-root": context["content_root"]}, **files)


def _ship(app: Sphinx, exception: Exception | None) -> None:
    """Write the index from the finished pages, and the library beside it."""
    if exception is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    order = [app.config.root_doc, *_in_order(app.env)]
    pages = [page for name in dict.fromkeys(order) if (page := _read(out, name)) is not None]
    script = index_script(
        pages,
        synonyms=app.bookpress_synonyms,  # type: ignore[attr-defined]
        weights=app.config.bookpress_search_weights,
    )
    (out / "searchindex.js").unlink(missing_ok=True)  # of a build before this search, in the same folder
    folder = out / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "index.js").write_text(script, encoding="utf-8")
    for file in sorted(LIBRARY.iterdir()):
        shutil.copy(file, folder / file.name)


def _read(out: Path, name: str) -> Page | None:
    """Return what a page says, by what an earlier build read if its markup is the same."""
    markup = (out / f"{name}.html").read_text(encoding="utf-8")
    made_from = (b"page for the search", name.encode(), markup.encode())
    page: Page | None = pickle.loads(remembered(out, made_from, lambda: pickle.dumps(read_markup(markup, name=name))))
    return page


def _in_order(env: BuildEnvironment) -> list[str]:
    """Return all pages in the order in which a reader turns them; those in no table of contents come last."""
    linked = [name for name in env.collect_relations() if name in env.found_docs]
    return [*linked, *sorted(set(env.found_docs) - set(linked))]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the settings and connect to the build of the pages."""
    app.add_config_value("bookpress_search_synonyms", "", "html", (str,))
    app.add_config_value("bookpress_search_weights", {}, "html", (dict,))
    app.connect("builder-inited", _prepare)
    app.connect("html-collect-pages", _search_page)
    app.connect("html-page-context", _link_script)
    # Before `bookpress.site` at 550, which stamps the addresses and keeps the styles whose names a script holds.
    app.connect("build-finished", _ship, priority=545)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
