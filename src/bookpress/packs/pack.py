"""One zip for each chapter and one for the book, made aside and put in place together."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from bookpress.folders import files_in, put_in_place
from bookpress.packs.anki import write_deck
from bookpress.packs.archive import write_zip
from bookpress.packs.book import BookInfo
from bookpress.packs.canvas import write_canvas
from bookpress.packs.cartridge import write_cartridge
from bookpress.packs.data import data_files, rows_of_chapter, table_ids
from bookpress.packs.figures import figure_files, sources_of_figures
from bookpress.packs.gift import gift
from bookpress.packs.job import Job
from bookpress.packs.moodle import moodle_xml
from bookpress.packs.notebook import Resolver, executed_notebook, glued_values, make_notebook, titles_of
from bookpress.packs.page import ChapterPage, read_page
from bookpress.packs.paper import MARK, Paper, escape_text
from bookpress.packs.qti21 import write_qti21
from bookpress.packs.readme import book_readme, readme, teaching_notes
from bookpress.packs.scorm import write_scorm
from bookpress.packs.single_page import single_page
from bookpress.packs.slides import make_slides
from bookpress.packs.slides_html import html_deck
from bookpress.packs.slides_pptx import write_pptx
from bookpress.packs.text import PackError
from bookpress.questions import Provider


def make_packs(job: Job, *, workers: int | None = None) -> Path:
    """Make all packs and return their folder; the last ones give way only when all are made.

    Raises
    ------
    PackError
        If a built file is missing or a part cannot be made; the last line says what to do.
    """
    if missing := job.missing():
        raise PackError(f"not built: {', '.join(missing)}\nrun `make book` first: the packs are cut from its editions")
    started = time.monotonic()
    aside = job.build / ".work" / "packs"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    total = len(job.papers) + 1
    with ProcessPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        waiting = {pool.submit(write_chapter, job, paper.chapter, aside): paper.chapter for paper in job.papers}
        for done, future in enumerate(as_completed(waiting), start=1):
            size = future.result().stat().st_size / 1e6
            print(f"packs: {done} of {total} {waiting[future]}.zip ({size:.1f} MB)", flush=True)
    size = write_book(job, aside).stat().st_size / 1e6
    print(f"packs: {total} of {total} {job.book.slug}.zip, the whole book ({size:.1f} MB)", flush=True)
    target = put_in_place(aside, job.build / "packs")
    print(f"made {total} packs in {time.monotonic() - started:.0f} s: {target.relative_to(job.root)}")
    return target


def write_chapter(job: Job, chapter: str, folder: Path) -> Path:
    """Write the zip of one chapter."""
    paper = next(paper for paper in job.papers if paper.chapter == chapter)
    page = read_page(job.page(chapter))
    tables = table_ids(job.root / "data")
    notebook = executed_notebook(job.root / "chapters" / f"{chapter}.md", job.cache)
    slides = make_slides(page, paper, job.book, job.choices.get(chapter))
    one_file = single_page(job.page(chapter), job.book).encode("utf-8")
    members = {
        "README.txt": readme(page, paper, job.book, epub=job.epub().name),
        "teaching-notes.txt": teaching_notes(page, paper),
        f"{chapter}.html": one_file,
        f"{chapter}-handout.pdf": job.handout(chapter).read_bytes(),
        job.epub().name: job.epub().read_bytes(),
        f"slides/{chapter}.html": html_deck(slides, job.book).encode("utf-8"),
        f"slides/{chapter}.pptx": _made(lambda path: write_pptx(path, slides, job.book)),
        f"notebook/{chapter}.ipynb": _notebook(job, page, paper, notebook),
        "data/rows-of-this-chapter.csv": rows_of_chapter(job.page(chapter), tables=tables),
        **question_files([paper], job.book, name=chapter, pages={chapter: one_file}),
        **figure_files(page, job.book, data=sources_of_figures(notebook, tables=tables)),
        **data_files(job.root / "data"),
        **_helpers(job),
    }
    return write_zip(folder / f"{chapter}.zip", {f"{chapter}/{name}": content for name, content in members.items()})


def write_book(job: Job, folder: Path) -> Path:
    """Write the zip of the whole book: every edition, all questions, all slides, the data."""
    name = job.book.slug
    members = {"README.txt": book_readme(job.papers, job.book)}
    for edition in ("html", "pdf", "epub"):
        place = job.build / edition
        members |= {f"{edition}/{file.relative_to(place).as_posix()}": file.read_bytes() for file in files_in(place)}
    pages = {}
    for paper in job.papers:  # decks and pages were just made: take them from the packs of the chapters
        with zipfile.ZipFile(folder / f"{paper.chapter}.zip") as pack:
            for deck in (f"slides/{paper.chapter}.pptx", f"slides/{paper.chapter}.html"):
                members[deck] = pack.read(f"{paper.chapter}/{deck}")
            pages[paper.chapter] = pack.read(f"{paper.chapter}/{paper.chapter}.html")
    members |= question_files(job.papers, job.book, name=name, pages=pages) | data_files(job.root / "data")
    return write_zip(folder / f"{name}.zip", {f"{name}/{path}": content for path, content in members.items()})


def question_files(
    papers: Sequence[Paper], book: BookInfo, *, name: str, pages: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return the questions in every format; SCORM gets one file for each chapter.

    `pages` are the chapters as one HTML file each: cartridge and SCORM carry them as well.
    """
    pages = pages or {}
    files = {
        f"questions/{name}.apkg": _made(lambda path: write_deck(path, papers, book)),
        f"questions/{name}.moodle.xml": moodle_xml(papers, book),
        f"questions/{name}.gift.txt": gift(papers, book).encode("utf-8"),
        f"questions/{name}-qti21.zip": _made(lambda path: write_qti21(path, papers, book)),
        f"questions/{name}-canvas.zip": _made(lambda path: write_canvas(path, papers, book)),
        f"questions/{name}.imscc": _made(lambda path: write_cartridge(path, papers, book, pages=pages)),
    }
    for paper in papers:
        files[f"questions/{paper.chapter}-scorm12.zip"] = _made(
            lambda path, paper=paper: write_scorm(path, paper, book, page=pages.get(paper.chapter))
        )
    return files


def _notebook(job: Job, page: ChapterPage, paper: Paper, notebook: object) -> bytes:
    provider = Provider(facts=job.facts)
    numbers = {thing.id: thing.number for thing in (*page.figures, *page.tables)}
    resolver = Resolver(
        fact=provider.fact,
        cite=lambda key: job.sources[key].short if key in job.sources else key,
        glued=glued_values(notebook),
        numbers=numbers,
        titles=titles_of(job.build / "html" / "objects.inv"),
    )
    book = job.book
    closing = f"---\n\n{book.notice}\n\n{MARK} {book.mark_note}\n\n{book.citation} {book.license}"
    questions = _questions_in_words(paper)
    return make_notebook(notebook, page=page, resolver=resolver, questions=questions, closing=closing)


def _questions_in_words(paper: Paper) -> str:
    """Return the questions with folded answers, in HTML that every notebook shows."""
    parts = []
    for place, question in enumerate(paper.questions, start=1):
        options = "".join(f"<li>{choice.text.html}</li>" for choice in question.choices)
        reasons = "".join(f"<li>{choice.reason.html}</li>" for choice in question.choices)
        listed = f'<ol type="A">{options}</ol>' if options else ""
        told = f'<ol type="A">{reasons}</ol>' if reasons else ""
        parts.append(
            f"**Question {place}.**\n\n{question.prompt_html()}{listed}<details><summary>Answer and reasons</summary>"
            f"<p><b>{escape_text(question.key_text)}</b></p>{told}{question.review_html()}</details>\n"
        )
    return "\n".join(parts)


def _helpers(job: Job) -> dict[str, bytes]:
    """Return the files that the notebook's cells read besides themselves; tables stand in ``data`` already."""
    found = {}
    for pattern in job.helper_files:
        for file in sorted(job.root.glob(pattern)):
            name = file.relative_to(job.root).as_posix()
            if file.is_file() and not name.startswith("data/"):
                found[name if name.startswith("src/") else f"src/{name}"] = file.read_bytes()
    return found


def _made(write: Callable[[Path], Path]) -> bytes:
    """Return the content of a file that a writer puts into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder) / "file").read_bytes()
