"""Packs: notebook without roles, one page without requests, figures and data as tables, nothing half-written."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from lxml import html

from bookpress.packs import pack
from bookpress.packs.__main__ import main as packs_command
from bookpress.packs.data import rows_of_chapter
from bookpress.packs.figures import csv_bytes, figure_files, sources_of_figures
from bookpress.packs.job import Job, load_job
from bookpress.packs.matrix import make_matrix, read_exercises, read_objectives_of_exercises
from bookpress.packs.notebook import Resolver, glued_values, make_notebook, plain_markdown
from bookpress.packs.page import read_page
from bookpress.packs.readme import TESTED, readme, teaching_notes
from bookpress.packs.single_page import single_page
from bookpress.packs.text import PackError
from bookpress.questions import load_bank
from tests.unit.packs_bank import BOOK, ROOT, hostile, real
from tests.unit.packs_page import build_page


class Fact:
    interval_text = "95% CI 1 to 2"

    def __str__(self) -> str:
        return "1.5"


RESOLVER = Resolver(
    fact=lambda _id: Fact(), cite=lambda key: {"a": "Able 2001", "b": "Baker 2002"}[key], glued={"x": "7 of 9"},
    numbers={"fig-wide": "Fig. 9.1"}, titles={"sec-a": "A section"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{fact}`f interval` in {given}`9 kg` {glue:text}`x`", "1.5 (95% CI 1 to 2) in 9 kg 7 of 9"),
        ("Seen {cite:p}`a,b` by {cite:t}`a`", "Seen (Able 2001; Baker 2002) by Able 2001"),
        ("{term}`a\nterm <term>` {ref}`sec-a` {numref}`fig-wide`", "a\nterm A section Fig. 9.1".replace("\n", " ")),
        ("(sec-a)=\n## A section", "## A section"),
        (":::{admonition} Note\n:class: tip\nA.\n\nB.\n:::\nOut", "> **Note**\n>\n> A.\n>\n> B.\n\nOut"),
        ("$$ x $$ (eq-x)", "$$ x $$"),
        ("```{math}\n:label: eq-y\nx = 1\n```", "$$\nx = 1\n$$"),
        ("```{figure} figures/w.svg\n:name: fig-wide\n:alt: gone\nThe curve.\n```",
         "![A wide curve & a dot](../figures/fig-wide.svg)\n\nThe curve."),
        ("```{quiz} x\n```", "QUESTIONS"),
        ("```{chapter-references}\n```", "- Able. Title. 2001."),
        ("````{solution-start} ex\n:class: dropdown\n````\nText\n````{solution-end}\n````", "**Solution.**\n\nText"),
    ],
)  # fmt: skip
def test_myst_becomes_plain_markdown(source: str, wanted: str, tmp_path: Path) -> None:
    page = read_page(build_page(tmp_path))
    assert plain_markdown(source, resolver=RESOLVER, page=page, questions="QUESTIONS") == wanted


def test_a_role_or_value_that_is_not_known_is_named(tmp_path: Path) -> None:
    page = read_page(build_page(tmp_path))
    with pytest.raises(PackError, match=r"\{sparkle\} cannot be written out"):
        plain_markdown("{sparkle}`x`", resolver=RESOLVER, page=page, questions="")
    with pytest.raises(PackError, match="no cell glues the value 'gone'"):
        plain_markdown("{glue:text}`gone`", resolver=RESOLVER, page=page, questions="")


def test_the_notebook_is_valid_and_keeps_outputs(tmp_path: Path) -> None:
    record = {"data": {"application/papermill.record/text/plain": "'7 of 9'"}, "metadata": {"scrapbook": {"name": "x"}}}
    cell = nbformat.v4.new_code_cell("1 + 1;", outputs=[nbformat.v4.new_output("display_data", **record)])
    source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Got {glue:text}`x`."), cell])
    assert glued_values(source) == {"x": "7 of 9"}
    page = read_page(build_page(tmp_path))
    content = make_notebook(source, page=page, resolver=RESOLVER, questions="", closing="End")
    made = nbformat.reads(content.decode(), as_version=4)
    nbformat.validate(made)
    assert [c.source for c in made.cells if c.cell_type == "markdown"] == ["Got 7 of 9.", "End"]
    assert made.cells[2].outputs and "nbval-ignore-output" in made.cells[2].metadata.tags
    assert content == make_notebook(source, page=page, resolver=RESOLVER, questions="", closing="End")


def test_one_page_holds_all_it_needs_and_links_to_nothing_that_is_not_there(tmp_path: Path) -> None:
    text = single_page(build_page(tmp_path), BOOK)
    page = html.fromstring(text)
    assert not re.search(r'(src|href)="(?!data:|#|https?:)', text)
    assert re.findall(r"url\(([^)]{0,12})", text) == ["data:font/wo", '"data:,"']
    assert text.count("</script>") == 1 and "<\\/script>" in text
    assert "bd-sidebar" not in text and "SECRET SOURCE" in text
    assert [link.get("href") for link in page.iter("a")] == ["#a-section"]
    assert "a term" in page.text_content() and BOOK.notice in page.text_content()


def test_figures_come_with_their_table(tmp_path: Path) -> None:
    files = figure_files(read_page(build_page(tmp_path)), BOOK, data={"fig-wide": "computed in the notebook"})
    assert set(files) == {"figures/figures.csv"} | {
        f"figures/fig-{n}.{k}" for n in ("wide", "tall") for k in ("svg", "png")
    }
    assert b"DOCTYPE" not in files["figures/fig-wide.svg"]
    rows = list(csv.DictReader(io.StringIO(files["figures/figures.csv"].decode())))
    assert rows[0]["alt"] == "A wide curve & a dot" and rows[0]["data"] == "computed in the notebook"
    assert rows[1]["data"] == "drawn by hand" and "Fig. 9.2" in rows[1]["citation"] and rows[1]["license"]


def test_a_figure_names_the_tables_its_cell_reads() -> None:
    cell = nbformat.v4.new_code_cell('fact("row-1"); evidence.table("other")')
    cell.metadata["mystnb"] = {"figure": {"name": "fig-a"}}
    tables = {"one": frozenset({"row-1"}), "other": frozenset(), "third": frozenset({"x"})}
    found = sources_of_figures(SimpleNamespace(cells=[cell]), tables=tables)
    assert found == {"fig-a": "computed in the notebook from data/one.csv, data/other.csv"}


def test_a_spreadsheet_runs_nothing() -> None:
    rows = [("=1+1", "@SUM(A1)"), ("-2", "+cmd|' /C calc'!A0"), ("\t=x", "−3")]
    told = list(csv.reader(io.StringIO(csv_bytes(("a", "b"), rows).decode())))[1:]
    assert told == [["'=1+1", "'@SUM(A1)"], ["-2", "'+cmd|' /C calc'!A0"], ["'\t=x", "−3"]]


def test_rows_of_a_chapter_are_those_its_page_shows(tmp_path: Path) -> None:
    page = build_page(tmp_path)
    box = (
        '<span id="use-row-1-2-source" class="fact-source"><b>Label</b>'
        "<span><b>Value: </b>54%†</span><span><b>Source: </b>Able</span></span>"
        '<span id="use-row-2-source" class="fact-source" aria-label="Source of 60%"><b>Other</b>'
        "<span><b>Source: </b>Baker</span></span>"
    )
    text = page.read_text(encoding="utf-8").replace("<p><strong>What", f"{box}<p><strong>What")
    page.write_text(text, encoding="utf-8")
    made = rows_of_chapter(page, tables={"t": frozenset({"row-1", "row-2"})})
    rows = list(csv.DictReader(io.StringIO(made.decode())))
    assert [(row["id"], row["table"], row["label"], row["value"], row["source"]) for row in rows] == [
        ("row-1", "t", "Label", "54%†", "Able"),
        ("row-2", "t", "Other", "60%", "Baker"),
    ]


def test_the_readme_says_how_to_cite_and_what_was_tested(tmp_path: Path) -> None:
    paper = hostile(tmp_path).papers[0]
    page = read_page(build_page(tmp_path / "html"))
    text = " ".join(readme(page, paper, BOOK, epub="b.epub").decode().split())
    for wanted in (BOOK.citation, BOOK.notice, BOOK.license_url, "Version 1.2, 2026-01-02", "hostile-number", "see"):
        assert wanted in text
    assert all(name in text for name, *_ in TESTED)
    notes = teaching_notes(page, paper).decode()
    assert "Fifty minutes." in notes and "hostile-single (apply)" in notes


def job(root: Path) -> Job:
    return Job(
        root=root, build=root / "_build", book=BOOK, papers=(real().papers[0],), choices={}, sources={}, facts="",
        cache=root / "cache", helper_files=(),
    )  # fmt: skip


def test_missing_editions_are_named_with_one_line_of_advice(tmp_path: Path) -> None:
    with pytest.raises(PackError) as failure:
        pack.make_packs(job(tmp_path))
    assert str(failure.value).endswith("run `make book` first: the packs are cut from its editions")
    for name in ("html/01-childhood-b-all.html", "pdf/01-childhood-b-all.pdf", "epub/testbook.epub"):
        assert name in str(failure.value)


def test_a_pack_that_fails_leaves_the_last_good_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = job(tmp_path)
    for name in ("html/01-childhood-b-all.html", "pdf/01-childhood-b-all.pdf", "epub/b.epub", "packs/good.zip"):
        file = tmp_path / "_build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<html></html>")
    with pytest.raises(PackError, match="holds no article"):
        pack.make_packs(replace(mine, root=tmp_path), workers=1)
    assert (tmp_path / "_build" / "packs" / "good.zip").is_file()
    assert [path.name for path in (tmp_path / "_build" / "packs").iterdir()] == ["good.zip"]


def test_a_broken_question_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("pyproject.toml", "_config.yml", "CITATION.cff", "requirements.txt", "chapters", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    bank = tmp_path / "data" / "questions" / "05-toxicity.yaml"
    bank.write_text(
        bank.read_text(encoding="utf-8").replace("correct: true", "correct: yes please", 1), encoding="utf-8"
    )
    good = tmp_path / "_build" / "packs" / "good.zip"
    good.parent.mkdir(parents=True)
    good.write_text("the last good pack")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["packs"])
    assert packs_command() == 1
    told = capsys.readouterr().err
    assert "05-toxicity.yaml" in told and "item toxicity-" in told and "nothing was written" in told
    assert [file.name for file in good.parent.iterdir()] == ["good.zip"]


def test_the_settings_of_the_book_are_complete() -> None:
    loaded = load_job(ROOT)
    assert loaded.book.slug == "bitebook" and loaded.book.released.year >= 2026
    assert sum(len(paper.questions) for paper in loaded.papers) >= 120


def test_the_matrix_holds_every_question_once() -> None:
    trains = read_objectives_of_exercises(ROOT / "data" / "exercises.yaml")
    for path in sorted((ROOT / "data" / "questions").glob("*.yaml")):
        bank = load_bank(path)
        exercises = read_exercises(ROOT / "chapters" / f"{bank.chapter}.md")
        rows = make_matrix(bank, exercises, trains[bank.chapter])
        assert [row.objective for row in rows] == list(bank.objectives), "each exercise has an objective"
        assert set(trains[bank.chapter]) == {exercise.label for exercise in exercises}
        listed = [name for row in rows for names in row.questions.values() for name in names]
        assert sorted(listed) == sorted(item.id for item in bank.items)


def test_json_of_the_notebook_is_plain(tmp_path: Path) -> None:
    empty = nbformat.v4.new_notebook(cells=[])
    page = read_page(build_page(tmp_path))
    loaded = json.loads(make_notebook(empty, page=page, resolver=RESOLVER, questions="", closing="End"))
    assert loaded["nbformat"] == 4 and "sys.path" in "".join(loaded["cells"][0]["source"])
