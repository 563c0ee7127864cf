"""Trim what the theme brings: drop files no page asks for, style rules no page uses, glyphs no page shows."""

from __future__ import annotations

import re
from pathlib import Path

from bookpress.remembered import remembered
from bookpress.site.bundle import SCRIPT, SHEET
from bookpress.site.css import names_in_sheets, purge, purge_keyframes, purge_properties, tight
from bookpress.site.fonts import subset_fonts
from bookpress.site.seen import WORD, Seen, look

STATIC = Path(__file__).resolve().parents[1] / "static"
DROPPED = re.compile(
    r"(\.map|\.LICENSE\.txt)$|/fontawesome\.js$|/webfonts/.*\.ttf$|/locales/|/webfonts/fa-(brands|regular)"
    r"|/(searchtools|language_data|sphinx_highlight|doctools)\.js$"
)
# Words by which functions of the theme's script are known that serve what a book on a stick has not: a switch of
# versions, a banner fetched from a server. They are called, find nothing, and return; so their bodies may be empty.
ABSENT = ("theme_switcher_json_url", "pst_banner_pref", "pst_announcement_banner_pref", 'method:"HEAD"')
BOOTSTRAP_STUB = "window.bootstrap={Tooltip:class{dispose(){}hide(){}show(){}enable(){}disable(){}}};\n"
TEMPLATE = r"`(?:\\.|[^`\\])*`"  # the one string of a script that may span lines
LAYOUT = re.compile(
    rf"(?P<template>{TEMPLATE})|^[ \t]*(?:(?P<note>/\*(?:(?!\*/).)*\*/[ \t]*\n)|//[^\n]*\n|\n)?",
    re.DOTALL | re.MULTILINE,
)
# Scripts of the theme and of extensions that come with their comments; the others are minified.
COMMENTED = ("togglebutton.js", "copybutton.js")
ASYNC = re.compile(r"async function \w+\(\w*\)\{")
# Of the library that copies, the button of a code cell uses one call, which browsers answer themselves.
CLIPBOARD = Path(__file__).with_name("clipboard.js")


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
    theme = out / "_static" / "scripts" / "pydata-sphinx-theme.js"
    if theme.exists():
        theme.write_text(without_absent(theme.read_text(encoding="utf-8")), encoding="utf-8")
    clipboard = out / "_static" / "clipboard.min.js"
    if clipboard.exists():
        clipboard.write_text(dense(CLIPBOARD.read_text(encoding="utf-8")), encoding="utf-8")
    pages = [page.read_text(encoding="utf-8") for page in sorted(out.rglob("*.html"))]
    sheets = [sheet for sheet in sorted(out.rglob("*.css")) if sheet.name != SHEET]  # that of an earlier build
    _purge_sheets(out, pages, sheets)
    subset_fonts(out, pages, sheets)


def without_absent(script: str) -> str:
    """Return the theme's script with empty bodies for the asynchronous functions that speak of `ABSENT` things.

    Examples
    --------
    >>> without_absent('async function a(e){if(e){x("pst_banner_pref")}}async function b(){c()}')
    'async function a(e){}async function b(){c()}'
    """
    for start in reversed([found.end() for found in ASYNC.finditer(script)]):
        depth, end = 1, start
        while depth and end < len(script):
            depth += {"{": 1, "}": -1}.get(script[end], 0)
            end += 1
        if not depth and any(word in script[start:end] for word in ABSENT):
            script = script[:start] + script[end - 1 :]
    return script


def _purge_sheets(out: Path, pages: list[str], sheets: list[Path]) -> None:
    scripts = _scripts(out)
    texts = {str(sheet): sheet.read_text(encoding="utf-8") for sheet in sheets}
    names = names_in_sheets(texts.values())
    seen, code = look(pages, scripts).about(names), seen_in_code(out, pages).about(names)
    purged = {
        name: _purged(out, css, code if Path(name).name == "pygments.css" else seen) for name, css in texts.items()
    }
    leaner = purge_properties(purge_keyframes(purged), others="".join((*pages, *scripts)))
    for name, css in purge_keyframes(leaner).items():
        Path(name).write_text(css, encoding="utf-8")


def _purged(out: Path, css: str, seen: Seen) -> str:
    return remembered(
        out, (b"purge and tighten", css.encode(), seen.key()), lambda: tight(purge(css, seen)).encode()
    ).decode()


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


def seen_in_code(out: Path, pages: list[str]) -> Seen:
    """Return what colors code: the elements of the pages, and the words of the script that colors edited code.

    Names of colors are single letters, which every minified script holds as names of its variables.
    """
    live = out / "_static" / "live.js"
    words = WORD.findall(live.read_text(encoding="utf-8")) if live.exists() else []
    pure = look(pages, [])
    return Seen(pure.elements, frozenset(words), pure.made)


def _scripts(out: Path) -> list[str]:
    """Return the scripts that may make elements; those of the search hold the packed text, and name no style.

    What an earlier build joined is not asked: a build from nothing has only the parts.
    """
    files = (file for file in sorted(out.rglob("*.js")) if file.parent.name != "search" and file.name != SCRIPT)
    return [script.read_text(encoding="utf-8") for script in files]
