"""Reading what an author wrote: a file that is damaged or not what it should be is told in one line, with its place."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

#: No line an author writes is longer; a longer one comes from a program gone wrong and would stall the parsers.
LONGEST_LINE = 100_000
ALLOWED_CONTROLS = "\n\r\t"
DEEPEST_FAST = 50
"""Levels of YAML that are left to the library in C; what an author writes has five."""


class SourceFileError(ValueError):
    """A file that cannot be used; `rule` says why and what to do, the text names the file as well."""

    def __init__(self, path: Path, rule: str) -> None:
        """Keep the rule beside the whole line."""
        super().__init__(f"{shown(path)}: {rule}")
        self.rule = rule


def shown(path: Path) -> str:
    """Return a path as an author knows it: from the folder of the book, if it is in there."""
    if path.is_absolute():
        here = Path.cwd()
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()
    return path.as_posix()


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, its line ends turned into plain ones.

    Raises
    ------
    SourceFileError
        If there is no such file, or it holds what no author can have meant.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SourceFileError(path, f"cannot be read ({os_reason(error)}); restore it") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        bad = raw[error.start : error.start + 1]
        raise SourceFileError(path, f"line {line}: {bad!r} is not UTF-8; save the file again as UTF-8") from error
    if text.startswith("\ufeff"):
        raise SourceFileError(path, "line 1: begins with a byte order mark; save the file again without it")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise SourceFileError(
                path, f"line {number}: has {len(line)} characters, more than {LONGEST_LINE}; restore it"
            )
        if not line.isprintable() and (strange := [c for c in line if c < " " and c not in ALLOWED_CONTROLS]):
            raise SourceFileError(path, f"line {number}: holds the control character {strange[0]!r}; remove it")
    return text.replace("\r\n", "\n")


def os_reason(error: OSError) -> str:
    """Return why the system refused, in its own words and without the path, which is told elsewhere.

    Examples
    --------
    >>> os_reason(FileNotFoundError(2, "No such file or directory", "x"))
    'no such file or directory'
    """
    return (error.strerror or (os.strerror(error.errno) if error.errno else str(error))).lower()


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key given twice, which plain YAML silently lets win."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same, read by the library in C where PyYAML was built with it: ten times as fast."""


def _mapping(loader: _Loader | _FastLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


for _kind in (_Loader, _FastLoader):
    _kind.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _is_shallow(text: str) -> bool:
    """Tell whether the library in C can hold it: it goes down into each level, and dies where there are thousands."""
    depth = 0
    for event in yaml.parse(text, Loader=_FastLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST_FAST:
                return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return True


def load_yaml(path: Path) -> Any:
    """Return what a YAML file holds, ``None`` if that is nothing.

    Raises
    ------
    SourceFileError
        As `read_text`; also if the file is no YAML or gives a key twice.
    """
    return parse_yaml(path, read_text(path))


def parse_yaml(path: Path, text: str, *, first_line: int = 1) -> Any:
    """Return what the text of a file, or the head of it, holds as YAML.

    A fault is told in the words of the reader in Python, which are the same on every machine.
    """
    try:
        if _is_shallow(text):
            return yaml.load(text, Loader=_FastLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        pass
    try:
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = f"line {mark.line + first_line}, column {mark.column + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        if isinstance(error, RecursionError):
            problem = "it is nested too deeply"
        raise SourceFileError(path, f"{place}{problem}; mend the YAML") from error
