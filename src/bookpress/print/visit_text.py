"""What stands inside a line: emphasis, code, links, citations, footnotes, values of the evidence."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from bookpress.fact_html import fact_reference
from bookpress.print.markup import call, escape, running_text, string

OTHER_FORMATS = re.compile(r"\b(?:latex|text|man|texinfo|xml|odt)\b")
HTML_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
HTML_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)


class TextVisitors:
    """Inline nodes."""

    printing: Any
    docname: str
    footnotes: dict[str, nodes.footnote]
    is_in_heading: bool

    # The translator brings these.
    children: Any
    anchor: Any
    warn: Any
    label_of: Any
    want: Any

    def print_Text(self, node: nodes.Text) -> str:  # noqa: N802 (named after the node)
        """Plain text."""
        return escape(node.astext()) if self.is_in_heading else running_text(node.astext())

    def print_emphasis(self, node: nodes.Element) -> str:
        """Emphasized text, a title, or a variable."""
        return call("emph", body=self.children(node))

    print_title_reference = print_literal_emphasis = print_emphasis

    def print_strong(self, node: nodes.Element) -> str:
        """Strong text."""
        return call("strong", body=self.children(node))

    print_literal_strong = print_strong

    def print_subscript(self, node: nodes.Element) -> str:
        """Lowered text."""
        return call("sub", body=self.children(node))

    def print_superscript(self, node: nodes.Element) -> str:
        """Raised text."""
        return call("super", body=self.children(node))

    def print_literal(self, node: nodes.Element) -> str:
        """Code in a sentence."""
        return self.anchor(node) + call("raw", string(node.astext()))

    def print_inline(self, node: nodes.Element) -> str:
        """A span whose looks, if any, its class names."""
        inner = self.anchor(node) + self.children(node)
        return call("quiet", body=inner) if "fact-day" in node["classes"] else inner

    print_abbreviation = print_acronym = print_generated = print_inline
    print_PassthroughTextElement = print_inline  # noqa: N815 (named after the node)

    def print_fact_reference(self, node: fact_reference) -> str:
        """A value of the evidence: its text with its mark, linked to its row of the register where the PDF has one."""
        text = escape(node.astext())
        page = node.get("register_docname")
        if self.is_in_heading or not page:
            return self.anchor(node) + text
        return self.anchor(node) + self._link(page, f"fact-{node['fact_id']}", text, node, kind="fact")

    def print_reference(self, node: nodes.Element) -> str:
        """A link inside the book or out of it."""
        text = self.anchor(node) + self.children(node)
        if node.get("refid"):
            return self._link(self.docname, node["refid"], text, node)
        address = node.get("refuri", "")
        if not address.startswith("%"):
            return text if self.is_in_heading or not address else call("web", string(address), body=text)
        docname, _, anchor = address[1:].partition("#")
        return self._link(docname, anchor, text, node)

    print_number_reference = print_reference

    def _link(self, docname: str, anchor: str, text: str, node: nodes.Node, *, kind: str = "xref") -> str:
        """Return a link; whether its target is in this PDF is known, and settled, when all is written."""
        if self.is_in_heading:
            return text
        gathered = self.printing.gathered
        place = gathered.places[docname, anchor] = self.printing.place(docname, anchor)
        if place.is_citation:
            gathered.cited.add((docname, anchor))
        before = ""
        if place.is_term:
            gathered.terms.add((docname, anchor))
            before = self._note_term(place.label)
        self.want(place.label, node)
        return before + call(kind, string(place.label), body=text)

    def _note_term(self, term: str) -> str:
        """Mark the place where a glossary term is used, for the index."""
        self.printing.term_count[self.docname, term] += 1
        mark = f"{self.docname}#uses-{term.partition('#')[2]}-{self.printing.term_count[self.docname, term]}"
        self.printing.gathered.term_uses.setdefault(term, []).append(mark)
        return call("anchor", string(mark))

    def print_download_reference(self, node: nodes.Element) -> str:
        """A file to download: its name, for paper has no files."""
        return self.children(node)

    def print_footnote_reference(self, node: nodes.Element) -> str:
        """A footnote, set where it is called for."""
        note = self.footnotes.get(node.get("refid", ""))
        if note is None:
            self.warn(node, "footnote %r has no text", node.astext())
            return ""
        told = [child for child in note.children if not isinstance(child, nodes.label)]
        return call("footnote", body="".join(self.children(child).strip() for child in told))

    def print_target(self, node: nodes.Element) -> str:
        """A place that something refers to."""
        return "" if node.get("refid") or node.get("refuri") else self.anchor(node) + self.children(node)

    def print_raw(self, node: nodes.raw) -> str:
        """Markup of one format. What is for other editions is left out; HTML must be a table, a picture, or a break."""
        kind, text = node.get("format", ""), node.astext()
        if OTHER_FORMATS.search(kind):
            return ""
        if "html" not in kind:
            self.warn(node, "raw text of the format %r cannot be printed", kind)
            return ""
        if HTML_COMMENT.fullmatch(text) or not text.strip():
            return ""
        if HTML_BREAK.fullmatch(text.strip()):
            return call("linebreak")
        return str(self.html(node, text))  # type: ignore[attr-defined]

    def print_problematic(self, node: nodes.Element) -> str:
        """Text that docutils could not read; it has warned already."""
        return self.children(node)

    def nothing(self, _node: nodes.Node) -> str:
        """What leaves no trace on paper."""
        return ""

    print_comment = print_meta = print_index = print_substitution_definition = print_system_message = nothing
    print_footnote = print_toctree = print_pending = print_tabular_col_spec = print_highlightlang = nothing
