"""The print edition of a tiny book: each kind of node, links, editions, refusals, and what is compiled again."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from docutils import nodes
from docutils.parsers.rst import Directive

from bookpress.print import builder, registry
from tests.unit.press_project import QUESTIONS, Book

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><rect width="60" height="30" fill="#08c"/></svg>'
PAGE = """
(kite-page)=
# Kites

Text with *emphasis*, **strength**, `code`, a unit mcg/day, a $x^2$ and {fact}`able-doubt`. Note[^one].

[^one]: A footnote about wind.

## Parts

```{figure} kite.svg
:name: fig-kite
:alt: A blue kite.

The kite of {numref}`fig-kite`.
```

| Name | Length |
|:-----|-------:|
| tail | 3      |

```{math}
:label: eq-lift
L = \\frac{1}{2} v^2
```

- first
- second

1. one
2. two

:::{admonition} Beware
:class: warning
Of trees, see {eq}`eq-lift` and {doc}`other`.
:::

> A quoted line.

Term
: Its definition.

```python
fly(kite)
```
"""
EXTENSIONS = ["bookpress.facts", "bookpress.print"]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path, EXTENSIONS)
    made.overrides |= {
        "numfig": True,
        "bookpdf_name": "whole",
        "bookpdf_notice": "Only for play.",
        "author": "A. Flyer",
    }
    (made.source / "kite.svg").write_text(SVG, encoding="utf-8")
    made.page(
        "index",
        """
        # Flying

        ```{toctree}
        :caption: The part
        :numbered:
        kites
        other
        ```
        """,
    )
    made.page("kites", PAGE)
    made.page("other", "# Other\n\nBack to {ref}`kite-page`, {numref}`fig-kite`.\n")
    return made


def pdf_text(book: Book, name: str) -> str:
    pdf = pypdfium2.PdfDocument(book.root / "out" / "bookpdf" / f"{name}.pdf")
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def typst_source(book: Book, name: str) -> str:
    return (book.root / "out" / ".bookpdf" / f"print-{name}.typ").read_text(encoding="utf-8")


def test_every_kind_of_node_reaches_the_paper(book: Book) -> None:
    assert book.build("bookpdf") == ""
    text = pdf_text(book, "whole")
    for words in (
        "1 Kites", "1.1 Parts", "emphasis", "strength", "code", "mcg/day", "A footnote about wind", "Fig. 1.1",
        "The kite of Fig. 1.1", "tail", "first", "second", "Beware", "Of trees, see (1.1) and Other", "A quoted line",
        "Its definition", "fly(kite)", "0.71†", "Only for play.", "The part", "A. Flyer",
    ):  # fmt: skip
        assert words in re.sub(r"\s+", " ", text), words
    assert sorted(file.name for file in (book.root / "out" / "bookpdf").iterdir()) == [
        "kites.pdf",
        "other.pdf",
        "whole.pdf",
    ]


def test_a_handout_counts_its_pages_and_keeps_the_words_of_links_elsewhere(book: Book) -> None:
    book.build("bookpdf")
    text = re.sub(r"\s+", " ", pdf_text(book, "other"))
    assert "1 / 1" in text
    assert "Back to Kites, Fig. 1.1." in text
    assert "Flying" not in text
    assert "#plain[Kites]" in typst_source(book, "other")
    assert '#xref("kites#kites")[Kites]' in typst_source(book, "whole")


def test_the_pdf_is_tagged_titled_and_described(book: Book) -> None:
    book.build("bookpdf")
    with pikepdf.open(book.root / "out" / "bookpdf" / "kites.pdf") as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked
        meta = pdf.open_metadata()
        assert meta["pdfuaid:part"] == "1"
        assert meta["dc:title"] == "Kites"
        alts = {str(one["/Alt"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}
    assert "A blue kite." in alts
    assert "L equals 1 over 2 v squared" in alts


class gauge(nodes.General, nodes.Element):
    """Unknown to everybody."""


class dial(nodes.General, nodes.Element):
    """Knows how to be printed."""

    print_children = True


def _directive(kind: type[nodes.Element]) -> type[Directive]:
    class Made(Directive):
        def run(self) -> list[nodes.Node]:
            node = kind("", nodes.paragraph("", "A worked example."))
            node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
            return [node]

    return Made


@pytest.fixture
def directives(monkeypatch: pytest.MonkeyPatch) -> None:
    from docutils.parsers.rst import directives as known

    monkeypatch.setattr(
        known, "_directives", {**known._directives, "gauge": _directive(gauge), "dial": _directive(dial)}
    )


def test_an_unknown_node_is_refused_with_file_and_line(book: Book, directives: None) -> None:
    book.page("other", "# Other\n\nText.\n\n```{gauge}\n```\n")
    said = book.build("bookpdf")
    assert re.search(r"other\.md:5: WARNING: the print edition does not know the node <gauge>", said)


def test_a_node_may_ask_to_print_its_children(book: Book, directives: None) -> None:
    book.page("other", "# Other\n\n```{dial}\n```\n")
    assert book.build("bookpdf") == ""
    text = pdf_text(book, "other")
    assert "A worked example." in text
    assert registry.RUN_IT in text


def test_an_extension_may_register_a_visitor(book: Book, directives: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_visitors", {})
    registry.register(gauge, lambda translator, node: "GAUGE: " + translator.children(node))
    book.page("other", "# Other\n\n```{gauge}\n```\n")
    assert book.build("bookpdf") == ""
    assert "GAUGE: A worked example." in re.sub(r"\s+", " ", pdf_text(book, "other"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "```{figure} kite.svg\nNo words.\n```\n",
            r"other\.md:3: WARNING: the picture kite\.svg has no alternative text",
        ),
        ("```{figure} gone.svg\n:alt: Gone.\n\nGone.\n```\n", r"other\.md:3: WARNING: .*gone\.svg"),
        ("$$\\nosuchmacro{x}$$\n", r"other\.md:3: WARNING: formula .* cannot be printed: .*nosuchmacro"),
        ("<video src='kite.mp4'></video>\n", r"other\.md:3: WARNING: HTML that is neither a table nor inline SVG"),
        ("A sign no font has: \U00013000.\n", r"other\.md:3: WARNING: other\.pdf: error: PDF/UA-1"),
    ],
    ids=["no alt text", "broken picture", "unknown macro", "video", "missing glyph"],
)
def test_bad_input_is_named_with_file_and_line(book: Book, text: str, said: str) -> None:
    book.page("other", f"# Other\n\n{text}")
    assert re.search(said, book.build("bookpdf"))


class Output(Directive):
    """An output of a cell as myst-nb leaves it: one container for each form."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        bundle = nodes.container(nb_element="mime_bundle")
        bundle.source, bundle.line = self.state_machine.get_source_and_line(self.lineno)
        bundle += [nodes.container("", nodes.paragraph("", kind), mime_type=kind) for kind in self.content]
        return [bundle]


@pytest.mark.parametrize(
    ("kinds", "is_refused"),
    [("application/x-kite\ntext/plain", True), ("application/x-kite\ntext/html", False), ("text/plain", False)],
)
def test_an_output_that_has_no_form_for_paper_is_refused(
    book: Book, monkeypatch: pytest.MonkeyPatch, kinds: str, is_refused: bool
) -> None:
    from docutils.parsers.rst import directives as known

    monkeypatch.setattr(known, "_directives", {**known._directives, "output": Output})
    book.page("other", f"# Other\n\n```{{output}}\n{kinds}\n```\n")
    said = book.build("bookpdf")
    assert bool(re.search(r"other\.md:3: WARNING: an output of the type application/x-kite", said)) == is_refused
    assert bool(said) == is_refused


def test_components_of_the_screen_are_printed_open(tmp_path: Path) -> None:
    book = Book(tmp_path, ["sphinx_design", "bookpress.facts", "bookpress.print"], parser="myst_nb")
    book.page(
        "index",
        """
        ---
        jupytext: {text_representation: {extension: .md, format_name: myst}}
        kernelspec: {name: python3, display_name: Python 3}
        ---
        # Kites

        ````{tab-set}
        ```{tab-item} Flat
        A flat kite.
        ```
        ```{tab-item} Boxed
        A box kite.
        ```
        ````

        ```{dropdown} More wind
        Hidden on the screen.
        ```

        ````{grid} 2
        ```{grid-item-card} Card one
        First card.
        ```
        ```{grid-item-card} Card two
        Second card.
        ```
        ````

        ```{code-cell} ipython3
        :tags: [live]
        fly(1)
        ```

        ```{code-cell} ipython3
        :tags: [hide-input]
        fly(2)
        ```

        Last words.
        """,
    )
    assert book.build("bookpdf") == ""
    text = re.sub(r"\s+", " ", pdf_text(book, "book"))
    for words in ("Flat A flat kite.", "Boxed A box kite.", "More wind Hidden on the screen.", "Card one First card.",
                  "Card two", "Second card.", f"fly(1) ▸ {registry.RUN_IT}"):  # fmt: skip
        assert words in text, words
    # Folded code is not lost: it stands at the end of the page.
    assert text.index("Last words.") < text.index("fly(2)")


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ('<svg viewBox="0 0 9 9"><desc>A red kite.</desc><rect width="9" height="9"/></svg>', ""),
        ('<svg viewBox="0 0 9 9"><rect width="9" height="9"/></svg>', "inline SVG has no <desc>"),
        ("<table><thead><tr><th>kite</th></tr></thead><tr><td>red</td></tr></table>", ""),
        ("<table><tr><td>red</td></tr></table><p>and more</p>", "HTML that is neither a table nor inline SVG"),
    ],
    ids=["picture", "picture without words", "table", "table and more"],
)
def test_html_becomes_a_picture_or_a_table_or_is_refused(book: Book, markup: str, said: str) -> None:
    book.page("other", f"# Other\n\n<div>{markup}</div>\n")
    warnings = book.build("bookpdf")
    assert said in warnings
    assert bool(said) == bool(warnings)


def test_a_page_that_does_not_compile_leaves_the_old_pdf(book: Book) -> None:
    book.build("bookpdf")
    old = (book.root / "out" / "bookpdf" / "other.pdf").read_bytes()
    book.page("other", "# Other\n\nA sign no font has: \U00013000.\n")
    assert "error" in book.build("bookpdf")
    assert (book.root / "out" / "bookpdf" / "other.pdf").read_bytes() == old


def test_only_what_changed_is_compiled_again(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bookpress.print.typst_compiler import Press

    book.build("bookpdf")
    compiled: list[str] = []
    real = Press.compile

    def compile_and_note(self: Press, source: Path, target: Path) -> object:
        compiled.append(target.name)
        return real(self, source, target)

    monkeypatch.setattr(Press, "compile", compile_and_note)
    book.build("bookpdf")
    assert compiled == []
    book.page("other", "# Other\n\nChanged.\n")
    book.build("bookpdf")
    assert sorted(compiled) == ["other.pdf", "whole.pdf"]
    compiled.clear()
    (book.source / "kite.svg").write_text(SVG.replace("#08c", "#c80"), encoding="utf-8")
    book.build("bookpdf")
    assert sorted(compiled) == ["kites.pdf", "whole.pdf"]
    compiled.clear()
    template = tmp_path / "book.typ"  # another look: all must be set again
    template.write_text(builder.TEMPLATE.read_text(encoding="utf-8") + "\n// changed\n", encoding="utf-8")
    monkeypatch.setattr(builder, "TEMPLATE", template)
    book.build("bookpdf")
    assert compiled == ["kites.pdf", "whole.pdf", "other.pdf"], "a compiler that stays must not forget the book"


def test_two_folders_give_the_same_bytes(tmp_path: Path, book: Book) -> None:
    book.build("bookpdf")
    first = {file.name: file.read_bytes() for file in (book.root / "out" / "bookpdf").iterdir()}
    for name in ("out", "doctrees"):
        (book.root / name).rename(book.root / f"old {name}")
    book.build("bookpdf", fresh=True)
    assert {file.name: file.read_bytes() for file in (book.root / "out" / "bookpdf").iterdir()} == first
    assert not any(str(tmp_path).encode() in data for data in first.values())


EXERCISES = """
# Kites

```{quiz} kites
```

```{exercise} Count
:label: ex-tails
How many tails?
```

```{solution} ex-tails
Three tails it is.
```
"""


@pytest.mark.parametrize("edition", ["reader", "assignment", "lecturer"])
def test_the_editions_differ_in_what_they_tell(tmp_path: Path, edition: str) -> None:
    extensions = ["bookpress.facts", "bookpress.quiz", "sphinx_exercise", "sphinxcontrib.bibtex", "bookpress.print"]
    book = Book(tmp_path, extensions)
    book.overrides |= {
        "bookpress_edition": edition, "bookpress_questions": ".", "numfig": True, "bibtex_bibfiles": ["a.bib"],
    }  # fmt: skip
    (book.source / "a.bib").write_text("@misc{able2020, title = {Kites}, year = {2020}}\n", encoding="utf-8")
    (book.source / "kites.yaml").write_text(QUESTIONS, encoding="utf-8")
    book.page("index", "# Flying\n\n```{toctree}\n:numbered:\n:caption: All\nkites\nanswers\n```\n")
    book.page("kites", EXERCISES)
    book.page("answers", "# Answers\n\n```{answer-key} kites\n```\n\n```{bibliography}\n```\n")
    assert book.build("bookpdf") == ""
    handout = re.sub(r"\s+", " ", pdf_text(book, "kites"))
    assert "Which kite flies?" in handout
    assert "How many tails?" in handout
    front, _, back = handout.partition("Answers to the questions")
    tells_in_place = edition == "lecturer"
    assert ("It has a string, so it flies." in front) == tells_in_place
    assert ("It has a string, so it flies." in back) == (edition != "assignment")
    assert ("Three tails it is." in handout) == (edition != "assignment")
    whole = re.sub(r"\s+", " ", pdf_text(book, "book"))
    assert ("It has a string, so it flies." in whole) == (edition != "assignment")
    assert ("This edition leaves the key out." in whole) == (edition == "assignment")
