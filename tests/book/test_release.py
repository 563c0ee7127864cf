"""A release made from the built book: complete, checked, the same bytes again, and the same version everywhere."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bookpress.packs.job import load_job
from bookpress.packs.pack import make_packs
from bookpress.release.about import About, ReleaseError, about_release
from bookpress.release.gather import make_release
from bookpress.release.versions import differing, stated_versions

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "01-childhood-b-all"
SOURCES = ("chapters", "data", "src", "requirements.txt")
VERSIONED = ("CITATION.cff", "pyproject.toml", "_config.yml")
pytestmark = [pytest.mark.book, pytest.mark.skipif(not (ROOT / "_build" / "html").is_dir(), reason="run `make book`")]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sources and the built editions of this one, and the packs of one chapter."""
    folder = tmp_path_factory.mktemp("house")
    for name in SOURCES:
        (folder / name).symlink_to(ROOT / name)
    for name in VERSIONED:
        shutil.copy(ROOT / name, folder / name)
    for name in ("html", "pdf", "epub"):
        shutil.copytree(ROOT / "_build" / name, folder / "_build" / name)
    job = load_job(ROOT)
    papers = tuple(paper for paper in job.papers if paper.chapter == CHAPTER)
    make_packs(replace(job, root=folder, build=folder / "_build", papers=papers), workers=1)
    return folder


@pytest.fixture(scope="module")
def about(house: Path) -> About:
    return about_release(house, load_job(ROOT).book)


@pytest.fixture(scope="module")
def dist(house: Path, about: About) -> Path:
    with pytest.MonkeyPatch.context() as alone:  # a build within another test may have set it
        alone.delenv("SOURCE_DATE_EPOCH", raising=False)
        return make_release(house, about)


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_a_release_holds_every_edition(dist: Path, about: About) -> None:
    stem = f"bitebook-{about.book.version}"
    ends = ("-site.zip", "-handouts.zip", ".pdf", ".epub", f"-pack-{CHAPTER}.zip", "-pack-whole-book.zip")
    assert set(hashes(dist)) == {f"{stem}{end}" for end in ends} | {"external-links.csv", "release.json", "SHA256SUMS"}


def test_sums_and_manifest_are_true(dist: Path, about: About) -> None:
    known = hashes(dist)
    sums = dict(line.split("  ")[::-1] for line in (dist / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    assert sums == {name: value for name, value in known.items() if name != "SHA256SUMS"}
    table = json.loads((dist / "release.json").read_text(encoding="utf-8"))
    assert {file["name"]: file["sha256"] for file in table["files"]} == {
        name: value for name, value in known.items() if name not in ("SHA256SUMS", "release.json")
    }
    assert all((dist / file["name"]).stat().st_size == file["bytes"] for file in table["files"])
    assert table["commit"] is None and table["sources"].startswith("no git")
    assert table["evidence"] == about.evidence.isoformat()
    assert any(pin.startswith("jupyter-book==") for pin in table["packages"])
    assert str(ROOT) not in json.dumps(table) and str(dist.parent) not in json.dumps(table)


def test_the_site_has_its_index_at_the_root_and_one_date(dist: Path, about: About) -> None:
    with zipfile.ZipFile(dist / f"{about.stem}-site.zip") as archive:
        members = archive.infolist()
        assert archive.read("index.html") == (dist.parent / "_build" / "html" / "index.html").read_bytes()
    names = [member.filename for member in members]
    assert names[0] == "index.html" and names[1:] == sorted(names[1:])
    built = dist.parent / "_build" / "html"
    assert set(names) == {file.relative_to(built).as_posix() for file in built.rglob("*") if file.is_file()}
    day = (about.evidence.year, about.evidence.month, about.evidence.day, 0, 0, 0)
    assert {(member.date_time, member.external_attr >> 16) for member in members} == {(day, 0o644)}


def test_made_again_with_other_clocks_and_rights_it_is_the_same(
    house: Path, about: About, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hashes(dist)
    for place, file in enumerate(sorted((house / "_build").rglob("*"))):
        os.utime(file, (place, datetime.datetime(2031, 1, 1).timestamp() + place))
        if file.is_file():
            file.chmod(0o600)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert hashes(make_release(house, about)) == before


def test_every_edition_states_the_same_version(house: Path) -> None:
    found = stated_versions(house)
    assert differing(found) == []
    rooms = {place.partition("/")[0] for place in found if "/" in place}
    assert rooms == {"html", "pdf", "epub", "packs"}
    chapters = {file.stem for file in (ROOT / "chapters").glob("[0-9][0-9]-*.md")}
    assert {f"html/{name}.html" for name in ("index", *chapters)} <= set(found)
    assert {f"pdf/{name}.pdf ({where})" for name in ("bitebook", *chapters) for where in ("page", "metadata")} <= set(
        found
    )
    assert {"epub/bitebook.epub (metadata)", "epub/bitebook.epub (title page)"} <= set(found)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## Unreleased: {found['CITATION.cff']}\n" in changelog or f"## {found['CITATION.cff']}" in changelog


def test_an_edition_left_behind_stops_the_release(house: Path, about: About, dist: Path) -> None:
    before = hashes(dist)
    cff = house / "CITATION.cff"
    good = cff.read_text(encoding="utf-8")
    cff.write_text(good.replace(f"version: {about.book.version}", "version: 9.9.9"), encoding="utf-8")
    try:
        with pytest.raises(ReleaseError, match=r"(?s)epub/bitebook.epub \(metadata\) says.*packs/"):
            make_release(house, about)
    finally:
        cff.write_text(good, encoding="utf-8")
    assert hashes(dist) == before


def test_a_dead_link_stops_the_release(house: Path, about: About, dist: Path) -> None:
    before = hashes(dist)
    page = house / "_build" / "html" / "about.html"
    good = page.read_bytes()
    page.write_bytes(good.replace(b"</article>", b'<a href="index.html#gone">x</a></article>'))
    try:
        with pytest.raises(ReleaseError, match=r"about.html: index.html#gone: index.html has no such anchor"):
            make_release(house, about)
    finally:
        page.write_bytes(good)
    assert hashes(dist) == before


def test_a_missing_edition_is_named(tmp_path: Path, about: About) -> None:
    with pytest.raises(ReleaseError, match=r"not built: html/index.html, pdf/bitebook.pdf"):
        make_release(tmp_path, about)
