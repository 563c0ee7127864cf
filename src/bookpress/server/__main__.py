"""Be a build server: ``python -m bookpress.server MINUTES``, as `make book` starts it."""

import sys
from pathlib import Path

from bookpress import settings as book_settings
from bookpress.unchanged import outside_of


def main(stays_min: str) -> int:
    """Learn what all files are before the press is loaded: what changes meanwhile must make this server outdated."""
    settings = book_settings.load(Path.cwd())
    loaded_from = outside_of(settings)
    if loaded_from is None:
        return 1
    from bookpress.server import process

    return process.main(settings, stays_min=float(stays_min), loaded_from=loaded_from)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
