"""`make ace`: Ace by DAISY reads the e-book as its publishers' checkers do, and may find nothing.

Ace is not part of the repository; without it this says how to get it. It needs Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.outside import chromium, report_of

EPUB = Path(__file__).resolve().parents[1] / "_build" / "epub"
VERSION = "1.4.6"
INSTALL = (
    "Ace is not here. In a folder outside the repository:\n"
    "PUPPETEER_SKIP_DOWNLOAD=1 npm install @daisy/ace-cli@{version}\n"
    "then: make ace ACE=that/folder/node_modules/.bin/ace-cli (Node 20 or newer, and Chromium)"
)
# A page of a thousand rows takes Ace more than a minute on a busy machine.
PATIENCE_MS = "600000"


def read_report(report: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return how many documents Ace looked at, and one line for each thing it objects to, however small."""
    found = []
    for document in report["assertions"]:
        place = document["earl:testSubject"]["url"]
        for item in document["assertions"]:
            test, result = item["earl:test"], item["earl:result"]
            if result["earl:outcome"] == "pass":
                continue
            snippet = " ".join(str(result.get("html", "")).split())[:160]
            found.append(f"{place}: {test['earl:impact']}: {test['dct:title']}: {snippet}")
    if report["earl:result"]["earl:outcome"] != "pass" and not found:
        found.append("the report as a whole does not pass")
    return len(report["assertions"]), found


def run(program: str, book: Path, kept: Path) -> Mapping[str, Any]:
    """Run Ace on a book and return its report, which stays in the folder `kept`."""
    asked = {"ACE_TIMEOUT_INITIAL": "60000", "ACE_TIMEOUT_EXTENSION": PATIENCE_MS}
    if browser := chromium():
        asked["PUPPETEER_EXECUTABLE_PATH"] = browser
    shutil.rmtree(kept, ignore_errors=True)
    command = [program, "--force", "--outdir", str(kept), str(book)]
    return report_of(command, kept / "report.json", environment={**asked, **os.environ}, about=book.name)


def main() -> int:
    """Check each e-book of the build, print what Ace objects to, and return 1 if there is anything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ace", default="ace-cli", help="the program (default: on the path)")
    asked = parser.parse_args()
    program = shutil.which(asked.ace)
    if program is None:
        print(INSTALL.format(version=VERSION), file=sys.stderr)
        return 1
    books = sorted(EPUB.glob("*.epub"))
    if not books:
        sys.exit(f"no e-book in {EPUB}: run `make book` first")
    failed = 0
    for book in books:
        kept = Path(tempfile.gettempdir()) / "bitebook-ace" / book.stem
        documents, found = read_report(run(program, book, kept))
        failed += len(found)
        line = f"ace: {book.name}: {documents} documents, {len(found)} violations; report in {kept}"
        print(*found, line, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
