"""The deck, imported by Anki itself: new once, never twice, and updated when a later release changes a text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bookpress.packs.anki import write_deck
from bookpress.packs.book import BookInfo
from tests.unit.packs_bank import BOOK, HOSTILE, Case, hostile, real, same

anki = pytest.importorskip("anki.collection")
LATER = replace(BOOK, released=datetime.date(2026, 2, 3))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[object]:
    opened = anki.Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def give(collection: object, case: Case, book: BookInfo, folder: Path) -> tuple[int, int, int]:
    """Import a deck and return how many notes were new, updated, and already there."""
    path = write_deck(folder / "deck.apkg", case.papers, book)
    log = collection.import_anki_package(anki.ImportAnkiPackageRequest(package_path=str(path))).log
    assert not log.conflicting
    return len(log.new), len(log.updated), len(log.duplicate)


def fields(collection: object) -> dict[str, tuple[str, str]]:
    """Return front and back of every note by the id of its question."""
    notes = [collection.get_note(note_id) for note_id in collection.find_notes("")]
    return {note["Id"]: (note["Front"], note["Back"]) for note in notes}


def test_importing_twice_makes_no_duplicates(collection: object, tmp_path: Path) -> None:
    case = real()
    count = len(case.expected)
    assert give(collection, case, BOOK, tmp_path) == (count, 0, 0)
    assert give(collection, case, BOOK, tmp_path) == (0, 0, count)
    assert collection.note_count() == count
    assert collection.fix_integrity()[1]


def test_a_changed_text_of_a_later_release_updates_its_card(collection: object, tmp_path: Path) -> None:
    give(collection, hostile(tmp_path), BOOK, tmp_path)
    changed = hostile(tmp_path, source=HOSTILE.replace("Choose", "Select anew"))
    assert give(collection, changed, LATER, tmp_path)[0] == 0
    assert collection.note_count() == 4
    assert "Select anew" in fields(collection)["hostile-multiple"][0]


def test_keys_options_and_reasons_arrive(collection: object, tmp_path: Path) -> None:
    case = real()
    give(collection, case, BOOK, tmp_path)
    arrived = fields(collection)
    assert set(arrived) == set(case.expected)
    for item_id, wanted in case.expected.items():
        front, back = arrived[item_id]
        assert same(re.findall(r"<li>(.*?)</li>", front), wanted.options), item_id
        told = re.findall(r"<li>(Right|Wrong): (.*?)</li>", back)
        assert same([reason for _, reason in told], wanted.reasons), item_id
        assert tuple(place for place, (word, _) in enumerate(told) if word == "Right") == wanted.correct, item_id
        key = re.search(r'<p class="key">(.*?)</p>', back)[1]
        if wanted.value is not None:
            number = float(re.search(r"−?[\d.]+", key)[0].replace("−", "-"))
            assert abs(number - wanted.value) <= wanted.tolerance + 1e-12, item_id
        elif wanted.type != "true-false":
            assert key == ", ".join("ABCDEFGH"[place] for place in wanted.correct), item_id


def test_hostile_texts_arrive_as_text(collection: object, tmp_path: Path) -> None:
    give(collection, hostile(tmp_path), BOOK, tmp_path)
    for front, back in fields(collection).values():
        assert not re.search(r"<(script|img|b|i|both|mg)\b", front + back)
        assert "[sound:" not in front
        assert "\u202e" not in front
    assert "&lt;script&gt;" in fields(collection)["hostile-single"][0]


def test_the_same_questions_give_the_same_bytes(tmp_path: Path) -> None:
    one = write_deck(tmp_path / "one.apkg", real().papers, BOOK).read_bytes()
    two = write_deck(tmp_path / "two.apkg", real().papers, BOOK).read_bytes()
    assert one == two
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.apkg", "two.apkg"]
