"""Command line of the press: ``python -m bookpress build | test``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bookpress import settings as book_settings
from bookpress.build import STEADY, BuildError, build_book
from bookpress.proof import run_tests
from bookpress.source_file import SourceFileError, os_reason, shown


def main() -> int:
    """Run one command and return its exit code; the last line of a failure says what to do."""
    parser = argparse.ArgumentParser(prog="python -m bookpress", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build the editions into _build/")
    build.add_argument("--edition", choices=("reader", "assignment", "lecturer"), default="reader")
    build.add_argument("--draft", action="store_true", help="show warnings, but build all the same")
    build.add_argument("--fresh", action="store_true", help="read every page anew; executed chapters stay cached")
    test = commands.add_parser("test", help="run every check of the book")
    test.add_argument("--only", help="run the steps whose name holds this text")
    arguments = parser.parse_args()
    if "PYTHONHASHSEED" not in os.environ:  # a set's order must not depend on the run
        os.execve(sys.executable, [sys.executable, "-m", "bookpress", *sys.argv[1:]], {**os.environ, **STEADY})
    try:
        settings = book_settings.load(Path.cwd())
        if arguments.command == "build":
            build_book(settings, edition=arguments.edition, draft=arguments.draft, fresh=arguments.fresh)
            return 0
        return run_tests(settings, only=arguments.only)
    except (BuildError, SourceFileError) as failure:
        print(f"bookpress: {failure}", file=sys.stderr)
    except OSError as failure:
        where = shown(Path(os.fsdecode(failure.filename))) if failure.filename else "a file"
        print(
            f"bookpress: {where}: {os_reason(failure)}; make room or give access, then run it again; "
            "the last good edition is untouched",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
