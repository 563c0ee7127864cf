"""Command line of the evidence: ``python -m bitebook.evidence check``."""

from __future__ import annotations

import argparse
import sys

from bitebook.evidence.check import check
from bitebook.paths import data_dir


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 0 if all is well, 1 if there are problems."""
    parser = argparse.ArgumentParser(prog="python -m bitebook.evidence", description=main.__doc__)
    parser.add_argument("command", choices=["check"], help="check: test every evidence table")
    parser.parse_args(arguments)
    try:
        report = check(data_dir())
    except FileNotFoundError as missing:  # no folder at all
        print(f"evidence: {missing}", file=sys.stderr)
        return 1
    for problem in report.problems:
        print(problem)
    print(report.summary, file=sys.stderr if report.problems else sys.stdout)
    return 1 if report.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
