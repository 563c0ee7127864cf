"""What holds up the first view of a page: no script does, and none lays it out more than once.

Text shows at once in a font of the same width (``book.css``), and what every page loads is one sheet and one script
(:mod:`bookpress.site.bundle`).
"""

from __future__ import annotations

import re
from pathlib import Path

from bookpress.site.policy import has_policy

WAITING = re.compile(r'[ \t]*<script (?=[^>]*\bsrc=")(?![^>]*\b(?:defer|async|type="module")\b)([^>]*></script>)\n?')
# The theme measures each box of code and writes to it in turn: each time, the page is laid out anew.
BOXES = re.compile(
    r"const (?P<name>\w+)=\(\)=>\{(?P<all>document\.querySelectorAll\(\[[^\]]*\]\.join\(\", \"\)\))"
    r"\.forEach\((?P<box>\w+)=>\{(?P=box)\.tabIndex=(?P<index>[^{}]*)\}\)\}"
)
MEASURED_FIRST = (
    r"const \g<name>=()=>{const boxes=[...\g<all>],told=boxes.map(\g<box>=>\g<index>);"
    r"boxes.forEach((box,place)=>{box.tabIndex=told[place]})}"
)


def hasten_pages(out: Path) -> None:
    """Let the scripts of every page wait for the page, and the theme measure before it writes, in place."""
    for page in sorted(out.rglob("*.html")):
        if "_static" not in page.relative_to(out).parts:  # pieces the theme was made from, no pages
            text = page.read_text(encoding="utf-8")
            if not has_policy(text) and (hastened := deferred(text)) != text:
                page.write_text(hastened, encoding="utf-8")
    theme = out / "_static" / "scripts" / "pydata-sphinx-theme.js"
    if theme.is_file():
        theme.write_text(measured_first(theme.read_text(encoding="utf-8")), encoding="utf-8")


def deferred(text: str) -> str:
    """Return the page with scripts that do not hold it up.

    They used to act when the page was read, after all scripts that wait: so they come last among those.
    """
    tags = "".join(f'<script defer="defer" {rest}\n' for rest in WAITING.findall(text))
    head, body, tail = WAITING.sub("", text).rpartition("</body>")
    return f"{head}{tags}{body}{tail}" if tags else text


def measured_first(script: str) -> str:
    """Return the theme's script with all boxes measured before the first is written to.

    Examples
    --------
    >>> measured_first('const e=()=>{document.querySelectorAll(["pre"].join(", ")).forEach(e=>{e.tabIndex=e.a?0:-1})}')
    ... # doctest: +ELLIPSIS
    'const e=()=>{const boxes=[...document.querySelectorAll(["pre"].join(", "))],told=boxes.map(e=>e.a?0:-1);...'
    """
    return BOXES.sub(MEASURED_FIRST, script)
