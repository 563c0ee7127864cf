"""Every chapter has the same ten parts in the same order, and the front matter that dates it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(ROOT.glob("chapters/[01][0-9]-*.md"))
OPENING = ["Opening case", "Learning objectives"]
CLOSING = ["Back to the case", "Check yourself", "Exercises", "Key points", "For lecturers", "References"]
KEYS = {"level", "exercise_minutes", "evidence_cutoff", "last_checked", "kernelspec", "jupytext", "myst"}
CASES = "10-cases"  # its sections are the cases, each with its own return


def front_matter(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("---\n")[1])


def headings(text: str) -> list[str]:
    prose = re.sub(r"^(`{3,}|:{3,})\{code-cell\}.*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^## (.+?)\s*$", prose, flags=re.MULTILINE)


def objectives(text: str) -> list[str]:
    part = text.split("\n## Learning objectives", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\d+\. (.+)$", part, flags=re.MULTILINE)


def test_all_chapters_are_here() -> None:
    assert len(CHAPTERS) == 10


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.stem)
def test_front_matter(file: Path) -> None:
    given = front_matter(file.read_text(encoding="utf-8"))
    assert set(given) >= KEYS
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(given["evidence_cutoff"]))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(given["last_checked"]))
    assert str(given["evidence_cutoff"]) <= str(given["last_checked"])
    description = given["myst"]["html_meta"]["description"]
    assert 40 <= len(description) <= 160, len(description)


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.stem)
def test_parts_in_order(file: Path) -> None:
    found = headings(file.read_text(encoding="utf-8"))
    closing = [part for part in CLOSING if not (file.stem == CASES and part == "Back to the case")]
    assert found[: len(OPENING)] == OPENING
    assert found[-len(closing) :] == closing
    assert len(found) >= len(OPENING) + len(closing) + 3


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.stem)
def test_objectives_and_exercises(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert 3 <= len(objectives(text)) <= 6
    exercises = re.findall(r"^[`:]{3,}\{exercise(?:-start)?\}", text, flags=re.MULTILINE)
    solutions = re.findall(r"^[`:]{3,}\{solution(?:-start)?\}", text, flags=re.MULTILINE)
    assert len(exercises) >= 4 and len(solutions) == len(exercises)
    assert "A fictional patient" in text or file.stem == CASES


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.stem)
def test_limits_and_worked_figures(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "What this does not show" in text
    pictures = re.findall(r"name: (?:fig|tab)-|name=\"(?:fig|tab)-", text)
    assert len(pictures) >= 4
    for alt in re.findall(r"alt: \"?(.+?)\"?\s*$", text, flags=re.MULTILINE):
        assert len(alt) > 30, alt


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.stem)
def test_length(file: Path) -> None:
    text = re.sub(r"^---.*?^---", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(`{3,})\{code-cell\}.*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    assert len(re.findall(r"[A-Za-z][\w’'-]*", text)) >= 1200


def test_the_welcome_page_is_dated_like_the_chapters() -> None:
    given = front_matter((ROOT / "chapters" / "index.md").read_text(encoding="utf-8"))
    chapters = [front_matter(file.read_text(encoding="utf-8")) for file in CHAPTERS]
    assert given["evidence_cutoff"] == max(str(chapter["evidence_cutoff"]) for chapter in chapters)
    assert given["last_checked"] <= max(str(chapter["last_checked"]) for chapter in chapters)
    shown = given["myst"]["substitutions"]
    for key, words in (("evidence_cutoff", shown["evidence_to"]), ("last_checked", shown["checked"])):
        assert words == f"{datetime.date.fromisoformat(given[key]):%B %-d, %Y}"
