"""Join what every page loads: one style sheet and one script, in the order in which the pages named the parts.

Files that compress together weigh a fifth less, and a phone asks once instead of twenty times. What only some pages
need (calculators, live cells, exams, the search) stays a file of its own, after the joined one.
"""

from __future__ import annotations

import re
from pathlib import Path

from bookpress.site.policy import has_policy

# By their names in `_static`; `*` stands for a hash. The first is imported by the theme's sheet and so comes before it.
SHEETS = (
    *("basic.css", "styles/theme.css", "styles/pydata-sphinx-theme.css", "pygments.css"),
    *("styles/sphinx-book-theme.css", "togglebutton.css", "copybutton.css", "mystnb.*.css", "exercise.css"),
    *("formulas.css", "facts.css", "sphinx-design.min.css", "quiz.css", "book.css"),
)
SCRIPTS = (
    *("documentation_options.js", "clipboard.min.js", "copybutton.js", "scripts/sphinx-book-theme.js"),
    *("togglebutton.js", "scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"),
)
SHEET, SCRIPT = "pages.css", "pages.js"
LINK = re.compile(r'\s*<link\b(?=[^>]*rel="stylesheet")[^>]*href="((?:\.\./)*)_static/([^"?]+)(?:\?[^"]*)?"[^>]*>')
SOURCE = re.compile(r'\s*<script\b[^>]*src="((?:\.\./)*)_static/([^"?]+)(?:\?[^"]*)?"[^>]*></script>')
# What extensions set by a line in each page: the same in all, except the name of the page, which only a switch of
# versions asks for.
CONSTANT = re.compile(r"\s*<script>((?:let toggle\w+|var togglebuttonSelector) = '[^'<]*';)</script>")
OPTION = re.compile(r"\s*<script>DOCUMENTATION_OPTIONS\.(?:pagename|search_as_you_type) = [^;<]*;</script>")
IMPORT = re.compile(r"@import[^;]*;")
CHARSET = '@charset "UTF-8";'


def bundle_pages(out: Path) -> None:
    """Write the joined files of an HTML build and link them in its pages; a finished page has them."""
    static = out / "_static"
    constants: dict[str, None] = {}
    for page in sorted(out.rglob("*.html")):
        if static in page.parents:
            continue
        text = page.read_text(encoding="utf-8")
        if has_policy(text):
            continue
        constants.update(dict.fromkeys(CONSTANT.findall(text)))
        joined = with_joined_files(text, _names(static, SHEETS), _names(static, SCRIPTS))
        if joined != text:
            page.write_text(joined, encoding="utf-8")
    sheets = [_rebased(static / name) for name in _names(static, SHEETS)]
    static.joinpath(SHEET).write_text(CHARSET + "".join(sheets), encoding="utf-8")
    if constants or not static.joinpath(SCRIPT).exists():
        scripts = [static.joinpath(name).read_text(encoding="utf-8").rstrip() for name in _names(static, SCRIPTS)]
        # The semicolon: a script that ends without one would call what the next one begins with.
        text = "\n".join([*constants, ";\n".join(scripts)])
        static.joinpath(SCRIPT).write_text(f"{text}\n", encoding="utf-8")


def with_joined_files(page: str, sheets: list[str], scripts: list[str]) -> str:
    """Return a page that links the joined sheet where it linked the first part, the joined script where the last.

    Scripts of the theme wait for the whole page, so they ran after those of the press, and still do.
    """
    page = OPTION.sub("", CONSTANT.sub("", page))
    page = _joined(page, LINK, sheets, '\n<link rel="stylesheet" href="{}_static/' + SHEET + '">', at=0)
    return _joined(page, SOURCE, scripts, '\n<script defer src="{}_static/' + SCRIPT + '"></script>', at=-1)


def _joined(page: str, pattern: re.Pattern[str], parts: list[str], whole: str, *, at: int) -> str:
    """Return the page with all links to parts taken out, and at the place of one of them a link to the whole."""
    found = [match for match in pattern.finditer(page) if match[2] in parts]
    for match in reversed(found):
        link = whole.format(match[1]) if match is found[at] else ""
        page = page[: match.start()] + link + page[match.end() :]
    return page


def _names(static: Path, patterns: tuple[str, ...]) -> list[str]:
    """Return the parts that this build has, in their order."""
    return [file.relative_to(static).as_posix() for pattern in patterns for file in sorted(static.glob(pattern))]


def _rebased(sheet: Path) -> str:
    """Return a sheet as it must read one folder up, if it lies in a folder."""
    text = IMPORT.sub("", sheet.read_text(encoding="utf-8")).replace(CHARSET, "")
    return text.replace("url(../", "url(") if sheet.parent.name == "styles" else text
