"""What a page waits for before it shows anything: few style sheets, and no script.

A phone on a slow line pays for each file it must ask for. The sheets of the theme and of the extensions, which every
page links, become one; scripts wait until the page is read; text shows at once in a font of the same width.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import normpath, relpath

STATIC = Path(__file__).resolve().parents[1] / "static"
JOINED = "_static/theme-and-extensions.css"
SHEET = re.compile(r'<link\b[^>]*\bhref="(?P<root>(?:\.\./)*)(?P<name>_static/[^"?]+\.css)(?:\?[^"]*)?"[^>]*>\s*')
IMPORT = re.compile(r"@import\s+(?:url\()?[\"']?([^\"')]+)[\"']?\)?\s*;")
ADDRESS = re.compile(r"url\(\s*([\"']?)(?!data:|#|/|[a-z]+:)([^\"')]+)\1\s*\)")
OPTIONS = re.compile(r'<script src="(?:\.\./)*(_static/documentation_options\.js)(?:\?[^"]*)?"></script>')
WAITING = re.compile(r'[ \t]*<script (?=[^>]*\bsrc=")(?![^>]*\b(?:defer|async|type="module")\b)([^>]*></script>)\n?')
# The theme measures each box of code and writes to it in turn, all before the page can be used: each time, the page is
# laid out anew. In slices of a few milliseconds the reader's finger comes in between.
BOXES = re.compile(
    r"const (?P<name>\w+)=\(\)=>\{(?P<all>document\.querySelectorAll\(\[[^\]]*\]\.join\(\", \"\)\))"
    r"\.forEach\((?P<box>\w+)=>\{(?P<write>(?P=box)\.tabIndex=[^{}]*)\}\)\}"
)
SLICED = (
    r"const \g<name>=()=>{const all=[...\g<all>],go=()=>{const end=performance.now()+8;"
    r"while(all.length&&performance.now()<end){const \g<box>=all.shift();\g<write>}all.length&&setTimeout(go)};go()}"
)


def hasten_pages(out: Path) -> None:
    """Join the sheets, defer the scripts, and measure boxes in slices, on every page of an HTML build in place.

    Raises
    ------
    ValueError
        If two pages begin with different sheets, so that one joined sheet cannot stand for both.
    """
    leading: list[str] = []
    for page in sorted(out.rglob("*.html")):
        if "_static" in page.relative_to(out).parts:  # pieces the theme was made from, no pages
            continue
        text = page.read_text(encoding="utf-8")
        links = list(SHEET.finditer(text))
        if links and all(link["name"] != JOINED for link in links):
            names = shared_start([link["name"] for link in links])
            if leading and names != leading:
                raise ValueError(f"{page.relative_to(out)} begins with the sheets {names}, other pages with {leading}")
            leading = names
            text = _linked_once(text, links[: len(names)])
        page.write_text(deferred(text, out), encoding="utf-8")
    if leading:
        joined = "\n".join(_flat(out / name, out) for name in leading)
        (out / JOINED).write_text(joined, encoding="utf-8")
    theme = out / "_static" / "scripts" / "pydata-sphinx-theme.js"
    if theme.is_file():
        theme.write_text(measured_in_slices(theme.read_text(encoding="utf-8")), encoding="utf-8")


def shared_start(names: list[str]) -> list[str]:
    """Return the sheets up to the last one that is not the press's own: what no page does without.

    Examples
    --------
    >>> shared_start(["_static/basic.css", "_static/facts.css", "_static/design.css", "_static/quiz.css"])
    ['_static/basic.css', '_static/facts.css', '_static/design.css']
    """
    own = {sheet.name for sheet in STATIC.glob("*.css")} | {"formulas.css"}
    last = max((place for place, name in enumerate(names) if Path(name).name not in own), default=-1)
    return names[: last + 1]


def deferred(text: str, out: Path) -> str:
    """Return the page with scripts that do not hold it up; what they look up stands in the page itself."""

    def options(tag: re.Match[str]) -> str:
        script = out / tag[1]
        # one global that inline scripts of the page add to, so that it cannot wait
        return f"<script>{script.read_text(encoding='utf-8').strip()}</script>" if script.is_file() else tag[0]

    text = OPTIONS.sub(options, text)
    # They used to act when the page was read, after all scripts that wait: so they come last among those.
    tags = "".join(f'<script defer="defer" {rest}\n' for rest in WAITING.findall(text))
    head, body, tail = WAITING.sub("", text).rpartition("</body>")
    return f"{head}{tags}{body}{tail}"


def measured_in_slices(script: str) -> str:
    """Return the theme's script with its boxes measured in slices of time.

    Examples
    --------
    >>> measured_in_slices('const e=()=>{document.querySelectorAll(["pre"].join(", ")).forEach(e=>{e.tabIndex=e.a})}')
    ... # doctest: +ELLIPSIS
    'const e=()=>{const all=[...document.querySelectorAll(["pre"].join(", "))],go=...=all.shift();e.tabIndex=e.a}...'
    """
    return BOXES.sub(SLICED, script)


def _linked_once(text: str, links: list[re.Match[str]]) -> str:
    link = f'<link rel="stylesheet" type="text/css" href="{links[0]["root"]}{JOINED}" />\n    '
    for old in links[1:]:
        text = text.replace(old[0], "", 1)
    return text.replace(links[0][0], link, 1)


def _flat(sheet: Path, out: Path) -> str:
    """Return a sheet with the sheets it imports, its addresses as seen from the joined one."""
    css = IMPORT.sub(lambda found: _flat(sheet.parent / found[1], out), sheet.read_text(encoding="utf-8"))
    folder = sheet.parent.resolve().relative_to(out.resolve()).as_posix()

    def moved(found: re.Match[str]) -> str:
        here = relpath(normpath(f"{folder}/{found[2]}"), Path(JOINED).parent.as_posix())
        return f"url({found[1]}{here}{found[1]})"

    return ADDRESS.sub(moved, css)
