"""A calculator on a page: form and worked example on the web, the example alone elsewhere, for any book's registry."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from docutils import nodes
from lxml import etree

from bookpress.calculator.elements import calculator
from tests.unit.press_project import Book

REGISTRY = """
from types import SimpleNamespace as Box

GROUND = "{ground}"


def field(name, label, kind="number", default="3", help="", optional=False, choices=()):
    return Box(name=name, label=label, kind=kind, default=default, help=help, optional=optional, choices=choices)


SKIES = (Box(value="gray", label="gray <"), Box(value="blue", label="blue"))


class Kite:
    name, title, purpose = "kite", "Kite & string", "How far 30 m <of string> go."
    fields = (
        field("string_m", "String (m)", help="1 to 30 m & no more."),
        field("knots", "Knots (count)", kind="integer", optional=True),
        field("sky", "Sky", kind="choice", default="blue", choices=SKIES),
        field("day", "Day", kind="date", default="2020-02-02"),
    )
    example = {{"string_m": "3", "knots": "3", "sky": "blue", "day": "2020-02-02"}}

    def run(self, fields):
        if fields["sky"] == "green":
            raise ValueError("sky must be gray or blue")
        empty = Box(lines=(), kind="")
        cell = Box(lines=("Mon", "4.25 m"), kind="full")
        blocks = (
            Box(kind="text", text="The kite flies 4.25 m.", role="result"),
            Box(kind="text", text="1 < 2 of 7 patients", role="warning"),
            Box(kind="table", caption="Heights", columns=("When", "m"), rows=(("now", "4.25"), (cell, empty))),
            Box(kind="lines", title="Working", lines=("3 + 1.25 = 4.25",), ordered=True),
            Box(kind="drawing", title="A line", description="It rises to 4.25 m.", svg=SVG),
        )
        return Box(html="<p class='calc-result'>The kite flies 4.25 m.</p>" + SVG, status="4.25 m", blocks=blocks)


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 262" role="img"><title>A line</title>'
    "<desc>It rises.</desc><text>{ground}</text></svg>"
)
CALCULATORS = {{"kite": Kite()}}
"""
PAGE = """
# Kites and wind

## Fly it

```{calculator} kite
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path, ["bookpress.numbers", "bookpress.calculator"])
    registry = f"{made.provider}_calc"
    del made.overrides["bookpress_facts"]
    made.overrides |= {"bookpress_calculators": registry, "numfig": True, "exclude_patterns": []}
    write(made, "grass")
    made.page("index", PAGE)
    return made


def write(book: Book, ground: str) -> None:
    registry = str(book.overrides["bookpress_calculators"])
    sys.modules.pop(registry, None)
    (book.root / f"{registry}.py").write_text(REGISTRY.format(ground=ground), encoding="utf-8")


def form(book: Book) -> etree._Element:
    page = book.html("index")
    return etree.fromstring(page[page.index("<form class") : page.index("</form>") + len("</form>")])


def test_the_form_keeps_the_contract_with_the_script(book: Book) -> None:
    assert book.build() == ""
    found = form(book)
    assert found.get("class") == "live-calc" and found.get("data-call") == "kite"
    assert found.get("novalidate") and found.get("hidden") and found.get("aria-label") == "Calculator: Kite & string"
    names = [control.get("name") for control in found.iter("input", "select")]
    assert names == ["string_m", "knots", "sky", "day"]
    for control in found.iter("input", "select"):
        own = control.get("id")
        assert control.getparent().get("class") == "live-field"
        assert len(found.xpath(f".//label[@for='{own}']")) == 1
        assert len(found.xpath(f".//p[@class='live-error'][@id='{own}-error']")) == 1
        assert f"{own}-error" in control.get("aria-describedby").split()
        for described in control.get("aria-describedby").split():
            assert len(found.xpath(f".//*[@id='{described}']")) == 1
    kinds = {c.get("name"): (c.get("type"), c.get("inputmode"), c.get("value")) for c in found.iter("input")}
    assert kinds == {
        "string_m": ("text", "decimal", "3"),
        "knots": ("text", "numeric", "3"),
        "day": ("date", None, "2020-02-02"),
    }
    assert found.xpath("string(.//select/option[@selected])") == "blue"
    assert found.xpath(".//*[@aria-required]/@name") == ["string_m", "sky", "day"]
    assert [child.tag for child in found][-3:] == ["button", "output", "div"]
    assert found.find("button").get("type") == "submit" and found.find("output").get("role") == "status"
    assert found[-1].get("class") == "live-result" and not found[-1].text
    assert "stays on this machine" in etree.tostring(found, encoding="unicode")


def test_the_web_edition_keeps_the_example_behind_its_heading(book: Book) -> None:
    book.build()
    page = book.html("index")
    example = page[page.index('<details class="calc-example">') : page.index("</details>")]
    assert "Worked example: Kite &amp; string" in example and "The kite flies 4.25 m." in example
    assert example.count("<svg") == 1 and "Run this calculator in" not in page
    assert "How far 30 m &lt;of string&gt; go." in page and "gray &lt;" in page
    assert "<noscript>" in page and "calculator.css" in page
    assert not list((book.root / "out" / "html").rglob("calculator-*.svg")), "the drawing stands in the page itself"


def test_the_style_is_linked_only_where_it_is_needed(book: Book) -> None:
    book.page("index", PAGE + "\n```{toctree}\nplain\n```\n")
    book.page("plain", "# Plain\n\nNothing to compute.\n")
    assert book.build() == ""
    assert "calculator.css" in book.html("index") and "calculator.css" not in book.html("plain")


def test_other_editions_print_the_example(book: Book) -> None:
    book.build("text")
    said = " ".join(book.html("index", "text").split())
    assert "Worked example: Kite & string" in said
    assert "Run this calculator in the web edition: Kites and wind." in said
    for words in ("The kite flies 4.25 m.", "Heights", "Mon", "3 + 1.25 = 4.25", "**Warning:** 1 < 2", "It rises"):
        assert words in said
    assert "Calculate" not in said


def test_an_epub_has_no_form_and_keeps_the_drawing_as_a_file(book: Book) -> None:
    book.overrides |= {"epub_show_urls": "no", "version": "1", "epub_copyright": "x", "epub_uid": "x"}
    book.build("epub")
    page = book.html("index", "epub")
    assert "<form" not in page and "<button" not in page and "<details" not in page and "<noscript" not in page
    assert "Run this calculator in the web edition: Kites and wind." in page
    assert re.search(r'<img[^>]*alt="A line. It rises to 4.25 m."[^>]*src="_images/calculator-[0-9a-f]{12}.svg"', page)
    file = next((book.root / "out" / "epub" / "_images").glob("calculator-*.svg"))
    drawn = etree.fromstring(file.read_bytes())
    assert (drawn.get("width"), drawn.get("height")) == ("360", "262")
    assert drawn[2].tag.endswith("rect") and drawn[2].get("fill") == "#fff"
    etree.fromstring(page.encode())


def test_the_node_tells_any_builder_to_print_its_children(book: Book) -> None:
    book.build("text")
    node = next(book.resolved("index").findall(calculator))
    assert node.print_children is True
    kinds = {type(child) for child in node.children}
    assert kinds <= {nodes.paragraph, nodes.table, nodes.enumerated_list, nodes.container}
    assert [type(image.parent) for image in node.findall(nodes.image)] == [nodes.container]
    assert all(paragraph.astext().strip() for paragraph in node.findall(nodes.paragraph))
    widths = {len(row.children) for row in node.findall(nodes.row)}
    assert widths == {2}
    # Captions and figures are numbered in paper editions but would not be on the web: the example has neither.
    assert not list(node.findall(nodes.figure)) and not list(node.findall(nodes.title))


def test_its_numbers_are_no_typed_numbers(book: Book) -> None:
    assert "typed number" not in book.build()
    book.page("index", PAGE + "\nOf 7 patients 3 were well.\n")
    assert "typed number" in book.build()


def test_two_forms_of_one_name_share_no_id(book: Book) -> None:
    book.page("index", PAGE + "\n```{calculator} kite\n```\n")
    assert book.build() == ""
    ids = re.findall(r' id="(calc-[^"]+)"', book.html("index"))
    assert ids and len(ids) == len(set(ids)) and "calc-kite-2-string-m" in ids


def test_a_page_is_made_anew_when_its_example_changes(book: Book) -> None:
    book.build()
    assert "grass" in book.html("index")
    write(book, "sand")
    book.build()
    assert "sand" in book.html("index")
    made = (book.root / "out" / "html" / "index.html").stat().st_mtime_ns
    book.build()
    assert (book.root / "out" / "html" / "index.html").stat().st_mtime_ns == made, "an unchanged page is left alone"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda book: book.page("index", PAGE.replace("} kite", "} boat")),
            "there is no calculator 'boat'; there are kite",
        ),
        (lambda book: book.overrides.update(bookpress_calculators=""), "bookpress_calculators is not set"),
        (lambda book: book.overrides.update(bookpress_calculators="no_such"), "cannot import 'no_such'"),
        (lambda book: book.overrides.update(bookpress_calculators="json"), "'json' needs CALCULATORS"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(book: Book, change, said: str) -> None:
    change(book)
    warned = book.build()
    assert said in warned and "index.md:" in warned


def test_an_example_that_fails_is_a_warning(book: Book) -> None:
    registry = book.root / f"{book.overrides['bookpress_calculators']}.py"
    registry.write_text(registry.read_text().replace('"sky": "blue"', '"sky": "green"'), encoding="utf-8")
    assert "the worked example of the calculator 'kite' fails: sky must be gray or blue" in book.build()
