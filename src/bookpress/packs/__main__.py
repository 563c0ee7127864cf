"""``python -m bookpress.packs``: make every pack into ``_build/packs``, or say in one line what to do first."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bookpress.build import STEADY
from bookpress.packs.job import load_job
from bookpress.packs.pack import make_packs
from bookpress.packs.text import PackError


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bookpress.packs", description=__doc__)
    parser.add_argument("--workers", type=int, help="how many chapters are made at once (default: one for each core)")
    arguments = parser.parse_args()
    os.environ.update(STEADY)
    try:
        make_packs(load_job(Path.cwd()), workers=arguments.workers)
    except (PackError, ValueError, OSError) as failure:
        print(f"packs: {failure}", file=sys.stderr)
        print("packs: nothing was written; mend what is named above, then run `make packs` again", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
