"""How a value of the evidence becomes HTML: a button that opens its source, without any script.

``popover`` does the work: the browser opens, closes (Escape, a tap outside, the button) and announces it. Everything
stays phrasing content, so it may stand in a paragraph. Browsers without popovers show of the note its first link, to
the register; the style sheet sees to it.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

SHORT = 24
"""Values up to this many characters are never broken over two lines."""
CLOSING = re.compile(r"^[.,;:!?)\]’”'\"%/–—]+")
OPENING = re.compile(r"[(\[‘“'\"–—/]+$")
NOT_VERIFIED = "not verified"
BOOKS = frozenset({"epub", "bookepub"})
"""Builders of e-books: no reader of these may be trusted to open a popover."""


class fact_reference(nodes.Inline, nodes.TextElement):  # noqa: N801 (docutils names nodes so)
    """A value of the evidence in running text.

    Its only child is the printed text with its mark. Attributes, all text: ``fact_id``, ``form`` ("value", "interval"
    or "comma"), ``table``, ``fact_label``, ``value`` (without mark), ``mark``, ``interval``, ``interval_mark``,
    ``fact_source`` (key), ``locator``, ``status``, ``interval_status``, ``checked``; once resolved also
    ``source_text``, ``status_text``, ``interval_status_text``, ``register_docname`` (empty if no page lists the fact;
    its anchor there is "fact-" + ``fact_id``), ``discrepancy_docname`` and
    ``discrepancy_anchor`` (both empty if no discrepancy concerns the fact).
    """


class GluePunctuation(SphinxPostTransform):
    """Keep a bracket or full stop beside the button it belongs to, where a browser would allow a line break."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Move adjoining punctuation from the text around a value into the value's attributes."""
        del kwargs
        for node in list(self.document.findall(fact_reference)):
            if is_plain(node, self.app.builder.name):
                continue
            siblings = node.parent.children
            place = siblings.index(node)
            after = siblings[place + 1] if place + 1 < len(siblings) else None
            before = siblings[place - 1] if place else None
            if isinstance(after, nodes.Text) and (match := CLOSING.search(after)):
                node["glue_after"] = match[0]
                node.parent[place + 1] = nodes.Text(after[match.end() :])  # by place: equal texts are not the same text
            if isinstance(before, nodes.Text) and (match := OPENING.search(before)):
                node["glue_before"] = match[0]
                node.parent[place - 1] = nodes.Text(before[: match.start()])


def is_plain(node: nodes.Node, builder: str) -> bool:
    """Tell whether a value prints as plain text: in e-books, headings, links, and wherever a node asks for it.

    A node asks by an attribute ``plain_facts``; use it for labels, summaries and other places that must hold no button.
    """
    if builder in BOOKS:
        return True
    parent = node.parent
    while parent is not None:
        if isinstance(parent, (nodes.title, nodes.reference, nodes.rubric)) or parent.get("plain_facts"):
            return True
        parent = parent.parent
    return False


def visit_fact(translator: Any, node: fact_reference) -> None:
    """Write a value."""
    anchor = "" if _is_copy(node) or not node["ids"] else f' id="{node["ids"][0]}"'
    plain = is_plain(node, translator.builder.name) or not node["ids"] or "register_docname" not in node
    body = _plain(translator, node) if plain else _disclosure(translator, node)
    kind = "fact fact-plain" if plain else "fact"
    translator.body.append(f'<span class="{kind}"{anchor}>{body}</span>')
    raise nodes.SkipNode


def depart_fact(translator: Any, node: fact_reference) -> None:
    """Do nothing: the visit wrote it all."""


def _is_copy(node: nodes.Node) -> bool:
    """Tell whether this is a copy of a heading, in a table of contents or a page's title: it has no anchor."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, nodes.reference):
            return True
        if isinstance(parent, nodes.title) and isinstance(parent.parent, (nodes.document, type(None))):
            return True
        parent = parent.parent
    return False


def _marked(mark: str, *, plain: bool) -> str:
    """Return the sign of an unverified value, with its meaning for eyes and for screen readers."""
    if not mark:
        return ""
    if plain:  # no style sheet hides text in an e-book
        return f'<abbr class="fact-mark" title="{NOT_VERIFIED}">{mark}</abbr>'
    return (
        f'<span class="fact-mark" title="{NOT_VERIFIED}"><span aria-hidden="true">{mark}</span>'
        f'<span class="fact-hidden"> ({NOT_VERIFIED})</span></span>'
    )


def _interval(node: fact_reference, *, plain: bool) -> str:
    if node["form"] == "value":
        return ""
    text = escape(node["interval"]) + _marked(node["interval_mark"], plain=plain)
    return f", {text}" if node["form"] == "comma" else f" ({text})"


def _plain(translator: Any, node: fact_reference) -> str:
    # The mark of a value stands behind its interval, as in every other edition.
    value = escape(node["value"])
    if translator.builder.name in BOOKS and not is_plain(node, ""):  # a note cannot open, but its row can be visited
        value = _register_link(translator, node, value) or value
    return f"{value}{_interval(node, plain=True)}{_marked(node['mark'], plain=True)}"


def _disclosure(translator: Any, node: fact_reference) -> str:
    """Return the button with the value, and the note it opens."""
    target = f"{node['ids'][0]}-source"
    long, shown = _split(node["value"])
    # A long value must break over lines, which a button cannot: its last word is the button, the whole its name.
    name = f' aria-label="{escape(node["value"])}"' if long else ""
    button = f'<button type="button" class="fact-value"{name} popovertarget="{target}">{escape(shown)}</button>'
    before, after = escape(node.get("glue_before", "")), escape(node.get("glue_after", ""))
    if long:
        long, before = f'{before}<span class="fact-long">{escape(long)} </span>', ""
    interval, mark = _interval(node, plain=False), _marked(node["mark"], plain=False)
    if interval:
        head = f'<span class="fact-whole">{before}{button}</span>{interval}{mark}{after}'
    else:
        head = f'<span class="fact-whole">{before}{button}{mark}{after}</span>'
    return long + head + _note(translator, node, target)


def _split(value: str) -> tuple[str, str]:
    """Return the words before the button, and the button's own."""
    if len(value) <= SHORT or " " not in value:
        return "", value
    start, _, last = value.rpartition(" ")
    return start, last


def _note(translator: Any, node: fact_reference, target: str) -> str:
    """Return the popover: what the number is, where it stands, how well it was checked.

    There are hundreds in a book, so that its parts are told apart by their elements and not by classes: ``b`` is the
    label, ``span`` a line, ``a`` a link.
    """
    interval = f" ({escape(node['interval'])})" if node["interval"] else ""
    told = bool(interval or node["mark"])  # otherwise the button says it all
    rows = [
        ("Value", f"{escape(node['value'])}{interval}" if told else ""),
        ("Source", escape(node["source_text"])),
        ("Where", escape(node["locator"])),
        ("Status", escape(node["status_text"])),
        ("Interval", escape(node["interval_status_text"]) if node["interval_status"] != node["status"] else ""),
        ("Checked", escape(node["checked"])),
    ]
    lines = "".join(f"<span><b>{key}: </b>{text}</span>" for key, text in rows if text)
    links = [_register_link(translator, node, "All about this number"), _discrepancy_link(translator, node)]
    foot = "".join(links).replace(' class="reference internal"', "")
    close = f'<button type="button" class="fact-close" popovertarget="{target}">Close</button>'
    head = f"<b>{escape(node['fact_label'] or node['fact_id'])}</b>"
    name = escape(f"Source of {node['value']}", quote=True)
    return (
        f'<span popover id="{target}" class="fact-source" role="note" aria-label="{name}">'
        f"{head}{lines}{foot}{close}</span>"
    )


def _link(translator: Any, docname: str, anchor: str, text: str) -> str:
    builder = translator.builder
    # The builder's own relative address: pages open from a folder, so it is never absolute.
    here = builder.current_docname
    address = "" if docname == here else builder.get_relative_uri(here, docname)
    return f'<a class="reference internal" href="{escape(address)}#{anchor}">{text}</a>'


def _register_link(translator: Any, node: fact_reference, text: str) -> str:
    docname = node.get("register_docname")
    return _link(translator, docname, f"fact-{node['fact_id']}", text) if docname else ""


def _discrepancy_link(translator: Any, node: fact_reference) -> str:
    docname = node.get("discrepancy_docname")
    return (
        _link(translator, docname, node["discrepancy_anchor"], "Sources disagree: why our number differs")
        if docname
        else ""
    )
