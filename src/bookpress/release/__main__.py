"""``python -m bookpress.release``: put the built editions and packs into ``dist/``, with hashes and a manifest."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from bookpress.packs.book import load_book
from bookpress.packs.text import PackError
from bookpress.release.about import ReleaseError, about_release
from bookpress.release.gather import make_release
from bookpress.release.manifest import SUMS, sha256


def main() -> int:
    """Run the command and return its exit code."""
    root = Path.cwd()
    packs = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["bookpress"]["packs"]
    try:
        about = about_release(root, load_book(root, packs))
        folder = make_release(root, about)
    except (ReleaseError, PackError, OSError) as failure:
        print(f"release: {failure}", file=sys.stderr)
        print("release: nothing was written; mend what is named above, then run `make release` again", file=sys.stderr)
        return 1
    for file in sorted(folder.iterdir()):
        print(f"  {file.stat().st_size / 1e6:7.2f} MB  {file.name}")
    print(f"release {about.book.version}, {about.commit.state}")
    print(f"{folder.name}/{SUMS} {sha256(folder / SUMS)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
