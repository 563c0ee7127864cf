"""What the page asks of its Python: run a cell, answer a calculator.

This file travels into the page and runs in the worker there, so it uses the standard library alone and imports nothing
of the press. It runs under any Python as well, which is how it is tested.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import io
import json
import linecache
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

Hear = Callable[[str, str], object]

LONGEST_OUTPUT = 200_000  # characters of one run; an endless loop that prints must not fill the page
PAUSE_S = 0.05  # between two messages to the page
NOT_HERE = "In the page there are the standard library and this book's own package, nothing else."


class Session:
    """One running Python: the variables of all cells of a page, and the book's calculators."""

    def __init__(self, *, calculators: str = "", namespace: dict[str, Any] | None = None) -> None:
        """Use the module named `calculators`, and keep the variables of the cells in `namespace`."""
        self.calculators = calculators
        self.namespace = sys.modules["__main__"].__dict__ if namespace is None else namespace
        self.namespace["input"] = _no_input

    def run(self, source: str, name: str, hear: Hear) -> str:
        """Run one cell; tell what it prints, shows, or fails with; return "done" or "failed"."""
        filename = f"<{name}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        stream = _Stream(hear)
        self.namespace["display"] = lambda *values: [_show(value, stream) for value in values] and None
        with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            try:
                _show(self._execute(source, filename), stream)
            except BaseException as error:  # the reader's code may raise anything, SystemExit too
                stream.tell("error", _trimmed(error))
                return "failed"
        stream.flush()
        return "done"

    def _execute(self, source: str, filename: str) -> object:
        """Run the statements and return the value of the last one, if it is an expression without a semicolon."""
        tree = ast.parse(source, filename)
        last: ast.Expression | None = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            statement = tree.body.pop()
            assert isinstance(statement, ast.Expr)
            last = ast.Expression(statement.value)
        exec(compile(tree, filename, "exec"), self.namespace)
        return eval(compile(last, filename, "eval"), self.namespace) if last else None

    def answer(self, name: str, fields: str) -> str:
        """Return what the book's calculator `name` answers to the fields of its form, as JSON."""
        try:
            return str(importlib.import_module(self.calculators).answer(name, fields))
        except Exception as error:
            message = f"the calculator {name} failed: {type(error).__name__}: {error}"
            return json.dumps({"ok": False, "field": None, "message": message})


class _Stream(io.TextIOBase):
    """Standard output of a cell: gathers text and sends it on now and then, up to a limit."""

    def __init__(self, hear: Hear) -> None:
        self.hear, self.waiting, self.sent, self.last = hear, [], 0, time.monotonic()  # type: ignore[var-annotated]

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = LONGEST_OUTPUT - self.sent
        if room > 0:
            self.sent += len(text)
            cut = "" if len(text) < room else f"\n… the rest is not shown, after {LONGEST_OUTPUT:,} characters\n"
            self.waiting.append(text[:room] + cut)
        if time.monotonic() - self.last > PAUSE_S:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self.waiting:
            self.hear("text", "".join(self.waiting))
            self.waiting.clear()
        self.last = time.monotonic()

    def tell(self, kind: str, text: str) -> None:
        """Send something other than text, after the text printed before it."""
        self.flush()
        self.hear(kind, text)


def _show(value: object, stream: _Stream) -> None:
    """Show a value as a notebook does: a picture or a table if it offers one, else its repr."""
    if value is None:
        return
    for way in ("_repr_svg_", "_repr_html_"):
        draw = getattr(value, way, None)
        markup = draw() if callable(draw) and not isinstance(value, type) else None
        if markup:
            stream.tell("html", str(markup))
            return
    stream.write(f"{value!r}\n")


def _trimmed(error: BaseException) -> str:
    """Return the traceback with the lines of the reader's cells alone: where it went wrong, and what is wrong."""
    told = traceback.TracebackException.from_exception(error)
    part: traceback.TracebackException | None = told
    while part is not None:
        part.stack[:] = [frame for frame in part.stack if frame.filename.startswith("<cell")]
        part = part.__cause__ or (None if part.__suppress_context__ else part.__context__)
    hint = f"{NOT_HERE}\n" if isinstance(error, ImportError) else ""
    return "".join(told.format()) + hint


def _no_input(prompt: object = "") -> str:  # noqa: ARG001 - the signature of builtins.input
    raise RuntimeError("input() cannot ask in the page; write the value into the code")


_no_input.__name__ = builtins.input.__name__
