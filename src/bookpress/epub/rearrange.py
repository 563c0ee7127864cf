"""What an e-book shows in another place or another way than a web page, because it has neither scripts nor forms.

Dropdowns and tabs are opened. Solutions, answers, and code that a web page folds move to the end of their chapter, each
with a link there and back, so that a reader who turns pages is not told the answer with the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

NAME = "bookepub"
RUN_IT = "Run it in the web edition."
RUNS = "run-it"
END = "chapter-end"
"""Class of the sections that stand at the end of a chapter in this edition alone."""


class Rearrange(SphinxPostTransform):
    """Rearrange one page of the e-book, before other extensions make HTML of their nodes."""

    default_priority = 190  # after titles and references are resolved, before sphinx-design and myst-nb write HTML
    builders = (NAME,)

    def run(self, **_options: Any) -> None:
        """Open what is folded, and move what must not stand beside its question."""
        _open_dropdowns(self.document)
        _open_tabs(self.document)
        _print_children(self.document)
        _say_where_it_runs(self.document)
        chapter = next(iter(self.document.findall(nodes.section)), None)
        if chapter is None:
            return
        moved = [
            _section("solutions", "Solutions to the exercises", _move_solutions(self.document)),
            _section("answers", "Answers to the questions", _move_answers(self.document)),
            _section("code", "Code of this chapter", _move_code(self.document, self._number_of)),
        ]
        # The line "To cite this chapter" stays the last one.
        last = len(chapter)
        while last and "chapter-citation" in _classes(chapter[last - 1]):
            last -= 1
        for section in reversed([one for one in moved if one is not None]):
            chapter.insert(last, section)

    def _number_of(self, node: nodes.Element) -> str:
        """Return "Fig. 4.1" for a figure or table that has a number, else nothing."""
        kind = "figure" if isinstance(node, nodes.figure) else "table"
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get(kind, {})
        found = [numbers[one] for one in node["ids"] if numbers.get(one)]
        return str(self.config.numfig_format[kind] % ".".join(map(str, found[0]))) if found else ""


def _replace(node: nodes.Element, new: nodes.Node) -> None:
    """Put a node in the place of another; docutils' own way would leave the ids of the old one there."""
    node.parent.replace(node, new)


def _classes(node: nodes.Node) -> list[str]:
    return list(node["classes"]) if isinstance(node, nodes.Element) else []


def _components(document: nodes.document, kind: str) -> list[nodes.Element]:
    """Return the nodes of sphinx-design of one kind."""
    return [node for node in document.findall(nodes.container) if node.get("design_component") == kind]


def _open_dropdowns(document: nodes.document) -> None:
    for node in _components(document, "dropdown"):
        opened = nodes.container("", classes=["opened"], ids=node["ids"])
        body = list(node.children)
        if node["has_title"] and body:
            title = body.pop(0)
            opened += nodes.paragraph("", "", *title.children, classes=["opened-title"], ids=title["ids"])
        opened += body
        _replace(node, opened)


def _open_tabs(document: nodes.document) -> None:
    for node in _components(document, "tab-set"):
        tabs = nodes.container("", classes=["tabs"], ids=node["ids"])
        for item in node.children:
            if isinstance(item, nodes.Element) and item.get("design_component") == "tab-item":
                label, content = item.children
                name = nodes.paragraph("", "", *label.children, classes=["tab-title"], ids=label["ids"])
                tabs += nodes.container("", name, *content.children, classes=["tab"], ids=item["ids"])
            else:
                tabs += item
        _replace(node, tabs)


def _print_children(document: nodes.document) -> None:
    """Show what runs on the web by the ordinary nodes it holds; its class says so by ``print_children``."""
    for node in [one for one in document.findall(nodes.Element) if getattr(one, "print_children", False)]:
        where = getattr(node, "print_where", RUN_IT)
        line = [nodes.paragraph("", where, classes=[RUNS])] if where else []
        classes = ["opened", type(node).__name__]
        _replace(node, nodes.container("", *node.children, *line, classes=classes, ids=node["ids"]))


def _say_where_it_runs(document: nodes.document) -> None:
    for cell in document.findall(nodes.container):
        if "tag_live" in cell["classes"] and cell.children and cell[0].get("nb_element") == "cell_code_source":
            cell.insert(1, nodes.paragraph("", RUN_IT, classes=[RUNS]))


def _section(name: str, title: str, content: Iterable[nodes.Node]) -> nodes.section | None:
    parts = list(content)
    if not parts:
        return None
    return nodes.section("", nodes.title("", title), *parts, ids=[f"end-{name}"], classes=[END])


def _link(text: str, refid: str, *, anchor: str = "") -> nodes.reference:
    return nodes.reference("", text, refid=refid, internal=True, ids=[anchor] if anchor else [])


def _ensure_id(node: nodes.Element, fallback: str) -> str:
    if not node["ids"]:
        node["ids"].append(fallback)
    return str(node["ids"][0])


def _named(document: nodes.document, tagname: str) -> list[nodes.Element]:
    """Return the nodes of an extension by the name of their class, so that it need not be loaded."""
    return [node for node in document.findall(nodes.Element) if type(node).__name__ == tagname]


def _move_solutions(document: nodes.document) -> list[nodes.Node]:
    """Take the solutions out; each title already links back to its exercise."""
    moved: list[nodes.Node] = []
    for place, node in enumerate(_named(document, "solution_node"), start=1):
        target = _ensure_id(node, f"end-solution-{place}")
        line = nodes.paragraph("", "", _link("Solution at the end of the chapter", target), classes=["see-end"])
        _replace(node, line)
        node["classes"] = [name for name in node["classes"] if name != "dropdown"]
        moved.append(node)
    return moved


def _move_answers(document: nodes.document) -> list[nodes.Node]:
    """Take the answers out of the questions; the assignment edition has none."""
    moved: list[nodes.Node] = []
    for node in _named(document, "quiz_answer"):
        item = node.parent
        target = f"answer-{item['item_id']}"
        line = nodes.paragraph("", "", _link("Answer at the end of the chapter", target), classes=["see-end"])
        _replace(node, line)
        back = _link(f"Question {node['number']}", item["ids"][0])
        title = nodes.paragraph("", "", back, classes=["answer-title"])
        moved.append(nodes.container("", title, *node.children, ids=[target], classes=["answer"]))
    return moved


def _is_folded(node: nodes.Element) -> bool:
    """Tell whether a web page folds the code of this cell: its result is what the text speaks of."""
    return (
        node.get("nb_element") == "cell_code"
        and node.get("hide_mode") in ("input", "input+output", "all")
        and bool(node.children)
        and node[0].get("nb_element") == "cell_code_source"
    )


def _move_code(document: nodes.document, number_of: Callable[[nodes.Element], str]) -> list[nodes.Node]:
    """Take folded code out; it goes by the number of what it drew, so that a link says where it leads."""
    moved: list[nodes.Node] = []
    for place, cell in enumerate([one for one in document.findall(nodes.container) if _is_folded(one)], start=1):
        here, there = f"cell-{place}", f"code-{place}"
        made = [number_of(one) for one in cell.findall(nodes.Element) if isinstance(one, (nodes.figure, nodes.table))]
        name = " and ".join(dict.fromkeys(filter(None, made)))
        text = f"Code of {name}" if name else f"Code {place}"
        source = cell[0]
        cell.remove(source)
        # Behind the result, which is what the reader came for.
        cell += nodes.paragraph("", "", _link(text, there, anchor=here), classes=["see-end"])
        cell["hide_mode"] = None
        title = nodes.paragraph("", "", _link(text, here), classes=["code-title"])
        moved.append(nodes.container("", title, source, ids=[there], classes=["code-listing"]))
    return moved
