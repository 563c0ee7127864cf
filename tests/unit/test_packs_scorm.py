"""SCORM 1.2: the zip by the rules of the format, and the page by what it must and must not hold."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree, html

from bookpress.packs.scorm import MAX_MEMORY, quiz_page, write_scorm
from tests.unit.packs_bank import BOOK, Case, hostile, real, same

ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


@pytest.fixture(params=["real", "hostile"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return real() if request.param == "real" else hostile(tmp_path)


def test_the_manifest_starts_one_page(case: Case, tmp_path: Path) -> None:
    for paper in case.papers:
        with zipfile.ZipFile(write_scorm(tmp_path / "x.zip", paper, BOOK)) as archive:
            names = archive.namelist()
            root = etree.fromstring(archive.read("imsmanifest.xml"))
        assert names == ["imsmanifest.xml", "index.html"]
        assert root.findtext("{*}metadata/{*}schemaversion") == "1.2"
        organizations = root.find("{*}organizations")
        chosen = [node for node in organizations if node.get("identifier") == organizations.get("default")]
        assert len(chosen) == 1
        resource = root.find("{*}resources/{*}resource")
        assert chosen[0].find("{*}item").get("identifierref") == resource.get("identifier")
        assert resource.get(f"{ADL}scormtype") == "sco" and resource.get("href") == "index.html"
        assert resource.find("{*}file").get("href") == "index.html"


def test_the_chapter_is_read_first_and_reports_nothing(tmp_path: Path) -> None:
    paper, page = real().papers[1], b"<!DOCTYPE html><title>A chapter</title>"
    with zipfile.ZipFile(write_scorm(tmp_path / "x.zip", paper, BOOK, page=page)) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "chapter.html", "index.html"]
        assert archive.read("chapter.html") == page
        root = etree.fromstring(archive.read("imsmanifest.xml"))
        links = html.fromstring(archive.read("index.html")).xpath("//a/@href")
    assert links[0] == "chapter.html", "a course system that shows one page alone still leads to the chapter"
    items = root.findall("{*}organizations/{*}organization/{*}item")
    assert [item.findtext("{*}title") for item in items] == [f"Read: {paper.title}", f"Questions: {paper.title}"]
    resources = {node.get("identifier"): node for node in root.iter("{*}resource")}
    assert next(iter(resources.values())).get("href") == "index.html", "such a system starts the first resource"
    named = [resources[item.get("identifierref")] for item in items]
    assert [node.get("href") for node in named] == ["chapter.html", "index.html"]
    assert [node.get(f"{ADL}scormtype") for node in named] == ["asset", "sco"]
    assert [item.find("{*}masteryscore") is None for item in items] == [True, False]


def test_the_page_agrees_with_the_bank(case: Case) -> None:
    found = {}
    for paper in case.papers:
        page = html.fromstring(quiz_page(paper, BOOK))
        for form in page.iter("form"):
            found[form.get("id")] = form
    assert set(found) == set(case.expected)
    for item_id, wanted in case.expected.items():
        form = found[item_id]
        assert form.get("data-type") == wanted.type
        if wanted.value is not None:
            assert float(form.get("data-answer")) == pytest.approx(wanted.value, abs=1e-6)
            assert float(form.get("data-tolerance")) == wanted.tolerance
            continue
        inputs = form.findall(".//input")
        assert tuple(i for i, field in enumerate(inputs) if field.get("data-correct") == "yes") == wanted.correct
        kinds = {field.get("type") for field in inputs}
        assert kinds == {"checkbox"} if wanted.type == "multiple" else kinds == {"radio"}
        labels = [re.sub(r"^.*?</b>", "", etree.tostring(f.getparent(), encoding="unicode")) for f in inputs]
        assert same(labels, wanted.options), item_id
        reasons = [etree.tostring(row, encoding="unicode").split("</strong>", 1)[1] for row in form.iterfind(".//li")]
        assert same(reasons, wanted.reasons), item_id


def test_the_page_asks_for_nothing_and_runs_nothing_foreign(case: Case) -> None:
    for paper in case.papers:
        page = html.fromstring(quiz_page(paper, BOOK))
        assert len(page.findall(".//script")) == 1 and page.find(".//script").get("src") is None
        assert not page.xpath("//link | //img | //iframe | //object")
        assert not [name for node in page.iter(etree.Element) for name in node.attrib if name.startswith("on")]
        assert not re.search(r"@import|url\(", page.findtext(".//style"))


def test_only_scores_are_remembered() -> None:
    script = quiz_page(real().papers[0], BOOK).split("<script>")[1]
    kept = re.findall(r"LMSSetValue\(\"([\w.]+)\", ([^;]+)\);", script)
    assert dict(kept)["cmi.suspend_data"] == "JSON.stringify(scores)"
    assert {name for name, _ in kept} == {
        "cmi.core.score.min", "cmi.core.score.max", "cmi.core.score.raw", "cmi.suspend_data", "cmi.core.lesson_status",
    }  # fmt: skip
    assert re.findall(r"scores\[form\.id\] = ([^;]+);", script) == ["right(form) ? 1 : 0", "kept[form.id]"]


def test_a_memory_that_would_not_fit_is_refused() -> None:
    paper = real().papers[0]
    many = replace(paper, questions=paper.questions * (MAX_MEMORY // 10))
    distinct = replace(
        many, questions=tuple(replace(q, id=f"{q.id}-{place}") for place, q in enumerate(many.questions))
    )
    with pytest.raises(ValueError, match="exceed 4096"):
        quiz_page(distinct, BOOK)


def test_the_same_questions_give_the_same_bytes(tmp_path: Path) -> None:
    paper = real().papers[0]
    assert (
        write_scorm(tmp_path / "1.zip", paper, BOOK).read_bytes()
        == write_scorm(tmp_path / "2.zip", paper, BOOK).read_bytes()
    )
