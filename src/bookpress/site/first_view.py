"""What holds up the first view of a page: no script does, and none keeps the page busy for long.

Text shows at once in a font of the same width (``book.css``), and what every page loads is one sheet and one script
(:mod:`bookpress.site.bundle`).
"""

from __future__ import annotations

import re
from pathlib import Path

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
    """Let the scripts of every page wait for the page, and the theme measure boxes in slices, in place."""
    for page in sorted(out.rglob("*.html")):
        if "_static" not in page.relative_to(out).parts:  # pieces the theme was made from, no pages
            text = page.read_text(encoding="utf-8")
            if (hastened := deferred(text)) != text:
                page.write_text(hastened, encoding="utf-8")
    theme = out / "_static" / "scripts" / "pydata-sphinx-theme.js"
    if theme.is_file():
        theme.write_text(measured_in_slices(theme.read_text(encoding="utf-8")), encoding="utf-8")


def deferred(text: str) -> str:
    """Return the page with scripts that do not hold it up.

    They used to act when the page was read, after all scripts that wait: so they come last among those.
    """
    tags = "".join(f'<script defer="defer" {rest}\n' for rest in WAITING.findall(text))
    head, body, tail = WAITING.sub("", text).rpartition("</body>")
    return f"{head}{tags}{body}{tail}" if tags else text


def measured_in_slices(script: str) -> str:
    """Return the theme's script with its boxes measured in slices of time.

    Examples
    --------
    >>> measured_in_slices('const e=()=>{document.querySelectorAll(["pre"].join(", ")).forEach(e=>{e.tabIndex=e.a})}')
    ... # doctest: +ELLIPSIS
    'const e=()=>{const all=[...document.querySelectorAll(["pre"].join(", "))],go=...=all.shift();e.tabIndex=e.a}...'
    """
    return BOXES.sub(SLICED, script)
