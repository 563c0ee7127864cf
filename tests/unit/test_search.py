"""The making of the search index: what is read from a page and what is not, the synonyms, the packed script."""

from __future__ import annotations

import ast
import base64
import csv
import hashlib
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from bookpress.search.pages import Page, read_markup
from bookpress.search.script import index_script
from bookpress.search.sentences import LONGEST, sentences
from bookpress.search.synonyms import SynonymError, load_synonyms
from tests.unit.press_project import Book

ROOT = Path(__file__).resolve().parents[2]
SYNONYMS = ROOT / "data" / "synonyms.yaml"
VENDOR = ROOT / "vendor"
PAGE = """
<article><section id="kites"><span id="ch-kites"></span>
<h1><span class="section-number">3. </span>Kites<a class="headerlink" href="#kites">#</a></h1>
<p>They need <a href="glossary.html#term-wind">wind</a>, see Table 3.1. All of them.</p>
<section id="strings"><h2><span class="section-number">3.1. </span>Strings</h2>
<p>The string is <span class="fact"><button type="button">30 m<sup>2</sup></button>
<span popover id="n" class="fact-source">Secret of the note</span></span>
long.</p>
<table id="tab-strings"><caption><span class="caption-number">Table 3.1 </span>All strings.</caption>
<tr><th>Kind</th><th>Length</th></tr><tr><td><p>Red</p></td><td><p>30 m</p></td></tr></table>
<section id="knots"><h3>Knots</h3><ul><li><p>Bowline.</p></li><li>Reef knot.</li></ul></section>
<div class="quiz"><form class="quiz-item"><fieldset><legend class="quiz-lead-in">Which knot holds?</legend>
<div class="quiz-option"><label>A wrong knot</label></div></fieldset>
<details class="quiz-answer"><p>The key is bowline, because.</p></details></form></div>
<div class="solution"><p>The solution of it.</p></div>
<div class="cell"><div class="cell_input"><pre>code = 1</pre></div>
<div class="cell_output"><p>Printed line.</p></div></div>
<div class="admonition no-search"><p>Fly it in a thunderstorm.</p></div>
</section></section></article>
"""


def page_of(inner: str) -> Page:
    found = read_markup(f"<section id='a'><h1>A</h1>{inner}</section>", name="a")
    assert found is not None
    return found


def told(page: Page) -> str:
    return " ".join(passage.text for section in page.sections for passage in section.passages)


def unpacked(script: str) -> dict[str, Any]:
    found = re.fullmatch(r'bookpressSearchIndex=\{bytes:(\d+),text:"([^"\\]*)"\};\n', script)
    assert found is not None
    packed = base64.b85decode(found[2])[: int(found[1])]
    return dict(json.loads(zlib.decompress(packed, -15)))


def test_sections_keep_number_title_anchor_and_parent() -> None:
    page = read_markup(PAGE, name="03-kites")
    assert page is not None
    assert (page.name, page.title, page.number) == ("03-kites", "Kites", "3")
    assert [(one.number, one.title, one.anchor, one.parent) for one in page.sections] == [
        ("3", "Kites", "ch-kites", ""),  # the label of the author, not the id that follows the words of the heading
        ("3.1", "Strings", "strings", ""),
        ("", "Knots", "knots", "Strings"),
    ]


def test_text_reads_as_on_the_page_in_sentences() -> None:
    page = read_markup(PAGE, name="03-kites")
    assert page is not None
    texts = [[one.text for one in section.passages] for section in page.sections]
    assert texts[0] == ["They need wind, see Table 3.1.", "All of them."]
    assert texts[1][0] == "The string is 30 m2 long."
    assert texts[2][:2] == ["Bowline.", "Reef knot."]


def test_captions_and_rows_lead_to_their_table() -> None:
    page = read_markup(PAGE, name="03-kites")
    assert page is not None
    rows = [(one.text, one.anchor) for one in page.sections[1].passages if one.anchor]
    assert rows == [
        ("Table 3.1 All strings.", "tab-strings"),
        ("Kind · Length", "tab-strings"),
        ("Red · 30 m", "tab-strings"),
    ]


def test_questions_are_found_but_not_their_answers() -> None:
    page = read_markup(PAGE, name="03-kites")
    assert page is not None
    text = told(page)
    assert "Which knot holds?" in text and "Printed line." in text
    for secret in ("wrong knot", "key is", "solution", "code", "Secret", "[source]", "thunderstorm"):
        assert secret not in text, secret


def test_terms_rows_of_evidence_and_sources_are_found_by_themselves() -> None:
    terms = page_of("<dl class='glossary'><dt id='term-x'>x<a class='headerlink'>#</a></dt><dd><p>It is.</p></dd></dl>")
    assert [(one.title, one.anchor) for one in terms.sections] == [("A", "a"), ("x", "term-x")]
    assert told(terms) == "It is."
    rows = page_of(
        "<table class='fact-register-table'><tr><th><p id='fact-f'>Share</p><p class='fact-id'><code>f</code></p></th>"
        "<td>54%</td><td><p>Able 2020</p><p class='fact-locator'>p. 7</p></td><td>Seen</td><td>Used in X</td></tr>"
        "</table>"
    )
    assert [(one.title, one.anchor) for one in rows.sections[1:]] == [("Share", "fact-f")]
    assert told(rows) == "f · 54% · Able 2020"
    works = page_of(
        "<div class='citation' id='id6'><span class='label'>[A17]</span><p>I. Able. On kites. Wind, 2017.</p></div>"
    )
    assert works.sections[1].anchor == "id6" and "On kites" in works.sections[1].title + told(works)


def test_a_formula_is_never_read_as_another_number() -> None:
    power = "<math><msup><mn>10</mn><mn>4</mn></msup></math>"
    page = page_of(f"<p>After {power} s at <math><mi>V</mi></math> it ends.</p><div class='math'>{power}</div>")
    assert told(page) == "After … s at V it ends."


def test_a_page_without_a_title_is_no_chapter() -> None:
    assert read_markup("<p>Index</p>", name="genindex") is None


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two.", 2),
        ("Brown et al. saw it. So.", 2),
        ("See Fig. 8.1 and e.g. Table 2.", 1),
        ("By M. Brown.", 1),
        ("It is 0.5 mg. † Not verified.", 2),
        ("...", 0),
    ],
)
def test_sentences_end_where_they_end(text: str, pieces: int) -> None:
    assert len(sentences(text)) == pieces


def test_a_long_sentence_is_cut_at_commas_and_nothing_is_lost() -> None:
    text = ", ".join(f"clause number {place}" for place in range(60))
    pieces = sentences(text)
    assert len(pieces) > 1 and max(map(len, pieces)) <= LONGEST
    assert " ".join(pieces) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b", "must be a list"),
        ("- [one]", "group 1.*two or more"),
        ("- one", "group 1.*two or more"),
        ("- [a1, 20120215]", "20120215.*quotes"),
        ("- [a, '–']", "no text with letters"),
        ("- [Kite, drake]\n- [x, K-ITE]\n- [y, kite]", "'kite' stands in group 1 already"),
        ("- [kite, Kite]", "stands in group 1 already"),
        ("- [a, b c d e f g h i j k]", "more than 8 words"),
        ("- [a, b", "not readable"),
        ("- [a, b]\n- [\xff", "not readable"),
    ],
)
def test_faults_of_the_synonyms_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "synonyms.yaml"
    path.write_bytes(text.encode("latin-1" if "\xff" in text else "utf-8"))
    with pytest.raises(SynonymError, match=said):
        load_synonyms(path)


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynonymError, match=r"none\.yaml: no such file"):
        load_synonyms(tmp_path / "none.yaml")


def test_registry_numbers_of_the_list_are_those_of_the_evidence() -> None:
    with (ROOT / "data" / "studies.csv").open(encoding="utf-8", newline="") as file:
        names: dict[str, str] = {}
        for row in csv.DictReader(file):
            names[row["registry_id"]] = names.get(row["registry_id"], "") + " " + row["short_name"]
    groups = load_synonyms(SYNONYMS)
    seen = 0
    for group in groups:
        for number in [name for name in group if re.fullmatch(r"NCT\d{8}", name)]:
            assert any(name in names.get(number, "") for name in group if name != number), (number, group)
            seen += 1
    assert seen >= 15


def test_the_index_can_be_read_back_and_is_the_same_twice() -> None:
    page = read_markup(PAGE, name="03-kites")
    assert page is not None
    script = index_script([page], synonyms=[["kite", "drake"]], weights={"03-kites": 0.5, "Knots": 0.4})
    assert script == index_script([page], synonyms=[["kite", "drake"]], weights={"03-kites": 0.5, "Knots": 0.4})
    assert script.isascii()
    index = unpacked(script)
    assert index["synonyms"] == [["kite", "drake"]]
    [[name, title, number, weight, sections]] = index["pages"]
    assert (name, title, number, weight) == ("03-kites", "Kites", "3", 0.5)
    assert sections[1][:4] == ["strings", "Strings", "3.1", ""]
    assert sections[1][4][1] == ["Table 3.1 All strings.", "tab-strings"]
    assert [len(section) for section in sections] == [5, 5, 6] and sections[2][5] == 0.4


def test_hostile_text_cannot_leave_the_string() -> None:
    page = page_of('<p>&lt;/script&gt; "quote" \\ back  `tick` ${x} \x00</p>'.replace("\x00", ""))
    script = index_script([page])
    assert "</script" not in script
    assert unpacked(script)["pages"][0][4][0][4] == [told(page)]


def test_the_library_is_the_one_that_was_vendored() -> None:
    listed = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
    for file in (VENDOR / "minisearch").iterdir():
        entry = listed[file.relative_to(VENDOR).as_posix()]
        assert entry["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert entry["license"] == "MIT"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path, ["bookpress.search"])
    made.page("index", "# Kites\n\nA flying thing.\n\n```{toctree}\nglossary\n```\n")
    made.page("glossary", "# Glossary\n\n```{glossary}\nkite\n  It flies.\n```\n")
    return made


def test_a_book_has_the_page_the_script_and_the_index(book: Book) -> None:
    assert "search" not in book.build()
    out = book.root / "out" / "html"
    assert not (out / "searchindex.js").exists()
    tag = re.search(r"<script[^>]* src=\"_static/search\.js[^>]*>", book.html("index"))
    assert tag is not None
    for name in ("look", "panel", "engine", "library", "index"):
        address = re.search(rf'data-{name}="([^"?]+)', tag[0])
        assert address is not None and (out / address[1]).is_file()
    page = book.html("search")
    assert 'id="search-here"' in page and "searchtools" not in page.split("<body")[1]
    without = re.search(r"<noscript>(.*?)</noscript>", page)
    assert without is not None and 'href="index.html"' in without[1] and 'href="glossary.html"' in without[1]
    index = unpacked((out / "search" / "index.js").read_text(encoding="utf-8"))
    assert [one[0] for one in index["pages"]] == ["index", "glossary"]


def test_a_repeated_build_makes_the_same_index_as_a_fresh_one(book: Book) -> None:
    book.build()
    index = book.root / "out" / "html" / "search" / "index.js"
    before = index.read_bytes()
    book.build()
    assert index.read_bytes() == before  # no page was written again, and all of them are in it
    book.page("glossary", "# Glossary\n\n```{glossary}\nkite\n  It soars.\n```\n")
    book.build()
    after = index.read_bytes()
    assert "soars" in json.dumps(unpacked(after.decode()))
    book.build(fresh=True)
    assert index.read_bytes() == after


def test_a_faulty_list_stops_the_build(book: Book) -> None:
    (book.source / "same.yaml").write_text("- [one]\n", encoding="utf-8")
    book.overrides["bookpress_search_synonyms"] = "same.yaml"
    with pytest.raises(Exception, match=r"same\.yaml: group 1"):
        book.build()


def test_no_file_of_the_search_reaches_into_the_subject() -> None:
    for file in sorted((ROOT / "src" / "bookpress" / "search").glob("*.py")):
        imported = [
            node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
        ]
        assert not [node.module for node in imported if (node.module or "").startswith("bitebook")], file.name
