"""What `make lighthouse` and `make ace` make of a report: a page below a bar, and a violation, are never passed."""

from __future__ import annotations

import gzip
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests import ace, lighthouse
from tests.lighthouse import BARS, Scores, best_of, read_scores, served


def report(**scores: float | None) -> dict[str, Any]:
    full = {"accessibility": 1, "best-practices": 1, "seo": 1, "performance": 0.9}
    full |= {name.replace("_", "-"): score for name, score in scores.items()}
    return {"categories": {name: {"score": score} for name, score in full.items()}}


def test_a_page_at_its_bars_passes() -> None:
    assert read_scores("a.html", report()).misses() == []


@pytest.mark.parametrize(
    ("scores", "missed"),
    [
        ({"accessibility": 0.99}, "accessibility 99, not 100"),
        ({"best_practices": 0.999}, "best-practices 99, not 100"),
        ({"seo": 0.92}, "seo 92, not 100"),
        ({"performance": 0.89}, "performance 89, not 90"),
        ({"performance": None}, "performance 0, not 90"),  # Lighthouse could not tell
    ],
)
def test_a_page_below_one_bar_is_named_with_it(scores: dict[str, float | None], missed: str) -> None:
    assert read_scores("a.html", report(**scores)).misses() == [missed]


def test_a_report_of_an_error_or_of_nothing_passes_no_bar() -> None:
    assert len(read_scores("a.html", {}).misses()) == len(BARS)
    assert len(read_scores("a.html", {**report(), "runtimeError": {"code": "NO_FCP"}}).misses()) == len(BARS)


def test_only_speed_may_be_tried_again() -> None:
    first = Scores("a.html", {"accessibility": 99, "best-practices": 100, "seo": 100, "performance": 70}, 900)
    second = Scores("a.html", {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}, 1500)
    assert best_of([first, second]).misses() == ["accessibility 99, not 100"]
    assert best_of([first, second]).percent["performance"] == 95


@pytest.mark.parametrize("packed", [True, False])
def test_the_site_is_served_packed_or_as_it_is(tmp_path: Path, packed: bool) -> None:
    (tmp_path / "a.html").write_text("<p>text</p>" * 50, encoding="utf-8")
    with served(tmp_path, packed=packed) as address, urllib.request.urlopen(f"{address}/a.html") as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] == ("gzip" if packed else None)
    assert (gzip.decompress(body) if packed else body) == (tmp_path / "a.html").read_bytes()


def finding(outcome: str, impact: str) -> dict[str, Any]:
    return {
        "earl:test": {"earl:impact": impact, "dct:title": "image-alt"},
        "earl:result": {"earl:outcome": outcome, "html": "<img\n  src='x'/>"},
    }


def ace_report(*items: dict[str, Any], outcome: str = "pass") -> dict[str, Any]:
    page = {"earl:testSubject": {"url": "a.xhtml"}, "assertions": list(items)}
    return {"assertions": [page], "earl:result": {"earl:outcome": outcome}}


def test_ace_may_object_to_nothing_however_small() -> None:
    assert ace.read_report(ace_report()) == (1, [])
    assert ace.read_report(ace_report(finding("pass", "minor"))) == (1, [])
    for impact in ("minor", "serious"):
        _, found = ace.read_report(ace_report(finding("fail", impact), outcome="fail"))
        assert found == [f"a.xhtml: {impact}: image-alt: <img src='x'/>"]
    assert ace.read_report(ace_report(outcome="fail"))[1], "a report that fails as a whole"


@pytest.mark.parametrize("tool", [lighthouse, ace])
def test_a_missing_tool_says_how_to_get_it(tool: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr("sys.argv", ["tool", f"--{tool.__name__.rpartition('.')[2]}", "/no/such/program"])
    assert tool.main() == 1
    assert f"@{tool.VERSION}" in capsys.readouterr().err
