"""Make the picture of an imported card: Anki imports the deck, Chromium draws what Anki gives out for one card.

Run it by hand after `make packs`; the picture is kept in ``docs/pictures/``, for README.md:

    .venv/bin/python docs/make_import_pictures.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageRequest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PACK, DECK, CARD = "08-dosing-workshop.zip", "questions/08-dosing-workshop.apkg", "dosing-q02"
TARGET = ROOT / "docs" / "pictures" / "anki-card.png"
PAGE = (
    '<!DOCTYPE html><meta charset="utf-8"><style>body{{margin:16px;background:#fff}}{css}</style>'
    '<div class="card">{body}</div>'
)


def card_page(folder: Path) -> str:
    """Import the deck of a pack into an empty collection and return the front of one card as Anki renders it."""
    with zipfile.ZipFile(ROOT / "_build" / "packs" / PACK) as pack:
        deck = folder / "deck.apkg"
        deck.write_bytes(pack.read(f"{Path(PACK).stem}/{DECK}"))
    collection = Collection(str(folder / "collection.anki2"))
    try:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(deck)))
        [note] = collection.find_notes(f"Id:{CARD}")
        shown = collection.get_note(note).cards()[0].render_output()
        return PAGE.format(css=shown.css, body=shown.question_text)
    finally:
        collection.close()


def main() -> int:
    """Write the picture."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        page_text = card_page(Path(name))
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 640, "height": 200}, device_scale_factor=1.5)
        page.set_content(page_text)
        page.screenshot(path=TARGET, full_page=True)
        browser.close()
    print(TARGET.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
