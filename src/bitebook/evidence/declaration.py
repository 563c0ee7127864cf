"""Check that ``datapackage.json`` declares tables at all, before anything is read by it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from bitebook.evidence import plain_file

#: Every table must have these columns, or no fact can be made of its rows.
NEEDED_COLUMNS = ("id", "source", "status", "checked", "locator", "note")
RESOURCE_KEYS = (
    "name", "path", "title", "description", "profile", "type", "scheme", "format", "mediatype", "encoding", "licenses",
    "sources", "schema",
)  # fmt: skip
FIELD_KEYS = ("name", "type", "title", "description", "format", "unit", "example", "constraints")
LIMIT_KEYS = ("required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
Fault = tuple[str, str, str]


def read(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Return the tables by name, and what is wrong with the declaration as (place, value, rule).

    Examples
    --------
    >>> from bitebook.paths import data_dir
    >>> tables, faults = read(data_dir() / "datapackage.json")
    >>> "studies" in tables, faults
    (True, [])
    """
    try:
        package = json.loads(plain_file.read(path), object_pairs_hook=_each_key_once)
    except plain_file.UnusableFileError as error:
        return {}, [("", error.value, error.rule)]
    except json.JSONDecodeError as error:
        return {}, [("", "", f"line {error.lineno}, column {error.colno}: {error.msg.lower()}; mend the JSON")]
    except (ValueError, RecursionError) as error:
        return {}, [("", "", f"{error}; mend the JSON")]
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not resources:
        return {}, [("resources", "", "must be a list of tables; restore it")]
    faults = [fault for place, resource in enumerate(resources) for fault in _resource(f"resources[{place}]", resource)]
    if faults:
        return {}, faults
    for field in ("name", "path"):
        values = [resource[field] for resource in resources]
        faults += [
            (field, value, "stands twice; rename or remove one table")
            for value in sorted(set(values))
            if values.count(value) > 1
        ]
    return {resource["name"]: resource for resource in resources}, faults


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _unknown(place: str, table: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            yield place, key, f"the key is not known; {f'did you mean {near[0]}?' if near else ', '.join(known)}"


def _resource(place: str, resource: object) -> Iterator[Fault]:
    if not isinstance(resource, dict):
        yield place, str(resource), "must be an object that declares a table"
        return
    for field in ("name", "path"):
        if not isinstance(resource.get(field), str) or not resource[field]:
            yield f"{place}.{field}", str(resource.get(field)), "must be a text; restore it"
            return
    yield from _unknown(resource["name"], resource, RESOURCE_KEYS)
    path = PurePath(resource["path"])
    if path.is_absolute() or len(path.parts) != 1 or path.suffix != ".csv":
        yield f"{place}.path", resource["path"], "must name a CSV file of the same folder"
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        yield f"{resource['name']}.schema.fields", "", "must be a list of columns; restore it"
        return
    names: list[str] = []
    for number, field in enumerate(fields):
        yield from _field(f"{resource['name']}.fields[{number}]", field)
        name = field.get("name") if isinstance(field, dict) else None
        if name in names:
            yield f"{resource['name']}.fields[{number}].name", str(name), "stands twice; rename or remove one column"
        names.append(str(name))
    for name in NEEDED_COLUMNS:
        if name not in names:
            yield f"{resource['name']}.fields", name, "every table needs this column; declare it"


def _field(place: str, field: object) -> Iterator[Fault]:
    if not isinstance(field, Mapping) or not isinstance(field.get("name"), str):
        yield place, str(field)[:80], "must be an object with the name of a column"
        return
    yield from _unknown(place, field, FIELD_KEYS)
    if not isinstance(field.get("type"), str):
        yield f"{place}.type", str(field.get("type")), "must be the name of a type, such as string or integer"
    limits = field.get("constraints", {})
    if not isinstance(limits, Mapping):
        yield f"{place}.constraints", str(limits), "must be an object"
        return
    yield from _unknown(f"{place}.constraints", limits, LIMIT_KEYS)
    allowed = limits.get("enum", [])
    if not isinstance(allowed, list) or not all(isinstance(word, str) for word in allowed):
        yield f"{place}.constraints.enum", str(allowed), "must be a list of texts"
    try:
        re.compile(limits.get("pattern", ""))
    except (re.error, TypeError) as error:
        yield f"{place}.constraints.pattern", str(limits["pattern"]), f"must be a regular expression ({error})"
