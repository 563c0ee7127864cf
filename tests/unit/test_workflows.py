"""The workflows run the commands of the README, with the least rights, and nothing of unknown origin."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
OURS_OR_GITHUB_S = re.compile(r"actions/[\w-]+@(v\d+|[0-9a-f]{40})|\./\.github/workflows/test\.yml")
# What may write, and what that job must not do: run code of the book.
WRITES = {("publish", "deploy"): {"pages", "id-token"}, ("release", "attach"): {"contents"}}


def load(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    return job.get("steps", [])


def test_there_are_three() -> None:
    assert [file.stem for file in FILES] == ["publish", "release", "test"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rights_are_the_least(file: Path) -> None:
    flow = load(file)
    assert flow["permissions"] == {"contents": "read"}
    for name, job in flow["jobs"].items():
        writes = {right for right, level in job.get("permissions", {}).items() if level != "read"}
        assert writes == WRITES.get((flow["name"], name), set()), name
        if writes:
            told = " ".join(step.get("run", "") for step in steps(job))
            assert "make" not in told.split() and not any("checkout" in step.get("uses", "") for step in steps(job))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_github_s_own_and_pinned(file: Path) -> None:
    for job in load(file)["jobs"].values():
        for used in [job.get("uses"), *(step.get("uses") for step in steps(job))]:
            assert used is None or re.fullmatch(
                r"actions/[\w-]+@(v\d+|[0-9a-f]{40})|\./\.github/workflows/test\.yml", used
            )
        for step in steps(job):
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_commands_are_those_of_the_makefile(file: Path) -> None:
    for job in load(file)["jobs"].values():
        for step in steps(job):
            for target in re.findall(r"\bmake (\S+)", step.get("run", "")):
                assert target in TARGETS
            # A tag or a branch name is the text of a stranger: it may come in through the environment alone.
            assert "${{" not in step.get("run", "")


def test_every_handed_out_edition_was_tested_first() -> None:
    for name in ("publish", "release"):
        jobs = load(ROOT / ".github" / "workflows" / f"{name}.yml")["jobs"]
        assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
        for other in jobs:
            need, seen = other, []
            while need != "test":
                seen.append(need)
                need = jobs[need]["needs"]
                assert need not in seen
    test = load(ROOT / ".github" / "workflows" / "test.yml")
    assert [step["run"] for step in steps(test["jobs"]["test"]) if "run" in step] == ["make test"]
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("exec make test")
