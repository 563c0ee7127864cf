"""The first result of Python in a page: the book's own live cell beside stock Pyodide, each in a browser just started.

Stock Pyodide is the npm package as it comes, served on localhost, with its usual ``loadPyodide()``. It is fetched into
`_build/bench` alone; the book never uses it.
"""

from __future__ import annotations

import functools
import json
import shutil
import statistics
import subprocess
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.lines import ROOT, SCRATCH, Line, rounds

NAME = "live first result / stock Pyodide"
BAR = 0.6
CODE = "print(sum(i * i for i in range(1000)))"
RESULT = "332833500"
STOCK = f"""<!doctype html><title>Stock</title><button>Run</button><pre></pre>
<script src="pyodide.js"></script><script>
document.querySelector("button").onclick = async () => {{
  const python = await loadPyodide({{stdout: (text) => {{ document.querySelector("pre").textContent += text; }}}});
  python.runPython({json.dumps(CODE)});
}};
</script>"""


def fetch() -> Path | None:
    """Return the folder of stock Pyodide, in the version that the book's runtime was made from."""
    made = json.loads((ROOT / "vendor" / "vendor.json").read_text(encoding="utf-8"))
    version = next(file["version"] for file in made.values() if file["package"] == "pyodide")
    folder = SCRATCH / f"pyodide-{version}"
    if not (folder / "package" / "pyodide.js").is_file():
        if not shutil.which("npm"):
            return None
        folder.mkdir(parents=True, exist_ok=True)
        packed = ["npm", "pack", "--silent", f"pyodide@{version}"]
        if subprocess.run(packed, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            return None
        shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    (folder / "package" / "stock.html").write_text(STOCK, encoding="utf-8")
    return folder / "package"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _first_result(address: str, *, is_book: bool) -> float:
    """Return the seconds from the click to the result, in a browser of its own."""
    from playwright.sync_api import expect, sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        if is_book:
            cell = page.locator(".cell.tag_live").first
            cell.locator("textarea").fill(CODE)
            button, shown = cell.get_by_role("button", name="Run", exact=True), cell.locator(".live-out")
        else:
            button, shown = page.locator("button"), page.locator("pre")
        begin = time.perf_counter()
        button.click()
        expect(shown).to_contain_text(RESULT, timeout=120_000)
        taken = time.perf_counter() - begin
        browser.close()
    return taken


def lines() -> list[Line]:
    """Measure and return the line."""
    pages = sorted((ROOT / "_build" / "html").glob("*.html"))
    live = next((page for page in pages if "tag_live" in page.read_text(encoding="utf-8")), None)
    if live is None:
        return [Line(NAME, None, BAR, note="the book is not built: run make book")]
    try:
        import playwright  # noqa: F401
    except ImportError:
        return [Line(NAME, None, BAR, note="Playwright is not installed")]
    stock = fetch()
    if stock is None:
        return [Line(NAME, None, BAR, note="stock Pyodide could not be fetched from npm")]
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(stock)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ours, theirs = [], []
    for _ in range(rounds()):
        ours.append(_first_result(live.as_uri(), is_book=True))
        theirs.append(_first_result(f"http://127.0.0.1:{server.server_port}/stock.html", is_book=False))
    server.shutdown()
    a, b = statistics.median(ours), statistics.median(theirs)
    return [Line(NAME, a / b, BAR, note=f"{a:.2f} s / {b:.2f} s")]
