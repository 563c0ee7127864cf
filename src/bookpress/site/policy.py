"""A Content-Security-Policy on every page: none may reach a network, so what a reader types cannot leave the machine.

A page opened from a folder has no server that could send the policy, so it stands in the page itself. It names the
page's own scripts by their hashes. Pages that run Python may also compile WebAssembly and start a worker, others not.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
POLICY = re.compile(r'\s*<meta http-equiv="Content-Security-Policy"[^>]*>')
CHARSET = '<meta charset="utf-8" />'
RUNS_PYTHON = re.compile(r'<script[^>]* src="[^"]*\blive\.js')
# A folder of files is no origin of its own: there `'self'` alone names nothing in some browsers, `file:` does.
OWN = "'self' file:"


def policy(page: str) -> str:
    """Return the policy of one page.

    Examples
    --------
    >>> policy("<p>No script</p>").split("; ")[:2]
    ["default-src 'none'", "script-src 'self' file:"]
    """
    hashes = sorted({_hash(script) for script in INLINE_SCRIPT.findall(page)})
    python = bool(RUNS_PYTHON.search(page))
    rules = {
        "default-src": "'none'",
        "script-src": " ".join([OWN, *hashes, *(["'wasm-unsafe-eval'"] if python else [])]),
        "worker-src": "data:" if python else "'none'",
        # formulas and drawings carry their measures in style attributes
        "style-src": f"{OWN} 'unsafe-inline'",
        "img-src": f"{OWN} data:",
        "font-src": OWN,
        "connect-src": "'none'",
        "form-action": OWN,  # the search field opens the book's own search page
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def has_policy(page: str) -> bool:
    """Tell whether a page holds its policy: it is written last, so an earlier build has finished this page."""
    return bool(POLICY.search(page))


def set_policies(out: Path) -> None:
    """Write its policy into every page of an HTML build, in place of an older one."""
    for page in sorted(out.rglob("*.html")):
        if "_static" in page.relative_to(out).parts:  # pieces the theme was made from, no pages
            continue
        text = POLICY.sub("", page.read_text(encoding="utf-8"))
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(text)}">'
        # First of all in the head: what stands before it would be free.
        head, charset, rest = text.partition(CHARSET)
        if not charset:
            raise ValueError(f"{page.relative_to(out)} has no {CHARSET}, so that its policy has no place")
        page.write_text(f"{head}{charset}\n    {meta}{rest}", encoding="utf-8")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
