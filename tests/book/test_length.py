"""How long a chapter is to read: its prose as built, and nothing that stands beside it."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import html

from bookpress.chapter import WORD

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
CHAPTERS = sorted(page for page in HTML.glob("0[1-9]-*.html"))  # chapter 10 holds cases: no length of its own
SHORTEST, LONGEST = 2500, 4500

# What is no running prose: set apart, folded away, or made by the press.
TAGS = ("figure", "table", "details", "pre", "form", "math", "script", "style", "svg")
CLASSES = (
    "cell", "dropdown", "calculator", "math", "headerlink", "section-number", "chapter-facts", "chapter-citation",
    "fact-source", "fact-hidden",
)  # fmt: skip
SECTIONS = r"(Check yourself|References)"
TASKS = "exercise"


def classed(name: str) -> str:
    return f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"


def without(body: html.HtmlElement, *paths: str) -> html.HtmlElement:
    """A copy of `body` that lacks what the paths find."""
    left = deepcopy(body)
    for path in paths:
        for found in left.xpath(path):
            found.drop_tree()
    return left


def prose(page: html.HtmlElement) -> html.HtmlElement:
    """The article without its apparatus; the statements of the exercises are still in it."""
    (body,) = page.xpath("//article[contains(@class, 'bd-article')]")
    left = without(body, *(f".//{tag}" for tag in TAGS), *map(classed, CLASSES))
    for section in left.xpath(".//section[h2]"):
        if re.match(SECTIONS, section.find("h2").text_content()):
            section.drop_tree()
    return left


def words(body: html.HtmlElement) -> int:
    return len(WORD.findall(body.text_content()))


def test_the_counter_sees_prose_alone() -> None:
    page = html.fromstring(
        """<article class='bd-article'><section><h2>One<a class='headerlink'>#</a></h2>
        <p>two <button>3%</button> <span class='fact-source'>no</span> four</p>
        <ul><li>five</li></ul>
        <table><tr><td>no</td></tr></table>
        <figure><figcaption>no</figcaption></figure>
        <details><summary>no</summary><p>no</p></details>
        <div class='cell tag_hide'><pre>no</pre></div>
        <div class='exercise admonition'><p>six seven</p></div>
        <div class='solution dropdown admonition'>no</div></section>
        <section><h2>Check yourself</h2><p>no</p></section>
        <section><h2>References</h2><p>no</p></section></article>"""
    )
    assert prose(page).text_content().split() == ["One", "two", "3%", "four", "five", "six", "seven"]
    assert words(without(prose(page), classed(TASKS))) == 5


def test_every_chapter_is_counted() -> None:
    assert len(CHAPTERS) == 9


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.stem)
def test_a_chapter_is_as_long_as_a_lesson(page: Path) -> None:
    """Long enough without its exercises, and short enough with them."""
    body = prose(html.fromstring(page.read_text(encoding="utf-8")))
    shortest, longest = words(without(body, classed(TASKS))), words(body)
    assert shortest >= SHORTEST, f"{shortest} words of prose"
    assert longest <= LONGEST, f"{longest} words with the statements of the exercises"
