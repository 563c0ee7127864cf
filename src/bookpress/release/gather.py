"""Collect a release in one folder: made aside, checked, and only then put in the place of the last one."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from bookpress.folders import files_in, put_in_place
from bookpress.links import Link
from bookpress.links.editions import all_links
from bookpress.links.outside import fault_of, listing
from bookpress.packs.archive import write_bytes, write_zip
from bookpress.release.about import About, ReleaseError
from bookpress.release.manifest import write_manifest, write_sums
from bookpress.release.versions import differing, stated_versions

FIRST_ZIP_YEAR = 1980


def make_release(root: Path, about: About) -> Path:
    """Check the built editions, copy them under the names of the release, and return its folder.

    Raises
    ------
    ReleaseError
        If an edition is missing, states another version, or holds a link that leads nowhere.
    """
    build = root / "_build"
    _check_versions(root, about)
    links = list(all_links(build))
    _check_links(links)
    aside = root / "dist.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    date = member_date(about.evidence)
    site = {file.relative_to(build / "html").as_posix(): file.read_bytes() for file in files_in(build / "html")}
    write_zip(aside / f"{about.stem}-site.zip", site, first=("index.html",), date=date)
    handouts = {file.name: file.read_bytes() for file in files_in(build / "pdf") if file.stem != about.book.slug}
    write_zip(aside / f"{about.stem}-handouts.zip", handouts, date=date)
    shutil.copyfile(build / "pdf" / f"{about.book.slug}.pdf", aside / f"{about.stem}.pdf")
    shutil.copyfile(build / "epub" / f"{about.book.slug}.epub", aside / f"{about.stem}.epub")
    for file in files_in(build / "packs"):
        name = "whole-book" if file.stem == about.book.slug else file.stem
        shutil.copyfile(file, aside / f"{about.stem}-pack-{name}.zip")
    write_bytes(aside / "external-links.csv", listing(links).encode("utf-8"))
    write_manifest(aside, about)
    write_sums(aside)
    for file in files_in(aside):
        file.chmod(0o644)
    return put_in_place(aside, root / "dist")


def member_date(evidence: datetime.date) -> tuple[int, int, int, int, int, int]:
    """Return the time for members of a zip: that of ``SOURCE_DATE_EPOCH``, or the day of the evidence.

    Raises
    ------
    ReleaseError
        If ``SOURCE_DATE_EPOCH`` is no number of seconds, or lies before 1980, which a zip cannot say.
    """
    asked = os.environ.get("SOURCE_DATE_EPOCH")
    if not asked:
        return (evidence.year, evidence.month, evidence.day, 0, 0, 0)
    try:
        moment = datetime.datetime.fromtimestamp(int(asked), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        raise ReleaseError(f"SOURCE_DATE_EPOCH must be a whole number of seconds since 1970, got {asked!r}") from None
    if moment.year < FIRST_ZIP_YEAR:
        raise ReleaseError(f"SOURCE_DATE_EPOCH must not lie before {FIRST_ZIP_YEAR}, got {moment:%Y-%m-%d}")
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)


def _check_versions(root: Path, about: About) -> None:
    build, slug = root / "_build", about.book.slug
    needed = ("html/index.html", f"pdf/{slug}.pdf", f"epub/{slug}.epub", f"packs/{slug}.zip")
    if missing := [name for name in needed if not (build / name).is_file()]:
        raise ReleaseError(f"not built: {', '.join(missing)}; `make release` builds them first")
    if wrong := differing(stated_versions(root)):
        raise ReleaseError("\n".join([f"the release is {about.book.version}, but:", *wrong]))


def _check_links(links: Sequence[Link]) -> None:
    faults = [str(link) for link in links if link.fault]
    faults += [f"{link.place}: {link.address} {fault_of(link.address)}" for link in links if _is_malformed(link)]
    if faults:
        raise ReleaseError("\n".join(["links that lead nowhere:", *faults]))


def _is_malformed(link: Link) -> bool:
    return link.outside and bool(fault_of(link.address))
