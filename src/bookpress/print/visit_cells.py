"""Code: the cells of a chapter with what they printed, and listings."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from bookpress.print.html_output import HtmlOutput
from bookpress.print.markup import call, content, escape, string
from bookpress.print.registry import RUN_IT

COLOR_CODE = re.compile(r"\x1b\[[0-9;]*m")
LANGUAGES = {"ipython3": "python", "ipython": "python", "default": "", "none": "", "myst-ansi": "", "console": "sh"}
FOLDED = ("input", "input+output", "all")


class CellVisitors(HtmlOutput):
    """Notebook cells and listings."""

    printing: Any

    def print_container(self, node: nodes.container) -> str:
        """A group: a part of a cell, a component of sphinx-design, or just a group."""
        if node.get("nb_element") == "cell_code":
            return self._cell(node)
        if node.get("design_component"):
            return str(self.print_design(node))  # type: ignore[attr-defined]
        if node.get("nb_element") == "cell_code_output":
            return str(self.anchor(node)) + self._output(node.children)
        if "answer-key" in node["classes"]:
            return str(self.print_answer_key(node))  # type: ignore[attr-defined]
        if "literal-block-wrapper" in node["classes"]:
            return str(self.print_captioned_code(node))  # type: ignore[attr-defined]
        return str(self.anchor(node) + self.children(node))

    def _cell(self, node: nodes.container) -> str:
        """A cell. Its folded code goes to the end of the chapter, so that a figure stands in its sentence."""
        parts = []
        for part in node.children:
            is_source = part.get("nb_element") == "cell_code_source"
            if is_source and node.get("hide_mode") in FOLDED:
                self._fold(node, part)
            elif is_source:
                parts.append(self._code(part.children[0]))
                if "tag_live" in node["classes"]:
                    parts.append(f"\n{call('run-it', content(escape(RUN_IT)))}\n")
            else:
                parts.append(self.render(part))
        return str(self.anchor(node)) + "".join(parts)

    def _output(self, parts: list[nodes.Node]) -> str:
        """What a cell printed; the lines right below a table belong to it."""
        written = []
        after_table = False
        for part in parts:
            after_table = isinstance(part, nodes.table) or (after_table and isinstance(part, nodes.paragraph))
            is_note = after_table and isinstance(part, nodes.paragraph)
            written.append(f"\n{call('table-note', body=self.render(part))}\n" if is_note else self.render(part))
        return "".join(written)

    def _fold(self, node: nodes.container, source: nodes.Element) -> None:
        """Keep code for the end of the chapter, under the numbers of what it drew."""
        made = [one for one in node.findall(nodes.Element) if isinstance(one, (nodes.figure, nodes.table))]
        names = [
            (self.number_of(one), self.printing.names.label(self.docname, one["ids"][0])) for one in made if one["ids"]
        ]
        named = [(name, label) for name, label in names if name]
        name, label = named[0] if named else ("", "")
        self.printing.hidden_code.append((name, label, source.astext()))

    def hidden_code(self) -> str:
        """Return the folded code of the page, and forget it."""
        listed = self.printing.hidden_code
        self.printing.hidden_code = []
        if not listed:
            return ""
        items = [f"({string(name)}, {string(label)}, {string(code)})" for name, label, code in listed]
        for _, label, _ in listed:
            if label:
                self.want(label, self.tree)
        return f"\n{call('folded-code', *items)}\n"

    def print_literal_block(self, node: nodes.Element) -> str:
        """What a cell printed, or a listing."""
        parent = node.parent
        if "output" in node["classes"] or (
            isinstance(parent, nodes.container) and parent.get("nb_element") == "cell_code_output"
        ):
            return f"{self.mark(node)}{call('code-output', string(COLOR_CODE.sub('', node.astext()).rstrip()))}\n"
        return self._code(node)

    print_doctest_block = print_literal_block

    def _code(self, node: nodes.Element) -> str:
        language = node.get("language", "")
        named = LANGUAGES.get(language, language)
        return f"{self.mark(node)}{self.anchor(node)}{call('code', string(node.astext().rstrip()), string(named))}\n"

    def print_captioned_code(self, node: nodes.container) -> str:
        """A listing with a caption."""
        caption = "".join(self.children(child) for child in node.children if isinstance(child, nodes.caption))
        body = self.all([child for child in node.children if not isinstance(child, nodes.caption)])
        return str(self.captioned(node, "code-block", caption, body))
