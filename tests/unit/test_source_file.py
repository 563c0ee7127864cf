"""YAML is read by a library in C where that can be; nobody may notice but by the clock."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bookpress import source_file
from bookpress.source_file import SourceFileError, parse_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(file for folder in ("data", "chapters") for file in (ROOT / folder).rglob("*.yaml"))


def test_there_are_files_to_compare() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_both_readers_find_the_same(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert source_file._is_shallow(text), "this file would be read slowly"
    assert parse_yaml(file, text) == yaml.load(text, Loader=source_file._Loader)


@pytest.mark.parametrize(
    "text",
    ["[" * 90_000, "- " * 40_000 + "x", "\n".join(" " * level + "a:" for level in range(3000))],
    ids=["brackets", "dashes", "mappings"],
)
def test_a_text_nested_thousands_deep_is_refused_and_kills_nothing(text: str) -> None:
    with pytest.raises(SourceFileError, match="nested too deeply; mend the YAML"):
        parse_yaml(Path("bank.yaml"), text)


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "{a: 1, a: 2}"])
def test_a_key_given_twice_is_refused_by_either(text: str) -> None:
    with pytest.raises(SourceFileError, match="the key 'a' stands twice"):
        parse_yaml(Path("bank.yaml"), text)


def test_a_fault_is_told_in_the_words_of_the_reader_in_python() -> None:
    with pytest.raises(SourceFileError) as told:
        parse_yaml(Path("bank.yaml"), "a: [1, 2\nb: 3\n")
    with pytest.raises(yaml.YAMLError) as plain:
        yaml.load("a: [1, 2\nb: 3\n", Loader=yaml.SafeLoader)
    assert plain.value.problem in str(told.value)
