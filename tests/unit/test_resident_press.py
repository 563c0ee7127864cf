"""The compiler that stays: the bytes of one that does not, warm when it says so, never in the way when it is gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bookpress.print import resident
from bookpress.print.keeper import MOST_DEATHS, Keeper
from bookpress.print.resident import RemotePress, press_for
from bookpress.print.typst_compiler import Press, Printed, prepare_fonts
from tests.unit.staying import until

GOOD = '#set document(title: "Kites")\n#set text(lang: "en", font: "Libertinus Serif")\n= Kites\n//@ kites:3\n{}\n'


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    prepare_fonts(tmp_path / "fonts")
    (tmp_path / "print-kites.typ").write_text(GOOD.format("A kite flies."), encoding="utf-8")
    return tmp_path


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    one = Keeper()
    yield one
    one.stop()
    assert resident.VARIABLE not in os.environ


def answers(root: Path) -> Callable[[], bool]:
    """Return a question: does the resident itself answer?"""

    def asked() -> bool:
        press = press_for(root)
        assert isinstance(press, RemotePress)
        return press._ask(root / "print-kites.typ") is not None

    return asked


def both(root: Path, source: Path) -> None:
    """Compile with the resident, and as ever, and compare."""
    press = press_for(root)
    assert isinstance(press, RemotePress)
    told = press.compile(source, root / "resident.pdf")
    assert not press._is_alone, "it compiled on its own"
    assert told == Press(root).compile(source, root / "own.pdf")
    if not told:
        assert (root / "resident.pdf").read_bytes() == (root / "own.pdf").read_bytes()


def test_the_bytes_are_those_of_a_press_of_ones_own_before_and_after_an_edit(sources: Path, keeper: Keeper) -> None:
    until(answers(sources))
    source = sources / "print-kites.typ"
    both(sources, source)
    before = (sources / "resident.pdf").read_bytes()
    source.write_text(GOOD.format("A kite does not fly."), encoding="utf-8")
    both(sources, source)
    assert (sources / "resident.pdf").read_bytes() != before


def test_an_error_comes_back_with_page_and_line_and_writes_nothing(sources: Path, keeper: Keeper) -> None:
    until(answers(sources))
    source = sources / "print-kites.typ"
    source.write_text(GOOD.format("#nonsense"), encoding="utf-8")
    both(sources, source)
    found = press_for(sources).compile(source, sources / "resident.pdf")
    assert [(one.docname, one.line) for one in found] == [("kites", 3)]
    assert not (sources / "resident.pdf").exists()


def test_other_fonts_make_another_press(sources: Path, keeper: Keeper) -> None:
    until(answers(sources))
    source = sources / "print-kites.typ"
    source.write_text(GOOD.format('#text(font: "DejaVu Sans")[kite]'), encoding="utf-8")
    both(sources, source)
    for face in (sources / "fonts").glob("DejaVu*"):
        face.unlink()
    both(sources, source)


def test_without_a_resident_a_press_is_made(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(resident.VARIABLE, raising=False)
    assert isinstance(press_for(sources), Press)


def test_a_builder_goes_on_alone_when_the_resident_was_killed(sources: Path, keeper: Keeper) -> None:
    until(answers(sources))
    press = press_for(sources)
    assert keeper.pid is not None
    os.kill(keeper.pid, 9)
    until(lambda: not keeper._process or not keeper._process.is_alive())
    assert press.compile(sources / "print-kites.typ", sources / "alone.pdf") == []
    Press(sources).compile(sources / "print-kites.typ", sources / "own.pdf")
    assert (sources / "alone.pdf").read_bytes() == (sources / "own.pdf").read_bytes()


def test_it_is_started_again_but_not_for_ever(sources: Path, keeper: Keeper) -> None:
    for death in range(1, MOST_DEATHS + 1):
        assert keeper.pid is not None
        os.kill(keeper.pid, 9)
        until(lambda: not keeper._process or not keeper._process.is_alive())
        keeper.look_after()
        assert (keeper.pid is None) == (death == MOST_DEATHS)
    assert isinstance(press_for(sources), Press)


def test_one_that_has_grown_too_large_is_replaced_and_warms_up(sources: Path) -> None:
    keeper = Keeper(largest_bytes=1)
    try:
        keeper.keep_warm(sources)
        until(keeper.is_said_to_be_warm)
        first = keeper.pid
        assert keeper._process and keeper._process.is_alive(), "warming up alone is no reason"
        assert press_for(sources).compile(sources / "print-kites.typ", sources / "x.pdf") == []
        until(lambda: keeper._process and not keeper._process.is_alive())
        keeper.look_after()
        assert keeper.pid not in (None, first)
        until(keeper.is_said_to_be_warm)
    finally:
        keeper.stop()


def test_warming_up_writes_nothing(sources: Path, keeper: Keeper) -> None:
    before = sorted(sources.rglob("*"))
    keeper.keep_warm(sources)
    until(keeper.is_said_to_be_warm)
    assert sorted(sources.rglob("*")) == before


def test_the_largest_source_is_set_last_and_again_before_it_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oracle is what Typst does: the eleventh compilation after one finds nothing of it."""
    (tmp_path / "fonts").mkdir()
    for name, size in (("book", 100), ("a", 3), ("b", 2)):
        (tmp_path / f"print-{name}.typ").write_text("x" * size, encoding="utf-8")
    (tmp_path / "other.typ").write_text("", encoding="utf-8")
    monkeypatch.setattr(Press, "set", lambda _press, _source: Printed(None, []))
    sheets = resident._Sheets()
    assert sheets.cold() is None, "nothing is to be kept warm"
    sheets.kept_warm = tmp_path
    order = []
    while cold := sheets.cold():
        order.append(cold.name)
        sheets.warm(cold)
    assert order == ["print-b.typ", "print-a.typ", "print-book.typ"]
    for _ in range(resident.FORGOTTEN_AFTER - 1):
        sheets.set(tmp_path, tmp_path / "print-a.typ")
        assert sheets.cold() is None
    sheets.set(tmp_path, tmp_path / "print-a.typ")
    assert sheets.cold() == tmp_path / "print-book.typ"


def test_the_memory_of_a_process_is_told() -> None:
    before = resident.memory_bytes()
    held = b"x" * 200_000_000
    assert resident.memory_bytes() - before > 0.9 * len(held)
