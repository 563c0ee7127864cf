"""What travels into the page: the named files, byte for byte, and the vendored runtime, unchanged and not too large."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from pathlib import Path

import pytest

from bookpress.live import NEEDED_BY, RUNTIME, bundle, runs_python

VENDOR = RUNTIME.parents[1]


@pytest.fixture
def kites(tmp_path: Path) -> Path:
    (tmp_path / "src" / "kites").mkdir(parents=True)
    (tmp_path / "src" / "kites" / "__init__.py").write_bytes("LÄNGE = '5 µm'\r\n\u2028".encode())
    (tmp_path / "src" / "kites" / "heavy.py").write_bytes(b"import numpy")
    (tmp_path / "data.csv").write_bytes(b"a,b\n")
    return tmp_path


def test_files_travel_byte_for_byte(kites: Path) -> None:
    files = bundle.collect(kites, ["src/**/*.py", "!src/kites/heavy.py", "data.csv"])
    assert list(files) == ["data.csv", "src/kites/__init__.py"]
    for name, text in files.items():
        assert text.encode("utf-8") == (kites / name).read_bytes()


@pytest.mark.parametrize("patterns", [["src/*.py"], ["src/**/*.py", "!src/kites/light.py"]])
def test_a_pattern_that_finds_nothing_is_an_error(kites: Path, patterns: list[str]) -> None:
    with pytest.raises(bundle.BundleError, match=r"finds no file; correct it in _config\.yml"):
        bundle.collect(kites, patterns)


def test_a_file_that_is_no_text_is_an_error(kites: Path) -> None:
    (kites / "data.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(bundle.BundleError, match=r"data.csv is not UTF-8"):
        bundle.collect(kites, ["data.csv"])


def test_the_script_holds_files_session_worker_and_engine(kites: Path) -> None:
    made = bundle.script(kites, patterns=["data.csv"], path=["src"], calculators="kites.answers")
    start = made.index("{")
    book = json.JSONDecoder().raw_decode(made, start)[0]
    assert json.loads(gzip.decompress(base64.b64decode(book["files"]))) == {"data.csv": "a,b\n"}
    assert (book["path"], book["calculators"]) == (["src"], "kites.answers")
    assert "class Session" in book["session"] and "onmessage" in book["worker"]
    assert made.rstrip().endswith("}());")


def test_only_pages_with_live_parts_get_the_script() -> None:
    assert all(runs_python(f'<div class="{name}">') for name in NEEDED_BY)
    assert not runs_python('<div class="cell">')


def test_the_vendored_runtime_is_what_the_list_says() -> None:
    listed = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
    named = {name for name in listed if name.startswith("pyodide/")}
    assert named == {f"pyodide/{file.name}" for file in RUNTIME.parent.iterdir()}
    for name in named:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == listed[name]["sha256"], name
    runtime = listed["pyodide/python-runtime.js"]
    assert RUNTIME.read_text(encoding="utf-8").startswith(
        f'globalThis.bookpressRuntime={{"version":"{runtime["version"]}",'
    )
    assert runtime["license"] == "MPL-2.0"
    assert (RUNTIME.parent / "LICENSE").read_text(encoding="utf-8").startswith("Mozilla Public License Version 2.0")


def test_the_runtime_is_one_script_of_at_most_nine_megabytes() -> None:
    assert RUNTIME.stat().st_size <= 9_000_000
