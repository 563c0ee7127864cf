"""The policy of a page: no network, its own scripts by hash, and Python only where a page runs it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from bookpress.site.policy import policy, set_policies

PAGE = '<head>\n<meta charset="utf-8" />\n<script>let a = 1;</script><script src="x.js"></script></head>'
LIVE = '<script data-modules="1" defer="defer" src="../_static/live.js?v=1"></script>'


def rules(page: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (rule.split() for rule in policy(page).split("; "))}


def test_no_network_is_allowed() -> None:
    for page in (PAGE, PAGE + LIVE):
        told = rules(page)
        assert told["default-src"] == told["connect-src"] == told["base-uri"] == ["'none'"]
        allowed = {value for values in told.values() for value in values if not value.startswith("'sha256-")}
        assert allowed <= {"'none'", "'self'", "'unsafe-inline'", "'wasm-unsafe-eval'", "file:", "data:"}


def test_an_inline_script_is_named_by_its_hash() -> None:
    digest = base64.b64encode(hashlib.sha256(b"let a = 1;").digest()).decode()
    assert rules(PAGE)["script-src"] == ["'self'", "file:", f"'sha256-{digest}'"]
    assert rules(PAGE.replace("= 1", "= 2"))["script-src"] != rules(PAGE)["script-src"]


def test_only_a_page_that_runs_python_may_start_it() -> None:
    assert rules(PAGE)["worker-src"] == ["'none'"]
    told = rules(PAGE + LIVE)
    assert told["worker-src"] == ["data:"] and "'wasm-unsafe-eval'" in told["script-src"]


def test_scripts_may_not_be_made_of_text() -> None:
    for page in (PAGE, PAGE + LIVE):
        assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"} & set(rules(page)["script-src"])


def test_the_policy_stands_first_and_is_written_once(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    for _ in range(2):
        set_policies(tmp_path)
        text = page.read_text(encoding="utf-8")
        assert text.count("Content-Security-Policy") == 1
        assert text.index("Content-Security-Policy") < text.index("<script")


def test_a_page_without_a_place_for_it_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<head></head>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.html has no <meta charset"):
        set_policies(tmp_path)


def test_pieces_of_the_theme_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "macros.html").write_text("{% macro %}", encoding="utf-8")
    set_policies(tmp_path)
    assert (tmp_path / "_static" / "macros.html").read_text(encoding="utf-8") == "{% macro %}"
