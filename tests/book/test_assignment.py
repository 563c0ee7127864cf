"""The edition to hand out: no key, no reason, no explanation, no solution, anywhere in its files."""

from __future__ import annotations

import base64
import html
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pypdfium2
import pytest

from bookpress.questions import Provider, load_banks, resolve_bank

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
TEXT_FILES = (".html", ".xhtml", ".js", ".json", ".txt", ".csv", ".xml", ".opf", ".ncx", ".inv", ".svg", ".css")
ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
SOLUTION = re.compile(r"^`{3,}\{solution\} .*?\n(.*?)^`{3,}\s*$", re.DOTALL | re.MULTILINE)
SOLUTION_BLOCK = re.compile(r"^`{3,}\{solution-start\}.*?\n(.*?)^`{3,}\{solution-end\}", re.DOTALL | re.MULTILINE)
SEARCH_INDEX = "search/index.js"
KEYS = (
    "data-answer",
    "data-correct",
    "data-tolerance",
    "data-key",
    "quiz-answer",
    "quiz-key",
    "quiz-reason",
    "quiz-why",
)
SHORTEST = 32  # letters: shorter pieces may stand in the text by chance
pytestmark = pytest.mark.book


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text)).lower()


def secrets() -> dict[str, str]:
    """Return every text that gives an answer away, as letters, with the place it comes from."""
    found: dict[str, str] = {}
    provider = Provider(facts="bitebook.evidence", compute=["bitebook"])
    for bank in load_banks(ROOT / "data" / "questions"):
        for item in resolve_bank(bank, provider)[0].items:
            told = [("explanation", item.explanation), *((f"reason {n}", o.reason) for n, o in enumerate(item.options))]
            for name, text in told:
                for piece in pieces(text):
                    found[piece] = f"{item.id}: {name}"
    open_text = ""  # what every edition may show: the chapters without their solutions
    for chapter in sorted((ROOT / "chapters").glob("*.md")):
        text = chapter.read_text(encoding="utf-8")
        for match in [*SOLUTION.finditer(text), *SOLUTION_BLOCK.finditer(text)]:
            for piece in pieces(match[1]):
                found[piece] = f"{chapter.name}: solution"
        shown = SOLUTION.sub("", SOLUTION_BLOCK.sub("", text))
        shown = re.sub(r"\{fact\}`([^`\s]+)[^`]*`", lambda match: str(provider.fact(match[1])), shown)
        open_text += letters(shown)
    return {piece: where for piece, where in found.items() if piece not in open_text}


def pieces(text: str) -> list[str]:
    """Return the literal pieces of MyST text between roles, formulas, and sentences, as letters."""
    text = re.sub(r"^:[\w-]+:.*$", "", text, flags=re.MULTILINE)
    parts = re.split(rf"{ROLE.pattern}|\$[^$]*\$|(?<=[.?!])\s+|\n\n|^\S*```.*$", text, flags=re.MULTILINE)
    return [found for part in parts if part and len(found := letters(part)) >= SHORTEST]


def haystack(folder: Path) -> dict[str, tuple[str, str]]:
    """Return every text file of an edition, as it is and as letters, those inside of EPUB and PDF files too."""
    found: dict[str, bytes] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.suffix == ".epub":
            with zipfile.ZipFile(file) as archive:
                found |= {f"{name}/{part}": archive.read(part) for part in archive.namelist()}
        elif file.suffix == ".pdf":
            pages = pypdfium2.PdfDocument(file)
            found[f"{name}.txt"] = " ".join(page.get_textpage().get_text_range() for page in pages).encode("utf-8")
        elif name == SEARCH_INDEX:  # packed: as it stands, nothing could be read in it
            found[name] = searched(file).encode("utf-8")
        elif file.is_file():
            found[name] = file.read_bytes()
    kept = {name: content for name, content in found.items() if name.endswith(TEXT_FILES)}
    read = {name: content.decode("utf-8", errors="replace") for name, content in kept.items()}
    # The index is plain text: a "<45 kg" in it opens no tag.
    shown = {name: raw if name == SEARCH_INDEX else re.sub(r"<[^>]*>", " ", raw) for name, raw in read.items()}
    return {name: (read[name], letters(html.unescape(text))) for name, text in shown.items()}


def searched(index: Path) -> str:
    """Return all that a search can show, from its packed index."""
    packed = re.search(r'bytes:(\d+),text:"([^"]+)"', index.read_text(encoding="utf-8"))
    assert packed is not None
    return zlib.decompress(base64.b85decode(packed[2])[: int(packed[1])], -15).decode("utf-8")


@pytest.fixture(scope="module")
def edition() -> dict[str, tuple[str, str]]:
    """Build the edition and read all its files."""
    command = [sys.executable, "-m", "bookpress", "build", "--edition", "assignment", "--fresh"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-500:]
    read: dict[str, tuple[str, str]] = {}
    for folder in sorted(BUILD.glob("*-assignment")):
        read |= {f"{folder.name}/{name}": texts for name, texts in haystack(folder).items()}
    assert any(name.endswith("answers.html") for name in read)
    return read


def test_no_answer_is_found_in_the_files_to_hand_out(edition: dict[str, tuple[str, str]]) -> None:
    told = secrets()
    assert len(told) > 500
    leaks = [
        f"{name}: {where}: {piece[:60]}"
        for name, (_, text) in edition.items()
        for piece, where in told.items()
        if piece in text
    ]
    assert leaks == []


def test_no_mark_of_a_key_is_in_the_pages_to_hand_out(edition: dict[str, tuple[str, str]]) -> None:
    pages = {name: raw for name, (raw, _) in edition.items() if name.endswith((".html", ".xhtml"))}
    leaks = [f"{name}: {key}" for name, raw in pages.items() for key in KEYS if key in raw]
    assert leaks == []


def test_the_questions_themselves_are_there(edition: dict[str, tuple[str, str]]) -> None:
    text = next(text for name, (_, text) in edition.items() if name.endswith("03-reading-trials.html"))
    assert letters("Which endpoint counts the missed remission as an event?") in text


def test_the_search_finds_the_answers_where_they_are() -> None:
    """The reader's edition holds them: else the search above would find nothing anywhere."""
    if not (BUILD / "html").is_dir():
        pytest.skip("run `make book` first")
    pages = " ".join(text for name, (_, text) in haystack(BUILD / "html").items() if re.match(r"\d\d-.*html", name))
    told = secrets()
    solutions = [piece for piece, where in told.items() if where.endswith("solution")]
    assert sum(piece in pages for piece in solutions) > 0.95 * len(solutions)
    assert sum(piece in pages for piece in told) > len(solutions) + 200  # not every question is on a page


def test_the_search_of_the_readers_edition_shows_no_answer_before_its_question() -> None:
    """On their pages answers are folded; a sentence among results would not be."""
    index = BUILD / "html" / SEARCH_INDEX
    if not index.is_file():
        pytest.skip("run `make book` first")
    text = letters(searched(index))
    assert letters("Which endpoint counts the missed remission as an event?") in text
    assert [f"{where}: {piece[:60]}" for piece, where in secrets().items() if piece in text] == []
