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
        chapter = next(iter(self.document.findall(nodes.section)), None)
        if chapter is None:
            return
        moved = [
            _section("solutions", "Solutions to the exercises", _move_solutions(self.document)),
            _section("answers", "Answers to the questions", _move_answers(self.document)),
            _section("code", "Code of this chapter", _move_code(self.document)),
        ]
        # The line "To cite this chapter" stays the last one.
        last = len(chapter)
        while last and "chapter-citation" in _classes(chapter[last - 1]):
            last -= 1
        for section in reversed([one for one in moved if one is not None]):
            chapter.insert(last, section)


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


def _is_folded(node: nodes.Node) -> bool:
    """Tell whether a web page folds the code of this cell: its result is what the text speaks of."""
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
        and node.get("hide_mode") in ("input", "input+output", "all")
        and bool(node.children)
        and node[0].get("nb_element") == "cell_code_source"
    )


def _move_code(document: nodes.document) -> list[nodes.Node]:
    moved: list[nodes.Node] = []
    condition: Callable[[nodes.Node], bool] = _is_folded
    for number, cell in enumerate(list(document.findall(condition)), start=1):
        here, there = f"cell-{number}", f"code-{number}"
        source = cell[0]
        line = nodes.paragraph("", "", _link(f"Code {number}", there, anchor=here), classes=["see-end", "see-code"])
        cell.remove(source)
        cell += line  # behind the result, which is what the reader came for
        cell["hide_mode"] = None
        title = nodes.paragraph("", "", _link(f"Code {number}", here), classes=["code-title"])
        moved.append(nodes.container("", title, source, ids=[there], classes=["code-listing"]))
    return moved
