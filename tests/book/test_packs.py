"""Packs of two chapters, made from the built book: every member opens, the notebook runs, the bytes repeat."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from lxml import html
from pptx import Presentation

from bookpress.packs.job import Job, load_job
from bookpress.packs.pack import make_packs
from bookpress.packs.page import read_page
from tests.unit.test_packs_slides import check_geometry

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
CHAPTERS = ("03-reading-trials", "05-toxicity")
pytestmark = [pytest.mark.book, pytest.mark.skipif(not HTML.is_dir(), reason="run `make book` first")]


def stand_in(job: Job, folder: Path) -> Job:
    """Return a job whose pages are the built ones; a PDF or EPUB that this build did not make is an empty file."""
    folder.mkdir()
    (folder / "html").symlink_to(HTML, target_is_directory=True)
    for edition in ("pdf", "epub"):
        (folder / edition).mkdir()
        for file in (ROOT / "_build" / edition).glob(f"*.{edition}"):
            shutil.copy(file, folder / edition / file.name)
    for paper in job.papers:
        (folder / "pdf" / f"{paper.chapter}.pdf").touch()
    if not list((folder / "epub").glob("*.epub")):
        (folder / "epub" / "book.epub").touch()
    papers = tuple(paper for paper in job.papers if paper.chapter in CHAPTERS)
    return replace(job, root=folder.parent, build=folder, papers=papers)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs")
    for name in ("chapters", "data", "src", "requirements.txt"):
        (folder / name).symlink_to(ROOT / name)
    return make_packs(relocated(folder), workers=1)


def relocated(folder: Path) -> Job:
    job = stand_in(load_job(ROOT), folder / "_build")
    # The cache knows a chapter by its true path.
    return replace(job, root=folder)


@pytest.fixture(scope="module")
def opened(packs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Unpack both chapters and return their folders."""
    folder = tmp_path_factory.mktemp("opened")
    for chapter in CHAPTERS:
        with zipfile.ZipFile(packs / f"{chapter}.zip") as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                assert name.startswith(f"{chapter}/") and ".." not in name.split("/")
            archive.extractall(folder)
    return {chapter: folder / chapter for chapter in CHAPTERS}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_pack_holds_everything(opened: dict[str, Path], chapter: str) -> None:
    folder = opened[chapter]
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wanted = {"README.txt", "teaching-notes.txt", f"{chapter}.html", f"{chapter}-handout.pdf", "data/datapackage.json"}
    wanted |= {f"slides/{chapter}.{kind}" for kind in ("pptx", "html")} | {f"notebook/{chapter}.ipynb"}
    wanted |= {f"questions/{chapter}{end}" for end in (
        ".apkg", ".moodle.xml", ".gift.txt", "-qti21.zip", "-canvas.zip", ".imscc", "-scorm12.zip",
    )}  # fmt: skip
    assert wanted <= names
    page = read_page(HTML / f"{chapter}.html")
    pictures = {f"figures/{figure.id}.{kind}" for figure in page.figures for kind in ("svg", "png")}
    assert pictures == {name for name in names if name.startswith("figures/")} - {"figures/figures.csv"}
    assert "Evidence to" in (folder / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_data_are_described_and_the_rows_are_found_in_them(opened: dict[str, Path], chapter: str) -> None:
    data = opened[chapter] / "data"
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    ids: dict[str, set[str]] = {}
    for resource in package["resources"]:
        with (data / resource["path"]).open(encoding="utf-8", newline="") as file:
            ids[resource["name"]] = {row.get("id", "") for row in csv.DictReader(file)}
    shown = list(csv.DictReader(io.StringIO((data / "rows-of-this-chapter.csv").read_text(encoding="utf-8"))))
    assert len(shown) > 10
    assert all(row["id"] in ids[row["table"]] and row["value"] and row["source"] for row in shown)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_page_and_the_deck_ask_for_nothing(opened: dict[str, Path], chapter: str) -> None:
    for name in (f"{chapter}.html", f"slides/{chapter}.html"):
        text = (opened[chapter] / name).read_text(encoding="utf-8")
        assert not re.search(r'src="(?!data:)', text), name
        assert not re.search(r'<a[^>]* href="(?!#|https?:|mailto:)', text), name
        assert not re.search(r"url\((?![\"']?data:|#)", text), name
        assert "@import" not in text
        page = html.fromstring(text)
        anchors = {node.get("id") for node in page.xpath("//*[@id]")}
        broken = [link.get("href") for link in page.xpath("//a[starts-with(@href, '#')]")]
        assert {target[1:] for target in broken if len(target) > 1} <= anchors, name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_slide_runs_over(opened: dict[str, Path], chapter: str) -> None:
    assert check_geometry(Presentation(opened[chapter] / "slides" / f"{chapter}.pptx")) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_libreoffice_finds_no_text_below_its_slide(opened: dict[str, Path], chapter: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice found: the rendered slides are not looked at")
    deck = opened[chapter] / "slides" / f"{chapter}.pptx"
    home = (tmp_path / "profile").as_uri()
    command = [office, f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(deck)], check=True, capture_output=True, timeout=300)
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(tmp_path / f"{chapter}.pdf")
    assert len(document) == len(Presentation(deck).slides)
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        text = page.get_textpage()
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            assert left >= 0 and right <= width and bottom >= 0 and top <= height, f"slide {number + 1}"
            footer = top < height * 0.5 / 7.5 + 2
            assert footer or bottom > height * 0.55 / 7.5, f"slide {number + 1}: text reaches the footer"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notebook_runs_under_nbval_with_the_pack_alone(opened: dict[str, Path], chapter: str) -> None:
    folder = opened[chapter] / "notebook"
    notebook = nbformat.read(folder / f"{chapter}.ipynb", as_version=4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"\{[a-z]+(:[a-z]+)?\}`|^[`:]{3,}\{|^\([\w-]+\)=$", prose, re.MULTILINE)
    for picture in re.findall(r"\]\((\.\./figures/[^)]+)\)", prose):
        assert (folder / picture).is_file()
    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", ".", "--nbval", "--nbval-current-env"]
    command = [sys.executable, "-m", "pytest", *options, f"{chapter}.ipynb"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\b[1-9]\d* passed", done.stdout)


def test_the_pack_of_the_book_holds_every_edition(packs: Path) -> None:
    with zipfile.ZipFile(packs / "bitebook.zip") as archive:
        names = archive.namelist()
    assert "bitebook/html/index.html" in names and "bitebook/questions/bitebook.moodle.xml" in names
    assert {f"bitebook/slides/{chapter}.pptx" for chapter in CHAPTERS} <= set(names)


def test_made_again_the_packs_are_the_same_bytes(packs: Path, tmp_path: Path) -> None:
    for name in ("chapters", "data", "src", "requirements.txt"):
        (tmp_path / name).symlink_to(ROOT / name)
    job = relocated(tmp_path)
    again = make_packs(replace(job, papers=job.papers[:1]), workers=1)
    name = f"{CHAPTERS[0]}.zip"
    assert (again / name).read_bytes() == (packs / name).read_bytes()
