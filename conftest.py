"""Let nbval run the chapters: chapters/*.md with a kernel become notebooks, compared with tests/golden/*.json.

`pytest --nbval chapters` executes every cell and compares its text with the golden output, strictly, so that no printed
number changes unseen. `--update-golden` writes the golden files anew. Pictures are not compared here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest import mock

import jupytext
import nbformat
import pytest
from nbval.plugin import IPyNbFile

from bookpress.execute import is_notebook
from bookpress.server.client import MINUTES

GOLDEN = Path(__file__).parent / "tests" / "golden"
KEPT = ("text/", "application/papermill.record/text")  # the second kind are the glued values
PICTURES = ("image/svg+xml", "application/pdf")

os.environ[MINUTES] = "0"  # a build of a test leaves no server, unless the test asks for one


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden from this run")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    asked = parent.config.option.nbval or parent.config.option.nbval_lax
    if asked and file_path.suffix == ".md" and is_notebook(file_path):
        return Chapter.from_parent(parent, path=file_path)
    return None


def text_outputs(outputs: Iterable[Any]) -> list[Any]:
    """Return the outputs without pictures and counters: what a golden file keeps."""
    kept = []
    for output in outputs:
        output = nbformat.from_dict(dict(output))
        if "data" in output:
            output["data"] = {kind: value for kind, value in output["data"].items() if kind.startswith(KEPT)}
            output["metadata"] = {}
        if output["output_type"] == "execute_result":
            output["execution_count"] = None
        kept.append(output)
    return kept


class Chapter(IPyNbFile):
    """A MyST chapter as nbval sees a notebook."""

    @property
    def golden(self) -> Path:
        return GOLDEN / (self.path.stem + ".json")

    def notebook(self) -> Any:
        """Return the chapter's cells with the golden outputs in place."""
        notebook = jupytext.read(self.path, fmt="md:myst")
        if self.config.getoption("update_golden") or not self.compare_outputs:
            return notebook
        advice = "run `make golden` and review the difference"
        if not self.golden.exists():
            raise self.CollectError(f"{self.path.name} has no golden file; {advice}")
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        golden = nbformat.reads(self.golden.read_text(encoding="utf-8"), as_version=4).cells
        if [cell.source for cell in cells] != [cell.source for cell in golden]:
            raise self.CollectError(f"{self.path.name}: the code cells changed; {advice}")
        for cell, reference in zip(cells, golden, strict=True):
            cell.outputs, cell.execution_count = reference.outputs, 1  # nbval skips a cell without a count
        return notebook

    def collect(self) -> list[Any]:
        with mock.patch("nbval.plugin.nbformat.read", lambda *_args, **_options: self.notebook()):
            self.items = list(super().collect())
        self.skip_compare += PICTURES
        return self.items

    def teardown(self) -> None:
        if self.config.getoption("update_golden") and all(item.test_outputs is not None for item in self.items):
            GOLDEN.mkdir(parents=True, exist_ok=True)
            kernel = {"kernelspec": dict(self.nb.metadata.get("kernelspec", {}))}
            golden = nbformat.v4.new_notebook(metadata=kernel)
            for number, item in enumerate(self.items):
                cell = nbformat.v4.new_code_cell(item.cell.source, id=f"c{number}")
                cell.outputs = text_outputs(item.test_outputs)
                golden.cells.append(cell)
            nbformat.write(golden, self.golden)
        super().teardown()
