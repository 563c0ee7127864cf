"""The set-up finds what the tests need, installs it where it may, and says in plain words what will be skipped."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest

from bookpress import bootstrap


class Machine:
    """A machine with some programs, on which one may be root and install others."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, has: set[str], root: bool, installs: str = "") -> None:
        self.ran: list[list[str]] = []
        self.has = has

        def run(command: list[str], **_options: object) -> SimpleNamespace:
            self.ran.append(command)
            if command[:2] == ["apt-get", "install"] and installs:
                self.has.add(installs)
            found = command[0] == "apt-get" or command[0] in self.has
            return SimpleNamespace(returncode=0 if found else 1)

        monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}" if name in self.has else None)
        monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(bootstrap.subprocess, "run", run)
        monkeypatch.delenv("CI", raising=False)

    @property
    def installed(self) -> list[str]:
        return [word for command in self.ran if command[:2] == ["apt-get", "install"] for word in command[2:]]


def test_java_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(monkeypatch, has={"java", "apt-get"}, root=True)
    bootstrap.java()
    assert machine.ran == [["java", "-version"]]
    assert capsys.readouterr().out == ""


def test_root_on_debian_gets_java(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(monkeypatch, has={"apt-get"}, root=True, installs="java")
    bootstrap.java()
    assert "default-jre-headless" in machine.installed
    assert "skipped" not in capsys.readouterr().out


@pytest.mark.parametrize("has", [{"apt-get"}, set()])
def test_without_java_the_test_is_said_to_be_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], has: set[str]
) -> None:
    machine = Machine(monkeypatch, has=has, root=False)
    bootstrap.java()
    assert machine.installed == []
    assert "the EPUBCheck test is skipped (install a Java runtime for it)" in capsys.readouterr().out


def test_in_ci_a_missing_java_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, has=set(), root=False)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="EPUBCheck test is skipped"):
        bootstrap.java()


def test_a_java_that_does_not_start_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, has={"java"}, root=False)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_a, **_k: SimpleNamespace(returncode=1))
    assert not bootstrap.java_runs()


def test_an_old_python_can_read_it() -> None:
    """It must parse on a Python that is too old for the book, to say so."""
    source = Path(bootstrap.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 5))
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.NamedExpr))]
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"hashlib", "os", "shutil", "subprocess", "sys", "venv"}
