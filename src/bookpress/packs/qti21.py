"""QTI 2.1: a content package with one file for each question, a test that lists them, and a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from bookpress.packs.archive import write_zip
from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, Question
from bookpress.packs.xml import add, add_html, to_bytes

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WHERE = f"{QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"


def write_qti21(path: Path, papers: Sequence[Paper], book: BookInfo) -> Path:
    """Write the package: imsmanifest.xml, test.xml, and items/."""
    questions = [question for paper in papers for question in paper.questions]
    members = {f"items/{question.id}.xml": to_bytes(_item(question, book)) for question in questions}
    members["test.xml"] = to_bytes(_test(papers, book))
    members["imsmanifest.xml"] = to_bytes(_manifest(questions, book))
    return write_zip(path, members, first=("imsmanifest.xml",))


def _root(tag: str, **attributes: str) -> Any:
    root = etree.Element(f"{{{QTI}}}{tag}", nsmap={None: QTI, "xsi": XSI})
    for name, value in attributes.items():
        root.set(name, value)
    root.set(f"{{{XSI}}}schemaLocation", WHERE)
    return root


def _item(question: Question, book: BookInfo) -> Any:
    root = _root(
        "assessmentItem", identifier=f"item-{question.id}", title=question.id, adaptive="false", timeDependent="false"
    )
    root.set("{http://www.w3.org/XML/1998/namespace}lang", book.language)
    number = question.number
    response = add(
        root, "responseDeclaration", identifier="RESPONSE",
        cardinality="multiple" if question.type == "multiple" else "single",
        baseType="float" if number else "identifier",
    )  # fmt: skip
    key = add(response, "correctResponse")
    for value in [number.value] if number else [choice.letter for choice in question.correct]:
        add(key, "value", value)
    score = add(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    add(add(score, "defaultValue"), "value", "0")
    add(root, "outcomeDeclaration", identifier="REASON", cardinality="multiple", baseType="identifier")
    review = add(root, "outcomeDeclaration", identifier="REVIEW", cardinality="single", baseType="identifier")
    add(add(review, "defaultValue"), "value", "none")
    _body(add(root, "itemBody"), question)
    _processing(add(root, "responseProcessing"), question)
    for choice in question.choices:
        add_html(_feedback(root, "REASON", choice.letter), f"<p>{choice.reason.html}</p>")
    add_html(_feedback(root, "REVIEW", "told"), question.review_html())
    return root


def _body(body: Any, question: Question) -> None:
    add_html(body, question.stem.html)
    if question.note:
        add_html(body, f"<p>{question.note}</p>")
    if question.number:
        add_html(body, f"<p>{question.lead_in.html}</p>")
        line = add(body, "p")
        field = add(line, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="10")
        field.tail = f" {question.number.unit}" if question.number.unit else None
        return
    many = question.type == "multiple"
    interaction = add(
        body, "choiceInteraction", responseIdentifier="RESPONSE", maxChoices="0" if many else "1",
        shuffle="false" if question.type == "true-false" else "true",
    )  # fmt: skip
    add_html(add(interaction, "prompt"), question.lead_in.html)
    for choice in question.choices:
        add_html(add(interaction, "simpleChoice", identifier=choice.letter), f"<p>{choice.text.html}</p>")


def _processing(processing: Any, question: Question) -> None:
    """Score one point for the whole key, and show the reasons of what was chosen."""
    test = add(add(processing, "responseCondition"), "responseIf")
    if question.number:
        reach = f"{question.number.tolerance} {question.number.tolerance}"
        match = add(test, "equal", toleranceMode="absolute", tolerance=reach)
    else:
        match = add(test, "match")
    add(match, "variable", identifier="RESPONSE")
    add(match, "correct", identifier="RESPONSE")
    add(add(test, "setOutcomeValue", identifier="SCORE"), "baseValue", "1", baseType="float")
    if not question.number:
        chosen = add(processing, "setOutcomeValue", identifier="REASON")
        chosen = chosen if question.type == "multiple" else add(chosen, "multiple")
        add(chosen, "variable", identifier="RESPONSE")
    add(add(processing, "setOutcomeValue", identifier="REVIEW"), "baseValue", "told", baseType="identifier")


def _feedback(root: Any, outcome: str, identifier: str) -> Any:
    return add(root, "modalFeedback", outcomeIdentifier=outcome, identifier=identifier, showHide="show")


def _test(papers: Sequence[Paper], book: BookInfo) -> Any:
    root = _root("assessmentTest", identifier=f"test-{book.slug}", title=book.title)
    part = add(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    for paper in papers:
        section = add(
            part, "assessmentSection", identifier=f"section-{paper.chapter}", title=paper.title, visible="true"
        )
        for question in paper.questions:
            add(
                section, "assessmentItemRef", identifier=f"ref-{question.id}", href=f"items/{question.id}.xml",
                category=" ".join((f"level-{question.level}", f"objective-{question.objective}")),
            )  # fmt: skip
    return root


def _manifest(questions: Sequence[Question], book: BookInfo) -> Any:
    root = etree.Element(f"{{{CP}}}manifest", nsmap={None: CP, "xsi": XSI})
    root.set("identifier", f"manifest-{book.slug}")
    root.set(f"{{{XSI}}}schemaLocation", f"{CP} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd")
    about = add(root, "metadata")
    add(about, "schema", "QTIv2.1 Package")
    add(about, "schemaversion", "1.0.0")
    add(root, "organizations")
    resources = add(root, "resources")
    test = add(resources, "resource", identifier="resource-test", type="imsqti_test_xmlv2p1", href="test.xml")
    add(test, "file", href="test.xml")
    for question in questions:
        add(test, "dependency", identifierref=f"resource-{question.id}")
    for question in questions:
        place = f"items/{question.id}.xml"
        item = add(resources, "resource", identifier=f"resource-{question.id}", type="imsqti_item_xmlv2p1", href=place)
        add(item, "file", href=place)
    return root
