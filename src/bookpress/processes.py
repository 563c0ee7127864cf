"""What all processes of the press share: Ctrl+C is for the first of them, and none outlives the one that started it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Let Ctrl+C pass by: in this program while it lasts, and for good in a process that is started meanwhile.

    A terminal sends it to every process at once. Those that work for another are ended by that one, without a word.
    """
    if threading.current_thread() is not threading.main_thread():  # only the main thread may ask for it
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end_with_parent() -> None:
    """Let this process end when the one that started it has ended, however that was."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
