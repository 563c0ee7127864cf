"""A chapter as one HTML file: style, fonts, and pictures inside, no link to a page that is not there, no request."""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path
from typing import Any

from lxml import etree

from bookpress.packs.book import BookInfo
from bookpress.packs.page import parse
from bookpress.packs.picture import svg_bytes

URL = re.compile(r"url\(\s*([\"']?)([^)\"']*)\1\s*\)")
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
IMPORT = re.compile(r"@import[^;]+;")
SCRIPTS_KEPT = ("quiz.js",)  # the rest turns pages, searches, and copies
DROPPED = ("headerlink", "copybtn")
SHELL_STYLE = """
body { margin: 0; background: #fff; }
main.single { max-width: 46rem; margin: 0 auto; padding: 1rem; }
.admonition-title::before, .admonition-title::after { content: none !important; }
div.admonition > .admonition-title { padding-left: .8rem; max-width: none; }
.pack-notice { border: 1px solid #c5ccd3; padding: .6rem 1rem; font-size: .9rem; }
"""


def single_page(path: Path, book: BookInfo) -> str:
    """Return a built page as one file.

    Links to other pages of the book become plain text; links into the page and to the web stay.
    """
    root = parse(path)
    article = root.find(".//article")
    for name in DROPPED:
        for node in article.xpath(f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"):
            node.drop_tree()
    for link in article.xpath(".//*[contains(concat(' ', normalize-space(@class), ' '), ' fact-source ')]/a"):
        link.drop_tree()
    for script in article.xpath(".//script"):
        script.drop_tree()
    for link in article.xpath(".//a[@href]"):
        if not re.match(r"(https?:|mailto:|#|data:)", link.get("href")):
            link.drop_tag()
    for image in article.iter("img"):
        image.set("src", _data_uri(path.parent / image.get("src").split("?")[0]))
    return _shell(root, article, path, book)


def _shell(root: Any, article: Any, path: Path, book: BookInfo) -> str:
    sheets = [
        _style(path.parent / link.get("href").split("?")[0]) for link in root.xpath("//link[@rel='stylesheet'][@href]")
    ]
    scripts = [
        _script(path.parent / node.get("src").split("?")[0])
        for node in root.xpath("//script[@src]") if Path(node.get("src").split("?")[0]).name in SCRIPTS_KEPT
    ]  # fmt: skip
    body = etree.tostring(article, encoding="unicode", method="html", with_tail=False)
    title = root.findtext(".//title") or path.stem
    notice = " ".join(_escape(text) for text in (book.notice, book.citation, book.license))
    return (
        f'<!DOCTYPE html>\n<html lang="{book.language}" data-theme="light" data-mode="light">\n<head>\n'
        '<meta charset="utf-8"/>\n<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{_escape(title)}</title>\n<style>\n{''.join(sheets)}{SHELL_STYLE}</style>\n</head>\n<body>\n"
        f'<main class="single bd-content">\n<p class="pack-notice">{notice}</p>\n{body}\n</main>\n'
        f"{''.join(scripts)}</body>\n</html>\n"
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _data_uri(file: Path) -> str:
    content = svg_bytes(file) if file.suffix == ".svg" else file.read_bytes()
    kind = {".svg": "image/svg+xml", ".woff2": "font/woff2"}.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _style(sheet: Path) -> str:
    """Return a style sheet with its fonts inside; fonts and pictures that are not in the book are left out."""
    if not sheet.is_file():
        return ""
    text = sheet.read_text(encoding="utf-8")

    def face(match: re.Match[str]) -> str:
        return "" if "Awesome" in match[0] else match[0]  # icons of buttons that are not in the single page

    def inside(match: re.Match[str]) -> str:
        target = match[2].strip()
        if target.startswith(("data:", "#")):
            return match[0]
        file = (sheet.parent / target.split("?")[0].split("#")[0]).resolve()
        return f"url({_data_uri(file)})" if file.is_file() and file.suffix in (".woff2", ".svg") else 'url("data:,")'

    return URL.sub(inside, FONT_FACE.sub(face, IMPORT.sub("", text))).replace("</style", "<\\/style") + "\n"


def _script(file: Path) -> str:
    text = file.read_text(encoding="utf-8").replace("</script", "<\\/script") if file.is_file() else ""
    return f"<script>\n{text}</script>\n" if text else ""
