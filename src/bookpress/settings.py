"""What the press is told about this book: the table ``[tool.bookpress]`` of pyproject.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a list, with the advice that is printed when it fails."""

    name: str
    command: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Builder:
    """One Sphinx builder of the book, the folder of ``_build`` that it fills, and with which of its files."""

    name: str
    folder: str
    keep: str = "*"


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders and commands of the book, relative to its root."""

    root: Path
    chapters: Path
    cell_inputs: list[str]
    cell_packages: Path
    not_built_from: frozenset[str]
    reads_elsewhere: tuple[str, ...]
    cell_timeout_s: int
    builders: tuple[Builder, ...]
    before_build: tuple[Step, ...]
    tests: tuple[Step, ...]

    @property
    def build(self) -> Path:
        """The folder that holds all that is made."""
        return self.root / "_build"


def load(root: Path) -> Settings:
    """Read the settings of the book at `root`."""
    with (root / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["tool"]["bookpress"]
    return Settings(
        root=root,
        chapters=root / table["chapters"],
        cell_inputs=list(table["cell_inputs"]),
        cell_packages=root / table.get("cell_packages", "src"),
        not_built_from=frozenset(table.get("not_built_from", ())),
        reads_elsewhere=tuple(table.get("reads_elsewhere", ())),
        cell_timeout_s=int(table["cell_timeout_s"]),
        builders=tuple(Builder(row["name"], row["folder"], row.get("keep", "*")) for row in table["builders"]),
        before_build=_steps(table["before_build"]),
        tests=_steps(table["tests"]),
    )


def _steps(rows: list[dict[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(row["name"], tuple(row["command"]), row["advice"]) for row in rows)
