"""Nothing changed, or something did: every input, every output, and the packages are told apart by content."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bookpress import build, execute, preflight, settings, unchanged
from bookpress.unchanged import LastBuild, read_inputs

PROJECT = """
[tool.bookpress]
chapters = "chapters"
cell_inputs = ["src/**/*.py", "data/*.csv"]
cell_timeout_s = 10
not_built_from = ["tests"]
reads_elsewhere = ["KITES_DATA"]
before_build = []
tests = []
[[tool.bookpress.builders]]
name = "html"
folder = "html"
[[tool.bookpress.builders]]
name = "bookpdf"
folder = "pdf"
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    """A book whose Sphinx is played: each builder writes what the sources say."""
    for name in ("chapters/figures", "src/kites", "data", "tests", "vendor", "_build"):
        (tmp_path / name).mkdir(parents=True)
    sources = {
        **{"chapters/a.md": "# A", "chapters/figures/a.svg": "<svg/>", "src/kites/wind.py": "x = 1", "data/a.csv": "1"},
        **{"vendor/font.txt": "font", "_config.yml": "title: A", "_toc.yml": "root: a", "requirements.txt": "kites==1"},
        **{"tests/test_a.py": "", "pyproject.toml": textwrap.dedent(PROJECT)},
    }
    for name, text in sources.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = settings.load(tmp_path)
    monkeypatch.setattr(execute, "execute_missing", lambda **_: 0)
    monkeypatch.setattr(build.runs, "get_ready", lambda _: None)
    monkeypatch.setattr(preflight, "problems", lambda _settings: [])  # these sources are no book
    monkeypatch.delenv("KITES_DATA", raising=False)
    runs: list[str] = []

    def started(_settings: settings.Settings, work: Path, _builder: settings.Builder, **_: bool) -> SimpleNamespace:
        return SimpleNamespace(work=work, go_on=lambda: None)

    def played(
        _settings: settings.Settings,
        builder: settings.Builder,
        run: SimpleNamespace,
        *,
        when_read: Callable[[], None] = lambda: None,
    ) -> None:
        runs.append(builder.name)
        home = build._home(run.work, builder)
        (home / ".doctrees").mkdir(parents=True, exist_ok=True)
        when_read()
        (home / builder.name).mkdir(parents=True, exist_ok=True)
        (home / builder.name / "index.html").write_text(builder.name, encoding="utf-8")

    monkeypatch.setattr(build, "_start", started)
    monkeypatch.setattr(build, "_follow", played)
    monkeypatch.setattr(build, "_test_runs", runs, raising=False)
    return read


def runs() -> list[str]:
    return build._test_runs  # type: ignore[attr-defined]


def rebuilt(book: settings.Settings, **options: object) -> bool:
    runs().clear()
    build.build_book(book, **options)  # type: ignore[arg-type]
    return bool(runs())


def test_a_second_build_starts_nothing(book: settings.Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert rebuilt(book)
    assert not rebuilt(book)
    assert "nothing has changed" in capsys.readouterr().out
    file = book.root / "chapters" / "a.md"
    os.utime(file, (1, 1))
    assert not rebuilt(book), "a date alone is no change"


@pytest.mark.parametrize(
    "name",
    [
        *("chapters/a.md", "chapters/figures/a.svg", "chapters/new.md", "src/kites/wind.py", "src/kites/new.py"),
        *("data/a.csv", "data/new.yaml", "vendor/font.txt", "_config.yml", "_toc.yml", "requirements.txt", "new.txt"),
    ],
)
def test_every_input_counts_and_its_date_does_not(book: settings.Settings, name: str) -> None:
    rebuilt(book)
    file = book.root / name
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(old + "2", encoding="utf-8")
    os.utime(file, (1, 1))  # as a file put back from elsewhere
    assert rebuilt(book)
    assert not rebuilt(book)
    file.unlink()
    assert rebuilt(book)


def test_what_is_no_input_does_not_count(book: settings.Settings) -> None:
    rebuilt(book)
    (book.root / "tests" / "test_a.py").write_text("changed", encoding="utf-8")
    (book.root / ".hidden").write_text("changed", encoding="utf-8")
    assert not rebuilt(book)


def damage(change: Callable[[Path], object], folder: str) -> Callable[[Path], object]:
    return lambda root: change(root / "_build" / folder)


@pytest.mark.parametrize(
    "change",
    [
        damage(lambda folder: (folder / "index.html").write_text("touched", encoding="utf-8"), "html"),
        damage(lambda folder: (folder / "index.html").write_text("touched", encoding="utf-8"), "pdf"),
        damage(lambda folder: (folder / "index.html").unlink(), "pdf"),
        damage(lambda folder: (folder / "more.html").write_text("", encoding="utf-8"), "html"),
        damage(lambda folder: folder.rename(folder.with_name("gone")), "html"),
        lambda root: (root / "_build" / ".last-reader.json").write_text("{", encoding="utf-8"),
        lambda root: (root / "_build" / ".last-reader.json").unlink(),
    ],
)
def test_damage_to_what_was_made_is_mended(book: settings.Settings, change: Callable[[Path], object]) -> None:
    rebuilt(book)
    change(book.root)
    assert rebuilt(book)
    assert (book.build / "html" / "index.html").read_text(encoding="utf-8") == "html"
    assert (book.build / "pdf" / "index.html").read_text(encoding="utf-8") == "bookpdf"
    assert not (book.build / "html" / "more.html").exists()
    assert not rebuilt(book)


def test_another_edition_and_other_packages_are_built(book: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt(book)
    assert rebuilt(book, edition="assignment")
    assert not rebuilt(book)
    assert not rebuilt(book, edition="assignment")
    assert rebuilt(book, fresh=True)
    monkeypatch.setattr(unchanged, "packages", lambda: ["kites-2.dist-info"])
    assert rebuilt(book)
    assert not rebuilt(book)


def test_the_installed_packages_are_listed_with_versions() -> None:
    import sphinx

    listed = unchanged.packages()
    assert any(one.lower() == f"sphinx-{sphinx.__version__}.dist-info" for one in listed)


def test_data_from_elsewhere_never_counts_as_unchanged(
    book: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITES_DATA", "/somewhere")
    assert rebuilt(book)
    assert rebuilt(book)


def leftovers(book: settings.Settings) -> Path:
    return book.build / ".work" / "reader" / "_build" / "html" / "stale.html"


def test_only_chapters_are_built_on_from_what_there_is(book: settings.Settings) -> None:
    rebuilt(book)
    leftovers(book).write_text("", encoding="utf-8")
    (book.root / "chapters" / "a.md").write_text("# B", encoding="utf-8")
    rebuilt(book)
    assert leftovers(book).exists()
    (book.root / "data" / "a.csv").write_text("2", encoding="utf-8")
    rebuilt(book)
    assert not leftovers(book).exists()


def test_a_file_changed_during_the_build_stops_it(book: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt(book)
    played = build._follow

    def slow(*arguments: object, **options: object) -> None:
        played(*arguments, **options)  # type: ignore[arg-type]
        (book.root / "chapters" / "a.md").write_text("# While it ran", encoding="utf-8")

    monkeypatch.setattr(build, "_follow", slow)
    (book.root / "chapters" / "a.md").write_text("# Before", encoding="utf-8")
    with pytest.raises(build.BuildError, match="changed while"):
        build.build_book(book)
    monkeypatch.setattr(build, "_follow", played)
    assert rebuilt(book)


def test_a_failed_build_is_not_taken_for_a_good_one(book: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt(book)
    played = build._follow

    def failing(_settings: object, builder: settings.Builder, _run: object, **_: object) -> None:
        if builder.name == "bookpdf":
            raise build.BuildError("mend it")

    monkeypatch.setattr(build, "_follow", failing)
    old = (book.root / "chapters" / "a.md").read_text(encoding="utf-8")
    (book.root / "chapters" / "a.md").write_text("# Wrong", encoding="utf-8")
    (book.build / ".work" / "reader" / "_build" / ".doctrees").mkdir(parents=True, exist_ok=True)
    with pytest.raises((build.BuildError, FileNotFoundError)):
        build.build_book(book)
    assert (book.build / "html" / "index.html").read_text(encoding="utf-8") == "html"
    (book.root / "chapters" / "a.md").write_text(old, encoding="utf-8")
    monkeypatch.setattr(build, "_follow", played)
    assert rebuilt(book)


def test_a_link_to_a_folder_is_read_and_a_circle_ends(book: settings.Settings) -> None:
    elsewhere = book.root.with_name(book.root.name + "-elsewhere")
    elsewhere.mkdir()
    (elsewhere / "b.csv").write_text("1", encoding="utf-8")
    (book.root / "data" / "more").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(book.root / "data")
    before = read_inputs(book)
    (elsewhere / "b.csv").write_text("2", encoding="utf-8")
    assert read_inputs(book) != before
    assert not LastBuild(book, "reader").read_the_same(before)


def _known(book: settings.Settings, monkeypatch: pytest.MonkeyPatch, **how: bool) -> list[str]:
    """Build, and return the chapters of which the build need not ask whether their cells have run."""
    told: list[list[str]] = []
    monkeypatch.setattr(execute, "execute_missing", lambda known, **_: told.append(sorted(known)) or 0)
    build.build_book(book, **how)  # type: ignore[arg-type]
    return told[0]


def test_cells_are_asked_for_where_a_chapter_has_changed(
    book: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters = book.root / "chapters"
    (chapters / "b.md").write_text("# B", encoding="utf-8")
    assert _known(book, monkeypatch) == []
    (chapters / "a.md").write_text("# A again", encoding="utf-8")
    assert _known(book, monkeypatch) == ["a.svg", "b.md"]
    assert _known(book, monkeypatch, fresh=True) == []
    (book.build / "html" / "index.html").unlink()  # then all pages are read again
    assert _known(book, monkeypatch) == []
    (chapters / "a.md").write_text("# A", encoding="utf-8")
    (book.root / "data" / "a.csv").write_text("2", encoding="utf-8")
    assert _known(book, monkeypatch) == []


def test_after_a_failure_cells_are_asked_for_again(book: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _known(book, monkeypatch)
    played = build._follow

    def broken(*_: object, **__: object) -> None:
        raise build.BuildError("as asked")

    monkeypatch.setattr(build, "_follow", broken)
    (book.root / "chapters" / "a.md").write_text("# A again", encoding="utf-8")
    with pytest.raises(build.BuildError, match="as asked"):
        _known(book, monkeypatch)
    monkeypatch.setattr(build, "_follow", played)
    assert _known(book, monkeypatch) == []
