"""Every trap of the evidence is taught: `traps.yaml` names the question or the exercise, and both must exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TRAPS: list[dict[str, object]] = yaml.safe_load((Path(__file__).parent / "traps.yaml").read_text(encoding="utf-8"))


@cache
def questions() -> frozenset[str]:
    banks = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in ROOT.glob("data/questions/*.yaml"))
    return frozenset(item["id"] for bank in banks for item in bank["items"])


@cache
def exercises() -> frozenset[str]:
    found: set[str] = set()
    for chapter in ROOT.glob("chapters/[01][0-9]-*.md"):
        text = chapter.read_text(encoding="utf-8")
        found.update(re.findall(r"\{exercise(?:-start)?\}[^\n]*\n:label: (\S+)", text))
    return frozenset(found)


def test_the_list_is_whole() -> None:
    assert len(TRAPS) >= 24
    assert len({trap["trap"] for trap in TRAPS}) == len(TRAPS)
    assert len(questions()) > 120 and len(exercises()) > 40  # else every name below would be unknown


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: str(trap["trap"])[:50])
def test_a_question_or_an_exercise_teaches_it(trap: dict[str, object]) -> None:
    taught_by = trap["taught_by"]
    assert isinstance(taught_by, list) and taught_by
    unknown = [name for name in taught_by if name not in questions() | exercises()]
    assert not unknown, f"{trap['trap']} names {unknown}, which is neither a question nor an exercise"
