"""How much memory there is for a server: of the machine, or of the container that this process runs in."""

from __future__ import annotations

from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")
# Limit, use, and how the part of the use is called that is given back when it is needed: of version 2, of version 1.
TOLD = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"),
)


def free_bytes(cgroup: Path = CGROUP) -> int:
    """Return how many bytes can still be had without swapping."""
    free = [psutil.virtual_memory().available]
    for limit, used, parts, spare in TOLD:
        try:
            most, now = (int((cgroup / name).read_text(encoding="ascii")) for name in (limit, used))
            told = dict(line.split() for line in (cgroup / parts).read_text(encoding="ascii").splitlines())
            free.append(most - now + int(told.get(spare, 0)))
        except (OSError, ValueError):  # no such file, or "max": there is no limit
            continue
    return min(free)
