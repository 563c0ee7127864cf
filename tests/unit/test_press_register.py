"""The register and the list of discrepancies: complete, linked both ways, and missed when unused."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils import nodes
from lxml import html as lxml_html

from .press_project import PROVIDER, Book

INDEX = """
# Book

```{toctree}
b
a
reg
errata
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path, ["bookpress.register"])
    made.page("index", INDEX)
    made.page("b", "# Second\n\n{fact}`able-share` and {fact}`able-share`, {discrepancy}`kite-count`.\n")
    made.page("a", "# First\n\n{fact}`able-share interval`\n".replace(" interval", ""))
    made.page("reg", "# Register\n\n```{evidence-register}\n```\n")
    made.page("errata", "# Errata\n\n```{discrepancies}\n```\n")
    return made


def row(book: Book, fact_id: str) -> nodes.row:
    for one in book.resolved("reg").findall(nodes.row):
        if any(fact_id in node.get("ids", ()) for node in one.findall(nodes.paragraph)):
            return one
    raise AssertionError(fact_id)


def test_clean_book_has_no_warnings(book: Book) -> None:
    assert book.build() == ""


def test_every_fact_has_one_row_with_all_it_needs(book: Book) -> None:
    book.build()
    text = book.html("reg")
    for one in ("able-share", "able-ratio", "able-doubt", "able-half", "able-string"):
        assert text.count(f'id="fact-{one}"') == 1
    cells = [cell.astext() for cell in row(book, "fact-able-half").findall(nodes.entry)]
    assert cells[0] == "Ratio half seen\n\nable-half"
    assert cells[1] == "0.72 (95% CI 0.6 to 0.9†)"
    assert cells[2] == "able2020\n\np. 7"
    assert cells[3].split("\n\n") == [
        "Seen in the primary source",
        "Interval: not verified against the source",
        "Checked 2020-02-02",
    ]
    assert cells[4] == "not named in the text"


def test_rows_link_back_to_each_place_in_reading_order(book: Book) -> None:
    book.build()
    uses = list(row(book, "fact-able-share").children[4].findall(nodes.reference))
    assert [(use.astext(), use["refuri"]) for use in uses] == [
        ("Second", "b.html#use-able-share"),
        ("place 2", "b.html#use-able-share-2"),
        ("First", "a.html#use-able-share"),
    ]
    assert 'id="use-able-share-2"' in book.html("b")


def test_facts_named_in_code_count_as_used(book: Book) -> None:
    book.page("a", "# First\n\n{fact}`able-share`\n\n```python\nfact('able-share'), fact(\"able-doubt\")\n```\n")
    book.build()
    (use,) = row(book, "fact-able-doubt").children[4].findall(nodes.reference)
    assert (use.astext(), use["refuri"]) == ("First (computed)", "a.html")
    assert row(book, "fact-able-share").children[4].astext() == "Second, place 2; First"


def test_discrepancies_are_no_facts(book: Book) -> None:
    book.write_provider(PROVIDER.replace("for one in ROWS}", "for one in [*ROWS, row('kite-count', 'odd', '', '')]}"))
    assert book.build() == ""
    assert "fact-kite-count" not in book.html("reg")


def test_table_is_accessible(book: Book) -> None:
    book.build()
    tree = lxml_html.fromstring(book.html("reg"))
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert [th.get("scope") for th in table.iter("th")][:5] == ["col"] * 5
        for line in table.find("tbody").iter("tr"):
            assert line[0].tag == "th"
            assert line[0].get("scope") == "row"


def test_other_tables_are_left_as_they_are(book: Book) -> None:
    book.page("a", "# First\n\n| A | B |\n|---|---|\n| 1 | 2 |\n")
    book.build()
    assert "scope=" not in book.html("a")
    assert "<td><p>1</p></td>" in book.html("a")


def test_tables_may_be_chosen_and_titled(book: Book) -> None:
    book.overrides["bookpress_table_titles"] = {"ratios": "Comparisons of kites"}
    book.page("reg", "# Register\n\n```{evidence-register} ratios\n```\n")
    book.build()
    assert "Comparisons of kites" in book.html("reg")
    assert 'id="fact-able-share"' not in book.html("reg")
    assert ">source</a>" not in book.html("b")  # no page lists that fact, so nothing links to it


def test_unknown_table_is_a_warning(book: Book) -> None:
    book.page("reg", "# Register\n\n```{evidence-register} shares ratio\n```\n")
    assert "reg.md:3: WARNING: unknown table of evidence 'ratio'; did you mean ratios?" in book.build()


def test_backlinks_follow_an_edit_of_a_chapter(book: Book) -> None:
    extensions = book.overrides["extensions"]
    assert isinstance(extensions, list)
    book.overrides["extensions"] = [*extensions, "bookpress.incremental"]
    book.build()
    book.page("a", "# Renamed\n\n{fact}`able-string`\n")
    book.build()
    assert "Renamed" in book.html("reg")
    assert [one.astext() for one in row(book, "fact-able-share").children[4].findall(nodes.reference)] == [
        "Second",
        "place 2",
    ]


def test_register_follows_the_evidence(book: Book) -> None:
    book.build()
    book.write_provider(PROVIDER.replace('"0.71"', '"0.99"'))
    book.build()
    assert "0.99" in book.html("reg")


def test_discrepancy_entry_and_links(book: Book) -> None:
    book.build()
    page = lxml_html.fromstring(book.html("errata"))
    (entry,) = page.xpath("//section[@id='discrepancy-kite-count']")
    text = " ".join(entry.text_content().split())
    for part in ("1. How many kites", "Printed (page 3)nine", "The source sayssix", "We counted.", "Second"):
        assert part in text
    links = {a.get("href") for a in entry.iter("a")}
    assert {"reg.html#fact-able-share", "reg.html#fact-able-ratio", "b.html#see-discrepancy-kite-count"} <= links
    chapter = lxml_html.fromstring(book.html("b"))
    (link,) = chapter.xpath("//a[@id='see-discrepancy-kite-count']")
    assert link.text_content() == "why our number differs"
    assert link.get("href") == "errata.html#discrepancy-kite-count"


def test_the_number_of_a_discrepancy_is_whole_though_a_data_frame_makes_it_a_fraction(book: Book) -> None:
    book.write_provider(PROVIDER.replace('number="1"', "number=1.0"))
    book.build()
    page = lxml_html.fromstring(book.html("errata"))
    assert [one.text for one in page.xpath("//h2")] == ["1. How many kites"]


def test_unused_discrepancy_is_a_warning(book: Book) -> None:
    book.page("b", "# Second\n")
    assert "errata.md:3: WARNING: unused discrepancy 'kite-count' (How many kites)" in book.build()
    book.overrides["bookpress_discrepancies_required"] = False
    assert book.build(fresh=True) == ""


def test_unknown_discrepancy_names_the_line(book: Book) -> None:
    book.page("a", "# First\n\nOne.\nSee {discrepancy}`kite-counts`.\n")
    assert "a.md:4: WARNING: unknown discrepancy 'kite-counts'; did you mean kite-count?" in book.build()


def test_discrepancy_with_unknown_fact_is_a_warning(book: Book) -> None:
    book.write_provider(PROVIDER.replace('"able-share able-ratio"', '"able-share nope"'))
    assert "errata.md:3: WARNING: discrepancy 'kite-count' names the unknown fact 'nope'" in book.build()


def test_own_text_of_a_discrepancy_link(book: Book) -> None:
    book.page("a", "# First\n\n{discrepancy}`six, not nine <kite-count>`\n")
    book.build()
    assert ">six, not nine</a>" in book.html("a")


def test_parallel_reading_finds_the_same(book: Book) -> None:
    for n in range(8):
        book.page(f"c{n}", "# C\n\n{fact}`able-string`\n")
    book.page("index", INDEX.replace("a\nreg", "\n".join(f"c{n}" for n in range(8)) + "\na\nreg"))
    book.build()
    serial = book.html("reg")
    book.build(fresh=True, parallel=2)
    assert book.html("reg") == serial


def test_sources_are_named_and_linked_by_the_bibliography(book: Book) -> None:
    (book.source / "refs.bib").write_text(
        "@article{able2020, author={Able, Ann and {van der} Bo, Bea and others}, title={On Kites}, "
        "journal={Wind}, year=2020}"
    )
    book.overrides["extensions"] = [*book.overrides["extensions"], "sphinxcontrib.bibtex"]  # type: ignore[misc]
    book.overrides["bibtex_bibfiles"] = ["refs.bib"]
    book.page("index", INDEX.replace("errata", "errata\nrefs"))
    book.page("refs", "# References\n\n```{bibliography}\n:all:\n```\n")
    book.build()
    link = next(iter(row(book, "fact-able-share").children[2].findall(nodes.reference)))
    assert link.astext() == "Able et al., Wind 2020"
    assert link["refuri"].startswith("refs.html#")
    assert f'id="{link["refuri"].split("#")[1]}"' in book.html("refs")
    assert "Able et al., Wind 2020" in book.html("b")
