"""The session that runs in the page, tested under the build's own Python: values, tracebacks, limits, calculators."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bookpress.live import session
from bookpress.live.session import LONGEST_OUTPUT, Session

Told = list[tuple[str, str]]


@pytest.fixture
def run() -> Any:
    """Return a function that runs a cell and returns its end and what it told, text joined."""
    running = Session(namespace={"__name__": "__main__"})

    def runner(source: str, name: str = "cell 1") -> tuple[str, Told]:
        told: Told = []
        end = running.run(source, name, lambda kind, text: told.append((kind, text)))
        joined: Told = []
        for kind, text in told:
            if joined and kind == "text" == joined[-1][0]:
                joined[-1] = (kind, joined[-1][1] + text)
            else:
                joined.append((kind, text))
        return end, joined

    return runner


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 + 1", "2\n"),
        ("print('a'); 'b'", "a\n'b'\n"),
        ("x = 3", None),
        ("None", None),
        ("3;", None),
        ("for i in range(2):\n    print(i)", "0\n1\n"),
        ("", None),
        ("# nothing", None),
        ("display(1, 'two')", "1\n'two'\n"),
        ("import sys; print('loud', file=sys.stderr)", "loud\n"),
    ],
)
def test_what_a_cell_shows(run: Any, source: str, shown: str | None) -> None:
    assert run(source) == ("done", [("text", shown)] if shown else [])


def test_variables_last_from_cell_to_cell(run: Any) -> None:
    run("x = 20")
    assert run("x + 1", "cell 2") == ("done", [("text", "21\n")])


def test_a_picture_is_shown_after_the_text_before_it(run: Any) -> None:
    source = "class Dot:\n    def _repr_svg_(self):\n        return '<svg/>'\nprint('first')\nDot()"
    assert run(source) == ("done", [("text", "first\n"), ("html", "<svg/>")])
    assert run("Dot")[1][0][0] == "text", "a class is no picture"


def test_a_traceback_is_trimmed_to_the_cell(run: Any) -> None:
    end, told = run("import json\n\ndef read(text):\n    return json.loads(text)\n\nread('[')")
    assert end == "failed"
    [(kind, text)] = told
    assert kind == "error"
    assert 'File "<cell 1>", line 6, in <module>' in text and 'File "<cell 1>", line 4, in read' in text
    assert "return json.loads(text)" in text, "the line itself is shown"
    assert text.count("File ") == 2, "no line of a library, none of the press"
    assert text.rstrip().splitlines()[-1].startswith("json.decoder.JSONDecodeError: Expecting value")


def test_a_cause_is_trimmed_too(run: Any) -> None:
    _, [(_, text)] = run("try:\n    int('x')\nexcept ValueError as error:\n    raise KeyError('k') from error")
    assert text.count('File "<cell 1>"') == text.count("File ") == 2
    assert "direct cause" in text


def test_a_syntax_error_names_its_line(run: Any) -> None:
    end, [(kind, text)] = run("a = 1\nb = = 2")
    assert (end, kind) == ("failed", "error")
    assert 'File "<cell 1>", line 2' in text and "SyntaxError: invalid syntax" in text
    assert text.count("File ") == 1


def test_what_was_printed_before_an_error_stays(run: Any) -> None:
    _, told = run("print('so far')\n1 / 0")
    assert told[0] == ("text", "so far\n")
    assert "ZeroDivisionError" in told[1][1]


def test_leaving_is_an_error_and_not_an_end(run: Any) -> None:
    end, [(_, text)] = run("raise SystemExit('bye')")
    assert end == "failed" and text.rstrip().endswith("SystemExit: bye")


def test_a_missing_module_says_what_there_is(run: Any) -> None:
    _, [(_, text)] = run("import no_such_module")
    assert text.rstrip().endswith(session.NOT_HERE)


def test_input_says_what_to_do_instead(run: Any) -> None:
    _, [(_, text)] = run("input('weight? ')")
    assert "write the value into the code" in text


def test_endless_output_is_cut(run: Any) -> None:
    end, [(_, text)] = run(f"for _ in range({LONGEST_OUTPUT // 10}):\n    print('x' * 20)")
    assert end == "done"
    assert len(text) < LONGEST_OUTPUT + 100
    assert text.count("the rest is not shown") == 1


def test_output_is_told_while_the_cell_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    told: Told = []
    clock = iter(range(100))
    monkeypatch.setattr(session.time, "monotonic", lambda: next(clock))
    running = Session(namespace={"seen": lambda: len(told)})
    running.run("print('a')\nprint(seen())", "cell 1", lambda kind, text: told.append((kind, text)))
    assert len(told) > 1
    assert "0" not in told[-1][1]


def test_a_calculator_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("kite_calculators")
    module.answer = lambda name, fields: json.dumps({"ok": True, "html": name, "status": fields})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kite_calculators", module)
    running = Session(calculators="kite_calculators", namespace={})
    assert json.loads(running.answer("lift", '{"m": "2"}')) == {"ok": True, "html": "lift", "status": '{"m": "2"}'}


def test_a_calculator_that_breaks_says_so() -> None:
    told = json.loads(Session(calculators="no_such_calculators", namespace={}).answer("lift", "{}"))
    assert told["ok"] is False and told["field"] is None
    assert "lift failed: ModuleNotFoundError" in told["message"]


def test_the_session_imports_the_standard_library_alone() -> None:
    lines = Path(session.__file__).read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names | {"__future__"}
