"""What is released: version, commit, day of the evidence, Python, and the pinned packages."""

from __future__ import annotations

import datetime
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from bookpress.packs.book import BookInfo


class ReleaseError(RuntimeError):
    """The release cannot be made; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Commit:
    """The state of the sources: `name` is None without git, `state` says in words what that means."""

    name: str | None
    state: str


@dataclass(frozen=True, slots=True)
class About:
    """The facts of one release."""

    book: BookInfo
    commit: Commit
    evidence: datetime.date
    python: str
    packages: tuple[str, ...]

    @property
    def stem(self) -> str:
        """How every file of the release begins."""
        return f"{self.book.slug}-{self.book.version}"


def about_release(root: Path, book: BookInfo) -> About:
    """Collect the facts of a release of the sources at `root`."""
    return About(
        book=book,
        commit=commit_of(root),
        evidence=evidence_day(root / "chapters"),
        python=platform.python_version(),
        packages=pinned(root / "requirements.txt"),
    )


def commit_of(root: Path) -> Commit:
    """Ask git which commit the sources are, and whether they differ from it."""
    try:
        top = _git(root, "rev-parse", "--show-toplevel").strip()
        if Path(top).resolve() != root.resolve():  # a folder within somebody else's repository
            return Commit(None, "no git: made from a copy without history")
        name = _git(root, "rev-parse", "HEAD").strip()
        changed = [line for line in _git(root, "status", "--porcelain").splitlines() if line.strip()]
    except (OSError, subprocess.CalledProcessError):
        return Commit(None, "no git: made from a copy without history")
    if changed:
        count = f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
        return Commit(name, f"dirty: {count} changed or not yet committed; this commit alone does not give these bytes")
    return Commit(name, "clean: made from this commit alone")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def evidence_day(chapters: Path) -> datetime.date:
    """Return the day up to which the evidence was read: the latest of the chapters' front matter.

    Raises
    ------
    ReleaseError
        If no chapter says it.
    """
    days = []
    for file in sorted(chapters.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        front = yaml.safe_load(text[4:].split("\n---", 1)[0]) if text.startswith("---\n") else {}
        if isinstance(front, dict) and "evidence_cutoff" in front:
            days.append(datetime.date.fromisoformat(str(front["evidence_cutoff"])))
    if not days:
        raise ReleaseError(
            f"no chapter in {chapters.name} has evidence_cutoff in its front matter: add it (YYYY-MM-DD)"
        )
    return max(days)


def pinned(requirements: Path) -> tuple[str, ...]:
    """Return every pin in the form of PEP 508, with its condition; a package may have one for each Python."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return tuple(sorted(str(Requirement(line.rstrip("\\ "))) for line in lines if line[:1].isalnum()))
