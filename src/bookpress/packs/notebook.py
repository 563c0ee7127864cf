"""A chapter as a notebook for any Jupyter: MyST roles and directives written out, outputs as the book shows them."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from sphinx.util.inventory import InventoryFile

from bookpress.packs.page import ChapterPage
from bookpress.packs.text import PackError

READER = {"name": "myst_nb_md", "type": "plugin"}
ROLE = re.compile(r"\{([a-z]+(?::[a-z]+)?)\}`([^`]*)`")
TITLED = re.compile(r"^(.*?)\s*<([^>]*)>$", re.DOTALL)
LABEL = re.compile(r"^\([\w-]+\)=\s*$")
FENCE = re.compile(r"^(\s*)(`{3,}|:{3,})\{([a-z-]+)\}\s*(.*)$")
OPTION = re.compile(r"^\s*:([a-z-]+):\s*(.*)$")
EQUATION_LABEL = re.compile(r"^(.*\$\$)\s*\(([\w-]+)\)\s*$")
GLUED = "application/papermill.record/text/plain"
START = "Start here: this cell lets the notebook find the book's helper code, which stands in ../src, and its data."


@dataclass(frozen=True, slots=True)
class Resolver:
    """Where roles get their text: facts, names of sources, values of cells, numbers and titles of targets."""

    fact: Callable[[str], Any]
    cite: Callable[[str], str]
    glued: Mapping[str, str]
    numbers: Mapping[str, str]
    titles: Mapping[str, str]

    def text(self, role: str, content: str) -> str | None:
        """Return the text of a role, or None if the role is not known."""
        content = " ".join(content.split())
        titled = TITLED.match(content)
        shown, target = (titled[1], titled[2]) if titled else ("", content)
        if role == "fact":
            name, _, interval = content.partition(" ")
            found = self.fact(name)
            return f"{found} ({found.interval_text})" if interval and found.interval_text else str(found)
        if role == "glue:text":
            name = content.partition(":")[0]
            if name not in self.glued:
                raise PackError(f"no cell glues the value {name!r}: run `make book` so that every cell is executed")
            return self.glued[name]
        if role.startswith("cite"):
            names = "; ".join(self.cite(key.strip()) for key in content.split(","))
            return names if role == "cite:t" else f"({names})"
        if role in ("given", "term", "doc", "ref", "numref", "eq", "discrepancy", "abbr", "sub", "sup"):
            known = self.numbers.get(target) if role in ("numref", "eq") else self.titles.get(target)
            return shown or known or {"eq": "the equation above"}.get(role, target)
        return None


def glued_values(notebook: Any) -> dict[str, str]:
    """Return what the cells of a notebook pass on to the prose, by name."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            record = output.get("metadata", {}).get("scrapbook", {})
            if record and GLUED in output.get("data", {}):
                text = output["data"][GLUED].strip()
                quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
                found[record["name"]] = text[1:-1] if quoted else text
    return found


def titles_of(inventory: Path) -> dict[str, str]:
    """Return the titles of everything the built book can refer to, by label."""
    with inventory.open("rb") as file:
        loaded = InventoryFile.load(file, "", lambda base, uri: base + uri)
    rows = [(name, entry[3]) for kind in ("std:label", "std:doc") for name, entry in loaded.get(kind, {}).items()]
    return {name: title for name, title in rows if title and title != "-"}


def executed_notebook(chapter: Path, cache_dir: Path) -> Any:
    """Return a chapter's notebook with the outputs that the last build keeps.

    Raises
    ------
    PackError
        If the chapter was not executed in its present state.
    """
    cache = get_cache(str(cache_dir))
    try:
        cache.add_nb_to_project(str(chapter.resolve()), read_data=READER)
        notebook = cache.get_project_notebook(cache.get_project_record(str(chapter.resolve())).pk).nb
        return cache.merge_match_into_notebook(notebook)[1]
    except KeyError as error:
        raise PackError(f"{chapter.name} has cells that were not executed: run `make book` first") from error


def make_notebook(notebook: Any, *, page: ChapterPage, resolver: Resolver, questions: str, closing: str) -> bytes:
    """Return the file: prose as plain Markdown, cells and outputs as they are, one cell to start with.

    Parameters
    ----------
    questions
        Markdown that stands where the chapter shows its quiz.
    closing
        Markdown of the last cell: notice, marks, how to cite.
    """
    cells = [_starter()]
    for cell in copy.deepcopy(notebook.cells):
        if cell.cell_type == "markdown":
            source = plain_markdown(cell.source, resolver=resolver, page=page, questions=questions)
            if source:
                cells.append(nbformat.v4.new_markdown_cell(source))
        else:
            cell.pop("attachments", None)
            tags = list(cell.metadata.get("tags", []))
            if cell.source.rstrip().endswith(";"):  # nbval does not see the semicolon that hides a result
                tags.append("nbval-ignore-output")
            cell.metadata = nbformat.from_dict({"tags": tags})
            cells.append(cell)
    cells.append(nbformat.v4.new_markdown_cell(closing))
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata = nbformat.from_dict({
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "title": page.title,
    })  # fmt: skip
    nbformat.validate(made)
    return (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _starter() -> Any:
    code = 'import sys\n\nif "../src" not in sys.path:\n    sys.path.insert(0, "../src")'
    return nbformat.v4.new_code_cell(f"# {START}\n{code}")


def plain_markdown(source: str, *, resolver: Resolver, page: ChapterPage, questions: str) -> str:
    """Return MyST as Markdown that any notebook shows.

    Raises
    ------
    PackError
        If a role is not known; the text names it.
    """
    lines = _Lines(page, questions).run(source.split("\n"))
    text = ROLE.sub(lambda match: _resolved(match, resolver, page.name), "\n".join(lines))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _resolved(match: re.Match[str], resolver: Resolver, name: str) -> str:
    text = resolver.text(match[1], match[2])
    if text is None:
        raise PackError(f"{name}: the role {{{match[1]}}} cannot be written out for the notebook: add it to Resolver")
    return text


class _Lines:
    """Turns directives into headings, quotes, and lists, line by line."""

    def __init__(self, page: ChapterPage, questions: str) -> None:
        self.page = page
        self.questions = questions
        self.open: list[tuple[str, str]] = []  # fence and name of the directives we are in
        self.options = False

    def run(self, lines: list[str]) -> list[str]:
        made: list[str] = []
        for line in lines:
            made += self.line(line)
        return made

    def line(self, line: str) -> list[str]:
        if LABEL.match(line):
            return []
        if fence := FENCE.match(line):
            self.options = True
            self.open.append((fence[2], fence[3]))
            return [self._quote(row) for row in self._begin(fence[3], fence[4].strip())]
        if self.open and line.strip() == self.open[-1][0]:
            return ["$$", ""] if self.open.pop()[1] == "math" else [""]
        if self.open and self.options:
            option = OPTION.match(line)
            if option:
                return self._image(option[2]) if (self.open[-1][1], option[1]) == ("figure", "name") else []
            self.options = not line.strip()
        equation = EQUATION_LABEL.match(line)
        return [self._quote(equation[1] if equation else line)]

    def _image(self, figure_id: str) -> list[str]:
        alt = self.page.figure(figure_id).alt.replace("]", ")").replace("[", "(")
        return [f"![{alt}](../figures/{figure_id}.svg)", ""]

    def _quote(self, line: str) -> str:
        quoted = any(name in ("admonition", "note", "tip", "warning", "important") for _, name in self.open)
        return f"> {line}".rstrip() if quoted else line

    def _begin(self, name: str, argument: str) -> list[str]:
        if name in ("admonition", "dropdown", "table"):
            return [f"**{argument}**", ""]
        if name in ("exercise", "exercise-start"):
            return ["", f"**Exercise. {argument}**", ""]
        if name in ("solution", "solution-start"):
            return ["", "**Solution.**", ""]
        if name == "quiz":
            return [self.questions]
        if name == "chapter-references":
            return [f"- {row}" for row in self.page.references]
        if name == "math":
            return ["$$"]
        if name == "list-table":
            return [f"**{argument}**", ""]
        return []
