"""No edition asks a remote host for anything: all text of pages, e-book, and packs is read for what would load."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
TEXT = (".html", ".xhtml", ".css", ".js", ".svg", ".xml", ".opf", ".ncx", ".json", ".webmanifest")
ZIPS = (".zip", ".epub", ".imscc", ".apkg")
#: Addresses that are names, not places: nothing is ever fetched from them.
REMOTE = r"(?:https?:|wss?:|ftp:)?//(?!www\.w3\.org/)[\w.-]+\.\w+"
LOADS = {
    "element": re.compile(
        rf"<(?:script|img|iframe|source|video|audio|object|embed|image|use|track|form|base|input)\b[^>]*?"
        rf"\b(?:src|href|data|srcset|poster|action|formaction)\s*=\s*[\"']\s*{REMOTE}",
        re.IGNORECASE,
    ),
    "link": re.compile(
        rf"<link\b(?=[^>]*\brel=[\"'][^\"']*(?:stylesheet|preload|prefetch|preconnect|icon|manifest|modulepreload))"
        rf"[^>]*\bhref=[\"']{REMOTE}",
        re.IGNORECASE,
    ),
    "style": re.compile(rf"(?:url\(\s*[\"']?|@import\s+[\"']){REMOTE}", re.IGNORECASE),
    "refresh": re.compile(r"http-equiv=[\"']refresh[\"'][^>]*url=", re.IGNORECASE),
}
SCRIPTS = re.compile(
    rf"(?:\bfetch|\bimport|importScripts|\.open\([^,)]{{0,20}},|new (?:Worker|WebSocket|EventSource)|sendBeacon)"
    rf"\s*\(?\s*[\"'`]{REMOTE}"
)


def texts(place: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text of a file: itself, or what a zip holds, zips in zips included."""
    if place.endswith(ZIPS) and content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from texts(f"{place}!{name}", archive.read(name))
    elif place.endswith(TEXT):
        yield place, content.decode("utf-8", errors="replace")


def found_in(text: str) -> list[str]:
    """Return what of a text would ask a remote host."""
    return [
        f"{kind}: {match[0][:160]}"
        for kind, look in (*LOADS.items(), ("script", SCRIPTS))
        for match in look.finditer(text)
    ]


@pytest.mark.parametrize("edition", ["html", "epub", "packs"])
def test_nothing_is_asked_of_a_remote_host(edition: str) -> None:
    folder = BUILD / edition
    if edition == "packs" and not folder.is_dir():
        pytest.skip("no packs: run `make packs` first")
    assert folder.is_dir(), f"{folder} is not built"
    count = 0
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        for place, text in texts(file.relative_to(BUILD).as_posix(), file.read_bytes()):
            count += 1
            assert found_in(text) == [], place
    assert count > 20


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/x.js"></script>', "<img alt='a' src='//cdn.example.org/x.png'>",
        '<link rel="stylesheet" href="https://fonts.example.org/x.css"/>', "p{background:url(https://x.example.org/a)}",
        "@import 'https://x.example.org/a.css';", '<meta http-equiv="refresh" content="0; url=x">',
        'fetch("https://x.example.org/")', 'new WebSocket("wss://x.example.org/")', "import('https://x.example.org/a.js')",
        'r.open("GET", "https://x.example.org/")', '<form action="https://x.example.org/">',
        '<svg><image href="https://x.example.org/a.png"/></svg>',
    ],
)  # fmt: skip
def test_each_way_to_ask_is_seen(text: str) -> None:
    assert found_in(text)
    assert found_in('<a href="https://doi.org/10.1/x">a link is no request</a> http://www.w3.org/2000/svg') == []
