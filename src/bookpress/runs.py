"""One run of Jupyter Book, in a process that finds Sphinx and all extensions loaded already.

An edition is made by a run of its own, so that three runs would load the same 2,000 modules three times. One process
loads them while the data are being checked and the cells run; each run is a fork of it. Where there is no fork, a run
begins from nothing, as before.

The other end of the wire is here too: as an extension of Sphinx this module says when all pages have been read, for
from then on the other editions can be made.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.processes import deaf_to_ctrl_c, end_with_parent

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ALL_READ = "bookpress: all pages have been read"
NOISE = re.compile(r"Kernel is running over TCP without encryption|^\s*$")
SHOWN = re.compile(r"WARNING|ERROR|Exception|^(reading|writing|build)")
NEW_OBJECTS_BETWEEN_SEARCHES = 1_000_000
FORKS = "forkserver" in multiprocessing.get_all_start_methods()
# What Jupyter Book would load in each run. A name that is not found is passed over, and costs time alone.
LOADED_ONCE = [
    *("jupyter_book.cli.main", "jupyter_book.sphinx", "jupyter_book.config", "myst_nb.sphinx_ext", "pandas"),
    *("sphinx_book_theme", "sphinx_togglebutton", "sphinx_copybutton", "sphinx_thebe", "sphinx_comments"),
    *("sphinx_external_toc", "sphinx_design", "sphinx_exercise", "sphinx_multitoc_numbering", "sphinxcontrib.bibtex"),
    *("bookpress.epub", "bookpress.print", "bookpress.site", "bookpress.search", "bookpress.live", "bookpress.exam"),
    *("bookpress.packs.matrix_directive", "bookpress.calculator", "bookpress.register", "bookpress.lookups"),
    *("bookpress.incremental", "bookpress.chapter_references", "bookpress.numbers", "bookpress.edition"),
    # Of Sphinx and its extensions, what they load only when a run has begun.
    *(f"sphinx.domains.{one}" for one in ("changeset", "citation", "index", "c", "cpp", "python", "javascript", "rst")),
    *(f"sphinx.builders.{one}" for one in ("changes", "gettext", "linkcheck", "manpage", "texinfo", "xml")),
    *("sphinx.directives.patches", "sphinx.transforms.post_transforms.code", "sphinx.environment.collectors.toctree"),
    *("sphinx.ext.mathjax", "sphinx_design.extension", "sphinx_external_toc.events", "sqlalchemy.dialects.sqlite"),
    *("myst_parser.sphinx_ext.directives", "myst_nb.ext.glue.domain", "myst_nb.core.lexers"),
    *("sphinxcontrib.bibtex.style.referencing.extra_year", "pybtex.style.formatting.alpha"),
]


def get_ready(also: Iterable[str] = ()) -> None:
    """Begin to load what all runs need, and `also` these modules, in the background, with the environment as it is."""
    if FORKS:
        multiprocessing.get_context("forkserver").set_forkserver_preload([*LOADED_ONCE, *also])
        with deaf_to_ctrl_c():
            forkserver.ensure_running()


def close() -> None:
    """End all runs, the process that loaded what they need, and the one that Python starts beside it.

    Python ends both when this program ends; one that becomes another program has to do it itself.
    """
    stop_all()
    if FORKS:
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
        resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


class Run:
    """A run of Jupyter Book."""

    def __init__(self, arguments: list[str], *, folder: Path, waits: bool = False) -> None:
        """Start it in a folder, with the arguments of ``jupyter-book``.

        One that `waits` sets itself up, and touches no page before it is told to go on.
        """
        context = multiprocessing.get_context("forkserver" if FORKS else "spawn")
        self._said, wire = context.Pipe(duplex=False)
        told, self._tell = context.Pipe(duplex=False)
        known = (arguments, folder, dict(os.environ), wire, told if waits else None)
        self._process = context.Process(target=_jupyter_book, args=known)
        self._process.start()
        _RUNNING.add(self)
        wire.close()
        told.close()

    def go_on(self) -> None:
        """Let a run that waits go on."""
        with contextlib.suppress(OSError):  # it has ended, as whoever follows it will see
            self._tell.send_bytes(b"")

    def follow(self, log: Path, *, when_read: Callable[[], None]) -> bool:
        """Print what a reader of the build must know, write all of it into `log`, and tell whether the run went well.

        `when_read` is called when all pages have been read and it begins to write.
        """
        lines: list[str] = []
        with os.fdopen(os.dup(self._said.fileno()), encoding="utf-8", errors="replace") as stream:
            self._said.close()
            for line in stream:
                line = line.rstrip()
                lines.append(line)
                if line == ALL_READ:
                    when_read()
                if not NOISE.search(line) and SHOWN.search(line):
                    print(f"  {line}", flush=True)
        self._process.join()
        self._tell.close()
        log.write_text("\n".join(lines) + "\n", encoding="utf-8")
        _RUNNING.discard(self)
        return self._process.exitcode == 0

    def stop(self) -> None:
        """End it, if it is not at its end."""
        self._process.kill()
        _RUNNING.discard(self)


_RUNNING: set[Run] = set()


def stop_all() -> None:
    """End all runs of this program: after a failure of one, nobody wants to wait for the others."""
    for run in list(_RUNNING):
        run.stop()


_TOLD: list[Connection] = []
"""In a process that waits, where it is told to go on."""


def _jupyter_book(
    arguments: list[str], folder: Path, environment: dict[str, str], wire: Connection, told: Connection | None
) -> None:
    """Be the process ``jupyter-book <arguments>`` that says everything over the wire."""
    _TOLD[:] = [told] if told else []
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    end_with_parent()
    _speak_over(wire)
    _seldom_search_for_garbage()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    from jupyter_book.cli.main import main

    main(arguments, prog_name="jupyter-book")


def _seldom_search_for_garbage() -> None:
    """Let Python look for unused rings of objects a thousand times less often.

    A page is a tree of many thousand nodes that know their parents. All of them live until the page is written, and
    going through them for nothing took a tenth of a build.
    """
    gc.freeze()  # what was loaded stays for good
    gc.set_threshold(NEW_OBJECTS_BETWEEN_SEARCHES, 20, 20)


def _speak_over(wire: Connection) -> None:
    """Let all that this process prints, and what programs print that it starts, go over the wire."""
    for number in (1, 2):
        os.dup2(wire.fileno(), number)
    wire.close()
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115


def _say_that_all_is_read(_app: Sphinx, _builder: object) -> None:
    print(f"\n{ALL_READ}", flush=True)


def _wait(_app: Sphinx, _config: object) -> None:
    while _TOLD:
        _TOLD.pop().recv_bytes()


def setup(app: Sphinx) -> dict[str, bool]:
    """Say when a builder begins to write: the pages and the environment are on disk by then.

    A run that waits does so when all extensions are set up, before it looks for pages that were read earlier.
    """
    app.connect("config-inited", _wait, priority=1000)
    app.connect("write-started", _say_that_all_is_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
