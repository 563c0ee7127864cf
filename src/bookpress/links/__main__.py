"""``python -m bookpress.links``: write the list of addresses outside, and name every link that leads nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

from bookpress.links.editions import all_links
from bookpress.links.outside import fault_of, listing
from bookpress.packs.archive import write_bytes

LIST = Path("docs", "external-links.csv")


def main() -> int:
    """Run the command and return its exit code."""
    build = Path.cwd() / "_build"
    if not (build / "html" / "index.html").is_file():
        print("links: no built book in _build: run `make book` first", file=sys.stderr)
        return 1
    links = list(all_links(build))
    faults = [str(link) for link in links if link.fault]
    outside = sorted({link.address for link in links if link.outside})
    faults += [f"{address}: {fault_of(address)}" for address in outside if fault_of(address)]
    write_bytes(LIST, listing(links).encode("utf-8"))
    print(f"links: {len(links)} followed, {len(outside)} addresses outside, listed in {LIST.as_posix()}")
    for fault in faults:
        print(f"links: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
