"""Every edition says the same: headings, numbers and captions of figures and tables, every value of the evidence."""

from __future__ import annotations

import pytest

from tests.book.same_content import (
    BUILD,
    Content,
    calculators_of_book,
    chapters,
    of_book,
    of_paper,
    of_web,
    on_paper,
    squeeze,
    straight,
    worked_examples,
)

NAMES = chapters()
HANDOUTS = sorted(file.stem for file in (BUILD / "pdf").glob("[0-9]*.pdf"))
CONTEXT = 12
"""So many signs before a value and behind it tell which of many equal numbers it is."""


@pytest.mark.parametrize("name", NAMES)
def test_web_and_book_have_the_same_headings(name: str) -> None:
    assert of_web(name).headings == of_book(name).headings
    assert of_web(name).headings


@pytest.mark.parametrize("name", NAMES)
def test_web_and_book_number_figures_and_tables_alike(name: str) -> None:
    assert of_web(name).captions == of_book(name).captions


@pytest.mark.parametrize("name", NAMES)
def test_web_and_book_print_the_same_values(name: str) -> None:
    web, book = of_web(name).values, of_book(name).values
    assert sorted((one.shown, one.block) for one in web) == sorted((one.shown, one.block) for one in book)


@pytest.mark.parametrize("name", NAMES)
def test_web_and_book_have_the_same_tables_and_formulas(name: str) -> None:
    assert sorted(of_web(name).rows) == sorted(of_book(name).rows)
    assert sorted(of_web(name).formulas) == sorted(of_book(name).formulas)


@pytest.mark.parametrize("name", NAMES)
def test_web_and_book_have_the_same_words(name: str) -> None:
    web, book = of_web(name).words, of_book(name).words
    assert web - book == {} and book - web == {}
    assert web.total() > 10


WITH_CALCULATOR = [name for name in NAMES if worked_examples(name)]


def test_some_pages_hold_calculators() -> None:
    assert {"03-reading-trials", "08-dosing-workshop", "calculators"} <= set(WITH_CALCULATOR)


@pytest.mark.parametrize("name", WITH_CALCULATOR)
def test_worked_examples_of_calculators_are_in_every_edition(name: str) -> None:
    book, paper = calculators_of_book(name), straight(of_paper("bitebook"))
    assert in_order(worked_examples(name), book) == []  # in order: a short cell may stand elsewhere by chance
    assert [piece for piece in worked_examples(name) if piece not in paper] == []


def captions_by_kind(web: Content) -> list[list[str]]:
    """Return figures and tables apart: on paper a figure may float past a table, never past another figure."""
    kinds: dict[str, list[str]] = {}
    for caption in web.captions:
        kinds.setdefault(caption.split(" ", 1)[0], []).append(squeeze(caption))
    return list(kinds.values())


def in_order(wanted: list[str], text: str) -> list[str]:
    """Return what does not stand in the text behind the one before it."""
    lost, place = [], 0
    for one in wanted:
        found = text.find(one, place)
        if found < 0:
            lost.append(one)
        else:
            place = found + len(one)
    return lost


def missing_values(web: Content, text: str) -> list[str]:
    """Return the values that the text does not print between the words around them."""
    lost = []
    for value in web.values:
        before, shown, after = squeeze(value.before)[-CONTEXT:], squeeze(value.shown), squeeze(value.after)[:CONTEXT]
        # A page may end before the value or behind it.
        if not any(one in text for one in (before + shown + after, before + shown, shown + after)):
            lost.append(f"{value.before}[{value.shown}]{value.after}")
    return lost


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_handout_has_the_headings_of_the_web_in_order(name: str) -> None:
    text = of_paper(name)
    assert in_order([on_paper(one, text) for one in of_web(name).headings], text) == []


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_handout_numbers_figures_and_tables_as_the_web(name: str) -> None:
    for captions in captions_by_kind(of_web(name)):
        assert in_order(captions, of_paper(name)) == []


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_handout_prints_every_value(name: str) -> None:
    assert of_web(name).values
    assert missing_values(of_web(name), of_paper(name)) == []


@pytest.mark.parametrize("name", HANDOUTS)
def test_a_handout_prints_every_cell(name: str) -> None:
    cells = [squeeze(cell) for row in of_web(name).rows for cell in row.split(" | ")]
    assert [cell for cell in cells if cell not in of_paper(name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_book_on_paper_holds_every_page(name: str) -> None:
    web, text = of_web(name), of_paper("bitebook")
    assert [one for one in web.headings if on_paper(one, text) not in text] == []
    for captions in captions_by_kind(web):
        assert in_order(captions, text) == []
    assert missing_values(web, text) == []
    cells = [squeeze(cell) for row in web.rows for cell in row.split(" | ")]
    assert [cell for cell in cells if cell not in text] == []
