"""Objectives against questions and exercises: which of them tests what, and what nothing tests."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bookpress.questions.model import LEVELS, Bank
from bookpress.source_file import SourceFileError, load_yaml

EXERCISE = re.compile(r"^`{3,}\{exercise(?:-start)?\}\s*(?P<title>.*)\n(?P<options>(?::[\w-]+:.*\n)*)", re.MULTILINE)
LABEL = re.compile(r"^:label:\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise of a chapter: its label and its title."""

    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One objective, the ids of its questions by level, and its exercises."""

    objective: str
    text: str
    questions: Mapping[str, tuple[str, ...]]
    exercises: tuple[Exercise, ...]


def read_exercises(chapter: Path) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter's source, in order."""
    text = chapter.read_text(encoding="utf-8")
    found = ((LABEL.search(match["options"]), match["title"].strip()) for match in EXERCISE.finditer(text))
    return tuple(Exercise(label[1], title) for label, title in found if label)


def read_objectives_of_exercises(path: Path) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return, by chapter and label, the objectives that an exercise trains; nothing if there is no such file.

    Raises
    ------
    SourceFileError
        If the file is damaged or has another form.
    """
    raw = (load_yaml(path) or {}) if os.path.lexists(path) else {}
    rows = raw.items() if isinstance(raw, dict) else [("the file", None)]
    for chapter, trained in rows:
        lists = trained.values() if isinstance(trained, dict) else [None]
        if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists):
            raise SourceFileError(path, f"{chapter}: must map each exercise to a list of objectives")
    return dict(rows)


def make_matrix(bank: Bank, exercises: Sequence[Exercise], trains: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """Return a row for each objective of a bank, in its order; exercises nobody assigned stand in a last row."""
    rows = []
    for name, text in bank.objectives.items():
        items = [item for item in bank.items if item.objective == name]
        questions = {level: tuple(item.id for item in items if item.level == level) for level in LEVELS}
        mine = tuple(exercise for exercise in exercises if name in trains.get(exercise.label, ()))
        rows.append(Row(name, text, questions, mine))
    left = tuple(exercise for exercise in exercises if not set(trains.get(exercise.label, ())) & set(bank.objectives))
    if left:
        rows.append(Row("", "Not assigned to an objective", dict.fromkeys(LEVELS, ()), left))
    return tuple(rows)
