"""How text becomes Typst markup. Everything the translators write goes through these few functions."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=\-+/\"':.])")
# A unit such as mcg/day must not break after its slash; the word joiner forbids it and shows nothing.
UNIT_SLASH = re.compile(r"(?<=\w)/(?=\w)")
WORD_JOINER = "\u2060"
BLANKS = re.compile(r"[ \t\n]+")


def escape(text: str) -> str:
    """Return plain text as markup: no character of it can start a Typst construct.

    Examples
    --------
    >>> escape("a_b *c*")
    'a\\\\_b \\\\*c\\\\*'
    """
    joined = UNIT_SLASH.sub("/" + WORD_JOINER, BLANKS.sub(" ", text))
    return SPECIAL.sub(r"\\\1", joined)


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
    return f"#{name}{brackets}" + (f"[{body}]" if body is not None else "") + ";"


def content(markup: str) -> str:
    """Return markup as an argument of a call."""
    return f"[{markup}]"


def array(items: list[str]) -> str:
    """Return a Typst array; one item alone needs its comma."""
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def boolean(value: bool) -> str:
    """Return a Typst boolean."""
    return "true" if value else "false"
