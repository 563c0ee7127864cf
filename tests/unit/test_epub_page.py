"""Pages of the e-book: strict XHTML, mended, with tables that fit a phone and formulas that can be read aloud."""

from __future__ import annotations

import pytest
from lxml import etree

from bookpress.epub.page import MalformedPageError, make_page
from bookpress.epub.xhtml import NS
from bookpress.math import to_mathml


def page(body: str, *, name: str = "01-first", kind: str = "chapter") -> etree._Element:
    made = make_page(body, name=name, kind=kind, language="en", notice="Not for prescribing.")
    assert made.startswith(b"<?xml") and b"<!DOCTYPE html>" in made
    return etree.fromstring(made)


def table(columns: int, *, first: str = "a", attributes: str = "") -> str:
    heads = "".join(f"<th>Head {number}</th>" for number in range(columns))
    cells = f"<td>{first}</td>" + "".join(f"<td {attributes}>{number}.5</td>" for number in range(1, columns))
    return f"<table border='1'><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"


def test_a_page_has_language_title_role_and_notice() -> None:
    tree = page("<section><h1>1. <em>First</em> things</h1><p>A&nbsp;word &amp; more.</p></section>")
    assert tree.get("lang") == "en"
    assert tree.findtext("h:head/h:title", namespaces=NS) == "1. First things"
    section = tree.find("h:body/h:section", NS)
    assert section.get("role") == "doc-chapter" and section.get(f"{{{NS['epub']}}}type") == "chapter"
    assert tree.findtext("h:body/h:p[@class='notice']", namespaces=NS) == "Not for prescribing."
    assert "A\u00a0word & more." in "".join(tree.itertext())


def test_styles_are_found_from_a_folder_below() -> None:
    tree = page("<section><h1>T</h1></section>", name="part/one")
    assert tree.xpath("//h:link/@href", namespaces=NS) == ["../styles/formulas.css", "../styles/book-epub.css"]


@pytest.mark.parametrize("body", ["<p>open", "<p>a < b</p>", "<br>", "<p>a & b</p>"])
def test_what_is_no_xml_is_refused_with_its_surroundings(body: str) -> None:
    with pytest.raises(MalformedPageError, match="not well-formed"):
        page(f"<section><h1>T</h1>{body}</section>")


def test_scripts_styles_and_doubled_ids_go_and_the_text_behind_them_stays() -> None:
    body = "<p>a<script>x()</script>b<style>p{}</style>c<!-- d -->e</p><section id='exercise-content'></section>"
    tree = page(f"<section><h1>T</h1>{body}</section>")
    assert "".join(tree.find(".//h:p", NS).itertext()) == "abce"
    assert tree.xpath("//@id") == []


def test_a_narrow_table_gets_a_box_and_heads_with_a_scope() -> None:
    tree = page(f"<section><h1>T</h1>{table(4)}tail</section>")
    box = tree.find(".//h:div[@class='wide']", NS)
    assert box.tail == "tail"
    assert box.xpath(".//h:th/@scope", namespaces=NS) == ["col"] * 4
    assert box.xpath(".//@border | .//@data-head") == []


def test_a_wide_table_can_become_cards_that_name_every_value() -> None:
    tree = page(f"<section><h1>T</h1>{table(5, first='')}</section>")
    made = tree.find(".//h:table", NS)
    assert "cards" in made.get("class")
    assert made.xpath(".//h:td/@data-head", namespaces=NS) == [f"Head {number}" for number in range(1, 5)]
    assert made.xpath(".//h:td[contains(@class, 'empty')]", namespaces=NS)[0].text is None
    assert made.xpath("./h:tbody/h:tr/@class", namespaces=NS) == ["as-above"]


def test_a_table_with_joined_cells_never_becomes_cards() -> None:
    joined = table(6, attributes='rowspan="1"')
    tree = page(f"<section><h1>T</h1>{joined}</section>")
    assert tree.xpath("//@data-head") == []


def test_a_formula_is_said_in_words() -> None:
    tree = page(f"<section><h1>T</h1><p>{to_mathml('C = R / V', display=False)}</p></section>")
    assert tree.xpath("//m:math/@alttext", namespaces=NS) == ["C equals R divided by V"]


def test_a_long_chain_of_equations_can_break_before_each_further_sign() -> None:
    tex = r"BSA = \sqrt{\frac{21 \times 117}{3600}} = \sqrt{0.6825} = 0.8261\ \text{m}"
    tree = page(f'<section><h1>T</h1><div class="math">{to_mathml(tex, display=True)}</div></section>')
    whole = page(f"<section><h1>T</h1>{to_mathml(tex, display=False)}</section>")
    pieces = tree.xpath("//m:math", namespaces=NS)
    assert [piece.xpath("string(m:semantics/m:mrow)", namespaces=NS)[:1] for piece in pieces] == ["B", "=", "="]
    signs = "".join("".join(piece.xpath("./m:semantics/m:mrow//text()", namespaces=NS)) for piece in pieces)
    assert signs == whole.xpath("string(//m:math/m:semantics/m:mrow)", namespaces=NS)
    assert len(tree.xpath("//m:annotation", namespaces=NS)) == 1
    assert pieces[1].get("alttext").startswith("equals the square root of 0.6825")


def test_a_short_chain_stays_whole() -> None:
    tree = page(f"<section><h1>T</h1>{to_mathml('a = b = c', display=True)}</section>")
    assert len(tree.xpath("//m:math", namespaces=NS)) == 1


def test_a_formula_without_words_is_refused() -> None:
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mnosuch>x</mnosuch></math>'
    with pytest.raises(MalformedPageError, match="cannot be said"):
        page(f"<section><h1>T</h1>{formula}</section>")
