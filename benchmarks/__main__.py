"""`make bench`: measure every line, print the table, and write it to `_build/bench.json`.

`--only NAME` measures one group, `--keep` adds the figures to `benchmarks/history.csv`. BENCH_ROUNDS (5) says how often
each side is measured. The exit code is 1 if a bar is missed; a line that could not be measured says why, and is none.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import importlib
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.lines import ROOT, Line, rounds

GROUPS = ("builds", "scale", "paper", "population", "page")
HISTORY = Path(__file__).with_name("history.csv")
FIELDS = ("day", "commit", "rounds", "processors", "load", "name", "value", "bar", "verdict", "note")


def measure(groups: list[str]) -> list[Line]:
    """Measure the groups one after another, and print each line as soon as it is known."""
    found: list[Line] = []
    for group in groups:
        print(f"measuring {group} ...", file=sys.stderr, flush=True)
        for line in importlib.import_module(f"benchmarks.{group}").lines():
            print(line.shown(), flush=True)
            found.append(line)
    return found


def record(lines: list[Line], *, keep: bool) -> None:
    """Write the figures to `_build/bench.json`, and to the history if asked for."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    about = {
        "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "commit": commit,
        "rounds": rounds(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    rows = [{**asdict(line), "verdict": line.verdict} for line in lines]
    target = ROOT / "_build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({**about, "python": platform.python_version(), "lines": rows}, indent=1) + "\n")
    if keep:
        is_new = not HISTORY.exists()
        with HISTORY.open("a", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, FIELDS, extrasaction="ignore", lineterminator="\n")
            if is_new:
                table.writeheader()
            table.writerows({**about, **row} for row in rows)


def main() -> int:
    """Measure, and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=GROUPS, action="append", help="measure this group alone (may be repeated)")
    parser.add_argument("--keep", action="store_true", help="add the figures to benchmarks/history.csv")
    arguments = parser.parse_args()
    lines = measure(list(arguments.only or GROUPS))
    record(lines, keep=arguments.keep)
    missed = [line.name for line in lines if line.verdict == "MISSED"]
    print(f"{len(lines)} lines, {len(missed)} missed" + "".join(f"\n  missed: {name}" for name in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
