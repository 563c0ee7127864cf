"""The table of objectives: read again when an exercise, a question, or an assignment changes, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.press_project import QUESTIONS, Book

CHAPTER = """
# Kites

A kite flies.

```{exercise} Count the tails (compute)
:label: ex-tails
How many?
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(
        tmp_path,
        ["bookpress.facts", "bookpress.quiz", "sphinx_exercise", "bookpress.packs.matrix_directive"],
    )
    made.overrides |= {"bookpress_questions": "questions", "numfig": True}
    (made.source / "questions").mkdir()
    (made.source / "questions" / "kites.yaml").write_text(QUESTIONS, encoding="utf-8")
    (made.source / "exercises.yaml").write_text("kites: {ex-tails: [goal-1]}\n", encoding="utf-8")
    others = [f"other{number}" for number in range(6)]  # Sphinx reads side by side from six pages on
    made.page("index", "\n".join(["# Flying\n\n```{toctree}", "kites", "guide", *others, "```"]))
    for name in others:
        made.page(name, f"# The page {name}\n")
    made.page("kites", CHAPTER)
    made.page("guide", "# Guide\n\n```{objective-matrix}\n```\n")
    return made


def table(book: Book) -> list[str]:
    rows = book.resolved("guide").findall(lambda node: node.tagname == "row")
    return [" | ".join(cell.astext() for cell in row.children) for row in rows]


@pytest.mark.parametrize("parallel", [1, 2])
def test_the_table_counts_questions_and_names_exercises(book: Book, parallel: int) -> None:
    book.build(parallel=parallel)
    assert table(book) == [
        "Objective | Recall, understand | Apply, analyze | Exercises",
        "Tell kites apart. | – | 1 | Count the tails",
    ]


@pytest.mark.parametrize("parallel", [1, 2])
@pytest.mark.parametrize(
    ("name", "old", "new", "is_read"),
    [
        ("kites.md", "A kite flies.", "A kite flies high.", False),
        ("kites.md", "How many?", "How many are there?", False),
        ("kites.md", "Count the tails", "Count all tails", True),
        ("kites.md", "```{exercise}", "```{exercise} More\n:label: ex-more\nMore?\n```\n\n```{exercise}", True),
        ("questions/kites.yaml", "level: apply", "level: remember", True),
        ("exercises.yaml", "[goal-1]", "[]", True),
    ],
)
def test_it_is_read_again_for_what_it_shows(
    book: Book, name: str, old: str, new: str, is_read: bool, parallel: int
) -> None:
    book.build(parallel=parallel)
    before = book.app.env.all_docs["guide"]
    shown = table(book)
    file = book.source / name
    assert old in file.read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    book.build(parallel=parallel)
    assert (book.app.env.all_docs["guide"] != before) == is_read
    assert (table(book) != shown) == is_read


def test_a_chapter_that_is_gone_is_named(book: Book) -> None:
    book.build()
    (book.source / "kites.md").unlink()
    with pytest.raises(FileNotFoundError, match=r"kites\.md"):
        book.build()
