"""Run the chapters that the cache does not hold yet, several at once, and say how far the work is.

Jupyter Book executes one notebook after another and says little. This fills the same cache beforehand, so that the
build proper finds every chapter executed. A change of the book's packages makes a new cache; chapters whose cells do
not reach the change are taken over from a store, which knows each by all that its cells depend on.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract, ProjectNb
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from bookpress.reach import reached_files

COLOR = re.compile(r"\x1b\[[0-9;]*m")
READER = {"name": "myst_nb_md", "type": "plugin"}


@dataclass(frozen=True, slots=True)
class Executed:
    """A chapter's notebook after its run."""

    notebook: NotebookNode
    seconds: float
    error: str | None


@dataclass(frozen=True, slots=True)
class Store:
    """Executed chapters by all that their cells depend on."""

    folder: Path
    packages: Path
    """The folder of the book's own packages, of which a chapter depends on what it imports."""
    others: tuple[Path, ...]
    """Files that every chapter depends on: data, pins."""

    def place(self, notebook: NotebookNode, name: str) -> Path:
        """Return the file of a chapter in this very state."""
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        told = [[cell.source, cell.get("metadata", {})] for cell in cells]
        code = "\n".join(cell.source for cell in cells)
        digest = hashlib.sha256(json.dumps([told, notebook.metadata.get("kernelspec", {})], sort_keys=True).encode())
        digest.update(".".join(platform.python_version_tuple()[:2]).encode())
        for file in sorted({*reached_files(code, self.packages), *self.others}):
            digest.update(file.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return self.folder / f"{Path(name).stem}-{digest.hexdigest()[:24]}.ipynb"

    def take(self, place: Path) -> NotebookNode | None:
        """Return the executed chapter, if it is there and whole."""
        try:
            return nbformat.read(place, as_version=4)
        except (OSError, ValueError, nbformat.ValidationError):
            return None

    def put(self, place: Path, notebook: NotebookNode) -> None:
        """Keep an executed chapter; a build that is stopped leaves no half of one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = place.with_suffix(".tmp")
        nbformat.write(notebook, aside)
        aside.replace(place)


class ChapterError(RuntimeError):
    """One or more chapters could not be executed; the text names chapter and cell."""


def is_notebook(file: Path) -> bool:
    """Tell whether a Markdown file is a chapter with cells (its front matter names a kernel)."""
    head = file.read_text(encoding="utf-8")[:2000]
    return head.startswith("---\n") and "\nkernelspec:" in head.split("\n---", 1)[0]


def execute_missing(
    *,
    chapters: Path,
    cache_dir: Path,
    timeout_s: int,
    store: Store | None = None,
    known: Collection[str] = (),
) -> int:
    """Execute every chapter that is not in the cache and return how many were run.

    Files whose names are `known` are not even looked at: they are what they were when all were executed.

    Raises
    ------
    ChapterError
        After all chapters were tried, with the first error of each that failed.
    """
    if not cache_dir.exists():
        known = ()
    cache_dir.mkdir(parents=True, exist_ok=True)
    cache = get_cache(str(cache_dir))
    files = [file for file in sorted(chapters.glob("*.md")) if file.name not in known and is_notebook(file)]
    missing = [notebook for file in files if not _is_held(cache, notebook := _project_notebook(cache, file))]
    places = {one.uri: store.place(one.nb, one.uri) for one in missing} if store else {}
    waiting = []
    for notebook in missing:
        stored = store.take(places[notebook.uri]) if store else None
        if stored is None:
            waiting.append(notebook)
        else:
            cache.cache_notebook_bundle(CacheBundleIn(stored, notebook.uri), check_validity=False, overwrite=True)
    if missing and not waiting:
        print(f"chapters: nothing they use has changed, {len(missing)} results come from the store", flush=True)
        return 0
    if not waiting:
        print("chapters: nothing changed, all results come from the cache", flush=True)
        return 0
    failures: list[str] = []
    with ThreadPoolExecutor(max_workers=min(len(waiting), os.cpu_count() or 1)) as pool:
        running = {pool.submit(_run, notebook, timeout_s): notebook for notebook in waiting}
        for done, future in enumerate(_completed(running), start=1):
            notebook, result = running[future], future.result()
            name = Path(notebook.uri).name
            if result.error is not None:
                failures.append(f"{name}: {result.error}\n{_failed_cell(result.notebook)}")
                print(f"chapters: {done} of {len(waiting)} {name} FAILED", flush=True)
                continue
            if store:
                store.put(places[notebook.uri], result.notebook)
            cache.cache_notebook_bundle(
                CacheBundleIn(result.notebook, notebook.uri, data={"execution_seconds": round(result.seconds, 1)}),
                check_validity=False,
                overwrite=True,
            )
            print(f"chapters: {done} of {len(waiting)} {name} executed ({result.seconds:.1f} s)", flush=True)
    if failures:
        raise ChapterError("\n\n".join(failures))
    return len(waiting)


def _project_notebook(cache: JupyterCacheAbstract, file: Path) -> ProjectNb:
    record = cache.add_nb_to_project(str(file.resolve()), read_data=READER)
    return cache.get_project_notebook(record.pk)


def _is_held(cache: JupyterCacheAbstract, notebook: ProjectNb) -> bool:
    """Tell whether the cache holds the results of these very cells."""
    try:
        cache.match_cache_notebook(notebook.nb)
    except KeyError:
        return False
    return True


def _completed(running: Collection[Future[Executed]]) -> Iterator[Future[Executed]]:
    """Yield each chapter that is done. Whoever is stopped while waiting for the next, by Ctrl+C, waits for none."""
    try:
        yield from as_completed(running)
    except BaseException:
        for future in running:
            future.cancel()
        while wait(running, timeout=0.2).not_done:  # one may be about to start its kernel
            for client in list(_EXECUTING):
                kernel = getattr(getattr(client.km, "provisioner", None), "process", None)
                if kernel is not None:
                    kernel.kill()
        raise


_EXECUTING: set[NotebookClient] = set()


def _run(project: ProjectNb, timeout_s: int) -> Executed:
    print(f"chapters: executing {Path(project.uri).name} ...", flush=True)
    started = time.monotonic()
    folder = str(Path(project.uri).parent)
    client = NotebookClient(
        project.nb,
        timeout=timeout_s,
        iopub_timeout=timeout_s,
        raise_on_iopub_timeout=True,  # on a busy machine the last output may come late; never go on without it
        record_timing=False,  # it writes into the cells, and the cache would not know them again
        resources={"metadata": {"path": folder}},
    )
    error: str | None = None
    with tempfile.TemporaryDirectory(prefix="k") as sockets:
        if os.name == "posix":  # sockets in a folder, not ports: works on a machine without any network interface
            manager = client.create_kernel_manager()
            manager.transport, manager.ip = "ipc", str(Path(sockets) / "s")
        _EXECUTING.add(client)
        try:
            client.execute(stderr=subprocess.DEVNULL)  # a kernel's own chatter; a cell's words are in its outputs
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            error = COLOR.sub("", str(problem)).strip().splitlines()[-1]
        finally:
            _EXECUTING.discard(client)
    for cell in project.nb.cells:
        if cell.cell_type == "code":
            cell.outputs = joined_streams(cell.outputs)
    return Executed(project.nb, time.monotonic() - started, error)


def joined_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with all that a cell printed in one piece, where its first word was printed.

    A kernel sends what is printed five times a second, wherever the line then stands. MyST-NB joins such pieces with a
    line break, so that on a busy machine a line of the book would break in the middle.
    """
    joined: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type != "stream":
            joined.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            joined.append(output)
    return joined


def _failed_cell(notebook: NotebookNode) -> str:
    """Return the source of the cell that failed, as the reader of a log wants to see it."""
    for cell in notebook.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return "    " + "\n    ".join(cell.source.splitlines()[:12])
    return ""
