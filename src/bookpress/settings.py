"""What the press is told about this book: the table ``[tool.bookpress]`` of pyproject.toml."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookpress.source_file import SourceFileError, read_text


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
    loaded_early: tuple[str, ...]
    cell_timeout_s: int
    builders: tuple[Builder, ...]
    before_build: tuple[Step, ...]
    tests: tuple[Step, ...]
    packs: dict[str, Any]

    @property
    def build(self) -> Path:
        """The folder that holds all that is made."""
        return self.root / "_build"


def load(root: Path) -> Settings:
    """Read the settings of the book at `root`.

    Raises
    ------
    SourceFileError
        If the file is damaged, a setting is missing, unknown, or of another kind; the line names it.
    """
    path = root / "pyproject.toml"
    try:
        everything = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise SourceFileError(path, f"{error}; mend the TOML") from error
    book = everything.get("tool", {}).get("bookpress")
    if not isinstance(book, dict):
        raise SourceFileError(path, "has no table [tool.bookpress]; restore it")
    reader = _Reader(path)
    table = reader.table("", book, _BOOK, optional=_OPTIONAL)
    return Settings(
        root=root,
        chapters=root / table["chapters"],
        cell_inputs=list(table["cell_inputs"]),
        cell_packages=root / table.get("cell_packages", "src"),
        not_built_from=frozenset(table.get("not_built_from", ())),
        reads_elsewhere=tuple(table.get("reads_elsewhere", ())),
        loaded_early=tuple(table.get("loaded_early", ())),
        cell_timeout_s=table["cell_timeout_s"],
        builders=reader.builders(table["builders"]),
        before_build=reader.steps("before_build", table["before_build"]),
        tests=reader.steps("tests", table["tests"]),
        packs=table.get("packs", {}),
    )


# What each table must hold, by kind.
_BOOK = {
    "chapters": str,
    "cell_inputs": list,
    "cell_packages": str,
    "not_built_from": list,
    "reads_elsewhere": list,
    "loaded_early": list,
    "cell_timeout_s": int,
    "builders": list,
    "before_build": list,
    "tests": list,
    "packs": dict,
}
_OPTIONAL = ("cell_packages", "not_built_from", "reads_elsewhere", "loaded_early", "packs")
_LISTS_OF_TEXT = ("cell_inputs", "not_built_from", "reads_elsewhere", "loaded_early", "command")
_BUILDER = {"name": str, "folder": str, "keep": str}
_STEP = {"name": str, "command": list, "advice": str}
_KINDS = {str: "text in quotes", list: "a list", int: "a whole number", dict: "a table"}


class _Reader:
    """Checks the tables of one file; each fault names the setting."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fault(self, place: str, rule: str) -> SourceFileError:
        return SourceFileError(self.path, f"tool.bookpress{place}: {rule}")

    def table(self, place: str, raw: object, kinds: dict[str, type], *, optional: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise self.fault(place, "must be a table")
        for name, value in raw.items():
            if name not in kinds:
                near = difflib.get_close_matches(name, kinds, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(kinds)}"
                raise self.fault(f"{place}.{name}", f"is not known; {hint}")
            if not isinstance(value, kinds[name]) or isinstance(value, bool):
                raise self.fault(f"{place}.{name}", f"must be {_KINDS[kinds[name]]}, got {value!r}")
            if kinds[name] is list and name in _LISTS_OF_TEXT:
                wrong = [entry for entry in value if not isinstance(entry, str)]
                if wrong:
                    raise self.fault(f"{place}.{name}", f"must be a list of texts, got {wrong[0]!r} in it")
        for name in kinds:
            if name not in raw and name not in optional:
                raise self.fault(f"{place}.{name}", "is missing; restore it")
        return raw

    def builders(self, rows: list[object]) -> tuple[Builder, ...]:
        found = []
        for place, row in enumerate(rows):
            found.append(Builder(**self.table(f".builders[{place}]", row, _BUILDER, optional=("keep",))))
        for field in ("name", "folder"):
            values = [getattr(builder, field) for builder in found]
            for twice in sorted({value for value in values if values.count(value) > 1}):
                raise self.fault(".builders", f"the {field} {twice!r} stands twice")
        for builder in found:
            if not re.fullmatch(r"[\w-]+", builder.folder):
                raise self.fault(".builders", f"the folder {builder.folder!r} must be one name within _build")
        if "html" not in [builder.name for builder in found]:
            raise self.fault(".builders", "must hold one whose name is html")
        return tuple(found)

    def steps(self, name: str, rows: list[object]) -> tuple[Step, ...]:
        found = []
        for place, row in enumerate(rows):
            step = self.table(f".{name}[{place}]", row, _STEP, optional=())
            found.append(Step(step["name"], tuple(step["command"]), step["advice"]))
        return tuple(found)
