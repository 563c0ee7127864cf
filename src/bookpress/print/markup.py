"""How text becomes Typst markup. Everything the translators write goes through these few functions."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=\-+/\"':.])")
# A unit such as mcg/day and a name such as B-ALL must not break inside.
WHOLE = re.compile(r"(?<![\w/-])(?:\w{1,8}(?:/\w{1,8})+|\w-\w{1,12})(?![\w/-])")
BLANKS = re.compile(r"[ \t\n]+")


def escape(text: str) -> str:
    """Return plain text as markup: no character of it can start a Typst construct.

    Examples
    --------
    >>> escape("a_b *c*")
    'a\\\\_b \\\\*c\\\\*'
    """
    return SPECIAL.sub(r"\\\1", BLANKS.sub(" ", text))


def running_text(text: str) -> str:
    """Return plain text as markup in which units and short names are never broken over two lines.

    They are put in boxes, not joined with invisible characters: a reader's search must find them.

    Examples
    --------
    >>> running_text("at 5 mcg/day")
    'at 5 #box[mcg\\\\/day];'
    """
    parts = []
    end = 0
    for match in WHOLE.finditer(text):
        parts += [escape(text[end : match.start()]), call("box", body=escape(match[0]))]
        end = match.end()
    return "".join(parts) + escape(text[end:])


def string(text: str) -> str:
    r"""Return a Typst string literal.

    Examples
    --------
    >>> string('say "a"')
    '"say \\"a\\""'
    """
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "")
    return f'"{quoted}"'


def call(name: str, *arguments: str, body: str | None = None, **named: str) -> str:
    """Return a call of a function of the template; arguments are Typst code, the body is markup.

    The semicolon ends the call, so that a bracket in the text behind it is not taken for another argument.

    Examples
    --------
    >>> call("emph", body="x")
    '#emph[x];'
    >>> call("fig", string("a"), kind=string("table"))
    '#fig("a", kind: "table");'
    """
    listed = [*arguments, *(f"{key.replace('_', '-')}: {value}" for key, value in named.items())]
    brackets = f"({', '.join(listed)})" if listed or body is None else ""
    return f"#{name}{brackets}" + (content(body) if body is not None else "") + ";"


def content(markup: str) -> str:
    """Return markup as an argument of a call.

    A comment at its end (an empty paragraph leaves its mark alone) must not reach the bracket: it would swallow the
    bracket and all that follows, and a table would move its cells one column to the left.

    Examples
    --------
    >>> content("x")
    '[x]'
    >>> content("//@ page:3")
    '[//@ page:3\\n]'
    """
    end = "\n" if markup.rpartition("\n")[2].lstrip().startswith("//") else ""
    return f"[{markup}{end}]"


def array(items: list[str]) -> str:
    """Return a Typst array; one item alone needs its comma."""
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def boolean(value: bool) -> str:
    """Return a Typst boolean."""
    return "true" if value else "false"
