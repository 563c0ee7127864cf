"""``python -m bookpress.questions check data/questions``: every fault of the bank in one line, exit code 1 if any."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bookpress.questions.lint import lint_bank, lint_numbers
from bookpress.questions.load import BankError, load_banks
from bookpress.questions.model import Problem
from bookpress.questions.values import Provider, resolve_bank
from bookpress.source_file import SourceFileError, load_yaml, read_text

ENTRY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 clean, 1 with findings, 2 if nothing could be checked."""
    options = _parser().parse_args(arguments)
    if not options.folder.is_dir() or not any(options.folder.glob("*.yaml")):
        print(f"{options.folder}: holds no question bank (*.yaml)")
        return 2
    try:
        return _check(options)
    except SourceFileError as fault:
        print(fault)
        return _report([], items=0, broken=1)


def _check(options: argparse.Namespace) -> int:
    config = _sphinx_config(options.config or _nearest(options.folder.resolve(), "_config.yml"))
    facts = options.facts or config.get("bookpress_facts")
    compute = options.compute or config.get("bookpress_compute") or []
    compute = [compute] if isinstance(compute, str) else list(compute)
    bib = options.bib or _nearest(options.folder.resolve(), "references.bib")
    try:
        banks = load_banks(options.folder)
    except BankError as error:
        return _report(error.problems, items=0)
    keys = set(ENTRY.findall(read_text(bib))) if bib else None
    provider = Provider(facts=facts, compute=compute) if facts or compute else None
    problems: list[Problem] = []
    for bank in banks:
        problems += lint_numbers(bank)
        if provider is not None:
            bank, found = resolve_bank(bank, provider)
            problems += found
        problems += lint_bank(bank, bibliography=keys)
    if provider is None:
        print("note: no provider of facts is configured (bookpress_facts), so that no number was computed")
    if keys is None:
        print("note: no references.bib was found, so that no source was checked")
    return _report(problems, items=sum(len(bank.items) for bank in banks))


def _report(problems: Sequence[Problem], *, items: int, broken: int = 0) -> int:
    for problem in problems:
        print(problem)
    count = len(problems) + broken
    print(f"questions: {count} findings" if count else f"questions: {items} items, no findings")
    return 1 if count else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bookpress.questions", description=__doc__)
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="check the format, the numbers, the sources and the writing of all items")
    check.add_argument("folder", type=Path, help="the folder with one YAML file for each chapter")
    check.add_argument("--config", type=Path, help="the book's _config.yml (default: the nearest above the folder)")
    check.add_argument("--facts", help="module with fact(id) (default: bookpress_facts of the configuration)")
    check.add_argument("--compute", action="append", help="package a formula may call (default: bookpress_compute)")
    check.add_argument("--bib", type=Path, help="bibliography (default: the nearest references.bib above the folder)")
    return parser


def _nearest(folder: Path, name: str) -> Path | None:
    return next((parent / name for parent in [folder, *folder.parents] if (parent / name).is_file()), None)


def _sphinx_config(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    raw = load_yaml(path)
    sphinx = raw.get("sphinx") if isinstance(raw, dict) else None
    config = sphinx.get("config") if isinstance(sphinx, dict) else None
    if not isinstance(config, dict):
        raise SourceFileError(path, "has no mapping sphinx: config: with the settings of the book; restore it")
    return config
