"""Faults that happen to files: copies that break off, editors that change the encoding, links that go in circles.

``FAULTS=all`` (``make faults``) tries every fault on every file where the ordinary test takes turns.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

ALL = os.environ.get("FAULTS") == "all"
LONG = 10 * 1024 * 1024
Fault = Callable[[Path], None]


def _bytes(change: Callable[[bytes], bytes]) -> Fault:
    def apply(path: Path) -> None:
        raw = path.read_bytes()
        changed = change(raw)
        assert changed != raw, "the fault changes nothing"
        path.write_bytes(changed)

    return apply


def _middle(raw: bytes, added: bytes) -> bytes:
    """Put bytes behind a plain letter near the middle, never into a sign of several bytes."""
    place = len(raw) // 2
    while not raw[place - 1 : place].isalnum():
        place += 1
    return raw[:place] + added + raw[place:]


def _cut(raw: bytes) -> bytes:
    """Break a file off in the middle of a line, as a full disk does."""
    place = len(raw) * 2 // 3
    while raw[place - 1 : place] == b"\n" or raw[place : place + 1] == b"\n":
        place += 1
    return raw[:place]


def _link(target: str) -> Fault:
    def apply(path: Path) -> None:
        path.unlink()
        path.symlink_to(path.name if target == "itself" else target)

    return apply


def _loop(path: Path) -> None:
    """Two links that point at each other."""
    other = path.with_name(path.name + ".link")
    path.unlink()
    other.symlink_to(path.name)
    path.symlink_to(other.name)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


#: By name: how a file is damaged. None of these can be read as what it was.
FAULTS: dict[str, Fault] = {
    "cut off": _bytes(_cut),
    "latin-1": _bytes(lambda raw: _middle(raw, b"\xe9")),
    "utf-16": _bytes(lambda raw: raw.decode("utf-8").encode("utf-16")),
    "byte order mark": _bytes(lambda raw: b"\xef\xbb\xbf" + raw),
    "nul": _bytes(lambda raw: _middle(raw, b"\0")),
    "long line": _bytes(lambda raw: _middle(raw, b"x" * LONG)),
    "empty": lambda path: path.write_bytes(b"") and None,
    "missing": Path.unlink,
    "links in a circle": _loop,
    "link to itself": _link("itself"),
    "link to nothing": _link("nowhere"),
    "folder": _folder,
}
#: Line ends of another system: refused in the evidence, whose bytes are published; without effect in what is only read.
CRLF: Fault = _bytes(lambda raw: raw.replace(b"\n", b"\r\n"))


def turns(files: list[str], faults: list[str]) -> list[dict[str, str]]:
    """Return rounds in which every file has one fault, so that after all rounds each had each.

    Examples
    --------
    >>> turns(["a", "b"], ["x", "y"])
    [{'a': 'x', 'b': 'y'}, {'a': 'y', 'b': 'x'}]
    """
    return [
        {file: faults[(place + start) % len(faults)] for place, file in enumerate(files)}
        for start in range(len(faults))
    ]


def copied(source: Path, target: Path, *patterns: str) -> Path:
    """Copy files of a folder into a new one and return it."""
    target.mkdir(parents=True)
    for pattern in patterns:
        for file in sorted(source.glob(pattern)):
            shutil.copy(file, target)
    return target


def one_line(text: str) -> bool:
    """Tell whether a message is one readable line that ends in what to do."""
    return "\n" not in text and "Traceback" not in text and 25 < len(text) < 700
