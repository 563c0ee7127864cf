"""What all measurements share: a line with its bar, and a command measured by the clock, the processor, and memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bookpress.server.client import MINUTES

ROOT = Path(__file__).resolve().parents[1]
SCRATCH = ROOT / "_build" / "bench"


def rounds() -> int:
    """Return how often each side is measured: five times, or as often as BENCH_ROUNDS says."""
    return max(1, int(os.environ.get("BENCH_ROUNDS", "5")))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. Without a value it says why there is none, and misses no bar; some have none."""

    name: str
    value: float | None
    bar: float | None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return pass, MISSED, no bar, or not measured."""
        if self.value is None:
            return "not measured"
        if self.bar is None:
            return "no bar"
        met = self.value >= self.bar if self.at_least else self.value <= self.bar
        return "pass" if met else "MISSED"

    def shown(self) -> str:
        """Return the line as text."""
        value = "-" if self.value is None else f"{self.value:.3g}"
        bar = "" if self.bar is None else f"{'>=' if self.at_least else '<='} {self.bar:g}"
        return f"{self.name:<52} {value:>8}  {bar:<9} {self.verdict:<13} {self.note}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    wall_s: float
    cpu_s: float
    peak_mb: float = 0.0
    """Of the largest of its processes."""


def cost(command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command, and all that it starts, and measure it; a failure stops the benchmark with its last words.

    A build leaves no server unless `env` asks for one: all that a command started is waited for.
    """
    whole = {**os.environ, MINUTES: "0", **(env or {})}
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "took.json"
        watched = [sys.executable, str(Path(__file__).with_name("watched.py")), str(told), *command]
        done = subprocess.run(watched, cwd=cwd, env=whole, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return Cost(**json.loads(told.read_text(encoding="utf-8")))


def alternate(*sides: Callable[[], Cost]) -> list[list[Cost]]:
    """Measure all sides in turn, round after round, so that a slow minute of the machine meets each of them."""
    measured: list[list[Cost]] = [[] for _ in sides]
    for _ in range(rounds()):
        for place, side in enumerate(sides):
            measured[place].append(side())
    return measured


def wall(costs: Sequence[Cost]) -> float:
    """Return the median of the time by the clock."""
    return statistics.median(one.wall_s for one in costs)


def cpu(costs: Sequence[Cost]) -> float:
    """Return the median of the time of the processor, which other programs disturb less."""
    return statistics.median(one.cpu_s for one in costs)


def against(one: Sequence[Cost], other: Sequence[Cost]) -> str:
    """Return both sides in seconds, by the clock and by the processor, with the ratio of the latter."""
    ratio = cpu(one) / cpu(other)
    return f"{wall(one):.1f} s / {wall(other):.1f} s; processor {cpu(one):.1f} s / {cpu(other):.1f} s = {ratio:.3f}"
