"""Every edition says the same: headings, numbers and captions of figures and tables, every value of the evidence."""

from __future__ import annotations

import pytest

from tests.book.same_content import chapters, of_book, of_web

NAMES = chapters()


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
