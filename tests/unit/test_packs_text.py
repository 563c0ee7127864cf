"""Texts of the packs: formulas without MathML, roles written out, nothing left that a program could run."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from bookpress.packs.archive import safe_name, write_zip, zip_again
from bookpress.packs.text import PackError, Renderer
from tests.unit.packs_bank import BOOK, hostile, real, same


class Fact:
    interval_text = "95% CI 1 to 2"

    def __str__(self) -> str:
        return "1.5"


RENDERER = Renderer(fact=lambda _id: Fact(), cite={"a": "Able 2001", "b": "Baker 2002"}.__getitem__)


@pytest.mark.parametrize(
    ("source", "html", "plain"),
    [
        ("*KMT2A* and 10^2", "<em>KMT2A</em> and 10^2", "KMT2A and 10^2"),
        ("{fact}`x interval` of {given}`9 kg`", "1.5 (95% CI 1 to 2) of 9 kg", "1.5 (95% CI 1 to 2) of 9 kg"),
        ("Seen {cite}`a,b`.", "Seen (Able 2001; Baker 2002).", "Seen (Able 2001; Baker 2002)."),
        ("{cite:t}`a` saw it", "Able 2001 saw it", "Able 2001 saw it"),
        (r"$1 - 0.05^{1/30}$", "1 − 0.05<sup>1/30</sup>", "1 − 0.05^(1/30)"),
        (r"$\frac{a + b}{c} = \sqrt{x}$", "(a + b)/c = √(x)", "(a + b)/c = √(x)"),
        (r"$x^2 \times y_1$", "x<sup>2</sup> × y<sub>1</sub>", "x² × y₁"),
        ("a < b & <i>no</i>", "a &lt; b &amp; &lt;i&gt;no&lt;/i&gt;", "a < b & <i>no</i>"),
        ("digits \u202e123\u202c stay", "digits 123 stay", "digits 123 stay"),
        ("[x](javascript:alert)", "[x](javascript:alert)", "[x](javascript:alert)"),
    ],
)
def test_inline_text(source: str, html: str, plain: str) -> None:
    text = RENDERER.inline(source)
    assert (text.html, text.plain) == (html, plain)


def test_the_page_form_keeps_mathml() -> None:
    assert "<math" in RENDERER.inline("$x^2$").html_math
    assert "<math" not in RENDERER.inline("$x^2$").html


def test_an_unknown_role_is_refused_by_name() -> None:
    with pytest.raises(PackError, match=r"the role \{frobnicate\}"):
        RENDERER.inline("{frobnicate}`x`")


def test_every_text_of_the_book_is_well_formed_and_complete(tmp_path: Path) -> None:
    for case in (real(), hostile(tmp_path)):
        for paper in case.papers:
            for question in paper.questions:
                wanted = case.expected[question.id]
                for fragment in (question.prompt_html(), question.review_html(), question.prompt_html(math=True)):
                    etree.fromstring(f"<div>{fragment}</div>")
                assert same([choice.text.html for choice in question.choices], wanted.options), question.id
                assert same([choice.reason.html_math for choice in question.choices], wanted.reasons), question.id
                assert same([question.lead_in.html], [wanted.lead_in]), question.id
                assert same([question.explanation.html], [wanted.explanation]), question.id


def test_a_value_that_is_not_verified_is_explained() -> None:
    noted = [question for paper in real().papers for question in paper.questions if question.note]
    assert noted
    for question in noted:
        assert question.note == "† Not verified."
        assert "† Not verified." in question.prompt_html()


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\b", "c:x", "a//b", "", "./a"])
def test_members_of_a_zip_cannot_leave_their_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stays within its folder"):
        safe_name(name)
    with pytest.raises(ValueError, match="stays within its folder"):
        write_zip(tmp_path / "x.zip", {name: b""})
    assert not (tmp_path / "x.zip").exists()


def test_zips_depend_on_their_content_alone(tmp_path: Path) -> None:
    one = write_zip(tmp_path / "1.zip", {"b": b"2", "a": b"1"}).read_bytes()
    two = write_zip(tmp_path / "2.zip", {"a": b"1", "b": b"2"}).read_bytes()
    assert one == two
    assert zip_again(tmp_path / "2.zip").read_bytes() == one
    assert write_zip(tmp_path / "3.zip", {"a": b"1", "b": b"3"}).read_bytes() != one


def test_the_citation_names_version_and_day() -> None:
    assert BOOK.citation.endswith("Version 1.2, 2026-01-02.")
