"""Objectives against questions and exercises: which of them tests what, and what nothing tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bookpress.questions.model import LEVELS, Bank

EXERCISE = re.compile(
    r"^`{3,}\{(exercise|exercise-start)\}\s*(?P<title>.*)\n(?P<options>(?::[\w-]+:.*\n)*)", re.MULTILINE
)
LABEL = re.compile(r"^:label:\s*(\S+)", re.MULTILINE)
CLASS = re.compile(r"^:class:\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise of a chapter: its label, its title, and the objectives it names."""

    label: str
    title: str
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One objective, the ids of its questions by level, and its exercises."""

    objective: str
    text: str
    questions: Mapping[str, tuple[str, ...]]
    exercises: tuple[Exercise, ...]


def read_exercises(chapter: Path) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter's source, in order; ``:class: objective-x`` names an objective it trains."""
    found = []
    for match in EXERCISE.finditer(chapter.read_text(encoding="utf-8")):
        label = LABEL.search(match["options"])
        words = CLASS.search(match["options"])
        names = re.findall(r"objective-([\w-]+)", words[1]) if words else []
        found.append(Exercise(label[1] if label else "", match["title"].strip(), tuple(names)))
    return tuple(found)


def make_matrix(bank: Bank, exercises: Sequence[Exercise]) -> tuple[Row, ...]:
    """Return a row for each objective of a bank, in the order of the bank."""
    rows = []
    for name, text in bank.objectives.items():
        items = [item for item in bank.items if item.objective == name]
        questions = {level: tuple(item.id for item in items if item.level == level) for level in LEVELS}
        rows.append(Row(name, text, questions, tuple(e for e in exercises if name in e.objectives)))
    return tuple(rows)
