"""Look at every source file before the first slow step: what is damaged is told in a second, not after the build.

Reads settings, contents, chapters, and the files beside the questions. It only looks at form; what they say is checked
by those who use it.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from jupyter_book.config import PATH_YAML_DEFAULT, get_validator
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from bookpress.packs.matrix import read_objectives_of_exercises
from bookpress.packs.slides import load_choices
from bookpress.packs.text import PackError
from bookpress.settings import Settings
from bookpress.source_file import SourceFileError, load_yaml, os_reason, parse_yaml, read_text, shown

MAPPING = "a mapping"
WORDS = "text"
MINUTES = "a whole number of minutes from 1 to 600"
DAY = 'a day in quotes, such as "2026-06-30"'
SWITCH = "true or false"
#: What the front matter of a chapter may hold.
FRONT_MATTER = {
    "jupytext": MAPPING, "kernelspec": MAPPING, "myst": MAPPING, "mystnb": MAPPING, "level": WORDS,
    "exercise_minutes": MINUTES, "evidence_cutoff": DAY, "last_checked": DAY, "orphan": SWITCH, "nosearch": SWITCH,
}  # fmt: skip


def problems(settings: Settings) -> Iterator[str]:
    """Yield one line for each fault: file, place, what is wrong, what to do."""
    checks = (_config, _contents, _chapters, _beside_questions, _cut_off)
    for check in checks:
        try:
            yield from check(settings)
        except SourceFileError as fault:
            yield str(fault)


def _config(settings: Settings) -> Iterator[str]:
    path = settings.root / "_config.yml"
    raw = load_yaml(path)
    if not isinstance(raw, dict):
        yield f"{shown(path)}: must be a mapping of settings; restore it"
        return
    for error in get_validator().iter_errors(raw):
        place = ": ".join(str(part) for part in error.path)
        yield f"{shown(path)}: {place}: {error.message}; correct the setting"
    known = {**load_yaml(PATH_YAML_DEFAULT), "bibtex_bibfiles": []}
    schema = get_validator().schema["properties"]
    yield from _unknown(path, "", raw, {*known, *schema})
    for part, table in raw.items():
        # What stands under sphinx and parse goes to Sphinx, which warns of a name it does not know.
        if part not in ("sphinx", "parse") and isinstance(table, dict):
            allowed = {*(known.get(part) or {}), *schema.get(part, {}).get("properties", {})}
            yield from _unknown(path, f"{part}: ", table, allowed)
    sphinx = raw.get("sphinx")
    config = sphinx.get("config") if isinstance(sphinx, dict) else None
    if not isinstance(config, dict):
        yield f"{shown(path)}: sphinx: config: must be a mapping with the settings of the book; restore it"
        return
    extensions = config.get("extensions")
    if not isinstance(extensions, list) or not all(isinstance(name, str) for name in extensions):
        yield f"{shown(path)}: sphinx: config: extensions: must be the list of all extensions; restore it"
    for name in raw.get("bibtex_bibfiles") or []:
        try:
            read_text((settings.chapters / str(name)).resolve())
        except (SourceFileError, OSError, RuntimeError) as error:  # a circle of links cannot be resolved
            yield f"{shown(path)}: bibtex_bibfiles: {error}"


def _unknown(path: Path, place: str, table: dict[Any, Any], allowed: Collection[str]) -> Iterator[str]:
    for key in table:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(allowed))}"
            yield f"{shown(path)}: {place}{key}: is not known; {hint}"


def _contents(settings: Settings) -> Iterator[str]:
    path = settings.root / "_toc.yml"
    raw = load_yaml(path)
    try:
        pages = parse_toc_data(raw if isinstance(raw, dict) else {})
    except (MalformedError, KeyError, TypeError) as error:
        yield f"{shown(path)}: {error}; correct the list of contents"
        return
    for name in pages:
        file = settings.chapters / f"{name}.md"
        if ".." in Path(name).parts or Path(name).is_absolute():
            yield f"{shown(path)}: {name}: must be a file of {shown(settings.chapters)}/"
        elif not file.exists():
            yield f"{shown(path)}: {name}: there is no {shown(file)}; add it or correct the name"


def _chapters(settings: Settings) -> Iterator[str]:
    try:
        files = sorted(settings.chapters.glob("*.md"))
        next(settings.chapters.iterdir(), None)
    except OSError as error:
        yield f"{shown(settings.chapters)}: the folder of the chapters cannot be read ({os_reason(error)}); restore it"
        return
    for file in files:
        try:
            yield from _front_matter(file)
        except SourceFileError as fault:
            yield str(fault)


def _front_matter(file: Path) -> Iterator[str]:
    text = read_text(file)
    if not text.startswith("---\n"):
        return
    head, closed, _ = text.removeprefix("---\n").partition("\n---\n")
    if not closed:
        yield f"{shown(file)}: line 1: the front matter has no closing ---; restore it"
        return
    given = parse_yaml(file, head, first_line=2)
    if not isinstance(given, dict):
        yield f"{shown(file)}: line 2: the front matter must be a mapping such as 'level: trainees'; restore it"
        return
    yield from _unknown(file, "front matter: ", given, FRONT_MATTER)
    for key, value in given.items():
        kind = FRONT_MATTER.get(key, "")
        if kind and not _fits(value, kind):
            yield f"{shown(file)}: front matter: {key}: must be {kind}, got {value!r}; correct it"


def _fits(value: object, kind: str) -> bool:
    """Tell whether a value of the front matter is of the kind that its key asks for."""
    if kind == DAY:
        try:
            return isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return {
        MAPPING: isinstance(value, dict),
        WORDS: isinstance(value, str) and bool(value.strip()),
        MINUTES: isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 600,
        SWITCH: isinstance(value, bool),
    }[kind]


def _beside_questions(settings: Settings) -> Iterator[str]:
    """Check what only the packs and the lecturer's guide read, so that no fault waits until they are made."""
    packs = settings.packs
    if "slides" in packs:
        try:
            load_choices(settings.root / str(packs["slides"]))
        except PackError as error:
            yield str(error)
    if "questions" in packs:
        read_objectives_of_exercises((settings.root / str(packs["questions"])).parent / "exercises.yaml")


def _cut_off(settings: Settings) -> Iterator[str]:
    """Find files whose last line has no end: an editor writes one, a copy that broke off does not."""
    questions = settings.root / str(settings.packs.get("questions", ""))
    folders = [settings.root, settings.chapters, questions, questions.parent] if "questions" in settings.packs else []
    for folder in dict.fromkeys(folders or [settings.root, settings.chapters]):
        for file in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml"), *folder.glob("*.md")]):
            try:
                text = read_text(file)
            except SourceFileError:
                continue  # told by whoever reads it
            if not text.endswith("\n"):
                told = (
                    "is empty"
                    if not text
                    else f"line {text.count(chr(10)) + 1}: the last line has no end: it was cut off"
                )
                yield f"{shown(file)}: {told}; restore it"
