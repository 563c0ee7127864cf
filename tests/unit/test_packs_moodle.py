"""Moodle XML and GIFT, read back by parsers written from the documented formats, and compared with the bank."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bookpress.packs.gift import gift
from bookpress.packs.moodle import moodle_xml
from tests.unit.packs_bank import BOOK, Case, Expected, hostile, letters, real, same

# The shares of a grade that Moodle knows (question/engine/bank.php, get_grade_options), in percent.
MOODLE_SHARES = {
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111,
    10, 5, 0,
}  # fmt: skip


@pytest.fixture(params=["real", "hostile"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return real() if request.param == "real" else hostile(tmp_path)


def agrees(got: dict[str, Any], wanted: Expected) -> bool:
    """Tell whether a question that was read back is the one of the bank."""
    if wanted.value is not None:
        return abs(got["value"] - wanted.value) < 1e-6 and got["tolerance"] == wanted.tolerance
    return same(got["options"], wanted.options) and got["correct"] == wanted.correct


# ---- Moodle XML ----


def one(element: Any, path: str) -> str:
    """Return the text of the only element at a path."""
    found = element.findall(path)
    assert len(found) == 1, (path, len(found))
    return found[0].text or ""


def read_moodle(content: bytes) -> dict[str, dict[str, Any]]:
    """Read what Moodle reads, strictly: every field the importer asks for, once, with allowed values."""
    root = etree.fromstring(content)
    assert root.tag == "quiz"
    found: dict[str, dict[str, Any]] = {}
    for element in root:
        assert element.tag == "question"
        kind = element.get("type")
        if kind == "category":
            assert one(element, "category/text").startswith("$course$/top/")
            continue
        assert kind in ("multichoice", "numerical", "truefalse")
        name = one(element, "name/text")
        assert name == one(element, "idnumber") and name not in found
        assert element.find("questiontext").get("format") == "html"
        assert float(one(element, "defaultgrade")) == 1
        answers = element.findall("answer")
        shares = [float(answer.get("fraction")) for answer in answers]
        assert {abs(share) for share in shares} <= MOODLE_SHARES
        row: dict[str, Any] = {
            "text": one(element, "questiontext/text"),
            "general": one(element, "generalfeedback/text"),
            "options": [one(answer, "text") for answer in answers],
            "reasons": [one(answer, "feedback/text") for answer in answers],
            "correct": tuple(place for place, share in enumerate(shares) if share > 0),
            "tags": [tag.text for tag in element.findall("tags/tag/text")],
        }
        if kind == "numerical":
            row |= {"value": float(row["options"][0]), "tolerance": float(one(answers[0], "tolerance"))}
            assert shares == [100]
        if kind == "truefalse":
            assert {option.lower() for option in row["options"]} == {"true", "false"} and sorted(shares) == [0, 100]
            row["options"] = [option.title() for option in row["options"]]
        if kind == "multichoice":
            single = one(element, "single")
            assert single in ("true", "false")
            positive = [share for share in shares if share > 0]
            assert sum(positive) == pytest.approx(100, abs=1e-3)
            assert single == "false" or (len(positive) == 1 and min(shares) == 0)
            if single == "false":  # who ticks everything gets nothing
                assert sum(shares) == pytest.approx(0, abs=1e-3)
        found[name] = row
    return found


def test_moodle_xml_agrees_with_the_bank(case: Case) -> None:
    read = read_moodle(moodle_xml(case.papers, BOOK))
    assert set(read) == set(case.expected)
    for item_id, wanted in case.expected.items():
        assert agrees(read[item_id], wanted), item_id
        if wanted.value is None:
            assert same(read[item_id]["reasons"], wanted.reasons), item_id
        assert re.search(wanted.lead_in, letters(read[item_id]["text"])), item_id
        assert re.match(wanted.explanation, letters(read[item_id]["general"])), item_id


def test_moodle_xml_holds_hostile_text_as_text(tmp_path: Path) -> None:
    content = moodle_xml(hostile(tmp_path).papers, BOOK)
    read = read_moodle(content)
    assert_inert(" ".join(text for row in read.values() for text in [row["text"], *row["options"], *row["reasons"]]))
    assert "<tag>" in read["hostile-single"]["tags"]
    assert b"\xe2\x80\xae" not in content


def assert_inert(markup: str) -> None:
    """HTML that a course system will show holds no element but those of plain text."""
    elements = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", markup))
    assert elements <= {"p", "strong", "em", "sup", "sub", "code", "small", "br", "ul", "ol", "li"}, elements
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", markup)


# ---- GIFT ----


def unescape(text: str) -> str:
    return re.sub(r"\\([~=#{}:\\])", r"\1", text)


def cut(text: str, signs: str) -> list[str]:
    """Cut a text before each of these signs that has no backslash before it; the sign stays with its part."""
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] in signs and place > start:
            parts.append(text[start:place])
            start = place
        place += 1
    return [*parts, text[start:]]


def read_gift(text: str) -> dict[str, dict[str, Any]]:
    """Read GIFT as its documentation tells: questions end with an empty line, answers stand in braces."""
    found: dict[str, dict[str, Any]] = {}
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = part.split("\n")
        comments = [line for line in lines if line.startswith("//")]
        body = "\n".join(line for line in lines if not line.startswith("//")).strip()
        if not body or body.startswith("$CATEGORY: "):
            continue
        head, name, rest = re.fullmatch(r"(::((?:[^:\\]|\\.)*)::)(.*)", body, re.DOTALL).groups()
        assert head and rest.startswith("[html]")
        question, answers = re.fullmatch(
            r"\[html\]((?:[^{}\\]|\\.)*)\{((?:[^{}\\]|\\.)*)\}\s*", rest, re.DOTALL
        ).groups()
        answers, general = re.fullmatch(r"(.*?)(?<!\\)####(.*)", answers, re.DOTALL).groups()
        row: dict[str, Any] = {"text": unescape(question), "general": unescape(general), "comments": comments[-1]}
        row |= read_answers(answers.strip())
        found[unescape(name)] = row
    return found


def read_answers(answers: str) -> dict[str, Any]:
    if answers.startswith("#"):
        value, tolerance = answers[1:].split(":")
        return {"value": float(value), "tolerance": float(tolerance)}
    if answers.startswith(("TRUE", "FALSE")):
        word, wrong, right = (part.strip().lstrip("#") for part in cut(answers, "#"))
        reasons = {word.title(): unescape(right), ("False" if word == "TRUE" else "True"): unescape(wrong)}
        options = ["True", "False"]
        return {"options": options, "reasons": [reasons[o] for o in options], "correct": (options.index(word.title()),)}
    options, reasons, shares = [], [], []
    for part in cut(answers, "=~"):
        sign, answer = part[0], part[1:].strip()
        share = 100.0 if sign == "=" else 0.0
        if weight := re.match(r"%(-?[\d.]+)%", answer):
            share, answer = float(weight[1]), answer[weight.end() :]
        option, reason = cut(answer, "#")
        options.append(unescape(option))
        reasons.append(unescape(reason[1:].strip()))
        shares.append(share)
    assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=1e-3)
    return {"options": options, "reasons": reasons, "correct": tuple(i for i, s in enumerate(shares) if s > 0)}


def test_gift_agrees_with_the_bank(case: Case) -> None:
    read = read_gift(gift(case.papers, BOOK))
    assert set(read) == set(case.expected)
    for item_id, wanted in case.expected.items():
        got = read[item_id]
        if wanted.type == "true-false":  # GIFT fixes the order: true, then false
            order = [wanted.options.index("True"), wanted.options.index("False")]
            assert [wanted.options[place] for place in order] == got["options"]
            assert same(got["reasons"], [wanted.reasons[place] for place in order]), item_id
            assert order[got["correct"][0]] == wanted.correct[0], item_id
            continue
        assert agrees(got, wanted), item_id
        if wanted.value is None:
            assert same(got["reasons"], wanted.reasons), item_id
        assert re.search(wanted.lead_in, letters(got["text"])), item_id
        assert re.match(wanted.explanation, letters(got["general"])), item_id
        assert f"[id:{item_id}]" in got["comments"]


def test_gift_holds_hostile_text_as_text(tmp_path: Path) -> None:
    text = gift(hostile(tmp_path).papers, BOOK)
    read = read_gift(text)
    for row in read.values():
        assert_inert(row["text"] + row["general"] + "".join(row.get("options", []) + row.get("reasons", [])))
    assert letters(read["hostile-single"]["options"][0]) == "11"
    assert read["hostile-single"]["options"][0] == "=1+1"
    assert "\u202e" not in text


def test_the_same_questions_give_the_same_bytes() -> None:
    papers = real().papers
    assert moodle_xml(papers, BOOK) == moodle_xml(papers, BOOK)
    assert gift(papers, BOOK) == gift(papers, BOOK)
