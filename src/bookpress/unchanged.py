"""Tell whether anything has changed since the last good build, before Sphinx is started.

Nothing has changed if everything a build reads is what it was, and everything it made still is what it made. Both are
compared by content, never by date. What a build reads is every file of the book's folder except those the settings
name as no part of an edition, the version of Python, and the installed packages with their versions. A file that is
unknown counts: the worst that can happen is a build too many.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bookpress.settings import Settings

SKIPPED = {"_build", "__pycache__", "node_modules"}
SKIPPED_ENDS = (".egg-info", ".pyc")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Digests of all that a build reads."""

    chapters: dict[str, str]
    """Files of the folder of chapters, by their path; a change concerns the pages that use them."""
    outside: str
    """Everything else, as one; a change may concern every page."""


def _files(folder: Path, skipped: frozenset[str] = frozenset(), above: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Yield all files below a folder, sorted; hidden ones and what programs leave behind are no sources.

    A link to a folder is followed, but never back into a folder that it lies in.
    """
    here = above | {os.path.realpath(folder)}
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.name.startswith(".") or entry.name in SKIPPED | skipped or entry.name.endswith(SKIPPED_ENDS):
            continue
        if entry.is_dir():
            if os.path.realpath(entry.path) not in here:
                yield from _files(Path(entry.path), above=here)
        elif entry.is_file():
            yield Path(entry.path)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def packages() -> list[str]:
    """Return the installed packages with their versions, as their folders name them, and the Python they run in."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    names = {entry.name for folder in folders for entry in os.scandir(folder) if entry.name.endswith(".dist-info")}
    return [sys.version, sys.platform, *sorted(names)]


def read_inputs(settings: Settings) -> Inputs:
    """Return the digests of all that a build would read now."""
    chapters: dict[str, str] = {}
    outside = hashlib.sha256("\n".join(packages()).encode())
    for file in _files(settings.root, settings.not_built_from):
        name = file.relative_to(settings.root).as_posix()
        if file.is_relative_to(settings.chapters):
            chapters[name] = _digest(file)
        else:
            outside.update(f"{name}\0{_digest(file)}\0".encode())
    for variable in settings.reads_elsewhere:
        outside.update(f"{variable}={os.environ.get(variable)}\0".encode())
    return Inputs(chapters, outside.hexdigest())


def outside_of(settings: Settings) -> str | None:
    """Return the digest of all but the chapters, or nothing if something cannot be read."""
    try:
        return read_inputs(settings).outside
    except OSError:
        return None


def look(settings: Settings) -> dict[str, tuple[int, ...]]:
    """Return size and date of each file a build would read, by its path from the root, and each installed package.

    No file is opened: a look is a hundred times as fast as the digests, and as good for noticing that someone saved.
    """
    seen: dict[str, tuple[int, ...]] = {f"package {name}": () for name in packages()}
    for file in _files(settings.root, settings.not_built_from):
        try:
            told = file.stat()
        except FileNotFoundError:  # an editor put another in its place, which the next look will see
            continue
        seen[file.relative_to(settings.root).as_posix()] = (told.st_size, told.st_mtime_ns)
    return seen


def reads_elsewhere(settings: Settings) -> bool:
    """Tell whether a variable lets this build read files that are not seen here."""
    return any(os.environ.get(variable) for variable in settings.reads_elsewhere)


class LastBuild:
    """What the last good build of an edition read and made, in one file of ``_build``."""

    def __init__(self, settings: Settings, name: str) -> None:
        """Read what is there; a file that is damaged counts as none."""
        self._settings = settings
        self._file = settings.build / f".last-{name}.json"
        try:
            self._told = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._told = {}
        if not isinstance(self._told, dict):
            self._told = {}

    def read_the_same(self, inputs: Inputs) -> bool:
        """Tell whether the last good build read exactly this."""
        return self._told.get("chapters") == inputs.chapters and self.outside_is(inputs)

    def outside_is(self, inputs: Inputs) -> bool:
        """Tell whether all but the chapters is what the last good build read."""
        return self._told.get("outside") == inputs.outside and not reads_elsewhere(self._settings)

    def same_chapters(self, inputs: Inputs) -> list[str]:
        """Return the names of the chapters that are what the last good build read, if all else is, too."""
        before: dict[str, str] = self._told.get("chapters", {}) if self.outside_is(inputs) else {}
        return [Path(name).name for name, digest in inputs.chapters.items() if before.get(name) == digest]

    def made_is_there(self, targets: Mapping[str, Path]) -> bool:
        """Tell whether each file it made is there as it was, and no other beside them."""
        return bool(targets) and self._told.get("made") == _made(targets)

    def forget(self) -> None:
        """Know nothing any more, from the moment a build begins to replace what was made."""
        self._file.unlink(missing_ok=True)
        self._told = {}

    def keep(self, inputs: Inputs, targets: Mapping[str, Path]) -> None:
        """Write down a good build; the file is there whole or not at all."""
        told = {"outside": inputs.outside, "chapters": inputs.chapters, "made": _made(targets)}
        aside = self._file.with_suffix(".tmp")
        aside.write_text(json.dumps(told), encoding="utf-8")
        aside.replace(self._file)
        self._told = told


def _made(targets: Mapping[str, Path]) -> dict[str, dict[str, str]]:
    """Return the digest of each file of each folder; a folder that is gone has none."""
    return {
        name: {
            file.relative_to(folder).as_posix(): _digest(file) for file in sorted(folder.rglob("*")) if file.is_file()
        }
        for name, folder in targets.items()
    }
