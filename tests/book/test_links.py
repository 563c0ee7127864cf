"""Every link of every built edition leads somewhere; those that leave the book are well-formed and listed."""

from __future__ import annotations

import re
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest

from bookpress.links import Link, editions
from bookpress.links.outside import fault_of, listing
from bookpress.links.pages import Site
from bookpress.packs.book import load_book
from bookpress.packs.single_page import single_page

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
LIST = ROOT / "docs" / "external-links.csv"
CHAPTERS = sorted(file.stem for file in (ROOT / "chapters").glob("[0-9][0-9]-*.md"))
pytestmark = pytest.mark.book


@cache
def links(edition: str) -> tuple[Link, ...]:
    if edition == "html":
        return tuple(editions.web(BUILD / "html"))
    if edition == "epub":
        return tuple(editions.epub(BUILD / "epub" / "bitebook.epub"))
    return tuple(editions.printed(BUILD / "pdf"))


@pytest.mark.parametrize(("edition", "at_least"), [("html", 5000), ("epub", 5000), ("pdf", 3000)])
def test_every_link_inside_resolves(edition: str, at_least: int) -> None:
    assert [str(link) for link in links(edition) if link.fault] == []
    assert len(links(edition)) > at_least, "the walker sees too little"


def test_every_kind_of_web_file_was_seen() -> None:
    ends = {Path(re.split(r"[?#]", link.address)[0]).suffix for link in links("html") if not link.outside}
    assert {".html", ".css", ".js", ".svg", ""} <= ends


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_in_one_file_needs_no_other(chapter: str) -> None:
    packs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["bookpress"]["packs"]
    page = single_page(BUILD / "html" / f"{chapter}.html", load_book(ROOT, packs)).encode("utf-8")
    found = list(Site({f"{chapter}.html": page}).links())
    assert [str(link) for link in found if link.fault] == []
    assert len(found) > 50


def test_addresses_outside_are_https_and_dois_are_whole() -> None:
    outside = {link.address for edition in ("html", "epub", "pdf") for link in links(edition) if link.outside}
    assert [f"{address}: {fault_of(address)}" for address in sorted(outside) if fault_of(address)] == []


def test_every_doi_is_one_of_the_bibliography() -> None:
    sources = (ROOT / "data" / "references.bib").read_text(encoding="utf-8").lower()
    known = set(re.findall(r"doi\s*=\s*[{\"]([^}\"]+)", sources))
    dois = {link.address.removeprefix("https://doi.org/") for link in links("html") if "//doi.org/" in link.address}
    assert dois and {doi.lower() for doi in dois} - known == set()


def test_addresses_outside_are_listed() -> None:
    every = [link for edition in ("html", "epub", "pdf") for link in links(edition)]
    advice = "an address was added or dropped: run `make links` and review docs/external-links.csv"
    assert listing(every) == LIST.read_text(encoding="utf-8"), advice


def test_a_pack_s_pages_are_walked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("one/one.html", '<p id="a">x</p><a href="#a">1</a><a href="other.html">2</a>')
        archive.writestr("one/slides/one.html", '<a href="#gone">3</a>')
        archive.writestr("one/html/index.html", '<a href="gone.html">the site is walked where it stands</a>')
    assert [link.address for link in editions.packs(tmp_path) if link.fault] == ["other.html", "#gone"]
