"""The built pages as files: links, headings, tables, pictures, facts."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fontTools.ttLib import TTFont
from lxml import html

from bitebook import evidence

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(page.name for page in HTML.glob("*.html"))
CONTENT = [name for name in PAGES if name not in {"search.html", "genindex.html"}]


@cache
def tree(name: str) -> html.HtmlElement:
    return html.fromstring((HTML / name).read_text(encoding="utf-8"))


@cache
def anchors(name: str) -> frozenset[str]:
    return frozenset(tree(name).xpath("//@id"))


@pytest.mark.parametrize("name", CONTENT)
def test_internal_links_resolve(name: str) -> None:
    lost = []
    for address in tree(name).xpath("//a/@href"):
        parts = urlsplit(address)
        if parts.scheme or address.startswith("#!") or address == "#":
            continue
        target = unquote(parts.path) or name
        found = (HTML / target).exists()
        if found and parts.fragment and target.endswith(".html"):
            found = unquote(parts.fragment) in anchors(target)
        if not found:
            lost.append(address)
    assert lost == []


@pytest.mark.parametrize("name", CONTENT)
def test_headings_nest(name: str) -> None:
    found = tree(name).xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
    levels = [int(heading.tag[1]) for heading in found]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("name", CONTENT)
def test_ids_are_unique(name: str) -> None:
    ids = tree(name).xpath("//@id")
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})[:5]


@pytest.mark.parametrize("name", CONTENT)
def test_tables_have_headers_and_pictures_descriptions(name: str) -> None:
    for table in tree(name).xpath("//main//table"):
        assert table.xpath(".//th"), html.tostring(table)[:200]
    for picture in tree(name).xpath("//main//img"):
        alt = picture.get("alt", "")
        assert len(alt) > 20 and not alt.startswith("_images"), picture.get("src")


def test_the_register_lists_every_row() -> None:
    on_page = anchors("evidence-register.html")
    listed = {anchor.removeprefix("fact-") for anchor in on_page if anchor.startswith("fact-")}
    # discrepancies have a page of their own
    ours = {fact.id for fact in evidence.facts().values() if fact.table != "discrepancies"}
    assert ours <= listed


def test_the_math_font_can_draw_a_root() -> None:
    """The sign of ``<msqrt>`` is drawn by the browser and stands in no text: without it a formula loses its root."""
    assert any("<msqrt" in (HTML / name).read_text(encoding="utf-8") for name in CONTENT)
    with TTFont(HTML / "_static" / "fonts" / "stix-two-math.woff2") as font:
        assert 0x221A in font.getBestCmap()
        assert "MATH" in font


def test_every_page_says_it_is_for_education() -> None:
    for name in CONTENT:
        assert "not for prescribing" in " ".join(tree(name).text_content().split()), name


def test_no_page_names_a_machine() -> None:
    for page in HTML.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "file://" not in text and str(HTML.parents[1]) not in text, page.name
