"""Trim what the theme brings: drop files no page asks for, style rules no page uses, glyphs no page shows."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from bookpress.remembered import remembered
from bookpress.site.css import purge, purge_properties

STATIC = Path(__file__).resolve().parents[1] / "static"
VENDOR = Path(__file__).resolve().parents[3] / "vendor"
DROPPED = re.compile(
    r"(\.map|\.LICENSE\.txt)$|/fontawesome\.js$|/webfonts/.*\.ttf$|/locales/|/webfonts/fa-(brands|regular)"
    r"|/(searchtools|language_data|sphinx_highlight)\.js$"
)
BOOTSTRAP_STUB = "window.bootstrap={Tooltip:class{dispose(){}hide(){}show(){}enable(){}disable(){}}};\n"
CLASS_OR_ID = re.compile(r'\b(?:class|id)="([^"]*)"')
WORD = re.compile(r"[A-Za-z_][\w-]*")
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
# Signs that a browser draws for an element, so that no page holds them as text: root, bars, braces, stretched marks.
DRAWN = {0x221A, 0xAF, 0x203E, 0x305, 0x332, 0x2C6, 0x2DC, 0x2D9, 0x20D7}
DRAWN |= {*range(0x23B4, 0x23B8), *range(0x23DC, 0x23E2)}
TEMPLATE = r"`(?:\\.|[^`\\])*`"  # the one string of a script that may span lines
LAYOUT = re.compile(
    rf"(?P<template>{TEMPLATE})|^[ \t]*(?:(?P<note>/\*(?:(?!\*/).)*\*/[ \t]*\n)|//[^\n]*\n|\n)?",
    re.DOTALL | re.MULTILINE,
)
# Scripts of the theme and of extensions that come with their comments; the others are minified.
COMMENTED = ("togglebutton.js", "copybutton.js", "doctools.js")
ICON_ESCAPE = re.compile(r"\\(f[0-9a-f]{3}|e[0-9a-f]{3})\b")


def trim_assets(out: Path) -> None:
    """Trim the assets of an HTML build in place."""
    for file in sorted(out.joinpath("_static").rglob("*")):
        if file.is_file() and DROPPED.search(file.as_posix()):
            file.unlink()
    for name in (*sorted(script.name for script in STATIC.glob("*.js")), *COMMENTED):
        shipped = out / "_static" / name
        if shipped.exists():
            shipped.write_text(dense(shipped.read_text(encoding="utf-8")), encoding="utf-8")
    # Of Bootstrap's script the theme uses one call, for a tooltip that repeats a visible label.
    out.joinpath("_static", "scripts", "bootstrap.js").write_text(BOOTSTRAP_STUB, encoding="utf-8")
    pages = [page.read_text(encoding="utf-8") for page in sorted(out.rglob("*.html"))]
    used = _names_in_use(out, pages)
    sheets = sorted(out.rglob("*.css"))
    colors = code_colors_in_use(out, pages)
    purged = {
        str(sheet): _purged(out, sheet.read_text(encoding="utf-8"), colors if sheet.name == "pygments.css" else used)
        for sheet in sheets
    }
    scripts = [script.read_text(encoding="utf-8") for script in sorted(out.rglob("*.js"))]
    for name, css in purge_properties(purged, others="".join((*pages, *scripts))).items():
        Path(name).write_text(css, encoding="utf-8")
    _subset_icons(out, sheets)
    _subset_math_font(out, pages)
    _subset_text_font(out, pages)


def _purged(out: Path, css: str, used: set[str]) -> str:
    names = " ".join(sorted(used)).encode()
    return remembered(out, (b"purge", css.encode(), names), lambda: purge(css, used).encode()).decode()


def dense(script: str) -> str:
    """Return a script without indentation and without comments that fill whole lines.

    Template literals, the only strings that span lines, and notes of copyright stay as they are.

    Examples
    --------
    >>> dense("/* Adds\\n   one. */\\n(function () {\\n  // why\\n  x += 1; // here\\n}());\\n")
    '(function () {\\nx += 1; // here\\n}());\\n'
    >>> dense("/* Copyright: A. */\\n  x = `\\n  // text`;\\n")
    '/* Copyright: A. */\\nx = `\\n  // text`;\\n'
    """

    def kept(match: re.Match[str]) -> str:
        note = match["note"] or ""
        return match["template"] or (note if "copyright" in note.lower() else "")

    return LAYOUT.sub(kept, script)


def _names_of_pages(pages: list[str]) -> set[str]:
    """Return every class and id of the pages."""
    return {name for page in pages for match in CLASS_OR_ID.finditer(page) for name in match[1].split()}


def code_colors_in_use(out: Path, pages: list[str]) -> set[str]:
    """Return the classes that color code: those of the pages, and the words of the script that colors edited code.

    They are single letters, which every minified script holds as names of its variables.
    """
    live = out / "_static" / "live.js"
    words = WORD.findall(live.read_text(encoding="utf-8")) if live.exists() else []
    return _names_of_pages(pages) | set(words)


def _names_in_use(out: Path, pages: list[str]) -> set[str]:
    """Return every class and id of the pages, and every word of the scripts, which may set a class later."""
    used = _names_of_pages(pages)
    for script in out.rglob("*.js"):
        if script.parent.name != "search":  # the text of the book, packed, and a library that names no style
            used.update(WORD.findall(script.read_text(encoding="utf-8")))
    return used


def _subset_icons(out: Path, sheets: list[Path]) -> None:
    """Keep of the icon font the glyphs that a style rule still names, as an escape or as the character itself."""
    points: set[int] = set()
    for sheet in sheets:
        css = sheet.read_text(encoding="utf-8")
        points.update(int(match[1], 16) for match in ICON_ESCAPE.finditer(css))
        points.update(ord(sign) for sign in css if 0xE000 <= ord(sign) <= 0xF8FF)
    for font in sorted(out.rglob("fa-solid-900.woff2")):
        font.write_bytes(_subset(font, points, out))


def _subset_math_font(out: Path, pages: list[str]) -> None:
    """Ship the glyphs that a formula of the book shows; the font is fetched only by pages with formulas."""
    target = out / "_static" / "fonts" / "stix-two-math.woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    font, license_text = math_font(pages, out)
    target.write_bytes(font)
    target.with_name("stix-two-math-LICENSE.txt").write_bytes(license_text)


def math_font(pages: list[str], out: Path | None = None) -> tuple[bytes, bytes]:
    """Return the math font with the glyphs that the formulas of `pages` show, and its license."""
    signs = {ord(sign) for page in pages for formula in FORMULA.findall(page) for sign in formula}
    # Digits, Latin and Greek are always kept, plain and in mathematical italic: live cells may write new formulas.
    always = set(range(0x20, 0x7F)) | set(range(0x391, 0x3CA)) | set(range(0x1D434, 0x1D468)) | {0x210E}
    source = VENDOR / "stix-two-math"
    made = _subset(source / "stix-two-math.woff2", signs | always | DRAWN, out)
    return made, (source / "LICENSE").read_bytes()


def _subset_text_font(out: Path, pages: list[str]) -> None:
    """Ship the letters the pages show, and all of ASCII for what a reader types."""
    signs = {ord(sign) for page in pages for sign in page} | set(range(0x20, 0x7F))
    fonts = VENDOR / "source-sans"
    for face in sorted(fonts.glob("*.woff2")):
        (out / "_static" / "fonts" / face.name).write_bytes(_subset(face, signs, out))
    shutil.copy(fonts / "LICENSE", out / "_static" / "fonts" / "source-sans-LICENSE.txt")


def _subset(source: Path, points: set[int], out: Path | None) -> bytes:
    """Return a font with the named code points alone, made at most once for the same font and code points."""
    data, listed = source.read_bytes(), " ".join(map(str, sorted(points))).encode()
    return remembered(out, (b"subset", data, listed), lambda: _make_subset(data, points))


def _make_subset(data: bytes, points: set[int]) -> bytes:
    """Return the subset, with its layout tables and without a time stamp."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()
