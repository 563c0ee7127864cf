"""What makes a page: headings, paragraphs, lists, quotations, the glossary, the bibliography."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from bookpress.print.markup import array, boolean, call, content, escape, string

NUMBERINGS = {"arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
# sphinx-exercise wraps the text of exercise and solution in a section without a heading.
INNER_SECTIONS = {"exercise-content", "solution-content"}
QUIET_PARAGRAPHS = {
    "chapter-facts": "chapter-facts",
    "names-next": "names-next",  # a line that names what follows, and stays with it
    "chapter-citation": "chapter-citation",
    "fact-legend": "legend",
    "fact-locator": "fine",
    "fact-checked": "fine",
    "fact-id": "fact-id",
}


class BlockVisitors:
    """Nodes of the body of a page."""

    printing: Any
    docname: str
    level: int
    section_numbers: dict[str, tuple[int, ...]]
    is_in_heading: bool

    render: Any
    children: Any
    all: Any
    anchor: Any
    mark: Any
    label_of: Any
    warn: Any

    def transparent(self, node: nodes.Element) -> str:
        """A node that only groups others."""
        return str(self.anchor(node) + self.children(node))

    print_document = print_glossary = print_only = print_centered = transparent

    # --- headings ---------------------------------------------------------------------------------------------------
    def print_section(self, node: nodes.section) -> str:
        """A section, one level below the one around it."""
        if INNER_SECTIONS & set(node["ids"]):
            return str(self.children(node))
        self.level += 1
        body = self.children(node)
        self.level -= 1
        return str(body) + (self.printing_end() if isinstance(node.parent, nodes.document) else "")

    def printing_end(self) -> str:
        """What follows the last line of a page; the cells hold it."""
        return str(self.hidden_code())  # type: ignore[attr-defined]

    def print_title(self, node: nodes.title) -> str:
        """The heading of a section; boxes and tables print their titles themselves."""
        section = node.parent
        if not isinstance(section, nodes.section):
            return ""
        is_top = isinstance(section.parent, nodes.document)
        number = self.section_numbers.get("" if is_top else f"#{section['ids'][0]}") or ()
        self.is_in_heading = True
        text = self.children(node)
        self.is_in_heading = False
        heading = call(
            "hd",
            str(self.level - 1),
            string(".".join(map(str, number))),
            string(self.label_of(section)),
            top=boolean(is_top),
            listed=boolean(is_top or (bool(number) and node.astext() not in self.printing.recurring)),
            contents=boolean(any("toctree-wrapper" in child["classes"] for child in section.findall(nodes.compound))),
            body=text,
        )
        return f"{self.mark(node)}{heading}\n"

    def print_rubric(self, node: nodes.Element) -> str:
        """A heading outside the order of headings."""
        return f"\n{call('rubric', body=self.children(node))}\n"

    # --- paragraphs -------------------------------------------------------------------------------------------------
    def print_paragraph(self, node: nodes.Element) -> str:
        """A paragraph."""
        inner = self.anchor(node) + self.children(node)
        for kind, function in QUIET_PARAGRAPHS.items():
            if kind in node["classes"]:
                inner = call(function, body=inner)
        return f"{self.mark(node)}{inner}\n"

    def print_compact_paragraph(self, node: nodes.Element) -> str:
        """A paragraph without the space around it."""
        return f"{self.anchor(node)}{self.children(node)}\n"

    def print_line_block(self, node: nodes.Element) -> str:
        """Lines that keep their ends."""
        return f"\n{self.children(node)}\n"

    def print_line(self, node: nodes.Element) -> str:
        """One of them."""
        return f"{self.children(node)} \\\n"

    def print_block_quote(self, node: nodes.Element) -> str:
        """A quotation with the name of who said it, where one is given."""
        named = [child for child in node.children if isinstance(child, nodes.attribution)]
        body = self.all([child for child in node.children if child not in named])
        who = content(self.children(named[0])) if named else "none"
        return f"\n{call('quotation', who, body=body)}\n"

    def print_transition(self, _node: nodes.Element) -> str:
        """A rule between two parts of a text."""
        return f"\n{call('rule')}\n"

    def print_compound(self, node: nodes.Element) -> str:
        """The list of chapters becomes the book's table of contents; any other group is printed as it is."""
        if "toctree-wrapper" not in node["classes"]:
            return self.transparent(node)
        if not self.printing.is_book or self.printing.gathered.has_contents:
            return ""
        self.printing.gathered.has_contents = True
        return f"\n{call('contents')}\n"

    # --- lists ------------------------------------------------------------------------------------------------------
    def print_bullet_list(self, node: nodes.Element) -> str:
        """A list with bullets; the references of a chapter are a list with classes of its own."""
        if "chapter-references" in node["classes"]:
            return "".join(map(self._source, node.children))
        return f"\n{call('list', *(content(self._item(one)) for one in node.children))}\n"

    def _source(self, item: nodes.Element) -> str:
        """Return one source of a chapter. In a handout, which has no bibliography, citations lead here."""
        paragraph = item.children[0]
        back = [one for one in paragraph.findall(nodes.reference) if one.astext() == "all references"]
        told = [one for one in paragraph.children if one not in back]
        if back and len(told) > 1 and told[-1].astext() == ")" and told[-2].astext() == " (":
            told = told[:-2]  # a link to the bibliography, which the citations of the text have already
        place = ""
        if back and not self.printing.is_book:
            docname, _, anchor = back[0]["refuri"].removeprefix("%").partition("#")
            label = self.printing.names.label(docname, anchor)
            if label not in self.printing.gathered.made:
                self.printing.gathered.made.add(label)
                place = call("anchor", string(label))
        return f"\n{call('source', body=place + self.all(told))}\n"

    def print_enumerated_list(self, node: nodes.Element) -> str:
        """A list with numbers."""
        sign = NUMBERINGS.get(node.get("enumtype", ""), "1")
        pattern = f"{node.get('prefix') or ''}{sign}{node.get('suffix') or '.'}"
        items = [content(self._item(one)) for one in node.children]
        return f"\n{call('enum', *items, numbering=string(pattern), start=str(node.get('start', 1)))}\n"

    def _item(self, item: nodes.Element) -> str:
        return str(self.anchor(item) + self.children(item).strip() + "\n")

    def print_definition_list(self, node: nodes.Element) -> str:
        """Terms with their definitions."""
        return "".join(self.definition(item) for item in node.children)

    def definition(self, item: nodes.Element) -> str:
        """Return one term, or several that share a definition."""
        terms = [child for child in item.children if isinstance(child, nodes.term)]
        told = [child for child in item.children if isinstance(child, nodes.definition)]
        name = ", ".join(self.anchor(term) + self.children(term) for term in terms)
        return f"{self.mark(item)}{call('defined', content(name), body=''.join(map(self.children, told)))}\n"

    def print_field_list(self, node: nodes.Element) -> str:
        """Names with values."""
        return "".join(
            f"\n{call('defined', content(self.children(field[0])), body=self.children(field[1]))}\n"
            for field in node.children
        )

    def print_option_list(self, node: nodes.Element) -> str:
        """Options of a command with what they do."""
        return "".join(
            f"\n{call('defined', content(call('raw', string(item[0].astext()))), body=self.children(item[1]))}\n"
            for item in node.children
        )

    # --- bibliography -----------------------------------------------------------------------------------------------
    def print_citation(self, node: nodes.citation) -> str:
        """One entry of the bibliography."""
        told = "".join(self.children(child).strip() for child in node.children[1:])
        # The label is a name of the press, such as id80; in the text stand authors and year.
        return f"\n{call('source', body=self.anchor(node) + told)}\n"

    def print_citations(self, wanted: set[str]) -> str:
        """Return the entries of this page that a handout cites."""
        return self.all([one for one in self.tree.findall(nodes.citation) if wanted & set(one["ids"])])  # type: ignore[attr-defined]

    def print_terms(self, wanted: set[str]) -> str:
        """Return the terms of this page that a handout uses."""
        items = self.tree.findall(nodes.definition_list_item)  # type: ignore[attr-defined]
        used = [item for item in items if any(wanted & set(term["ids"]) for term in item.findall(nodes.term))]
        return "".join(self.definition(item) for item in used)

    def print_part(self, title: str, docnames: list[str]) -> str:
        """Return the page that opens a part, with its chapters."""
        chapters = [content(escape(self.printing.env.titles[docname].astext())) for docname in docnames]
        return f"\n{call('part', content(escape(title)), array(chapters))}\n"
