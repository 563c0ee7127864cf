"""The roles that print evidence: what a reader sees in each edition, and what a writer is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html
from sphinx.errors import ExtensionError

from bookpress.fact_html import fact_reference
from bookpress.providers import read_provider

from .press_project import PROVIDER, Book

PHRASING = {"b", "span", "a", "button", "abbr", "code", "strong", "em"}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path, ["bookpress.register"])


def texts(book: Book, page: str) -> list[str]:
    return [node.astext() for node in book.resolved(page).findall(fact_reference)]


def test_forms_print_value_interval_and_mark(book: Book) -> None:
    book.page(
        "index",
        """
        # Kites
        {fact}`able-share`, {fact}`able-ratio interval` ({fact}`able-ratio comma`)
        {fact}`able-doubt` {fact}`able-doubt interval` {fact}`able-half interval` {fact}`able-half`
        """,
    )
    assert "fact" not in book.build()
    assert texts(book, "index") == [
        "54.4%",
        "0.70 (95% CI 0.47 to 1.03)",
        "0.70, 95% CI 0.47 to 1.03",
        "0.71†",
        "0.71 (95% CI 0.5 to 1.0)†",
        "0.72 (95% CI 0.6 to 0.9†)",
        "0.72",
    ]


def test_unknown_id_names_file_line_and_near_ids(book: Book) -> None:
    book.page(
        "index",
        """
        # Kites

        One sentence.
        Another with {fact}`able-shares` in it.
        A third with {fact}`able-shares` and {fact}`zzz`.
        """,
    )
    said = book.build()
    assert "index.md:4: WARNING: unknown fact 'able-shares'; did you mean able-share" in said
    assert "index.md:5: WARNING: unknown fact 'able-shares'" in said
    assert "index.md:5: WARNING: unknown fact 'zzz'\n" in said
    assert "?zzz?" in book.html("index")


def test_wrong_form_and_missing_interval_are_warnings(book: Book) -> None:
    book.page("index", "# Kites\n\n{fact}`able-ratio intervall`\n{fact}`able-share interval`\n")
    said = book.build()
    assert "index.md:3: WARNING: fact 'able-ratio': unknown form 'intervall'" in said
    assert "index.md:4: WARNING: fact 'able-share' has no interval" in said


def test_html_is_valid_phrasing_and_needs_no_script(book: Book) -> None:
    book.page("index", "# Kites\n\nSee {fact}`able-ratio`.\n\n```{toctree}\nreg\nerrata\n```\n")
    book.page("reg", "# Register\n\n```{evidence-register}\n```\n")
    book.page("errata", "# Errata\n\n```{discrepancies}\n```\n")
    book.build()
    tree = lxml_html.fromstring(book.html("index"))
    (button,) = tree.xpath("//p//button[@class='fact-value']")
    note = tree.get_element_by_id(button.get("popovertarget"))
    assert note.get("popover") is not None
    assert {child.tag for child in note.iter()} <= PHRASING
    assert "script" not in {child.tag for child in note.iter()}
    text = " ".join(note.text_content().split())
    for part in (
        "Ratio of kites",
        "0.70 (95% CI 0.47 to 1.03)",
        "able2020",
        "p. 7",
        "seen in the primary",
        "2020-02-02",
    ):
        assert part in text
    assert {a.get("href") for a in note.iter("a")} == {"reg.html#fact-able-ratio", "errata.html#discrepancy-kite-count"}
    assert 'id="fact-able-ratio"' in book.html("reg")
    assert 'id="discrepancy-kite-count"' in book.html("errata")


def test_ids_are_unique_and_the_same_each_time(book: Book) -> None:
    book.page("index", "# A {fact}`able-share`\n\n{fact}`able-share` {fact}`able-share`\n\n```{contents}\n```\n")
    book.build()
    first = book.html("index")
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids))
    assert {"use-able-share", "use-able-share-2", "use-able-share-3"} <= set(ids)
    book.build(fresh=True)
    assert book.html("index") == first


def test_headings_links_and_marked_places_hold_no_button(book: Book) -> None:
    book.page("index", "# A {fact}`able-share`\n\n[link {fact}`able-share`](https://example.org)\n")
    book.build()
    assert "<button" not in book.html("index")
    assert book.html("index").count("54.4%") >= 2


def test_punctuation_stays_with_its_value(book: Book) -> None:
    book.page("index", "# A\n\nFlew ({fact}`able-share`), fell.\n")
    book.build()
    whole = re.search(r'<span class="fact-whole">(.*?)</span>', book.html("index"))
    assert whole is not None
    assert re.sub(r"<[^>]+>", "", whole[1]) == "(54.4%),"
    assert re.sub(r"<span popover.*?Close</button></span>|<[^>]+>", "", book.html("index")).count("54.4%), fell.") == 1


def test_value_is_escaped(book: Book) -> None:
    book.page("index", "# A\n\n{fact}`able-string`\n")
    book.build()
    assert "30 m &lt;long&gt;" in book.html("index")
    assert "<long>" not in book.html("index")


def test_long_value_may_break(book: Book) -> None:
    book.write_provider(PROVIDER.replace("30 m <long>", "thirty meters of <good> string"))
    book.page("index", "# A\n\n({fact}`able-string`).\n")
    book.build()
    assert '(<span class="fact-long">thirty meters of &lt;good&gt; </span>' in book.html("index")
    assert 'aria-label="thirty meters of &lt;good&gt; string"' in book.html("index")


def test_other_editions_print_plain_text(book: Book) -> None:
    book.page("index", "# A\n\nFlew {fact}`able-doubt interval` for {given}`21 kg`.\n")
    book.overrides["epub_show_urls"] = "no"
    book.build("text")
    assert "Flew 0.71 (95% CI 0.5 to 1.0)† for 21 kg." in book.html("index", "text")
    book.build("epub")
    page = book.html("index", "epub")
    assert "<button" not in page
    assert "popover" not in page
    assert '<abbr class="fact-mark" title="not verified">†</abbr>' in page
    book.build("latex")


def test_unverified_mark_has_words_and_a_legend(book: Book) -> None:
    book.page("index", "# A\n\n{fact}`able-doubt`\n\n```{toctree}\nb\n```\n")
    book.page("b", "# B\n\n{fact}`able-share`\n")
    book.build()
    page = book.html("index")
    assert '<span aria-hidden="true">†</span><span class="fact-hidden"> (not verified)</span>' in page
    assert "† Not verified against the source." in page
    assert "fact-legend" not in book.html("b")


def test_alternative_text_may_hold_facts(book: Book) -> None:
    (book.source / "k.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    book.page("index", "# A\n\n:::{figure} k.svg\n:alt: Bars; {fact}`able-share` flew, {fact}`nope`.\nCaption.\n:::\n")
    said = book.build()
    assert "index.md:4: WARNING: unknown fact 'nope'" in said
    assert 'alt="Bars; 54.4% flew' in book.html("index")


def test_given_is_plain_text(book: Book) -> None:
    book.page("index", "# A\n\nA girl of {given}`21 kg`.\n")
    book.build()
    assert '<span class="given">21 kg</span>' in book.html("index")


def test_changed_fact_makes_its_pages_stale(book: Book) -> None:
    book.page("index", "# A\n\n{fact}`able-share`\n\n```{toctree}\nb\n```\n")
    book.page("b", "# B\n\n{fact}`able-ratio`\n")
    book.build()
    read: list[str] = []
    book.write_provider(PROVIDER.replace("54.4%", "54.5%"))
    book.build()
    assert "54.5%" in book.html("index")
    read = sorted(book.app.env.all_docs)
    assert read == ["b", "index"]
    book.write_provider(PROVIDER.replace('"able-share"', '"able-other"'))
    assert "unknown fact 'able-share'" in book.build()


def test_style_sheet_is_shipped(book: Book) -> None:
    book.page("index", "# A\n")
    book.build()
    assert (book.root / "out/html/_static/facts.css").is_file()
    assert "facts.css" in book.html("index")


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "is not set"), ("no_such_module_here", "cannot import"), ("textwrap", "needs the functions facts")],
)
def test_bad_provider_is_refused(name: str, message: str) -> None:
    with pytest.raises(ExtensionError, match=message):
        read_provider(name)


def test_press_never_imports_the_helper_package() -> None:
    folder = Path(__file__).parents[2] / "src" / "bookpress"
    for file in folder.rglob("*.py"):
        assert not re.search(r"^\s*(?:from|import) bitebook", file.read_text(encoding="utf-8"), re.MULTILINE), file
