"""Read the one list of words that mean the same to a search: brand names, trial names, units, spellings.

The file is a YAML list; each member is a list of two or more names for one thing, the book's own name first.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import yaml

LONGEST = 8  # words; a longer name is a sentence that got here by mistake


class SynonymError(ValueError):
    """The list does not fit the format; each line of the text names one fault."""


def load_synonyms(path: Path) -> list[list[str]]:
    """Return the groups of names.

    Raises
    ------
    SynonymError
        With all faults: no list of lists, a name that is no text, a group of one, a name that stands twice.
    """
    if not path.is_file():
        raise SynonymError(f"{path}: no such file; bookpress_search_synonyms names a YAML list of lists of names")
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SynonymError(f"{path}: not readable as YAML in UTF-8: {error}") from error
    if not isinstance(given, list):
        raise SynonymError(f"{path}: must be a list; each line like `- [mcg, µg, microgram]`")
    faults: list[str] = []
    seen: dict[str, int] = {}
    for place, group in enumerate(given, start=1):
        where = f"{path}: group {place}"
        if not isinstance(group, list) or len(group) < 2:
            faults.append(f"{where}: {group!r} must be a list of two or more names")
            continue
        for name in group:
            if not isinstance(name, str) or not any(map(str.isalnum, name)):
                faults.append(f"{where}: {name!r} is no text with letters or digits; put numbers into quotes")
            elif len(name.split()) > LONGEST:
                faults.append(f"{where}: {name!r} has more than {LONGEST} words")
            elif (key := _key(name)) in seen:
                faults.append(f"{where}: {name!r} stands in group {seen[key]} already; a name can mean one thing only")
            else:
                seen[key] = place
    if faults:
        raise SynonymError("\n".join(faults))
    return [list(group) for group in given]


def _key(name: str) -> str:
    """Return a name without case, accents, and hyphens: the search does not see them either."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain).split())
