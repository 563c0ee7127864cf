"""`make book`: check the data, run the chapters, build the edition aside, and only then put it in place.

A build that fails leaves the last good edition untouched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from fnmatch import fnmatch
from pathlib import Path

from bookpress import runs
from bookpress.fingerprint import cache_folder, files_of
from bookpress.settings import Builder, Settings, Step
from bookpress.unchanged import Inputs, LastBuild, outside_of, read_inputs, reads_elsewhere

# One clock, one locale, one hash seed: the same sources give the same bytes everywhere.
STEADY = {
    "SOURCE_DATE_EPOCH": "1767225600",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
UNFINISHED = "unfinished"


class BuildError(RuntimeError):
    """The build stopped; the text is the one line that says what to do."""


class OutdatedError(RuntimeError):
    """Nothing was built: this program was loaded from files that are not what they were."""


def build_book(
    settings: Settings,
    *,
    edition: str = "reader",
    draft: bool = False,
    fresh: bool = False,
    loaded_from: str | None = None,
) -> Path:
    """Build every edition and return the folder of the web pages.

    A draft makes the web pages only; it shows warnings, but does not fail because of them. A program that stays says
    by `loaded_from`, a digest of all but the chapters, what it was loaded from.

    Raises
    ------
    BuildError
        With one line of advice; the findings were printed before it.
    OutdatedError
        If all but the chapters is not what the program was loaded from.
    """
    started = time.monotonic()
    os.environ.update(STEADY)
    os.environ["BOOKPRESS_EDITION"] = edition
    name = name_of(edition=edition, draft=draft)
    builders = builders_of(settings, draft=draft)
    targets = _targets(settings, name)
    _tidy_up(list(targets.values()))
    work = _work(settings, name)
    last = LastBuild(settings, name)
    _refuse_to_be_outdated(loaded_from, outside_of(settings))
    if not (draft or fresh) and _nothing_changed(settings, last, targets):
        print("nothing has changed since the last good build, and all that it made is still there")
        _tell(settings, targets["html"])
        return targets["html"]
    _refuse_faults(settings)
    inputs = read_inputs(settings)
    _refuse_to_be_outdated(loaded_from, inputs.outside)
    same = last.read_the_same(inputs)
    runs.get_ready(settings.loaded_early)
    _check(settings, inputs)
    is_built_on = not (fresh or same) and work.is_dir() and not (work / UNFINISHED).exists()
    _execute(settings, known=last.same_chapters(inputs) if is_built_on else [])
    # Only pages are built on from what there is; anything else, and what was damaged, begins anew.
    if fresh or same or not last.outside_is(inputs):
        shutil.rmtree(work, ignore_errors=True)
    last.forget()
    _make(settings, work, builders, strict=not draft)
    if read_inputs(settings) != inputs:
        (work / UNFINISHED).touch()
        raise BuildError("a file was changed while the book was being built: run `make book` again")
    for builder in builders:
        _set_aside(_home(work, builder) / builder.name, targets[builder.name], keep=builder.keep)
    # Only now, with every edition made and copied, does the first of the old ones give way.
    _swap(list(targets.values()))
    last.keep(inputs, targets)
    pages = len(list(targets["html"].rglob("*.html")))
    print(f"built {pages} pages in {time.monotonic() - started:.0f} s")
    _tell(settings, targets["html"])
    return targets["html"]


def name_of(*, edition: str, draft: bool) -> str:
    """Return the name under which a build keeps its work."""
    return "draft" if draft else edition


def builders_of(settings: Settings, *, draft: bool) -> list[Builder]:
    """Return the builders that a build runs."""
    return [builder for builder in settings.builders if builder.name == "html" or not draft]


def filled_by(settings: Settings, builder: Builder, *, name: str) -> Path:
    """Return the folder that a builder fills, before what it made is copied."""
    return _home(_work(settings, name), builder) / builder.name


def is_up_to_date(settings: Settings, *, edition: str) -> bool:
    """Tell whether a build of an edition would have nothing to do."""
    name = name_of(edition=edition, draft=False)
    return _nothing_changed(settings, LastBuild(settings, name), _targets(settings, name))


def get_ready(settings: Settings) -> None:
    """Load what every build that has something to do needs, so that the next one need not."""
    from bookpress import execute, preflight

    del execute, preflight
    os.environ.update(STEADY)
    runs.get_ready(settings.loaded_early)


def _targets(settings: Settings, name: str) -> dict[str, Path]:
    """Return where the editions of a build are put, by the names of their builders."""
    suffix = "" if name == "reader" else f"-{name}"
    builders = builders_of(settings, draft=name == "draft")
    return {builder.name: settings.build / (builder.folder + suffix) for builder in builders}


def _work(settings: Settings, name: str) -> Path:
    return settings.build / ".work" / name


def _nothing_changed(settings: Settings, last: LastBuild, targets: dict[str, Path]) -> bool:
    """Tell whether there is nothing to do; what cannot even be read is a change, of which more is said later."""
    try:
        return last.read_the_same(read_inputs(settings)) and last.made_is_there(targets)
    except OSError:
        return False


def _refuse_to_be_outdated(loaded_from: str | None, now: str | None) -> None:
    if None not in (loaded_from, now) and loaded_from != now:
        raise OutdatedError


def _refuse_faults(settings: Settings) -> None:
    from bookpress import preflight  # it loads half of the press: a build that has nothing to do must not wait for it

    if faults := list(preflight.problems(settings)):
        print("\n".join(faults), file=sys.stderr)
        raise BuildError("a source file has faults: mend each line above, then run `make book` again")


def _tell(settings: Settings, target: Path) -> None:
    print(f"open {(target / 'index.html').relative_to(settings.root)} by double click; no network is needed")


def _check(settings: Settings, inputs: Inputs) -> None:
    """Run the checks before the build, side by side, unless they passed for these very files; none reads a chapter."""
    passed = settings.build / ".checks-passed"
    if passed.is_file() and passed.read_text(encoding="utf-8") == inputs.outside and not reads_elsewhere(settings):
        return
    passed.unlink(missing_ok=True)
    running = []
    for step in settings.before_build:
        command = [sys.executable, *step.command]
        running.append(subprocess.Popen(command, cwd=settings.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    failed: list[Step] = []
    for step, process in zip(settings.before_build, running, strict=True):
        said, _ = process.communicate()
        print(f"{step.name} ...\n{said.decode('utf-8', 'replace').rstrip()}", flush=True)
        failed += [step] if process.returncode != 0 else []
    if failed:
        raise BuildError(failed[0].advice)
    settings.build.mkdir(parents=True, exist_ok=True)
    passed.write_text(inputs.outside, encoding="utf-8")


def _execute(settings: Settings, *, known: list[str]) -> None:
    from bookpress.execute import ChapterError, Store, execute_missing  # loads Jupyter: see above

    cells = settings.build / ".jupyter_cache" / "cells"
    others = [pattern for pattern in settings.cell_inputs if not _is_package(settings, pattern)]
    try:
        execute_missing(
            chapters=settings.chapters,
            cache_dir=cache_folder(settings.root, settings.cell_inputs),
            timeout_s=settings.cell_timeout_s,
            store=Store(cells, settings.cell_packages, tuple(files_of(settings.root, others))),
            known=known,
        )
    except ChapterError as error:
        print(error, file=sys.stderr)
        raise BuildError("a cell failed: mend the chapter named above, then run `make book` again") from error


def _is_package(settings: Settings, pattern: str) -> bool:
    return (settings.root / pattern).is_relative_to(settings.cell_packages)


def _home(work: Path, builder: Builder) -> Path:
    """Return the folder that a builder writes into. The first one reads the chapters, the others read what it read."""
    return (work if builder.name == "html" else work / builder.name) / "_build"


def _make(settings: Settings, work: Path, builders: list[Builder], *, strict: bool) -> None:
    """Run the first builder, which reads the chapters, and beside its writing the others, which read what it read.

    After a failed run start afresh: an incremental one would forget its warnings.
    """
    unfinished = work / UNFINISHED
    if unfinished.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    first, *others = builders
    waiting: dict[str, runs.Run] = {}
    running: list[Future[None]] = []

    def begin_others() -> None:
        read = _home(work, first) / ".doctrees"
        for builder in others:  # each has a copy: two programs that write into one folder would spoil it
            copy = _home(work, builder) / ".doctrees"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(read, copy)
            waiting[builder.name].go_on()
            running.append(pool.submit(_follow, settings, builder, waiting[builder.name]))

    with ThreadPoolExecutor(max_workers=max(1, len(others))) as pool:
        try:
            reading = _start(settings, work, first, strict=strict)
            waiting |= {one.name: _start(settings, work, one, strict=strict, waits=True) for one in others}
            _follow(settings, first, reading, when_read=begin_others)
            if not running:  # it had nothing to write
                begin_others()
            for one in as_completed(running):
                one.result()
        except BaseException:
            runs.stop_all()
            raise
    unfinished.unlink()


def _start(settings: Settings, work: Path, builder: Builder, *, strict: bool, waits: bool = False) -> runs.Run:
    """Start Jupyter Book for one builder."""
    arguments = [
        *("build", str(settings.chapters)),
        *("--config", str(settings.root / "_config.yml"), "--toc", str(settings.root / "_toc.yml")),
        *("--path-output", str(_home(work, builder).parent), "-n", "--keep-going", *(["-W"] if strict else [])),
        *([] if builder.name == "html" else ["--builder", "custom", "--custom-builder", builder.name]),
    ]
    return runs.Run(arguments, folder=settings.root, waits=waits)


def _follow(
    settings: Settings, builder: Builder, run: runs.Run, *, when_read: Callable[[], None] = lambda: None
) -> None:
    """Print what a run warns of, until it is done."""
    log = settings.build / f"build-{builder.name}.log"
    if not run.follow(log, when_read=when_read):
        raise BuildError(
            f"the {builder.folder} edition was not built: mend the warnings above (each names file and line), then run "
            f"`make book` again; the whole log is _build/{log.name} and the last good edition is untouched"
        )


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
