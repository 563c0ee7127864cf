"""Mutation testing of what computes doses and effects: ``make mutants``.

mutmut changes one operator, number, word, or argument at a time; a test must then fail. The work is done in a copy
below ``_build/mutants``, so that no file of the checkout is touched. With ``SAMPLE=n`` a sample of n mutants with a
fixed seed is tried instead of all. What survived, and why that is right, stands in ``docs/mutation.md``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bitebook.outcomes import wilson_interval

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "_build" / "mutants"
MUTATED = ("dosing", "infusion", "pk", "outcomes")
SEED = 20261128
#: The tests of these modules alone; the book is not needed to catch a mutant.
TESTS = ("dosing_", "infusion", "pk", "outcomes", "killers_", "fuzz_dosing", "fuzz_outcomes", "fuzz_pk")
#: Slow, or a measure of time: what they would catch is caught by quicker ones.
LEFT_OUT = ("exhaustive_grid", "as_fast_as", "standard_library_alone", "imports_nothing", "without_numpy")
SETTINGS = f"""[mutmut]
source_paths=src/
only_mutate=
    src/bitebook/dosing/*
    src/bitebook/infusion.py
    src/bitebook/pk/*
    src/bitebook/outcomes/*
also_copy=
    data
    pytest.ini
pytest_add_cli_args_test_selection=
    tests/unit
pytest_add_cli_args=
    -p
    no:cacheprovider
    --hypothesis-seed=0
    -k
    not {" and not ".join(LEFT_OUT)}
"""
# A pytest.ini of its own keeps pytest from looking above the copy.
PYTEST = "[pytest]\naddopts = -p no:nbval -p no:xdist\n"
KILLED, SURVIVED = "killed", "survived"


def main() -> int:
    """Run mutmut over all mutants or a sample of them; print a table; return 1 if fewer than 90% were killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="try this many, drawn with a fixed seed; 0 tries all")
    parser.add_argument("--only", default="", help="only mutants whose name holds this text, for example dosing.dose")
    parser.add_argument("--jobs", type=int, default=1, help="mutants tried at once")
    parser.add_argument("--keep", action="store_true", help="go on with the results of the last run")
    options = parser.parse_args()
    if importlib.util.find_spec("mutmut") is None:
        print(f"mutmut is missing; install it with: {sys.executable} -m pip install mutmut==3.8.1")
        return 2
    if not options.keep:
        _fresh_copy()
    names = sorted(name for name in _mutants(options.jobs) if options.only in name)
    if options.sample:
        names = random.Random(SEED).sample(names, min(options.sample, len(names)))
    waiting = [name for name in names if name not in _results()]
    if waiting:
        _mutmut(*waiting, jobs=options.jobs)
    return _report(names)


def _fresh_copy() -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "bitebook", WORK / "src" / "bitebook", ignore=no_caches)
    shutil.copytree(ROOT / "data", WORK / "data")
    tests = WORK / "tests" / "unit"
    tests.mkdir(parents=True)
    (WORK / "tests" / "__init__.py").touch()
    for file in sorted((ROOT / "tests" / "unit").glob("*.py")):
        stem = file.stem.removeprefix("test_")
        if not file.stem.startswith("test_") or stem.startswith(TESTS):
            shutil.copy(file, tests)
    (WORK / "pytest.ini").write_text(PYTEST, encoding="utf-8")
    (WORK / "setup.cfg").write_text(SETTINGS, encoding="utf-8")


def _mutmut(*names: str, jobs: int) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs), *names]
    environment = {**os.environ, "FUZZ_CASES": "2000"}
    done = subprocess.run(
        command, cwd=WORK, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    (WORK / "mutmut.log").write_text(done.stdout, encoding="utf-8")
    if done.returncode != 0:
        raise SystemExit(f"mutmut failed, see {(WORK / 'mutmut.log').relative_to(ROOT)}:\n{done.stdout[-2000:]}")


def _metas() -> Iterable[dict[str, int | None]]:
    for file in sorted((WORK / "mutants").rglob("*.meta")):
        yield json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]


def _mutants(jobs: int) -> set[str]:
    """Return the names of all mutants; the first call has mutmut make them and try one."""
    found = {name for meta in _metas() for name in meta}
    if not found:
        _mutmut("bitebook.dosing.bsa.x__mosteller__mutmut_1", jobs=jobs)
        found = {name for meta in _metas() for name in meta}
    return found


def _results() -> dict[str, int]:
    return {name: code for meta in _metas() for name, code in meta.items() if code is not None}


def _module(name: str) -> str:
    return name.split(".")[1]


def _report(names: list[str]) -> int:
    codes = _results()
    outcome = {name: SURVIVED if codes.get(name) in (0, 33, 5) else KILLED for name in names if name in codes}
    counts = {part: Counter(what for name, what in outcome.items() if _module(name) == part) for part in MUTATED}
    print("| Module | Mutants | Killed | Survived | Killed, percent |\n|---|---|---|---|---|")
    for part, count in counts.items():
        if total := count.total():
            print(f"| {part} | {total} | {count[KILLED]} | {count[SURVIVED]} | {100 * count[KILLED] / total:.1f} |")
    killed, total = sum(count[KILLED] for count in counts.values()), len(outcome)
    for name in sorted(name for name, what in outcome.items() if what == SURVIVED):
        print(f"survived: {name}")
    print(f"{killed} of {total} tried were killed, {wilson_interval(events=killed, n=total)}; {len(names)} asked for")
    return 0 if killed >= 0.9 * total else 1


if __name__ == "__main__":
    sys.exit(main())
