"""A tiny book as an e-book: what is folded is open, and answers wait at the end of their chapter."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from bookpress.epub.xhtml import NS
from tests.unit.press_project import PROVIDER, Book

EXTENSIONS = [
    "sphinx_design",
    "sphinx_exercise",
    "bookpress.math",
    "bookpress.look",
    "bookpress.facts",
    "bookpress.register",
    "bookpress.quiz",
    "bookpress.edition",
    "bookpress.epub",
]
BANK = """
chapter: one
title: One
objectives: {goal: Name it.}
items:
  - id: first
    objective: goal
    level: apply
    type: single
    stem: A kite.
    lead_in: Which is it?
    options:
      - {text: red, reason: Wrong-reason.}
      - {text: green, correct: true, reason: Right-reason.}
      - {text: blue, reason: Wrong-reason.}
    explanation: Explained-first.
    sources: [able2020]
"""
ONE = """
    # First

    It flew {fact}`able-share` of the time, or {fact}`able-doubt`.

    ::::{dropdown} Folded title
    Folded text.
    ::::

    :::::{tab-set}
    ::::{tab-item} Tab one
    Text one.
    ::::
    ::::{tab-item} Tab two
    Text two.
    ::::
    :::::

    ```{exercise}
    :label: ex-one
    Fly.
    ```

    ```{solution} ex-one
    Secret-solution of {fact}`able-ratio`.
    ```

    ```{quiz} one
    ```

    ## Last of the text
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path, EXTENSIONS)
    made.write_provider(PROVIDER.partition("def discrepancies")[0] + "def discrepancies():\n    return []\n")
    made.overrides |= {
        "numfig": True,
        "html_math_renderer": "mathml",
        "epub_basename": "kites",
        "epub_identifier": "urn:uuid:1",
        "epub_show_urls": "no",
        "bookpress_epub_cover": "cover.svg",
        "bookpress_questions": "banks",
        "bookpress_notice": "Kites only.",
    }
    made.source.joinpath("cover.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 4"><desc>A kite.</desc></svg>', encoding="utf-8"
    )
    made.source.joinpath("banks").mkdir()
    made.source.joinpath("banks", "one.yaml").write_text(BANK, encoding="utf-8")
    toc = "# Kites\n\n```{toctree}\n:caption: Part\n:numbered:\none\nregister\n```\n"
    made.source.joinpath("index.md").write_text(toc, encoding="utf-8")
    made.page("one", ONE)
    made.page("register", "# Register\n\n```{evidence-register}\n```\n")
    return made


def read(book: Book, name: str = "one") -> etree._Element:
    with zipfile.ZipFile(book.root / "out" / "bookepub" / "kites.epub") as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}.xhtml"))


def words(tree: etree._Element) -> str:
    return " ".join("".join(tree.itertext()).split())


def test_answers_and_solutions_move_to_the_end_with_links_there_and_back(book: Book) -> None:
    assert book.build("bookepub") == ""
    tree = read(book)
    headings = [words(one) for one in tree.xpath("//h:h2", namespaces=NS)]
    assert headings == ["1.1. Last of the text", "Solutions to the exercises", "Answers to the questions"]
    text = words(tree)
    assert text.index("Last of the text") < text.index("Secret-solution") < text.index("Right-reason")
    (answer,) = tree.xpath("//*[@id='answer-first']")
    assert words(answer).startswith("Question 1 Answer: B")
    there = tree.xpath("//*[@id='question-first']//h:p[@class='see-end']/h:a/@href", namespaces=NS)
    assert there == ["#answer-first"]
    assert answer.xpath("./h:p[@class='answer-title']/h:a/@href", namespaces=NS) == ["#question-first"]


def test_the_assignment_edition_tells_neither_key_nor_solution(book: Book) -> None:
    book.overrides["bookpress_edition"] = "assignment"
    assert book.build("bookepub") == ""
    tree = read(book)
    text = etree.tostring(tree, encoding="unicode")
    for secret in (
        "Secret-solution",
        "Right-reason",
        "Wrong-reason",
        "Explained",
        "Answer: ",
        "end-answers",
        "see-end",
    ):
        assert secret not in text
    assert "Which is it?" in text and "Fly." in text
    assert "use-able-ratio" in tree.xpath("//@id"), "the register still finds the place of the value"


def test_the_web_pages_of_an_assignment_have_no_solution_either(book: Book) -> None:
    book.overrides["bookpress_edition"] = "assignment"
    book.build("html")
    assert "Secret-solution" not in book.html("one") and "Fly." in book.html("one")


def test_dropdowns_and_tabs_are_open(book: Book) -> None:
    book.build("bookepub")
    tree = read(book)
    assert tree.xpath("//h:details | //h:input | //h:label", namespaces=NS) == []
    for said in ("Folded title Folded text.", "Tab one Text one. Tab two Text two."):
        assert said in words(tree)


def test_a_value_is_a_link_to_its_row_and_keeps_its_mark(book: Book) -> None:
    book.build("bookepub")
    values = read(book).xpath("//h:span[contains(@class, 'fact-plain')]", namespaces=NS)
    assert [words(one) for one in values] == ["54.4%", "0.71†", "0.70"]
    assert values[0].find("h:a", NS).get("href") == "register.xhtml#fact-able-share"
    assert read(book, "register").xpath("//*[@id='fact-able-share']")


def test_parts_and_sections_stand_in_the_contents(book: Book) -> None:
    book.build("bookepub")
    nav = read(book, "contents").xpath("//h:nav[@id='toc']", namespaces=NS)[0]
    listed = [words(one) for one in nav.xpath(".//h:a | .//h:span", namespaces=NS)]
    assert listed[:4] == ["Kites", "Part", "1. First", "1.1. Last of the text"]


def test_only_a_changed_page_is_written_again(book: Book) -> None:
    book.build("bookepub")
    out = book.root / "out" / "bookepub"
    first = (out / "kites.epub").read_bytes()
    written = (out / "one.xhtml").stat().st_mtime_ns
    book.build("bookepub")
    assert (out / "kites.epub").read_bytes() == first
    book.page("register", "# Register of all\n\n```{evidence-register}\n```\n")
    book.build("bookepub")
    assert (out / "one.xhtml").stat().st_mtime_ns == written
    assert "Register of all" in words(read(book, "contents"))


def test_raw_html_that_is_no_xml_fails_and_names_its_file(book: Book) -> None:
    from sphinx.errors import ExtensionError

    book.page("one", "# First\n\n```{raw} html\n<p>open\n```\n")
    with pytest.raises(ExtensionError, match=r"one\.md: its XHTML is not well-formed"):
        book.build("bookepub")


def test_a_number_that_changed_in_the_data_alone_reaches_the_e_book(book: Book) -> None:
    """The builder of the web pages reads the new number; the e-book comes second and sees no changed source."""
    book.build("html")
    book.build("bookepub")
    assert "54.4%" in words(read(book))
    book.write_provider(PROVIDER.replace("54.4%", "55.5%"))
    book.build("html", fresh=True)
    assert "55.5%" in book.html("one")
    book.build("bookepub")
    assert "55.5%" in words(read(book)) and "54.4%" not in words(read(book))


def test_a_page_that_moved_has_its_new_number_in_the_e_book(book: Book) -> None:
    book.build("html")
    book.build("bookepub")
    assert "1.1. Last of the text" in words(read(book))
    toc = "# Kites\n\n```{toctree}\n:caption: Part\n:numbered:\nregister\none\n```\n"
    book.source.joinpath("index.md").write_text(toc, encoding="utf-8")
    book.build("html")
    book.build("bookepub")
    assert "2.1. Last of the text" in words(read(book))
