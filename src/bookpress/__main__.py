"""Command line of the press: ``python -m bookpress build | watch | stop | test``."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from pathlib import Path

from bookpress import settings as book_settings
from bookpress.build import STEADY, build_book
from bookpress.failure import EXPECTED, in_one_line
from bookpress.proof import run_tests
from bookpress.server import client
from bookpress.unchanged import outside_of

STOPPED = 130
"""The exit code of a command that Ctrl+C ended."""


def main() -> int:
    """Run one command and return its exit code; the last line of a failure says what to do."""
    parser = argparse.ArgumentParser(prog="python -m bookpress", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build the editions into _build/")
    watching = commands.add_parser("watch", help="build, and build again whenever a file is saved")
    for command in (build, watching):
        command.add_argument("--edition", choices=("reader", "assignment", "lecturer"), default="reader")
        command.add_argument("--draft", action="store_true", help="show warnings, but build all the same")
    build.add_argument("--fresh", action="store_true", help="read every page anew; executed chapters stay cached")
    commands.add_parser("stop", help="end the build server that a build may have left")
    test = commands.add_parser("test", help="run every check of the book")
    test.add_argument("--only", help="run the steps whose name holds this text")
    arguments = parser.parse_args()
    if "PYTHONHASHSEED" not in os.environ:  # a set's order must not depend on the run
        os.execve(sys.executable, [sys.executable, "-m", "bookpress", *sys.argv[1:]], {**os.environ, **STEADY})
    try:
        if arguments.command == "stop":  # settings that cannot be read keep nobody from it
            client.stop(Path.cwd(), say=print)
            return 0
        settings = book_settings.load(Path.cwd())
        if arguments.command == "build":
            return _build(settings, edition=arguments.edition, draft=arguments.draft, fresh=arguments.fresh)
        if arguments.command == "watch":
            _watch(settings, edition=arguments.edition, draft=arguments.draft)
            return 0
        return run_tests(settings, only=arguments.only)
    except EXPECTED as failure:
        print(in_one_line(failure), file=sys.stderr)
    except KeyboardInterrupt:
        print("bookpress: stopped; the last good edition is untouched", file=sys.stderr)
        return STOPPED
    return 1


def _build(settings: book_settings.Settings, *, edition: str, draft: bool, fresh: bool) -> int:
    """Build by the server, if there may be one; what is to be read anew is read by a process that is new itself."""
    if fresh:
        client.stop(settings.root)  # nothing that was loaded earlier counts any more
    code = None if fresh else client.build(settings, edition=edition, draft=draft)
    if code is None:
        build_book(settings, edition=edition, draft=draft, fresh=fresh)
    return code or 0


def _watch(settings: book_settings.Settings, *, edition: str, draft: bool) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # whoever reads along, a program too, sees each line at once
    with contextlib.suppress(KeyboardInterrupt):
        loaded_from = outside_of(settings)  # before the press is loaded: what changes meanwhile makes it outdated
        from bookpress.watch import watch  # loads the compiler: a build that has nothing to do must not wait for it

        watch(settings, loaded_from=loaded_from, edition=edition, draft=draft)


if __name__ == "__main__":
    sys.exit(main())
