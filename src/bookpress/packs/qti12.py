"""QTI 1.2 assessments: the one body of questions that Canvas and Common Cartridge read, in the words of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from bookpress.packs.paper import Choice, Question
from bookpress.packs.xml import add

NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
RESPONSE = "response1"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a program wants its questions named.

    ``type_field`` is the metadata field that holds the type and ``types`` its word for each type of the bank; a type
    that is not in ``types`` cannot be written. ``true_false`` tells whether the options must be named true and false.
    """

    type_field: str
    types: Mapping[str, str]
    schema: str
    assessment_fields: Mapping[str, str]
    with_points: bool


CANVAS = Dialect(
    type_field="question_type",
    types={
        "single": "multiple_choice_question",
        "multiple": "multiple_answers_question",
        "true-false": "true_false_question",
        "numeric": "numerical_question",
    },
    schema="http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd",
    assessment_fields={"cc_maxattempts": "unlimited"},
    with_points=True,
)
CARTRIDGE = Dialect(
    type_field="cc_profile",
    types={
        "single": "cc.multiple_choice.v0p1",
        "multiple": "cc.multiple_response.v0p1",
        "true-false": "cc.true_false.v0p1",
    },
    schema="http://www.imsglobal.org/profile/cc/ccv1p1/ccv1p1_qtiasiv1p2p1_v1p0.xsd",
    assessment_fields={
        "cc_profile": "cc.exam.v0p1",
        "qmd_assessmenttype": "Examination",
        "qmd_scoretype": "Percentage",
        "cc_maxattempts": "unlimited",
    },
    with_points=False,
)


def assessment(*, identifier: str, title: str, questions: Sequence[Question], dialect: Dialect) -> Any:
    """Return the root element of one assessment.

    Raises
    ------
    KeyError
        If the dialect has no word for the type of a question: leave such questions out first.
    """
    root = etree.Element(f"{{{NAMESPACE}}}questestinterop", nsmap={None: NAMESPACE, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {dialect.schema}")
    body = add(root, "assessment", ident=identifier, title=title)
    _fields(body, dialect.assessment_fields)
    section = add(body, "section", ident="root_section")
    for question in questions:
        _item(section, question, dialect)
    return root


def names(question: Question) -> dict[str, str]:
    """Return the identifier of each option by its letter; true-false options must be named true and false."""
    if question.type == "true-false":
        return {choice.letter: choice.text.plain.lower() for choice in question.choices}
    return {choice.letter: f"{question.id}-{choice.letter}" for choice in question.choices}


def _fields(parent: Any, fields: Mapping[str, str]) -> None:
    holder = add(parent, "qtimetadata")
    for label, entry in fields.items():
        field = add(holder, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)


def _item(section: Any, question: Question, dialect: Dialect) -> None:
    item = add(section, "item", ident=question.id, title=question.id)
    fields = {dialect.type_field: dialect.types[question.type]}
    if dialect.with_points:
        fields |= {"points_possible": "1", "original_answer_ids": ",".join(names(question).values())}
    _fields(add(item, "itemmetadata"), fields)
    presentation = add(item, "presentation")
    _material(presentation, question.prompt_html())
    if question.number is None:
        _choices(presentation, question)
    else:
        field = add(presentation, "response_str", ident=RESPONSE, rcardinality="Single")
        add(add(field, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
    processing = add(item, "resprocessing")
    add(add(processing, "outcomes"), "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    _always(processing)
    for choice in question.choices:
        _reason(processing, question, choice)
    scored = add(processing, "respcondition", **{"continue": "No"})
    _key(add(scored, "conditionvar"), question)
    add(scored, "setvar", "100", action="Set", varname="SCORE")
    _feedback(item, "general_fb", question.review_html())
    for choice in question.choices:
        _feedback(item, f"{names(question)[choice.letter]}_fb", f"<p>{choice.reason.html}</p>")


def _choices(presentation: Any, question: Question) -> None:
    many = "Multiple" if question.type == "multiple" else "Single"
    options = add(add(presentation, "response_lid", ident=RESPONSE, rcardinality=many), "render_choice")
    for choice in question.choices:
        label = add(options, "response_label", ident=names(question)[choice.letter])
        _material(label, choice.text.html)


def _always(processing: Any) -> None:
    condition = add(processing, "respcondition", **{"continue": "Yes"})
    add(add(condition, "conditionvar"), "other")
    add(condition, "displayfeedback", feedbacktype="Response", linkrefid="general_fb")


def _reason(processing: Any, question: Question, choice: Choice) -> None:
    name = names(question)[choice.letter]
    condition = add(processing, "respcondition", **{"continue": "Yes"})
    add(add(condition, "conditionvar"), "varequal", name, respident=RESPONSE)
    add(condition, "displayfeedback", feedbacktype="Response", linkrefid=f"{name}_fb")


def _key(condition: Any, question: Question) -> None:
    if question.number is not None:
        value, reach = Decimal(question.number.value), Decimal(question.number.tolerance)
        either = add(condition, "or")
        add(either, "varequal", question.number.value, respident=RESPONSE)
        between = add(either, "and")
        add(between, "vargte", f"{value - reach:f}", respident=RESPONSE)
        add(between, "varlte", f"{value + reach:f}", respident=RESPONSE)
        return
    if question.type != "multiple":
        add(condition, "varequal", names(question)[question.correct[0].letter], respident=RESPONSE)
        return
    every = add(condition, "and")
    for choice in question.choices:
        place = every if choice.correct else add(every, "not")
        add(place, "varequal", names(question)[choice.letter], respident=RESPONSE)


def _feedback(item: Any, identifier: str, fragment: str) -> None:
    _material(add(add(item, "itemfeedback", ident=identifier), "flow_mat"), fragment)


def _material(parent: Any, fragment: str) -> None:
    add(add(parent, "material"), "mattext", fragment, texttype="text/html")
