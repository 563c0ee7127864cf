"""Keep what takes long to make beside a builder's pages: a cut font, a lean sheet, what a page tells the search.

The key is all that it is made from, so that what is found is what would be made. The folder goes with the rest of the
work when the press or a package changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

FOLDER = ".remembered"


def remembered(out: Path | None, made_from: tuple[bytes, ...], make: Callable[[], bytes]) -> bytes:
    """Return what `make` makes, from the folder beside the output folder `out` if it was made before."""
    if out is None:
        return make()
    digest = hashlib.sha256()
    for part in made_from:
        digest.update(hashlib.sha256(part).digest())
    file = out.parent / FOLDER / digest.hexdigest()
    if file.is_file():
        data = file.read_bytes()
        check, made = data[:32], data[32:]
        if hashlib.sha256(made).digest() == check:
            return made
    made = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_suffix(".tmp")
    aside.write_bytes(hashlib.sha256(made).digest() + made)
    aside.replace(file)
    return made
