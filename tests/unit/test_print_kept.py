"""After any edit the print edition is that of a build from nothing; pages that an edit cannot reach are kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest

from bookpress.print.builder import BookPdfBuilder
from bookpress.print.translator import Translator
from tests.unit.press_project import QUESTIONS, Book

EXTENSIONS = [
    *("bookpress.facts", "bookpress.quiz", "sphinxcontrib.bibtex", "bookpress.lookups", "bookpress.incremental"),
    "bookpress.print",
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><rect width="60" height="30" fill="#08c"/></svg>'
PAGES = {
    "index": "# Flying\n\n```{toctree}\n:numbered:\n:caption: All\nkites\nwind\nrain\n```\n\n"
    "```{toctree}\n:caption: Back\nback\nanswers\n```\n",
    "kites": "---\nevidence_cutoff: 2020-01-01\n---\n\n"
    "# Kites\n\nA {term}`string` and a {fact}`able-share`, says {cite}`able2020`.\n\n```{quiz} kites\n```\n\n"
    "## Exercises\n\nFly.\n",
    "wind": "# Wind\n\n(blow)=\n## Blow\n\nA {term}`string` in it.\n\n```{figure} kite.svg\n:name: fig-wind\n"
    ":alt: A blue kite.\n\nWind.\n```\n\n## Exercises\n\nBlow.\n",
    "rain": "# Rain\n\nAfter {ref}`blow` and {numref}`fig-wind` comes {cite}`bold2021` with a {term}`string`.\n\n"
    "## Exercises\n\nGet wet.\n",
    "back": "# Back\n\n```{glossary}\nstring\n  Holds a kite.\n\ntail\n  Follows it.\n```\n\n"
    "```{bibliography}\n:all:\n```\n",
    "answers": "# Answers\n\n```{answer-key} kites\n```\n",
}
# An edit, and which pages must be written again for the book. The answers are written from what chapters gathered.
EDITS = {
    "nothing": ({}, {"answers"}),
    "a word": ({"kites.md": ("Fly.", "Fly high.")}, {"kites", "answers"}),
    "the day up to which evidence was read": ({"kites.md": ("2020-01-01", "2021-01-01")}, {"answers"}),
    "a figure more before": (
        {"wind.md": ("Blow.", "```{figure} kite.svg\n:alt: A kite.\n\nMore.\n```\n")},
        {"wind", "answers"},
    ),
    "a heading that others name": ({"wind.md": ("## Blow", "## Gust")}, {"wind", "rain", "answers"}),
    "a label that others refer to": (
        {"wind.md": ("(blow)=", "(gust)="), "rain.md": ("`blow`", "`gust`")},
        {"wind", "rain", "answers"},
    ),
    "a heading no longer in most chapters": (
        {"wind.md": ("## Exercises", "## Practice"), "rain.md": ("## Exercises", "## To do")},
        {"index", "kites", "wind", "rain", "back", "answers"},
    ),
    "an answer": ({"kites.yaml": ("Without a string it falls.", "It has no string.")}, {"kites", "answers"}),
    "a question that uses a term": (
        {"kites.yaml": ("A kite needs its string.", "A kite needs its {term}`string` and {term}`tail`.")},
        {"kites", "answers"},
    ),
    "a picture": ({"kite.svg": ("#08c", "#c80")}, {"wind", "answers"}),
    "a term": ({"back.md": ("Holds a kite.", "Holds what flies.")}, {"back", "answers"}),
    "a source": ({"a.bib": ("Tails", "Long tails")}, {"back", "answers"}),
    "the order": ({"index.md": ("kites\nwind", "wind\nkites")}, {"index", "kites", "wind", "rain", "answers"}),
}
# These change nothing that every page may show, so that no other page is even resolved again.
LOCAL = {"nothing", "a word", "an answer", "a question that uses a term", "a picture", "a term"}


def _book(folder: Path) -> Book:
    folder.mkdir()
    book = Book(folder, EXTENSIONS)
    book.overrides |= {"bookpress_questions": ".", "numfig": True, "bibtex_bibfiles": ["a.bib"], "author": "A. Flyer"}
    entries = "@misc{able2020, title = {Kites}, year = {2020}}\n@misc{bold2021, title = {Tails}, year = {2021}}\n"
    (book.source / "a.bib").write_text(entries, encoding="utf-8")
    (book.source / "kites.yaml").write_text(QUESTIONS, encoding="utf-8")
    (book.source / "kite.svg").write_text(SVG, encoding="utf-8")
    for name, text in PAGES.items():
        book.page(name, text)
    return book


def _change(book: Book, edits: dict[str, tuple[str, str]]) -> None:
    for name, (old, new) in edits.items():
        file = book.source / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _made(book: Book) -> dict[str, bytes]:
    out = book.root / "out"
    files = [*(out / "bookpdf").glob("*.pdf"), out / ".bookpdf" / "print-book.typ"]
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_the_bytes_are_those_of_a_build_from_nothing(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits, expected = EDITS[name]
    book = _book(tmp_path / "kept")
    assert book.build("bookpdf") == ""
    _change(book, edits)
    written: set[str] = set()
    page = Translator.page

    def noted(self: Translator) -> str:
        if self.printing.is_book:
            written.add(self.docname)
        return page(self)

    monkeypatch.setattr(Translator, "page", noted)
    assert book.build("bookpdf") == ""
    assert written >= expected
    assert name not in LOCAL or written == expected
    after = _made(book)
    monkeypatch.undo()
    for folder in ("out", "doctrees"):
        shutil.rmtree(book.root / folder)
    assert book.build("bookpdf", fresh=True) == ""
    assert _made(book) == after


def test_what_was_warned_of_is_warned_of_again(tmp_path: Path) -> None:
    book = _book(tmp_path / "kept")
    _change(book, {"wind.md": (":alt: A blue kite.", ":width: 50%")})
    assert book.build("bookpdf").count("no alternative text") == 2  # of the book, and of the handout
    _change(book, {"rain.md": ("Get wet.", "Stay dry.")})
    assert book.build("bookpdf").count("no alternative text") == 2


@pytest.mark.parametrize("what", ["label", "citation", "term"])
def test_a_page_is_not_kept_if_a_place_it_refers_to_is_another(tmp_path: Path, what: str) -> None:
    book = _book(tmp_path / "kept")
    book.build("bookpdf")
    builder = book.app.builder
    assert isinstance(builder, BookPdfBuilder)
    assert builder.kept.find("rain", level=2, printing=builder._printing(is_book=True)) is not None
    if what == "label":
        builder.names.add_page("wind", {"blow": "wind#gale"})
    elif what == "citation":
        builder.citations = frozenset()
    else:
        builder.glossary = frozenset()
    assert builder.kept.find("rain", level=2, printing=builder._printing(is_book=True)) is None


def test_the_index_names_each_place_that_uses_a_term_once(tmp_path: Path) -> None:
    book = _book(tmp_path / "kept")
    _change(book, EDITS["a question that uses a term"][0])
    book.build("bookpdf")
    text = (book.root / "out" / ".bookpdf" / "print-book.typ").read_text(encoding="utf-8")
    index = text[text.index("#index(") :]
    marks = [
        f"{page}#uses-term-string-{count}" for page, count in (("kites", 1), ("kites", 2), ("wind", 1), ("rain", 1))
    ]
    for mark in marks:
        assert text.count(f'#anchor("{mark}")') == index.count(f'("{mark}", false)') == 1, mark


@pytest.mark.parametrize("name", ["kites", "wind"])
def test_a_handout_shows_the_day_up_to_which_evidence_was_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    book = Book(folder, ["bookpress.facts", "bookpress.incremental", "bookpress.print"])
    book.page("index", "# Flying\n\n```{toctree}\n:numbered:\n:caption: All\nkites\nwind\n```\n")
    book.page("wind", "# Wind\n\nIt blows.\n")  # it says no day of its own: that of the book stands for it
    for day in ("2020-01-01", "2021-01-01"):
        book.page("kites", f"---\nevidence_cutoff: {day}\n---\n\n# Kites\n\nThey fly.\n")
        assert book.build("bookpdf") == ""
        text = pypdfium2.PdfDocument(folder / "out" / "bookpdf" / f"{name}.pdf")[0].get_textpage().get_text_range()
        assert f"Evidence to January 1, {day[:4]}" in " ".join(text.split())
