"""A release says honestly what it was made from, and its hashes are those that other programs compute."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bookpress.packs.book import BookInfo
from bookpress.release.about import About, Commit, ReleaseError, commit_of, evidence_day, pinned
from bookpress.release.gather import member_date
from bookpress.release.manifest import write_manifest, write_sums
from bookpress.release.versions import differing, stated_versions

ROOT = Path(__file__).resolve().parents[2]
BOOK = BookInfo(
    slug="book", title="A book", version="1.2.3", released=datetime.date(2026, 1, 2), language="en", notice="Notice.",
    license="CC BY 4.0.", license_url="https://example.org/", data_license="CC0-1.0", authors="A", mark_note="Mark.",
)  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("no git found")
    git(tmp_path, "init", "-q")
    (tmp_path / "a.txt").write_text("1", encoding="utf-8")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def test_a_clean_commit_is_named(repository: Path) -> None:
    found = commit_of(repository)
    assert found.name == git(repository, "rev-parse", "HEAD")
    assert found.state == "clean: made from this commit alone"


@pytest.mark.parametrize("name", ["a.txt", "new.txt"])
def test_a_changed_or_new_file_is_told(repository: Path, name: str) -> None:
    (repository / name).write_text("2", encoding="utf-8")
    assert commit_of(repository).state.startswith("dirty: 1 file changed or not yet committed")


def test_a_copy_without_history_says_so(repository: Path) -> None:
    inner = repository / "copy"
    inner.mkdir()
    assert commit_of(inner) == Commit(None, "no git: made from a copy without history")
    shutil.rmtree(repository / ".git")
    assert commit_of(repository).name is None


def test_the_day_of_the_evidence_is_the_latest(tmp_path: Path) -> None:
    for name, day in (("a", "2026-01-31"), ("b", "2026-06-30")):
        (tmp_path / f"{name}.md").write_text(f'---\nevidence_cutoff: "{day}"\n---\n# T\n', encoding="utf-8")
    (tmp_path / "c.md").write_text("# No front matter\n", encoding="utf-8")
    assert evidence_day(tmp_path) == datetime.date(2026, 6, 30)
    (tmp_path / "a.md").unlink()
    (tmp_path / "b.md").unlink()
    with pytest.raises(ReleaseError, match="evidence_cutoff"):
        evidence_day(tmp_path)


def test_members_carry_the_day_of_the_evidence_or_the_asked_second(monkeypatch: pytest.MonkeyPatch) -> None:
    day = datetime.date(2026, 6, 30)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert member_date(day) == (2026, 6, 30, 0, 0, 0)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225661")
    assert member_date(day) == (2026, 1, 1, 0, 1, 1)
    for wrong in ("yesterday", "3", "1e99"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(ReleaseError, match="SOURCE_DATE_EPOCH"):
            member_date(day)


def test_every_pin_is_listed_with_its_condition(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    lines = ['b==2.0 ; sys_platform == "win32" \\', "    --hash=sha256:00", "    # via a", "a==1.0.post1 \\"]
    file.write_text("\n".join([*lines, "    --hash=sha256:11", ""]), encoding="utf-8")
    assert pinned(file) == ("a==1.0.post1", 'b==2.0; sys_platform == "win32"')
    count = sum(line[:1].isalnum() for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    assert len(pinned(ROOT / "requirements.txt")) == count > 100


def test_manifest_and_sums(tmp_path: Path) -> None:
    (tmp_path / "book-1.2.3.pdf").write_bytes(b"abc")
    about = About(BOOK, Commit("c0ffee", "clean"), datetime.date(2026, 6, 30), "3.11.7", ("numpy==2.0",))
    table = json.loads(write_manifest(tmp_path, about).read_text(encoding="utf-8"))
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180: SHA-256 of "abc"
    assert table["files"] == [{"name": "book-1.2.3.pdf", "bytes": 3, "sha256": known}]
    assert (table["version"], table["commit"], table["evidence"]) == ("1.2.3", "c0ffee", "2026-06-30")
    sums = write_sums(tmp_path).read_text(encoding="ascii")
    assert sums.startswith(f"{known}  book-1.2.3.pdf\n") and sums.endswith("  release.json\n")
    if program := shutil.which("sha256sum"):
        subprocess.run([program, "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_the_sources_state_one_version() -> None:
    found = {place: said for place, said in stated_versions(ROOT).items() if "/" not in place}
    assert len(found) == 4
    assert differing(found) == []


@pytest.mark.parametrize("file", ["pyproject.toml", "_config.yml"])
def test_a_version_left_behind_is_named(tmp_path: Path, file: str) -> None:
    for name in ("CITATION.cff", "pyproject.toml", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path)
    version = stated_versions(tmp_path)["CITATION.cff"]
    text = (tmp_path / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(text.replace(f'"{version}"', '"9.9.9"'), encoding="utf-8")
    assert any(line.startswith(file) and line.endswith("9.9.9") for line in differing(stated_versions(tmp_path)))
