"""Take the picture of the README from the built book: ``.venv/bin/python docs/make_picture.py``, network refused."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "_build" / "html" / "08-dosing-workshop.html"
PICTURE = ROOT / "docs" / "pictures" / "page.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, HEIGHT, COLORS = 1280, 800, 64


def main() -> int:
    """Photograph the top of a chapter, as a reader sees it, in few colors so that the file stays small."""
    if not PAGE.is_file():
        print("picture: no built book: run `make book` first", file=sys.stderr)
        return 1
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found)
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True, color_scheme="light")
        page = context.new_page()
        page.goto(PAGE.as_uri())
        taken = page.screenshot()
        browser.close()
    small = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLORS)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    small.save(PICTURE, optimize=True)
    print(f"picture: {PICTURE.relative_to(ROOT)}, {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
