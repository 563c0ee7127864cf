"""`make test`: run every step of the proof, in order, and end with one line that says what to do."""

from __future__ import annotations

import subprocess
import sys
import time

from bookpress.settings import Settings, Step


def run_tests(settings: Settings, *, only: str | None = None) -> int:
    """Run the steps named in the settings and return 0 if all passed; a failed step does not stop the others."""
    steps = [step for step in settings.tests if only is None or only in step.name]
    failed: list[Step] = []
    for number, step in enumerate(steps, start=1):
        print(f"\n[{number} of {len(steps)}] {step.name}: {' '.join(step.command)}", flush=True)
        started = time.monotonic()
        code = subprocess.run([sys.executable, *step.command], cwd=settings.root, check=False).returncode
        if code != 0:
            failed.append(step)
        print(f"    {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    for step in failed:
        print(f"{step.name} failed: {step.advice}", file=sys.stderr)
    print(f"steps: {len(steps) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
