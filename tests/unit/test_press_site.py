"""The finishing of pages: style rules purged, markup mended, gates that catch remote loads and missing alt text."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bookpress.site.assets import dense, seen_in_code, without_absent
from bookpress.site.bundle import bundle_pages
from bookpress.site.css import purge, purge_properties
from bookpress.site.gates import NO_ALT, REMOTE_LOAD, check_pages
from bookpress.site.markup import mend, without_indents
from bookpress.site.seen import look
from bookpress.site.stamp import stamp_pages


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".used{a:b}", ".used{a:b}"),
        (".gone{a:b}", ""),
        (".gone,.used p{a:b}", ".used p{a:b}"),
        ("p>a:hover{a:b}", "p>a:hover{a:b}"),
        (".used:not(.gone){a:b}", ".used:not(.gone){a:b}"),
        ("@media print{.gone{a:b}}", ""),
        ("@media print{.used{a:b}.gone{a:b}}", "@media print{.used{a:b}}"),
        ("@font-face{font-family:x}", "@font-face{font-family:x}"),
        (":is(.gone,.used){a:b}", ":is(.gone,.used){a:b}"),
        ("#part .used{a:b}#none{a:b}", "#part .used{a:b}"),
        ("p.used{a:b}i.used{a:b}kbd{a:b}", "p.used{a:b}"),
        ("p.used.open{a:b}p.used#part{a:b}", "p.used.open{a:b}"),  # a script opens; two elements are not one
        ("button.run{a:b}.shut{a:b}", "button.run{a:b}"),  # made by a script; only looked for by one
    ],
)
def test_purge_keeps_what_is_used(css: str, kept: str) -> None:
    script = """x.classList.add("open"); y = '<button class="run">'; find(".shut")"""
    assert purge(css, look(['<div id="part"><p class="used"><a></a></p></div>'], [script])) == kept


@pytest.mark.parametrize(
    ("css", "others", "kept"),
    [
        (":root{--x:1;--y:2}p{a:var(--x)}", "", ":root{--x:1;}p{a:var(--x)}"),
        (":root{--x:1;--y:var(--x)}", "", ":root{}"),  # read by one that nobody reads
        (":root{--x:1}p{a:var( --x, 2px)}", "", ":root{--x:1}p{a:var( --x, 2px)}"),
        (":root{--x:1}", "style.setProperty('--x', y)", ":root{--x:1}"),
        (":root{--x:1}", '<p style="top:var(--x)">', ":root{--x:1}"),
        ("p{top:0;color:red}.a--x{top:0}", "", "p{top:0;color:red}.a--x{top:0}"),
        ("""p{--x:url("data:image/svg+xml;charset=utf-8,a");top:0}""", "", "p{top:0}"),
    ],
)
def test_properties_that_nobody_reads_go(css: str, others: str, kept: str) -> None:
    assert purge_properties({"sheet": css}, others=others) == {"sheet": kept}


def test_third_party_scripts_keep_templates_and_copyright() -> None:
    script = "/* one */ a();\n/*\n * Copyright: B.\n */\n  // why\n  b = `\n    // ${c}`; // here\n/** two\n */\n\n"
    assert dense(f"{script}d();\n") == "/* one */ a();\n/*\n * Copyright: B.\n */\nb = `\n    // ${c}`; // here\nd();\n"


def test_colors_of_code_are_judged_by_pages_and_the_editor_alone(tmp_path: Path) -> None:
    static = tmp_path / "_static"
    static.mkdir()
    static.joinpath("minified.js").write_text("var kt=1,m=2", encoding="utf-8")
    static.joinpath("live.js").write_text('x = "nb"', encoding="utf-8")
    seen = seen_in_code(tmp_path, ['<div class="highlight"><span class="k mi">1</span></div>'])
    assert all(seen.may_be("", frozenset({name})) for name in ("highlight", "k", "mi", "nb"))
    assert not any(seen.may_be("", frozenset({name})) for name in ("kt", "m"))


def test_joined_files_hold_all_parts_in_order_and_pages_link_them_once(tmp_path: Path) -> None:
    static = tmp_path / "_static"
    static.joinpath("styles").mkdir(parents=True)
    static.joinpath("styles", "pydata-sphinx-theme.css").write_text("a{b:url(../x.svg)}", encoding="utf-8")
    for name, text in {
        "book.css": "b{}",
        "quiz.css": "q{}",
        "copybutton.js": "run(x)",
        "togglebutton.js": "(y)",
    }.items():
        static.joinpath(name).write_text(text, encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(
        '<link href="_static/styles/pydata-sphinx-theme.css" rel="stylesheet" />\n<link rel="stylesheet" href="_static/'
        'quiz.css?v=1" />\n<link rel="stylesheet" href="_static/live.css" />\n<link rel="stylesheet" href="_static/'
        'book.css" />\n<script src="_static/copybutton.js"></script>\n<script>let toggleA = \'b\';</script>\n<script '
        'src="_static/live.js"></script>\n<script src="_static/togglebutton.js"></script>',
        encoding="utf-8",
    )
    bundle_pages(tmp_path)
    once = page.read_text(encoding="utf-8")
    assert once.split("\n") == [
        "",
        '<link rel="stylesheet" href="_static/pages.css">',
        '<link rel="stylesheet" href="_static/live.css" />',
        '<script src="_static/live.js"></script>',
        '<script defer src="_static/pages.js"></script>',
    ]
    assert static.joinpath("pages.css").read_text(encoding="utf-8") == '@charset "UTF-8";a{b:url(x.svg)}q{}b{}'
    made = static.joinpath("pages.js").read_text(encoding="utf-8")
    assert made == "let toggleA = 'b';\nrun(x);\n(y)\n", "run(x) must not call what (y) holds"
    bundle_pages(tmp_path)
    assert (page.read_text(encoding="utf-8"), static.joinpath("pages.js").read_text(encoding="utf-8")) == (once, made)


def test_only_functions_for_absent_things_lose_their_bodies() -> None:
    script = 'async function a(e){if(e){x("pst_banner_pref")}}async function b(){c()}function d(){"pst_banner_pref"}'
    assert without_absent(script) == script.replace('if(e){x("pst_banner_pref")}', "")


def test_indents_go_but_not_from_code() -> None:
    assert without_indents("<p>\n\n  <b>a</b>\n  c</p>") == "<p>\n<b>a</b>\n  c</p>"
    for kept in ("<pre>\n  <i>x</i></pre>", "<textarea>\n  <a></textarea>", "<script>\n  '<p>'</script>"):
        assert without_indents(f"<p></p>{kept}") == f"<p></p>{kept}"


def test_a_dot_needs_no_color_and_other_code_keeps_its_own() -> None:
    assert mend('a<span class="o">.</span>b <span class="o">+</span> c') == 'a.b <span class="o">+</span> c'
    assert mend('<a><span class="xref std std-term">clearance</span></a>') == "<a>clearance</a>"


def test_neighbors_of_one_color_become_one_span() -> None:
    code = '<span class="sa">f</span><span class="s2">"a </span><span class="si">{</span>x<span class="si">}</span>'
    assert mend(code) == '<span class="s2">f"a {</span>x<span class="s2">}</span>'
    apart = '<span class="s2">a</span> <span class="s2">b</span><span class="fact">c</span><span class="fact">d</span>'
    assert mend(apart) == apart
    assert (
        mend('<td class="text-left"><p>a</p></td><td class="text-right">') == '<td><p>a</p></td><td class="text-right">'
    )


def test_stamps_follow_the_content_alone(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p{}", encoding="utf-8")
    page = tmp_path / "page.html"
    for old in ("a.css", "a.css?v=stale"):
        page.write_text(f'<link href="{old}"><script src="https://example.org/x.js"></script>', encoding="utf-8")
        stamp_pages(tmp_path)
        assert page.read_text(encoding="utf-8").startswith('<link href="a.css?v=806db221"><script src="https')


def test_labels_that_contradict_the_visible_text_go() -> None:
    assert mend('<summary aria-label="Toggle hidden content">') == "<summary>"
    assert mend('<th class="head text-left"><p></p></th>') == '<td class="head text-left"></td>'
    assert mend('<th class="head"><p>Drug</p></th>') == '<th class="head"><p>Drug</p></th>'


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://example.org/a.js">',
        '<img alt="x" src="//example.org/a.png">',
        "url(https://example.org/a.woff2)",
    ],
)
def test_a_remote_load_is_seen(markup: str) -> None:
    assert REMOTE_LOAD.search(markup)


def test_a_link_is_not_a_load() -> None:
    assert not REMOTE_LOAD.search('<a href="https://doi.org/10.1000/1">')


@pytest.mark.parametrize(
    "markup", ['<img src="a.svg">', '<img alt="" src="a.svg">', '<img alt="_images/a.svg" src="a.svg">']
)
def test_a_picture_without_alt_is_seen(markup: str) -> None:
    assert NO_ALT.search(markup)


def test_a_described_picture_passes() -> None:
    assert not NO_ALT.search('<img class="c" alt="A line rises." src="a.svg">')


def test_the_gate_warns_with_the_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "page.html").write_text('<img src="https://example.org/a.png">', encoding="utf-8")
    records: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("sphinx.bookpress.site.gates")
    logger.addHandler(handler)
    try:
        check_pages(tmp_path)
    finally:
        logger.removeHandler(handler)
    assert any("page.html loads https://example.org/a.png" in text for text in records)
    assert any("without alt text" in text for text in records)


def test_a_summary_holds_words_and_no_paragraph() -> None:
    words = '<p class="{0} admonition-title">{0} it</p>\n'
    body = words.format("collapsed") + words.format("expanded")
    mended = mend(f"<details><summary>\n{body}</summary>\n{body}</details>")
    inside, _, after = mended.partition("</summary>")
    assert inside.count("<span class=") == 2 and "<p" not in inside
    assert after.count("<p class=") == 2, "outside of the summary a paragraph stays one"
