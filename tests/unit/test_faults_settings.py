"""Faults of settings, contents, chapters, and what stands beside the questions: told before any slow step."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bookpress import preflight, settings
from bookpress.source_file import SourceFileError

from . import fault_tools as faults

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.name for path in (ROOT / "chapters").glob("*.md"))
YAML_FILES = ("_config.yml", "_toc.yml", "data/slides.yaml", "data/exercises.yaml")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the press reads before it starts, in another folder."""
    root = faults.copied(ROOT, tmp_path / "book", "pyproject.toml", "_config.yml", "_toc.yml")
    faults.copied(ROOT / "data", root / "data", "*.yaml", "references.bib")
    faults.copied(ROOT / "data" / "questions", root / "data" / "questions", "02-*.yaml")
    faults.copied(ROOT / "chapters", root / "chapters", "*.md")
    monkeypatch.chdir(root)
    return root


def told(root: Path) -> list[str]:
    """Return what is said of the book, the settings included."""
    try:
        found = list(preflight.problems(settings.load(root)))
    except SourceFileError as error:
        found = [str(error)]
    for line in found:
        assert faults.one_line(line), line[:400]
    return found


def text(old: str, new: str) -> faults.Fault:
    def apply(path: Path) -> None:
        content = path.read_text(encoding="utf-8")
        assert old in content, old
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    return apply


def whole(content: str) -> faults.Fault:
    return lambda path: path.write_text(content, encoding="utf-8") and None


def test_the_book_itself_has_none(book: Path) -> None:
    assert told(book) == []


OF_SETTINGS: dict[str, tuple[faults.Fault, str]] = {
    **{name: (fault, "") for name, fault in faults.FAULTS.items()},
    "no table": (whole('[project]\nname = "x"\n'), "tool.bookpress"),
    "no toml": (text("[tool.bookpress]", "[tool.bookpress"), "line"),
    "setting twice": (text('chapters = "chapters"', 'chapters = "a"\nchapters = "b"'), "line"),
    "setting dropped": (text('chapters = "chapters"', ""), "tool.bookpress.chapters"),
    "setting unknown": (text("cell_timeout_s", "cell_timeout"), "did you mean cell_timeout_s"),
    "number as text": (text("cell_timeout_s = 180", 'cell_timeout_s = "180"'), "cell_timeout_s"),
    "text as list": (text('chapters = "chapters"', 'chapters = ["chapters"]'), "tool.bookpress.chapters"),
    "number in a list": (text('"data/*.csv"', "5"), "cell_inputs"),
    "builder without folder": (text('folder = "epub"', ""), "builders[1].folder"),
    "builder unknown key": (text("keep =", "kep ="), "did you mean keep"),
    "builder twice": (text('folder = "epub"', 'folder = "html"'), "'html' stands twice"),
    "builder outside": (text('folder = "epub"', 'folder = "../epub"'), "../epub"),
    "no html": (text('name = "html"', 'name = "htm"'), "whose name is html"),
    "step without command": (text('command = ["-m", "bitebook.evidence", "check"]', ""), "before_build[0].command"),
    "chapters elsewhere": (text('chapters = "chapters"', 'chapters = "nowhere"'), "nowhere"),
}


@pytest.mark.parametrize("fault", OF_SETTINGS)
def test_each_fault_of_the_settings(book: Path, fault: str) -> None:
    apply, place = OF_SETTINGS[fault]
    apply(book / "pyproject.toml")
    lines = told(book)
    assert lines and any(place in line for line in lines), lines
    assert fault == "chapters elsewhere" or lines[0].startswith("pyproject.toml: "), lines


OF_CONFIG: dict[str, tuple[faults.Fault, str]] = {
    "a list": (whole("- 1\n"), "mapping"),
    "key twice": (text("execute:", "title: again\nexecute:"), "'title' stands twice"),
    "key unknown": (text("only_build_toc_files", "only_build_toc"), "did you mean only_build_toc_files"),
    "key of a part unknown": (text("  timeout: 180", "  timeot: 180"), "did you mean timeout"),
    "wrong type": (text("timeout: 180", "timeout: soon"), "execute: timeout"),
    "wrong word": (text("execute_notebooks: cache", "execute_notebooks: never"), "execute_notebooks"),
    "no sphinx": (text("sphinx:\n", "sphinx_:\n"), "sphinx"),
    "no extensions": (text("    extensions: ", "    extension: "), "extensions"),
    "bibliography missing": (text("[../data/references.bib]", "[../data/reference.bib]"), "reference.bib"),
    "tab": (text("execute:\n  ", "execute:\n\t"), "line"),
}
OF_CONTENTS: dict[str, tuple[faults.Fault, str]] = {
    "a list": (whole("- file: index\n"), "_toc.yml"),
    "no root": (text("root: index", "rot: index"), "_toc.yml"),
    "file missing": (text("02-mechanism", "02-mechanics"), "02-mechanics"),
    "file outside": (text("02-mechanism", "../data/x"), "../data/x"),
    "key unknown": (text("- file: 02", "- fil: 02"), "_toc.yml"),
    "file twice": (text("02-mechanism", "01-childhood-b-all"), "01-childhood-b-all"),
}
OF_SLIDES: dict[str, tuple[faults.Fault, str]] = {
    "a list": (whole("- 1\n"), "slides.yaml"),
    "chapter no mapping": (whole("02-mechanism: 5\n"), "02-mechanism"),
    "field unknown": (text("figures:", "figure:"), "figure is not known"),
    "figures no list": (whole("02-mechanism: {figures: fig-a}\n"), "figures"),
    "table a list": (whole("02-mechanism: {table: [a]}\n"), "table"),
    "chapter twice": (whole("02-mechanism: {}\n02-mechanism: {}\n"), "stands twice"),
}
OF_EXERCISES: dict[str, tuple[faults.Fault, str]] = {
    "a list": (whole("- 1\n"), "exercises.yaml"),
    "chapter no mapping": (whole("02-mechanism: 5\n"), "02-mechanism"),
    "objectives no list": (whole("02-mechanism: {ex-a: goal}\n"), "02-mechanism"),
    "objective a number": (whole("02-mechanism: {ex-a: [1]}\n"), "02-mechanism"),
    "exercise twice": (whole("02-mechanism: {ex-a: [b], ex-a: [c]}\n"), "stands twice"),
}
#: What may be left out, and is then made by rules.
OPTIONAL = ("data/slides.yaml", "data/exercises.yaml")


def cases() -> list[tuple[str, str, faults.Fault, str]]:
    found = []
    for file, own in zip(YAML_FILES, (OF_CONFIG, OF_CONTENTS, OF_SLIDES, OF_EXERCISES), strict=True):
        for name, fault in faults.FAULTS.items():
            if not (file in OPTIONAL and name == "missing"):
                found.append((file, name, fault, Path(file).name))
        found += [(file, name, fault, place) for name, (fault, place) in own.items()]
    return found


@pytest.mark.parametrize(
    ("file", "fault", "apply", "place"), cases(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_fault_of_what_is_read_as_yaml(book: Path, file: str, fault: str, apply: faults.Fault, place: str) -> None:
    apply(book / file)
    lines = told(book)
    name = Path(file).name
    assert lines and all(name in line for line in lines), (fault, lines)
    assert any(place in line for line in lines), (fault, lines)


@pytest.mark.parametrize("file", ["data/questions/02-mechanism.yaml", "chapters/index.md", "_toc.yml"])
def test_a_file_cut_off_between_two_entries_is_told(book: Path, file: str) -> None:
    """Such a file is good YAML; only its last line, without an end, gives it away."""
    content = (book / file).read_text(encoding="utf-8").rstrip("\n")
    (book / file).write_text(content, encoding="utf-8")
    lines = told(book)
    assert len(lines) == 1 and lines[0].startswith(file) and "cut off" in lines[0]


@pytest.mark.parametrize("file", YAML_FILES)
def test_line_ends_of_another_system_change_nothing(book: Path, file: str) -> None:
    faults.CRLF(book / file)
    assert told(book) == []


def front(old: str, new: str) -> Callable[[Path], None]:
    return text(old, new)


OF_CHAPTERS: dict[str, tuple[faults.Fault, str]] = {
    **{name: (fault, "") for name, fault in faults.FAULTS.items() if name not in ("missing",)},
    "front matter open": (text("\n---\n", "\n--\n"), "front matter has no closing"),
    "front matter a list": (text("---\n", "---\n- 1\n---\n"), "must be a mapping"),
    "front matter no yaml": (text("---\n", "---\na: [\n---\n"), "line"),
    "key twice": (text("---\n", "---\nmyst: {}\n"), "'myst' stands twice"),
    "key unknown": (text("---\n", "---\nlevle: x\n"), "did you mean level"),
    "level a number": (text("---\n", "---\nlevel: 5\n---\n"), "level: must be text"),
    "minutes a word": (text("---\n", "---\nexercise_minutes: many\n---\n"), "exercise_minutes: must be a whole number"),
    "day of no calendar": (text("---\n", '---\nlast_checked: "2026-13-40"\n---\n'), "last_checked: must be a day"),
    "day without quotes": (text("---\n", "---\nevidence_cutoff: 2026-06-30\n---\n"), "evidence_cutoff: must be a day"),
}


@pytest.mark.parametrize("fault", OF_CHAPTERS)
def test_each_fault_of_a_chapter(book: Path, fault: str) -> None:
    apply, place = OF_CHAPTERS[fault]
    turn = list(OF_CHAPTERS).index(fault)
    for number, name in enumerate(CHAPTERS):
        if not faults.ALL and number != turn % len(CHAPTERS):
            continue
        good = (book / "chapters" / name).read_bytes()
        apply(book / "chapters" / name)
        lines = told(book)
        assert lines and all(name.removesuffix(".md") in line for line in lines), (name, lines)
        assert any(place in line for line in lines), (name, lines)
        _restore(book / "chapters" / name, good)


def _restore(path: Path, content: bytes) -> None:
    path.with_name(path.name + ".link").unlink(missing_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("file", "apply", "said"),
    [
        (
            "pyproject.toml",
            text("cell_timeout_s", "cell_timeout"),
            "bookpress: pyproject.toml: tool.bookpress.cell_timeout",
        ),
        ("chapters/02-mechanism.md", faults.FAULTS["links in a circle"], "bookpress: a source file has faults"),
    ],
)
def test_the_build_stops_at_once_and_touches_nothing(book: Path, file: str, apply: faults.Fault, said: str) -> None:
    apply(book / file)
    started = time.process_time()
    done = subprocess.run(
        [sys.executable, "-m", "bookpress", "build"],
        cwd=book, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert time.process_time() - started < 10
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].startswith(said), done.stderr
    assert Path(file).name in done.stderr
    assert not (book / "_build").exists(), "nothing was begun"
