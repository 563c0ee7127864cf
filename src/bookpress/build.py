"""`make book`: check the data, run the chapters, build the edition aside, and only then put it in place.

A build that fails leaves the last good edition untouched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

from bookpress import preflight
from bookpress.execute import ChapterError, execute_missing
from bookpress.fingerprint import cache_folder
from bookpress.settings import Builder, Settings

# One clock, one locale, one hash seed: the same sources give the same bytes everywhere.
STEADY = {
    "SOURCE_DATE_EPOCH": "1767225600",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
NOISE = re.compile(r"Kernel is running over TCP without encryption|^\s*$")


class BuildError(RuntimeError):
    """The build stopped; the text is the one line that says what to do."""


def build_book(settings: Settings, *, edition: str = "reader", draft: bool = False, fresh: bool = False) -> Path:
    """Build every edition and return the folder of the web pages.

    A draft makes the web pages only; it shows warnings, but does not fail because of them.

    Raises
    ------
    BuildError
        With one line of advice; the findings were printed before it.
    """
    started = time.monotonic()
    os.environ.update(STEADY)
    os.environ["BOOKPRESS_EDITION"] = edition
    if faults := list(preflight.problems(settings)):
        print("\n".join(faults), file=sys.stderr)
        raise BuildError("a source file has faults: mend each line above, then run `make book` again")
    for step in settings.before_build:
        print(f"{step.name} ...", flush=True)
        if subprocess.run([sys.executable, *step.command], cwd=settings.root, check=False).returncode != 0:
            raise BuildError(step.advice)
    _execute(settings)
    name = "draft" if draft else edition
    suffix = "" if name == "reader" else f"-{name}"
    builders = [builder for builder in settings.builders if builder.name == "html" or not draft]
    targets = {builder.name: settings.build / (builder.folder + suffix) for builder in builders}
    _tidy_up(list(targets.values()))
    work = settings.build / ".work" / name
    if fresh:  # an incremental search index orders its words in another way
        shutil.rmtree(work, ignore_errors=True)
    for builder in builders:
        _run_sphinx(settings, work, builder, strict=not draft)
    for builder in builders:
        _set_aside(work / "_build" / builder.name, targets[builder.name], keep=builder.keep)
    # Only now, with every edition made and copied, does the first of the old ones give way.
    _swap(list(targets.values()))
    target = targets["html"]
    pages = len(list(target.rglob("*.html")))
    print(f"built {pages} pages in {time.monotonic() - started:.0f} s")
    print(f"open {(target / 'index.html').relative_to(settings.root)} by double click; no network is needed")
    return target


def _execute(settings: Settings) -> None:
    try:
        execute_missing(
            chapters=settings.chapters,
            cache_dir=cache_folder(settings.root, settings.cell_inputs),
            timeout_s=settings.cell_timeout_s,
        )
    except ChapterError as error:
        print(error, file=sys.stderr)
        raise BuildError("a cell failed: mend the chapter named above, then run `make book` again") from error


def _run_sphinx(settings: Settings, work: Path, builder: Builder, *, strict: bool) -> None:
    """Run Jupyter Book. After a failed run start afresh: an incremental one would forget its warnings.

    All builders of an edition share one folder of doctrees, so that only the first of them reads the chapters.
    """
    unfinished = work / "unfinished"
    if unfinished.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    command = [
        *(str(Path(sys.executable).with_name("jupyter-book")), "build", str(settings.chapters)),
        *("--config", str(settings.root / "_config.yml"), "--toc", str(settings.root / "_toc.yml")),
        *("--path-output", str(work), "-n", "--keep-going", *(["-W"] if strict else [])),
        *([] if builder.name == "html" else ["--builder", "custom", "--custom-builder", builder.name]),
    ]
    log: list[str] = []
    process = subprocess.Popen(
        command, cwd=settings.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    for line in process.stdout:
        line = line.rstrip()
        log.append(line)
        if not NOISE.search(line) and re.search(r"WARNING|ERROR|Exception|^(reading|writing|build)", line):
            print(f"  {line}", flush=True)
    name = f"build-{builder.name}.log"
    (settings.build / name).write_text("\n".join(log) + "\n", encoding="utf-8")
    if process.wait() != 0:
        raise BuildError(
            f"the {builder.folder} edition was not built: mend the warnings above (each names file and line), then run "
            f"`make book` again; the whole log is _build/{name} and the last good edition is untouched"
        )
    unfinished.unlink()


def _set_aside(made: Path, target: Path, *, keep: str = "*") -> None:
    """Copy a new edition beside the old one, as ``<target>.new``.

    `keep` names what of the top folder is the edition; the rest is scaffolding.
    """
    hidden = shutil.ignore_patterns(".buildinfo*", ".doctrees")

    def ignored(folder: str, names: list[str]) -> set[str]:
        scaffolding = [name for name in names if Path(folder) == made and not fnmatch(name, keep)]
        return {*hidden(folder, names), *scaffolding}

    shutil.copytree(made, _new(target), ignore=ignored)


def _swap(targets: list[Path]) -> None:
    """Let all new editions take the places of the old ones, by renaming alone; all of them do, or none does."""
    try:
        for target in targets:
            if target.exists():
                target.rename(_old(target))
            _new(target).rename(target)
    except OSError:
        _tidy_up(targets)
        raise
    _tidy_up(targets)


def _tidy_up(targets: list[Path]) -> None:
    """Leave editions that belong together, and nothing beside them; the first thing a build does, and the last.

    Old and new ones stand side by side only in the middle of a swap. A build that was killed there may have renewed
    some editions and not others: then the old ones, which are complete, come back.
    """
    if any(_old(target).exists() for target in targets) and any(_new(target).exists() for target in targets):
        for target in targets:
            if _old(target).exists():
                if target.exists():
                    target.rename(_new(target))
                _old(target).rename(target)
    for target in targets:
        for leftover in (_old(target), _new(target)):
            shutil.rmtree(leftover, ignore_errors=True)


def _new(target: Path) -> Path:
    return target.with_name(target.name + ".new")


def _old(target: Path) -> Path:
    return target.with_name(target.name + ".old")
