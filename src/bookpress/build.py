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
    for step in settings.before_build:
        print(f"{step.name} ...", flush=True)
        if subprocess.run([sys.executable, *step.command], cwd=settings.root, check=False).returncode != 0:
            raise BuildError(step.advice)
    _execute(settings)
    name = "draft" if draft else edition
    work = settings.build / ".work" / name
    if fresh:  # as in a new checkout: nothing of an earlier build stays behind
        shutil.rmtree(work, ignore_errors=True)
    builders = [builder for builder in settings.builders if builder.name == "html" or not draft]
    for builder in builders:
        _run_sphinx(settings, work, builder, strict=not draft)
    # Only now, with every edition made, does the first of the old ones give way.
    suffix = "" if name == "reader" else f"-{name}"
    targets = {builder.name: settings.build / (builder.folder + suffix) for builder in builders}
    for builder in builders:
        _put_in_place(work / "_build" / builder.name, targets[builder.name], keep=builder.keep)
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


def _put_in_place(made: Path, target: Path, *, keep: str = "*") -> None:
    """Swap the new edition in with two renames, so that no moment shows half a book.

    `keep` names what of the top folder is the edition; the rest is scaffolding.
    """
    fresh, old = target.with_name(target.name + ".new"), target.with_name(target.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    hidden = shutil.ignore_patterns(".buildinfo*", ".doctrees")

    def ignored(folder: str, names: list[str]) -> set[str]:
        scaffolding = [name for name in names if Path(folder) == made and not fnmatch(name, keep)]
        return {*hidden(folder, names), *scaffolding}

    shutil.copytree(made, fresh, ignore=ignored)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
