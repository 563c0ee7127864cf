"""The build: progress, failures that say what to do, and the last good edition that stays."""

from __future__ import annotations

import gc
import sys
import threading
import time
from pathlib import Path

import pytest

from bookpress import execute
from bookpress.build import _set_aside, _swap, _tidy_up
from bookpress.execute import ChapterError, execute_missing, is_notebook
from bookpress.fingerprint import fingerprint

FRONT = "---\nkernelspec: {name: python3, display_name: Python 3}\n---\n"


def chapter(folder: Path, name: str, code: str) -> None:
    (folder / name).write_text(f"{FRONT}# {name}\n\n```{{code-cell}} ipython3\n{code}\n```\n", encoding="utf-8")


def test_only_pages_with_a_kernel_are_chapters(tmp_path: Path) -> None:
    chapter(tmp_path, "a.md", "1")
    (tmp_path / "b.md").write_text("# Plain\n\nkernelspec: is only a word here\n", encoding="utf-8")
    assert is_notebook(tmp_path / "a.md")
    assert not is_notebook(tmp_path / "b.md")


def test_chapters_run_once_and_progress_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chapter(tmp_path, "a.md", "print(6 * 7)")
    cache = tmp_path / "cache"
    assert execute_missing(chapters=tmp_path, cache_dir=cache, timeout_s=60) == 1
    assert "1 of 1 a.md executed" in capsys.readouterr().out
    assert execute_missing(chapters=tmp_path, cache_dir=cache, timeout_s=60) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_chapters_known_to_be_the_same_are_not_looked_at(tmp_path: Path) -> None:
    chapter(tmp_path, "a.md", "print(6 * 7)")
    chapter(tmp_path, "b.md", "print(6 * 8)")
    cache = tmp_path / "cache"
    assert execute_missing(chapters=tmp_path, cache_dir=cache, timeout_s=60, known=["b.md"]) == 2, (
        "nothing is known yet"
    )
    chapter(tmp_path, "a.md", "print(6 * 9)")
    (tmp_path / "b.md").write_bytes(b"---\nkernelspec:\n---\n\xff")  # whoever reads it breaks
    assert execute_missing(chapters=tmp_path, cache_dir=cache, timeout_s=60, known=["b.md"]) == 1
    with pytest.raises(UnicodeDecodeError):
        execute_missing(chapters=tmp_path, cache_dir=cache, timeout_s=60)


def test_a_failing_cell_is_named(tmp_path: Path) -> None:
    chapter(tmp_path, "a.md", "1 / 0")
    with pytest.raises(ChapterError, match=r"(?s)a\.md: ZeroDivisionError.*1 / 0"):
        execute_missing(chapters=tmp_path, cache_dir=tmp_path / "cache", timeout_s=60)


def test_whoever_is_stopped_while_cells_run_waits_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcd":
        chapter(tmp_path, f"{name}.md", f"import pathlib, time; pathlib.Path('{name}.ran').touch(); time.sleep(300)")

    def stopped(_running: object) -> object:
        while not list(tmp_path.glob("*.ran")):
            time.sleep(0.05)
        raise KeyboardInterrupt

    monkeypatch.setattr(execute, "as_completed", stopped)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        execute_missing(chapters=tmp_path, cache_dir=tmp_path / "cache", timeout_s=400)
    assert time.monotonic() - started < 60
    assert not execute._EXECUTING


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_one_process_may_execute_again_and_again(tmp_path: Path) -> None:
    """`make watch` does: neither threads nor open files may pile up."""
    counts = []
    for time_ in range(5):
        chapter(tmp_path, "a.md", f"print({time_})")
        assert execute_missing(chapters=tmp_path, cache_dir=tmp_path / "cache", timeout_s=60) == 1
        gc.collect()
        counts.append((len(list(Path("/proc/self/fd").iterdir())), threading.active_count()))
    assert counts[-1] <= counts[1], counts


def test_the_fingerprint_follows_the_data(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    table = tmp_path / "data" / "a.csv"
    table.write_text("id,value\nx,1\n", encoding="utf-8")
    before = fingerprint(tmp_path, ["data/*.csv"])
    table.write_text("id,value\nx,2\n", encoding="utf-8")
    assert fingerprint(tmp_path, ["data/*.csv"]) != before
    table.write_text("id,value\nx,1\n", encoding="utf-8")
    assert fingerprint(tmp_path, ["data/*.csv"]) == before


def test_the_edition_is_swapped_whole(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "html"
    for folder, text in ((made, "new"), (target, "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    (target / "stale.html").write_text("stale", encoding="utf-8")
    _set_aside(made, target)
    assert (target / "stale.html").exists(), "the copy is made beside it"
    _swap([target])
    assert [file.name for file in target.iterdir()] == ["index.html"]
    assert (target / "index.html").read_text(encoding="utf-8") == "new"
    assert not list(tmp_path.glob("html.*"))


def test_scaffolding_stays_behind(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.joinpath("parts").mkdir(parents=True)
    for name in ("book.epub", "page.xhtml", "parts/deep.epub"):
        made.joinpath(name).write_text("new", encoding="utf-8")
    _set_aside(made, tmp_path / "epub", keep="*.epub")
    _swap([tmp_path / "epub"])
    assert [file.name for file in (tmp_path / "epub").rglob("*")] == ["book.epub"]


def editions(folder: Path) -> dict[str, str]:
    """Return what stands in each folder, by the name of the folder."""
    return {file.parent.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*/index.html"))}


@pytest.mark.parametrize("renames", range(7))
def test_a_swap_that_was_killed_is_undone_or_done_but_never_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    """Three editions take six renames; the build dies after each of them, and the next one tidies up."""
    targets = [tmp_path / name for name in ("epub", "html", "pdf")]
    for target in targets:
        for folder, text in ((target, "old"), (target.with_name(target.name + ".new"), "new")):
            folder.mkdir()
            (folder / "index.html").write_text(text, encoding="utf-8")
    whole, count = Path.rename, 0

    def dying(path: Path, goal: Path) -> Path:
        nonlocal count
        count += 1
        if count > renames:
            raise KeyboardInterrupt
        return whole(path, goal)

    monkeypatch.setattr(Path, "rename", dying)
    if renames < 6:
        with pytest.raises(KeyboardInterrupt):
            _swap(targets)
    else:
        _swap(targets)
    monkeypatch.setattr(Path, "rename", whole)
    _tidy_up(targets)
    assert editions(tmp_path) == dict.fromkeys(("epub", "html", "pdf"), "new" if renames == 6 else "old")


def test_a_swap_that_is_refused_is_undone_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = [tmp_path / name for name in ("html", "pdf")]
    for target in targets:
        for folder, text in ((target, "old"), (target.with_name(target.name + ".new"), "new")):
            folder.mkdir()
            (folder / "index.html").write_text(text, encoding="utf-8")
    whole = Path.rename

    def refusing(path: Path, goal: Path) -> Path:
        if path.name == "pdf.new":
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path, goal)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(PermissionError):
        _swap(targets)
    assert editions(tmp_path) == {"html": "old", "pdf": "old"}
