"""QTI 2.1, Canvas, and Common Cartridge: files, ids, references and keys by the rules of each format."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bookpress.packs.canvas import write_canvas
from bookpress.packs.cartridge import write_cartridge
from bookpress.packs.qti21 import write_qti21
from tests.unit.packs_bank import BOOK, Case, Expected, hostile, letters, real, same
from tests.unit.test_packs_moodle import assert_inert

QTI21 = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1"}
QTI12 = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
WRITERS: dict[str, Callable[..., Path]] = {"qti21": write_qti21, "canvas": write_canvas, "cartridge": write_cartridge}


@pytest.fixture(params=["real", "hostile"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return real() if request.param == "real" else hostile(tmp_path)


def unzip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "imsmanifest.xml" and len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


@pytest.mark.parametrize("name", WRITERS)
def test_every_reference_of_the_manifest_resolves(name: str, case: Case, tmp_path: Path) -> None:
    members = unzip(WRITERS[name](tmp_path / "x.zip", case.papers, BOOK))
    manifest = etree.fromstring(members["imsmanifest.xml"])
    assert etree.QName(manifest).localname == "manifest"
    identifiers = [node.get("identifier") for node in manifest.iter() if node.get("identifier")]
    assert len(identifiers) == len(set(identifiers))
    assert all(ID.fullmatch(identifier) for identifier in identifiers)
    for node in manifest.iter("{*}item", "{*}dependency"):
        if node.get("identifierref"):
            assert node.get("identifierref") in identifiers
    listed = {node.get("href") for node in manifest.iter("{*}file")}
    assert listed | {"imsmanifest.xml"} == set(members)
    for resource in manifest.iter("{*}resource"):
        if resource.get("href"):
            assert resource.get("href") in [node.get("href") for node in resource.findall("{*}file")]


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_questions_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    one = WRITERS[name](tmp_path / "1.zip", real().papers, BOOK).read_bytes()
    assert WRITERS[name](tmp_path / "2.zip", real().papers, BOOK).read_bytes() == one


@pytest.mark.parametrize("name", WRITERS)
def test_the_manifest_says_what_it_is(name: str, tmp_path: Path) -> None:
    manifest = etree.fromstring(unzip(WRITERS[name](tmp_path / "x.zip", real().papers, BOOK))["imsmanifest.xml"])
    schema = (manifest.findtext("{*}metadata/{*}schema"), manifest.findtext("{*}metadata/{*}schemaversion"))
    assert (
        schema
        == {
            "qti21": ("QTIv2.1 Package", "1.0.0"),
            "canvas": ("IMS Content", "1.1.3"),
            "cartridge": ("IMS Common Cartridge", "1.1.0"),
        }[name]
    )


# ---- QTI 2.1 ----

# The children of an item stand in this order, and no others do.
ORDER = [
    "responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback",
]  # fmt: skip


def read_qti21(content: bytes) -> dict[str, Any]:
    """Read one item by the rules of the format."""
    item = etree.fromstring(content)
    assert item.tag == f"{{{QTI21['q']}}}assessmentItem"
    assert ID.fullmatch(item.get("identifier")) and item.get("adaptive") == item.get("timeDependent") == "false"
    kinds = [etree.QName(child).localname for child in item]
    assert kinds == sorted(kinds, key=ORDER.index)
    declared = {node.get("identifier") for node in item.iter("{*}responseDeclaration", "{*}outcomeDeclaration")}
    assert {"RESPONSE", "SCORE"} <= declared
    for node in item.iter("{*}variable", "{*}correct", "{*}setOutcomeValue"):
        assert node.get("identifier") in declared
    for node in item.iter("{*}modalFeedback"):
        assert node.get("outcomeIdentifier") in declared
    response = item.find("q:responseDeclaration", QTI21)
    key = [node.text for node in response.findall("q:correctResponse/q:value", QTI21)]
    entry = item.find(".//q:textEntryInteraction", QTI21)
    if entry is not None:
        assert entry.getparent().tag.endswith("}p") and response.get("baseType") == "float"
        equal = item.find(".//q:equal", QTI21)
        low, high = (float(part) for part in equal.get("tolerance").split())
        assert equal.get("toleranceMode") == "absolute" and low == high
        return {"value": float(key[0]), "tolerance": low, "lead_in": "".join(item.find("q:itemBody", QTI21).itertext())}
    interaction = item.find("q:itemBody/q:choiceInteraction", QTI21)
    assert etree.QName(interaction[0]).localname == "prompt"
    choices = interaction.findall("q:simpleChoice", QTI21)
    names = [choice.get("identifier") for choice in choices]
    assert len(set(names)) == len(names) and set(key) <= set(names)
    many = response.get("cardinality") == "multiple"
    assert interaction.get("maxChoices") == ("0" if many else "1")
    reasons = {
        node.get("identifier"): "".join(node.itertext())
        for node in item.findall("q:modalFeedback[@outcomeIdentifier='REASON']", QTI21)
    }
    return {
        "type": "multiple" if many else "single",
        "lead_in": "".join(interaction[0].itertext()),
        "options": ["".join(choice.itertext()) for choice in choices],
        "reasons": [reasons[name] for name in names],
        "correct": tuple(place for place, name in enumerate(names) if name in key),
    }


def plain_same(found: list[str], wanted: tuple[str, ...]) -> bool:
    """Compare texts that were taken out of their elements and so may hold a bare "<"."""
    return same([text.replace("&", "&amp;").replace("<", "&lt;") for text in found], wanted)


def test_qti21_agrees_with_the_bank(case: Case, tmp_path: Path) -> None:
    members = unzip(write_qti21(tmp_path / "x.zip", case.papers, BOOK))
    for item_id, wanted in case.expected.items():
        content = members[f"items/{item_id}.xml"]
        read = read_qti21(content)
        if wanted.value is not None:
            assert abs(read["value"] - wanted.value) < 1e-6 and read["tolerance"] == wanted.tolerance
            continue
        assert read["type"] == ("multiple" if wanted.type == "multiple" else "single")
        assert plain_same(read["options"], wanted.options) and plain_same(read["reasons"], wanted.reasons), item_id
        assert plain_same([read["lead_in"]], (wanted.lead_in,)), item_id
        assert read["correct"] == wanted.correct, item_id


def test_the_test_of_qti21_lists_every_item_once(tmp_path: Path) -> None:
    members = unzip(write_qti21(tmp_path / "x.zip", real().papers, BOOK))
    references = [node.get("href") for node in etree.fromstring(members["test.xml"]).iter("{*}assessmentItemRef")]
    assert sorted(references) == sorted(name for name in members if name.startswith("items/"))


def test_qti21_holds_hostile_text_as_text(tmp_path: Path) -> None:
    members = unzip(write_qti21(tmp_path / "x.zip", hostile(tmp_path).papers, BOOK))
    for name, content in members.items():
        assert b"\xe2\x80\xae" not in content
        for node in etree.fromstring(content).iter(etree.Element):
            assert etree.QName(node).localname not in ("script", "img", "b", "i", "both"), name
            assert not any(key.startswith("on") for key in node.attrib), name


# ---- QTI 1.2: Canvas and Common Cartridge ----

CC_PROFILES = {
    "single": "cc.multiple_choice.v0p1", "multiple": "cc.multiple_response.v0p1", "true-false": "cc.true_false.v0p1",
}  # fmt: skip
CANVAS_TYPES = {
    "single": "multiple_choice_question", "multiple": "multiple_answers_question",
    "true-false": "true_false_question", "numeric": "numerical_question",
}  # fmt: skip


def read_qti12(item: Any) -> dict[str, Any]:
    """Read one item by the rules of the format; the score follows from the last condition."""
    fields = {
        field.findtext("q:fieldlabel", namespaces=QTI12): field.findtext("q:fieldentry", namespaces=QTI12)
        for field in item.iterfind("q:itemmetadata/q:qtimetadata/q:qtimetadatafield", QTI12)
    }
    feedback = {node.get("ident"): text_of(node) for node in item.iterfind("q:itemfeedback", QTI12)}
    linked = {node.get("linkrefid") for node in item.iter("{*}displayfeedback")}
    assert linked == set(feedback)
    responses = {node.get("ident") for node in item.iter("{*}response_lid", "{*}response_str")}
    assert {node.get("respident") for node in item.iter("{*}varequal", "{*}vargte", "{*}varlte")} == responses
    scored = item.findall("q:resprocessing/q:respcondition[q:setvar]", QTI12)
    assert len(scored) == 1 and scored[0].findtext("q:setvar", namespaces=QTI12) == "100"
    rule = scored[0].find("q:conditionvar", QTI12)
    row = {"fields": fields, "text": text_of(item.find("q:presentation", QTI12)), "general": feedback["general_fb"]}
    if item.find(".//q:response_str", QTI12) is not None:
        low, high = float(rule.findtext(".//{*}vargte")), float(rule.findtext(".//{*}varlte"))
        return row | {"low": low, "high": high, "value": float(rule.findtext("q:or/q:varequal", namespaces=QTI12))}
    labels = item.findall(".//q:response_label", QTI12)
    names = [label.get("ident") for label in labels]
    assert len(set(names)) == len(names)
    refused = {node.text for node in rule.iterfind(".//q:not/q:varequal", QTI12)}
    chosen = {node.text for node in rule.iter("{*}varequal")} - refused
    if item.find(".//q:response_lid", QTI12).get("rcardinality") == "Multiple":
        assert refused | chosen == set(names)
    return row | {
        "names": names,
        "options": [text_of(label) for label in labels],
        "reasons": [feedback[f"{name}_fb"] for name in names],
        "correct": tuple(place for place, name in enumerate(names) if name in chosen),
    }


def text_of(node: Any) -> str:
    found = node.find(".//q:mattext", QTI12)
    assert found.get("texttype") == "text/html"
    return found.text or ""


def quizzes(members: dict[str, bytes]) -> dict[str, Any]:
    """Return all items of all quizzes of a zip by their ids."""
    roots = [etree.fromstring(content) for name, content in members.items() if name.endswith(".xml")]
    items = [item for root in roots for item in root.iter(f"{{{QTI12['q']}}}item")]
    found = {item.get("ident"): item for item in items}
    assert len(found) == len(items)
    return found


def check_item(got: dict[str, Any], wanted: Expected, item_id: str) -> None:
    assert re.search(wanted.lead_in, letters(got["text"])), item_id
    assert re.match(wanted.explanation, letters(got["general"])), item_id
    if wanted.value is not None:
        assert got["low"] == pytest.approx(wanted.value - wanted.tolerance, abs=1e-6)
        assert got["high"] == pytest.approx(wanted.value + wanted.tolerance, abs=1e-6)
        assert got["low"] <= got["value"] <= got["high"]
        return
    assert same(got["options"], wanted.options) and same(got["reasons"], wanted.reasons), item_id
    assert got["correct"] == wanted.correct, item_id
    if wanted.type == "true-false":  # Moodle refuses a cartridge that names them in any other way
        assert got["names"] == [option.lower() for option in wanted.options]
    assert_inert(got["text"] + got["general"] + "".join(got["options"] + got["reasons"]))


def test_canvas_agrees_with_the_bank(case: Case, tmp_path: Path) -> None:
    found = quizzes(unzip(write_canvas(tmp_path / "x.zip", case.papers, BOOK)))
    assert set(found) == set(case.expected)
    for item_id, wanted in case.expected.items():
        got = read_qti12(found[item_id])
        assert got["fields"]["question_type"] == CANVAS_TYPES[wanted.type]
        check_item(got, wanted, item_id)


def test_a_cartridge_holds_all_but_numeric_questions_and_says_so(case: Case, tmp_path: Path) -> None:
    members = unzip(write_cartridge(tmp_path / "x.imscc", case.papers, BOOK))
    found = quizzes(members)
    numeric = {item_id for item_id, wanted in case.expected.items() if wanted.value is not None}
    assert set(found) == set(case.expected) - numeric
    for item_id, item in found.items():
        got = read_qti12(item)
        assert got["fields"] == {"cc_profile": CC_PROFILES[case.expected[item_id].type]}
        check_item(got, case.expected[item_id], item_id)
    page = members["about.html"].decode()
    assert all(item_id in page for item_id in numeric) and "Moodle XML or the QTI 2.1" in page


def test_a_cartridge_holds_each_chapter_before_its_quiz(case: Case, tmp_path: Path) -> None:
    pages = {paper.chapter: f"<!DOCTYPE html><title>{paper.chapter}</title>".encode() for paper in case.papers}
    members = unzip(write_cartridge(tmp_path / "x.imscc", case.papers, BOOK, pages=pages))
    manifest = etree.fromstring(members["imsmanifest.xml"])
    resources = {node.get("identifier"): node for node in manifest.iter("{*}resource")}
    entries = manifest.findall("{*}organizations/{*}organization/{*}item/{*}item/{*}item")
    assert [entry.findtext("{*}title") for entry in entries] == [
        "About these questions", *(f"{kind}: {paper.title}" for paper in case.papers for kind in ("Read", "Questions"))
    ]  # fmt: skip
    shown = [
        resources[entry.get("identifierref")] for entry in entries if entry.findtext("{*}title").startswith("Read")
    ]
    assert [members[node.get("href")] for node in shown] == list(pages.values())
    assert {node.get("type") for node in shown} == {"webcontent"}
    assert {node.get("href") for node in manifest.iter("{*}file")} | {"imsmanifest.xml"} == set(members)


def test_a_cartridge_keeps_to_its_profile(tmp_path: Path) -> None:
    members = unzip(write_cartridge(tmp_path / "x.imscc", real().papers, BOOK))
    manifest = etree.fromstring(members["imsmanifest.xml"])
    assert etree.QName(manifest).namespace == "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
    organization = manifest.find("{*}organizations/{*}organization")
    assert organization.get("structure") == "rooted-hierarchy"
    top = organization.findall("{*}item")
    assert len(top) == 1 and top[0].find("{*}title") is None
    assert {node.get("type") for node in manifest.iter("{*}resource")} == {
        "webcontent", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment",
    }  # fmt: skip
    # The profile has neither ranges of numbers nor "or".
    for content in members.values():
        assert not re.search(rb"<(or|vargte|varlte|response_str)\b", content)
