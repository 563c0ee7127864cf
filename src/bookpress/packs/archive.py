"""Zip files whose bytes depend on their content alone, written whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

STEADY_DATE = (2026, 1, 1, 0, 0, 0)
STORED = (".png", ".woff2", ".zip", ".apkg", ".imscc", ".pptx", ".epub")


def safe_name(name: str) -> str:
    """Return a member's name if it stays within the folder it is unpacked into.

    Raises
    ------
    ValueError
        If the name is absolute, climbs out with "..", or holds a backslash, a colon, or an empty part.

    Examples
    --------
    >>> safe_name("figures/plateau.svg")
    'figures/plateau.svg'
    """
    path = PurePosixPath(name)
    parts = name.split("/")
    if path.is_absolute() or any(part in ("", ".", "..") for part in parts) or set(name) & set("\\:\0"):
        raise ValueError(f"the member {name!r} of a zip must be a relative path that stays within its folder")
    return name


def write_zip(
    path: Path,
    members: Mapping[str, bytes],
    *,
    first: tuple[str, ...] = (),
    date: tuple[int, int, int, int, int, int] = STEADY_DATE,
) -> Path:
    """Write a zip with fixed dates and sorted members, and return its path.

    Parameters
    ----------
    path
        Where the file goes; an older one gives way only when the new one is complete.
    members
        Content by name.
    first
        Names that must stand first, in this order; the rest follow in alphabetic order.
    date
        The time that every member carries.
    """
    order = [*first, *sorted(name for name in members if name not in first)]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name in order:
            info = zipfile.ZipInfo(safe_name(name), date_time=date)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name], compresslevel=9)
    return unfinished.replace(path)


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_bytes(content)
    return unfinished.replace(path)


def zip_again(path: Path, *, first: tuple[str, ...] = ()) -> Path:
    """Pack a zip made by another program anew, so that its bytes no longer hold the time of day."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return write_zip(path, members, first=first)
