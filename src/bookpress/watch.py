"""`make watch`: build, then build again whenever a file is saved, in one process that has everything loaded.

Files are looked at several times a second, by size and date. That needs no package, costs a twentieth of a
processor, and works on network drives, where a file system sends no events. A file that changes and keeps both its
size and its date is not noticed; the next build reads it all the same, for builds compare content.

Sphinx and Typst stay loaded between builds, and with them all code of the press. So if anything but a chapter changed,
the program begins again, with the same arguments and fresh modules.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

from bookpress import settings as book_settings
from bookpress.build import STEADY, OutdatedError, build_book, get_ready
from bookpress.failure import EXPECTED, in_one_line
from bookpress.processes import deaf_to_ctrl_c
from bookpress.server import client
from bookpress.settings import Settings
from bookpress.source_file import SourceFileError
from bookpress.unchanged import look
from bookpress.warm import Warm

BETWEEN_LOOKS_S = 0.2
NAMED = 3
"""So many changed files are named."""
Seen = dict[str, tuple[int, ...]]


def watch(settings: Settings, *, loaded_from: str | None, edition: str = "reader", draft: bool = False) -> None:
    """Build, and go on building until Ctrl+C ends it; `loaded_from` is all but the chapters before it was loaded."""
    os.environ.update(STEADY)
    client.stop(settings.root)  # what it holds is held here again
    watcher = Watcher(settings, loaded_from=loaded_from, edition=edition, draft=draft)
    try:
        watcher.go_on()
    finally:
        with deaf_to_ctrl_c():
            watcher.close()
    begin_again()


class Watcher:
    """One life of the program, until a file changes that it was loaded from."""

    def __init__(self, settings: Settings, *, loaded_from: str | None, edition: str, draft: bool) -> None:
        """Start the resident compiler, if there is a PDF to make."""
        self._settings, self._edition, self._draft = settings, edition, draft
        self._loaded_from = loaded_from
        self._seen_then = self._seen = look(settings)
        self._warm = Warm(settings, draft=draft)

    def close(self) -> None:
        """Leave no process behind."""
        self._warm.close()

    def go_on(self) -> None:
        """Build now and after each change; return when the program has to begin again."""
        is_outdated = not self._build()
        get_ready(self._settings)
        self._warm.keep(edition=self._edition)
        folders = sorted({name.partition("/")[0] + "/" for name in self._seen if "/" in name})
        print(f"watching {', '.join(folders)}: save a file to build, Ctrl+C to end", flush=True)
        while not (is_outdated and can_begin_again(self._settings.root)):
            self._wait_for_change()
            is_outdated = self._outside(self._seen) != self._outside(self._seen_then) or not self._build()
        print("not only a chapter: beginning again, with everything loaded anew", flush=True)

    def _build(self) -> bool:
        """Build, and tell whether this program may: not if it was loaded from other files than there are now."""
        try:
            build_book(self._settings, edition=self._edition, draft=self._draft, loaded_from=self._loaded_from)
        except EXPECTED as failure:
            print(in_one_line(failure), file=sys.stderr, flush=True)
        except OutdatedError:
            return False
        return True

    def _wait_for_change(self) -> None:
        """Return when files have changed and then were quiet for one more look, so that saving many is met once."""
        while True:
            now = self._look(self._seen)
            while now != (later := self._look_later(now)):
                now = later
            if now != self._seen:
                break
            self._warm.look_after()
            if self._warm.is_said_to_be_warm():
                print("the press is warm: the next edit is quick", flush=True)
        changed = sorted(name for name in {*now, *self._seen} if now.get(name) != self._seen.get(name))
        more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        print(f"changed: {', '.join(changed[:NAMED])}{more}", flush=True)
        self._seen = now

    def _look_later(self, before: Seen) -> Seen:
        time.sleep(BETWEEN_LOOKS_S)
        return self._look(before)

    def _look(self, before: Seen) -> Seen:
        """Look at all files; while a folder cannot be read, as on a network drive that is away, nothing has changed."""
        try:
            return look(self._settings)
        except OSError:
            return before

    def _outside(self, seen: Seen) -> Seen:
        chapters = self._settings.chapters.relative_to(self._settings.root).as_posix() + "/"
        return {name: told for name, told in seen.items() if not name.startswith(chapters)}


def can_begin_again(root: Path) -> bool:
    """Tell whether the program could start as the files are now; if not, say why and what to do."""
    try:
        book_settings.load(root)
    except SourceFileError as fault:
        print(in_one_line(fault), file=sys.stderr, flush=True)
        return False
    command = [sys.executable, "-c", "import bookpress.__main__, bookpress.watch"]
    tried = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if tried.returncode:
        reason = (tried.stderr.strip() or "no reason given").splitlines()[-1]
        print(f"bookpress: the press cannot be loaded ({reason}); mend it and save", file=sys.stderr, flush=True)
    return tried.returncode == 0


def begin_again() -> NoReturn:
    """Let the same command, in the same terminal, take the place of this program."""
    command = [sys.executable, "-m", "bookpress", *sys.argv[1:]]
    sys.stdout.flush()
    if sys.platform == "win32":  # a program there cannot become another: the shell would think that it has ended
        sys.exit(subprocess.call(command))
    os.execv(sys.executable, command)
