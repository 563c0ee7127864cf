"""`make lighthouse`: every page of the site before Lighthouse, served as readers get it, on its simulated slow phone.

Lighthouse is not part of the repository; without it this says how to get it. A page must have 100 for accessibility,
best practices, and search engines, and at least 90 for speed. Speed depends on how busy the machine is: a page that
misses the bar is measured again, and the best of three runs counts. The other three must hold in every run.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.outside import chromium, report_of

HTML = Path(__file__).resolve().parents[1] / "_build" / "html"
VERSION = "12.8.2"
INSTALL = (
    "Lighthouse is not here. In a folder outside the repository: npm install lighthouse@{version}\n"
    "then: make lighthouse LIGHTHOUSE=that/folder/node_modules/.bin/lighthouse (Node 18.16 or newer, and Chromium)"
)
BARS = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 90}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
# Lighthouse asks for robots.txt from inside the page. The policy of the page lets nothing ask for anything
# (`connect-src 'none'`), so that it can never get an answer; whether the file is in order is no matter of a page.
SKIPPED = "robots-txt"
TRIES = 3
PACKED = {".html", ".css", ".js", ".svg", ".txt"}


@dataclass(frozen=True)
class Scores:
    """What Lighthouse gave one page, in percent, and how fast it found the machine."""

    page: str
    percent: Mapping[str, int]
    machine: int

    def misses(self) -> list[str]:
        """Return the bars this page is below, each as one phrase.

        Examples
        --------
        >>> Scores("a.html", {"accessibility": 100, "best-practices": 100, "seo": 92, "performance": 90}, 1500).misses()
        ['seo 92, not 100']
        """
        return [
            f"{name} {self.percent.get(name, 0)}, not {bar}"
            for name, bar in BARS.items()
            if self.percent.get(name, 0) < bar
        ]


def read_scores(page: str, report: Mapping[str, Any]) -> Scores:
    """Return the scores of a report; a report that ran into an error counts as nothing reached.

    A score is rounded down: 0.999 is no full score.
    """
    categories = report.get("categories", {})
    percent = {name: int((categories.get(name, {}).get("score") or 0) * 100 + 1e-9) for name in BARS}
    if report.get("runtimeError"):
        percent = dict.fromkeys(BARS, 0)
    return Scores(page, percent, int(report.get("environment", {}).get("benchmarkIndex", 0)))


def best_of(runs: list[Scores]) -> Scores:
    """Return the run with the best speed, but of everything else the worst that any run gave."""
    fastest = max(runs, key=lambda run: run.percent["performance"])
    worst = {name: min(run.percent[name] for run in runs) for name in BARS if name != "performance"}
    return Scores(fastest.page, {**worst, "performance": fastest.percent["performance"]}, fastest.machine)


class Packing(http.server.SimpleHTTPRequestHandler):
    """Serve a folder with text packed, as every host of web pages does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.suffix not in PACKED or not file.is_file():
            super().do_GET()
            return
        body = gzip.compress(file.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing of requests."""


class Plain(http.server.SimpleHTTPRequestHandler):
    """Serve a folder as `make serve` does."""

    def log_message(self, *_args: object) -> None:
        """Say nothing of requests."""


@contextmanager
def served(folder: Path, *, packed: bool) -> Iterator[str]:
    """Serve a folder on a free port of this machine, and give its address."""
    handler = functools.partial(Packing if packed else Plain, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def measure(lighthouse: str, address: str, page: str, kept: Path) -> Scores:
    """Run Lighthouse on one page; its report stays in the folder `kept`."""
    report = kept / f"{page}.json"
    command = [lighthouse, f"{address}/{page}", "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--skip-audits={SKIPPED}", f"--chrome-flags={FLAGS}"]
    browser = chromium()
    chosen = {"CHROME_PATH": browser} if browser and "CHROME_PATH" not in os.environ else {}
    return read_scores(page, report_of(command, report, environment=chosen, about=page))


def main() -> int:
    """Measure the pages, print a line for each, and return 1 if one is below a bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lighthouse", default="lighthouse", help="the program (default: on the path)")
    parser.add_argument("--plain", action="store_true", help="serve text as it is, not packed as web hosts do")
    parser.add_argument("pages", nargs="*", help="pages such as index.html (default: all)")
    asked = parser.parse_args()
    program = shutil.which(asked.lighthouse)
    if program is None:
        print(INSTALL.format(version=VERSION), file=sys.stderr)
        return 1
    pages = asked.pages or sorted(page.name for page in HTML.glob("*.html"))
    if not pages:
        sys.exit(f"no page in {HTML}: run `make book` first")
    kept = Path(tempfile.gettempdir()) / "bitebook-lighthouse"
    kept.mkdir(exist_ok=True)
    failed = 0
    print(f"{'page':32}{''.join(f'{name:>16}' for name in BARS)}{'machine':>9}", flush=True)
    with served(HTML, packed=not asked.plain) as address:
        for page in pages:
            runs = [measure(program, address, page, kept)]
            while len(runs) < TRIES and best_of(runs).percent["performance"] < BARS["performance"]:
                runs.append(measure(program, address, page, kept))
            scores = best_of(runs)
            misses = scores.misses()
            failed += bool(misses)
            numbers = "".join(f"{scores.percent[name]:>16}" for name in BARS)
            print(f"{page:32}{numbers}{scores.machine:>9}  {'; '.join(misses)}", flush=True)
    print(f"lighthouse: {len(pages)} pages, {failed} below a bar; reports in {kept}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
