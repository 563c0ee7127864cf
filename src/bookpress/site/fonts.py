"""Cut the fonts of the pages to what the pages show: glyphs, weights, and features of layout."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from bookpress.remembered import remembered

VENDOR = Path(__file__).resolve().parents[3] / "vendor"
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
TEX = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)  # for copying: no browser draws it
ONE_LETTER = re.compile(r"<mi(?P<how>[^>]*)>(?P<letter>[^<&]|&#?\w+;)</mi>")
TAG = re.compile(r"<[^>]*>")
DIGITS = set(range(0x30, 0x3A))
ROOT = 0x221A  # drawn for <msqrt>, so that no page holds it as text
ICON_ESCAPE = re.compile(r"\\(f[0-9a-f]{3}|e[0-9a-f]{3})\b")
# What a browser applies by itself. Fractions are set by a slash of their own.
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
FRACTIONS = ["dnom", "frac", "numr"]
FRACTION_SLASH = 0x2044
# Names in the edition and in vendor/. Of the italic the pages use one weight: stress in a sentence, titles, "et al.".
TEXT_FACES = {
    "source-sans-upright.woff2": "source-sans-upright.woff2",
    "source-sans-italic.woff2": "source-sans-italic-400.ttf",
}


def subset_fonts(out: Path, pages: list[str], sheets: list[Path]) -> None:
    """Write the fonts of an HTML build, cut to its pages and style sheets."""
    out.joinpath("_static", "fonts").mkdir(parents=True, exist_ok=True)
    _subset_icons(out, sheets)
    _subset_math_font(out, pages)
    _subset_text_font(out, pages)


def _subset_icons(out: Path, sheets: list[Path]) -> None:
    """Keep of the icon font the glyphs that a style rule still names, as an escape or as the character itself."""
    points: set[int] = set()
    for sheet in sheets:
        css = sheet.read_text(encoding="utf-8")
        points.update(int(match[1], 16) for match in ICON_ESCAPE.finditer(css))
        points.update(ord(sign) for sign in css if 0xE000 <= ord(sign) <= 0xF8FF)
    for font in sorted(out.rglob("fa-solid-900.woff2")):
        font.write_bytes(_subset(font, points, ["*"], out))


def _subset_math_font(out: Path, pages: list[str]) -> None:
    """Ship the glyphs that a formula of the book shows; the font is fetched only by pages with formulas."""
    target = out / "_static" / "fonts" / "stix-two-math.woff2"
    font, license_text = math_font(pages, out)
    target.write_bytes(font)
    target.with_name("stix-two-math-LICENSE.txt").write_bytes(license_text)


def math_font(pages: list[str], out: Path | None = None) -> tuple[bytes, bytes]:
    """Return the math font with the glyphs that the formulas of `pages` show, and its license."""
    source = VENDOR / "stix-two-math"
    signs = formula_signs(formula for page in pages for formula in FORMULA.findall(page))
    return _subset(source / "stix-two-math.woff2", signs, ["*"], out), (source / "LICENSE").read_bytes()


def formula_signs(formulas: Iterable[str]) -> set[int]:
    """Return the code points that a browser draws for formulas: a variable of one letter stands in italics.

    Examples
    --------
    >>> shown = formula_signs(["<math><mi>k</mi><mo>=</mo><annotation>\\\\frac</annotation></math>"])
    >>> sorted(chr(sign) for sign in shown if sign not in DIGITS)
    ['=', '√', '𝑘']
    """
    signs = DIGITS | {ROOT}
    for formula in formulas:
        drawn = TEX.sub("", formula)
        letters = [html.unescape(one["letter"]) for one in ONE_LETTER.finditer(drawn) if "normal" not in one["how"]]
        signs.update(italic(ord(letter)) for letter in letters)
        signs.update(ord(sign) for sign in html.unescape(TAG.sub("", _without_variables(drawn))))
    return {sign for sign in signs if sign >= 0x20}


def _without_variables(formula: str) -> str:
    return ONE_LETTER.sub(lambda one: one[0] if "normal" in one["how"] else "", formula)


def italic(point: int) -> int:
    """Return the code point that MathML draws for a variable, as its table of italics has it.

    Examples
    --------
    >>> [chr(italic(ord(letter))) for letter in "Aahα5"]
    ['𝐴', '𝑎', 'ℎ', '𝛼', '5']
    """
    if point == ord("h"):
        return 0x210E
    for first, last, start in ((0x41, 0x5A, 0x1D434), (0x61, 0x7A, 0x1D44E), (0x391, 0x3A9, 0x1D6E2)):
        if first <= point <= last:
            return point - first + start
    return point - 0x3B1 + 0x1D6FC if 0x3B1 <= point <= 0x3C9 else point


def _subset_text_font(out: Path, pages: list[str]) -> None:
    """Ship the letters the pages show, and all of ASCII for what a reader types."""
    signs = set(map(ord, set().union(*pages))) | set(range(0x20, 0x7F))
    features = FEATURES + (FRACTIONS if FRACTION_SLASH in signs else [])
    fonts = VENDOR / "source-sans"
    for name, face in TEXT_FACES.items():
        (out / "_static" / "fonts" / name).write_bytes(_subset(fonts / face, signs, features, out))
    shutil.copy(fonts / "LICENSE", out / "_static" / "fonts" / "source-sans-LICENSE.txt")


def _subset(source: Path, points: set[int], features: list[str], out: Path | None) -> bytes:
    """Return a font with the named code points alone, made at most once for the same font and demands."""
    data, listed = source.read_bytes(), " ".join(map(str, sorted(points))).encode()
    demands = " ".join(features).encode()
    return remembered(out, (b"subset", data, listed, demands), lambda: _make_subset(data, points, features))


def _make_subset(data: bytes, points: set[int], features: list[str]) -> bytes:
    """Return the subset, with its layout tables and without a time stamp."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = subset.Options(layout_features=features, hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()
