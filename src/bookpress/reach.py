"""Which files of the book's own packages a piece of code can reach, found by reading its imports.

Only what Python would load is told: each module named by an import, wherever it stands, the packages around it, and so
on from there. Code that imports by a name worked out at run time could reach anything: then all files are told.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

AT_RUN_TIME = {"import_module", "__import__", "exec", "eval", "run_module", "run_path", "find_spec"}
MAGIC = ("%", "!")


def reached_files(code: str, source: Path) -> set[Path]:
    """Return the files below `source` that the code may load, with everything in their packages that is no module.

    Examples
    --------
    >>> reached_files("import math", Path("nowhere"))
    set()
    """
    everything = {file for file in source.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    waiting = _named(_without_magic(code), source, package="")
    found: set[Path] = set()
    while waiting is not None and waiting - found:
        file = (waiting - found).pop()
        found.add(file)
        package = ".".join(file.relative_to(source).parent.parts)
        more = _named_in(file, source, package, file.stat().st_mtime_ns)
        waiting = None if more is None else waiting | more
    if waiting is None:
        return everything
    tops = {file.relative_to(source).parts[0] for file in found}
    beside = {file for file in everything if file.suffix != ".py" and file.relative_to(source).parts[0] in tops}
    return found | beside


def _without_magic(code: str) -> str:
    """Return the code of a cell without lines that only IPython understands."""
    return "\n".join("" if line.lstrip().startswith(MAGIC) else line for line in code.splitlines())


@functools.cache
def _named_in(file: Path, source: Path, package: str, _changed_ns: int) -> frozenset[Path] | None:
    found = _named(file.read_text(encoding="utf-8"), source, package=package)
    return None if found is None else frozenset(found)


def _named(code: str, source: Path, *, package: str) -> set[Path] | None:
    """Return the files of the modules that a code names, or None if that cannot be told by reading it."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    found: set[Path] = set()
    for node in ast.walk(tree):
        called = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        imported = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        if called in AT_RUN_TIME or AT_RUN_TIME.intersection(imported):
            return None
        for name in _modules(node, package):
            found.update(_files(name, source))
    return found


def _modules(node: ast.AST, package: str) -> Iterator[str]:
    """Yield the dotted names that an import may load; what is imported from a package may be a module of it."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parts, *([base] if base else [])])
        yield base
        if any(alias.name == "*" for alias in node.names):
            yield f"{base}.*"
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _files(name: str, source: Path) -> Iterator[Path]:
    """Yield the file of a module and those of all packages around it."""
    parts = name.split(".")
    if parts[-1] == "*":
        yield from source.joinpath(*parts[:-1]).glob("*.py")
        parts = parts[:-1]
    for length in range(1, len(parts) + 1):
        place = source.joinpath(*parts[:length])
        for file in (place / "__init__.py", place.with_suffix(".py") if place.name else place):
            if file.is_file():
                yield file
