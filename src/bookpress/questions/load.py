"""Read a question bank from YAML and refuse whatever does not fit the format, one line for each fault."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from bookpress.questions.model import LETTERS, LEVELS, TYPES, Bank, Item, NumericAnswer, Option, Problem, Value
from bookpress.questions.values import FORMAT, PLACEHOLDER
from bookpress.source_file import SourceFileError, load_yaml

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME = re.compile(r"[A-Za-z_]\w*")
BANK_FIELDS = ("chapter", "title", "objectives", "items")
ITEM_FIELDS = (
    "id", "objective", "level", "type", "stem", "lead_in", "options", "answer", "explanation", "sources", "tags",
    "values",
)  # fmt: skip
REQUIRED = ("id", "objective", "level", "type", "lead_in", "explanation", "sources")


class BankError(ValueError):
    """A bank that does not fit the format; `problems` holds one line for each fault."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the faults and show one on each line."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load_banks(folder: Path) -> tuple[Bank, ...]:
    """Read every ``*.yaml`` of a folder.

    Raises
    ------
    BankError
        With the faults of all files, ids that stand in two files included.
    """
    banks: list[Bank] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            banks.append(load_bank(path))
        except BankError as error:
            problems += error.problems
    owners: dict[str, str] = {}
    for bank in banks:
        for item in bank.items:
            if item.id in owners:
                problems.append(Problem(bank.file, item.id, "id", item.id, f"is taken by {owners[item.id]}"))
            owners.setdefault(item.id, bank.file)
    if problems:
        raise BankError(problems)
    return tuple(banks)


def load_bank(path: Path) -> Bank:
    """Read the bank of one chapter; the file must be named after it.

    Raises
    ------
    BankError
        With one line for each fault: file, item, field, value, rule.
    """
    file = path.as_posix()
    try:
        raw = load_yaml(path)
    except SourceFileError as error:
        raise BankError([Problem(file, "", "", "", error.rule)]) from error
    return _Reader(file=file, stem=path.stem).bank(raw)


class _Reader:
    """Collects the faults of one file while it builds the records."""

    def __init__(self, *, file: str, stem: str) -> None:
        self.file = file
        self.stem = stem
        self.problems: list[Problem] = []
        self.item_id = ""

    def fault(self, field: str, value: object, rule: str) -> None:
        self.problems.append(Problem(self.file, self.item_id, field, "" if value is None else str(value), rule))

    def bank(self, raw: object) -> Bank:
        if not isinstance(raw, dict):
            self.fault("", raw, "must be a mapping with the keys " + ", ".join(BANK_FIELDS))
            raise BankError(self.problems)
        self.known(raw, BANK_FIELDS, "")
        if self.text(raw, "chapter", "") != self.stem:
            self.fault("chapter", raw.get("chapter"), f"must be the name of the file, {self.stem}")
        objectives = self.objectives(raw.get("objectives"))
        rows = raw.get("items")
        if not isinstance(rows, list) or not rows:
            self.fault("items", rows, "must be a list of at least one item")
            rows = []
        items = [item for place, row in enumerate(rows) if (item := self.item(row, place, objectives)) is not None]
        self.item_id = ""
        ids = [item.id for item in items]
        for twice in sorted({item_id for item_id in ids if ids.count(item_id) > 1}):
            self.fault("items", twice, "the id stands twice")
        if self.problems:
            raise BankError(self.problems)
        return Bank(self.stem, self.text(raw, "title", ""), self.file, objectives, tuple(items))

    def objectives(self, raw: object) -> dict[str, str]:
        good = isinstance(raw, dict) and raw and all(isinstance(k, str) and isinstance(v, str) for k, v in raw.items())
        if not good:
            self.fault("objectives", None, "must map objective ids to their texts")
            return {}
        assert isinstance(raw, dict)
        return {str(key): " ".join(text.split()) for key, text in raw.items()}

    def item(self, row: object, place: int, objectives: Collection[str]) -> Item | None:
        self.item_id = f"number {place + 1}"
        if not isinstance(row, dict):
            self.fault("items", row, "each item must be a mapping")
            return None
        found = row.get("id")
        if isinstance(found, str) and KEBAB.fullmatch(found):
            self.item_id = found
        else:
            self.fault("id", found, "must be lower-case words joined by hyphens, and never change once published")
        before = len(self.problems)
        self.known(row, ITEM_FIELDS, "")
        for field in REQUIRED:
            if field not in row:
                self.fault(field, None, "is required")
        kind = self.choice(row, "type", TYPES)
        item = Item(
            id=self.item_id,
            chapter=self.stem,
            file=self.file,
            objective=self.choice(row, "objective", tuple(objectives)),
            level=self.choice(row, "level", LEVELS),
            type=kind,
            stem=self.text(row, "stem", ""),
            lead_in=self.text(row, "lead_in", ""),
            options=self.options(row, kind),
            answer=self.answer(row, kind),
            explanation=self.text(row, "explanation", ""),
            sources=self.words(row, "sources"),
            tags=self.words(row, "tags"),
            values=self.values(row.get("values", {})),
        )
        self.placeholders(item)
        return item if len(self.problems) == before else None

    def options(self, row: dict[str, Any], kind: str) -> tuple[Option, ...]:
        raw = row.get("options")
        if kind == "numeric":
            if raw is not None:
                self.fault("options", None, "a numeric item has an answer, not options")
            return ()
        if not isinstance(raw, list):
            self.fault("options", raw, "must be a list of text, correct, reason")
            return ()
        few, many = (2, 2) if kind == "true-false" else (3, 5)
        if not few <= len(raw) <= many:
            self.fault("options", len(raw), f"must be {few} to {many} options" if few < many else "must be 2 options")
        options = [self.option(entry, f"options[{LETTERS[min(i, 7)]}]") for i, entry in enumerate(raw)]
        right = sum(option.correct for option in options)
        if kind in ("single", "true-false") and right != 1:
            self.fault("options", f"{right} correct", f"a {kind} item has exactly one correct option")
        if kind == "multiple" and not 2 <= right < max(len(options), 3):
            self.fault("options", f"{right} correct", "a multiple item has two or more correct options and a wrong one")
        if kind == "true-false" and [option.text for option in options] != ["True", "False"]:
            self.fault("options", ", ".join(o.text for o in options), 'must be the texts "True" and "False", in quotes')
        return tuple(options)

    def option(self, raw: object, field: str) -> Option:
        if not isinstance(raw, dict):
            self.fault(field, raw, "must be a mapping of text, correct, reason")
            return Option("", False, "")
        self.known(raw, ("text", "correct", "reason"), field + ".")
        correct = raw.get("correct", False)
        if not isinstance(correct, bool):
            self.fault(field + ".correct", correct, "must be true or false")
        for name in ("text", "reason"):
            if name not in raw:
                self.fault(f"{field}.{name}", None, "is required: the reader learns from every option")
        return Option(self.text(raw, "text", field + "."), correct is True, self.text(raw, "reason", field + "."))

    def answer(self, row: dict[str, Any], kind: str) -> NumericAnswer | None:
        raw = row.get("answer")
        if kind != "numeric":
            if raw is not None:
                self.fault("answer", None, f"a {kind} item has options, not an answer")
            return None
        if not isinstance(raw, dict):
            self.fault("answer", raw, "must be a mapping of fact or formula, format, tolerance, unit")
            return None
        self.known(raw, ("fact", "formula", "format", "tolerance", "unit"), "answer.")
        tolerance = raw.get("tolerance")
        if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)) or not 0 <= tolerance < math.inf:
            self.fault("answer.tolerance", tolerance, "must be a number, 0 or more, in the unit of the answer")
            tolerance = 0
        if "unit" not in raw:
            self.fault("answer.unit", None, 'is required; write "" for a pure number')
        value = self.value("answer", {key: raw[key] for key in ("fact", "formula", "format") if key in raw}, "answer")
        return NumericAnswer(value, float(tolerance), self.text(raw, "unit", "answer.", may_be_empty=True))

    def values(self, raw: object) -> tuple[Value, ...]:
        if not isinstance(raw, dict):
            self.fault("values", raw, "must map names to fact or formula")
            return ()
        for name in raw:
            if not isinstance(name, str) or not NAME.fullmatch(name):
                self.fault("values", name, "a name is a letter followed by letters, digits and underscores")
        return tuple(self.value(str(name), entry, f"values.{name}") for name, entry in raw.items())

    def value(self, name: str, raw: object, field: str) -> Value:
        if not isinstance(raw, dict) or ("fact" in raw) == ("formula" in raw):
            self.fault(field, raw, "must have either fact or formula; a number is never typed here")
            return Value(name)
        self.known(raw, ("fact", "formula", "format"), field + ".")
        form = self.text(raw, "format", field + ".")
        if form and not FORMAT.fullmatch(form):
            self.fault(field + ".format", form, "must hold one {} with a number format, for example {:.1f}")
        return Value(name, self.text(raw, "fact", field + "."), self.text(raw, "formula", field + "."), form)

    def placeholders(self, item: Item) -> None:
        """Each placeholder needs its value, and each value a text that uses it."""
        names = {value.name for value in item.values}
        used: set[str] = set()
        for field, text in item.texts():
            asked = set(PLACEHOLDER.findall(text))
            used |= asked
            for name in sorted(asked - names):
                self.fault(field, f"{{{{ {name} }}}}", "has no entry under values")
            if "{{" in PLACEHOLDER.sub("", text):
                self.fault(field, text, "holds {{ that is no placeholder of the form {{ name }}")
        for name in sorted(names - used):
            self.fault(f"values.{name}", None, "is not used by any text")

    def known(self, raw: dict[Any, Any], allowed: Collection[str], prefix: str) -> None:
        for key in raw:
            if key not in allowed:
                near = difflib.get_close_matches(str(key), allowed, n=1)
                hint = f"; did you mean {near[0]}?" if near else "; allowed are " + ", ".join(allowed)
                self.fault(f"{prefix}{key}", None, f"is not a field of the format{hint}")

    def choice(self, raw: dict[str, Any], field: str, allowed: tuple[str, ...]) -> str:
        value = raw.get(field)
        if field in raw and value not in allowed:
            self.fault(field, value, "must be one of " + ", ".join(allowed))
        return str(value)

    def text(self, raw: dict[str, Any], field: str, prefix: str, *, may_be_empty: bool = False) -> str:
        value = raw.get(field, "")
        if not isinstance(value, str):
            self.fault(prefix + field, value, "must be text; put quotes around it")
            return ""
        if field in raw and not value.strip() and not may_be_empty:
            self.fault(prefix + field, None, "must not be empty")
        return value.strip()

    def words(self, raw: dict[str, Any], field: str) -> tuple[str, ...]:
        value = raw.get(field, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            self.fault(field, value, "must be a list of words")
            return ()
        if field == "sources" and field in raw and not value:
            self.fault(field, None, "must name at least one key of the bibliography")
        return tuple(value)
