"""What cells can reach: everything Python would load, told by Python itself, and no chapter runs again for the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bookpress.execute import Store, execute_missing, is_notebook
from bookpress.reach import reached_files

ROOT = Path(__file__).resolve().parents[2]
FRONT = "---\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
LOADED = """
import json, sys
exec(sys.argv[1])
print(json.dumps([m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)]))
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two packages; `kites` has modules that load one another in every way Python knows."""
    files = {
        "kites/__init__.py": "",
        "kites/wind.py": "from . import sky\n",
        "kites/sky.py": "def look():\n    from kites.birds.gull import cry\n    return cry\n",
        "kites/birds/__init__.py": "from .. import feathers\n",
        "kites/birds/gull.py": "from ..tail import *\ncry = 1\n",
        "kites/feathers.py": "",
        "kites/tail/__init__.py": "",
        "kites/tail/knots.py": "",
        "kites/string.py": "",
        "kites/table.txt": "1",
        "boats/__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def names(found: set[Path], source: Path) -> set[str]:
    return {file.relative_to(source).as_posix() for file in found}


def test_imports_are_followed_wherever_they_stand(source: Path) -> None:
    found = names(reached_files("%time 1\nfrom kites import wind", source), source)
    assert found == {
        *("kites/__init__.py", "kites/wind.py", "kites/sky.py", "kites/birds/__init__.py", "kites/birds/gull.py"),
        *("kites/feathers.py", "kites/tail/__init__.py", "kites/tail/knots.py", "kites/table.txt"),
    }
    assert reached_files("import math", source) == set()


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module('kites')",
        "from importlib import import_module as i",
        "exec('1')",
        "a b",
    ],
)
def test_what_cannot_be_told_reaches_everything(source: Path, code: str) -> None:
    assert len(reached_files(code, source)) == 11


def cells(chapter: Path) -> str:
    import jupytext

    notebook = jupytext.read(chapter, fmt="md:myst")
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize("name", ["07-pharmacokinetics.md", "08-dosing-workshop.md", "10-cases.md", "about.md"])
def test_nothing_that_python_loads_is_missed(name: str) -> None:
    imports = [line for line in cells(ROOT / "chapters" / name).splitlines() if line.startswith(("import ", "from "))]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "\n".join(imports)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    source = ROOT / "src"
    loaded = {Path(one).resolve() for one in json.loads(done.stdout.splitlines()[-1])}
    ours = {file for file in loaded if file.is_relative_to(source)}
    assert ours
    assert ours <= reached_files(cells(ROOT / "chapters" / name), source)


def test_every_module_and_table_that_a_chapter_uses_makes_it_another(source: Path) -> None:
    notebook = new_notebook(cells=[new_code_cell("from kites import wind", id="a")])
    data = source / "data.csv"
    data.write_text("1", encoding="utf-8")
    store = Store(source / "store", source, (data,))
    seen = {store.place(notebook, "a.md")}
    used = [*reached_files("from kites import wind", source), data]
    assert len(used) == 10
    for file in used:
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        seen.add(store.place(notebook, "a.md"))
    assert len(seen) == 1 + len(used)
    for name in ("kites/string.py", "boats/__init__.py"):
        (source / name).write_text("x = 1\n", encoding="utf-8")
    assert store.place(notebook, "a.md") in seen
    notebook.cells[0].source = "from kites import wind, sky"
    assert store.place(notebook, "a.md") not in seen


def test_chapters_that_do_not_use_the_change_are_not_run_again(tmp_path: Path, source: Path) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    for name, imported in (("a", "kites.string"), ("b", "boats")):
        text = f"{FRONT}# {name}\n\n```{{code-cell}} ipython3\n# import {imported}\nprint('{name}')\n```\n"
        (chapters / f"{name}.md").write_text(text.replace("# import", "import"), encoding="utf-8")
        assert is_notebook(chapters / f"{name}.md")
        text = (
            (chapters / f"{name}.md")
            .read_text(encoding="utf-8")
            .replace(f"import {imported}", f"import sys; sys.path.insert(0, {str(source)!r})\nimport {imported}")
        )
        (chapters / f"{name}.md").write_text(text, encoding="utf-8")
    store = Store(tmp_path / "store", source, ())

    def run(cache: str) -> int:
        return execute_missing(chapters=chapters, cache_dir=tmp_path / cache, timeout_s=120, store=store)

    assert run("first") == 2
    assert run("second") == 0
    (source / "kites" / "string.py").write_text("x = 2\n", encoding="utf-8")
    assert run("third") == 1
    for half in (tmp_path / "store").glob("b-*.ipynb"):
        half.write_text(half.read_text(encoding="utf-8")[:50], encoding="utf-8")
    assert run("fourth") == 1, "a damaged result is made anew"
