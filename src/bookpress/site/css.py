"""Purge style sheets: keep the rules whose classes and ids some page or script names, the properties that are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tinycss2

# A class or id inside these is an alternative or an exclusion, so that it says nothing about need.
FUNCTIONAL = re.compile(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")
NAME = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
# A custom property being set, and being read by a rule, a style attribute, or a script.
VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^;{}\"'])*"  # a semicolon inside quotes does not end it
SETTING = re.compile(rf"(?<=[{{;])\s*(--[\w-]+)\s*:{VALUE}(?:;|(?=\}}))")
READING = re.compile(r"var\(\s*(--[\w-]+)|[\"'](--[\w-]+)[\"']")
NESTING = {"media", "supports", "layer", "container"}


def purge(css: str, used: set[str]) -> str:
    """Return `css` without the rules that need a class or id outside of `used`.

    Examples
    --------
    >>> purge(".a{color:red}.b{color:blue}p .a:not(.c){top:0}", {"a"})
    '.a{color:red}p .a:not(.c){top:0}'
    """
    return _serialize(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used)


def purge_properties(sheets: Mapping[str, str], *, others: str = "") -> dict[str, str]:
    """Return the sheets without the custom properties that nothing reads, in them or in `others` (pages, scripts).

    A property may be read by another alone, so that the sheets are gone through until none is left to drop.

    Examples
    --------
    >>> purge_properties({"a": ":root{--x:1;--y:var(--x);--z:2}p{top:var(--y)}"})
    {'a': ':root{--x:1;--y:var(--x);}p{top:var(--y)}'}
    """
    kept = dict(sheets)
    while True:
        read = {name for pair in READING.findall("".join(kept.values()) + others) for name in pair}
        leaner = {
            key: SETTING.sub(lambda setting: setting[0] if setting[1] in read else "", css)  # noqa: B023
            for key, css in kept.items()
        }
        if leaner == kept:
            return kept
        kept = leaner


def _serialize(rules: Iterable[Any], used: set[str]) -> str:
    kept: list[str] = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _split(tinycss2.serialize(rule.prelude)) if _needed(s, used)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in NESTING:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = _serialize(inner, used)
            if body:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}")
        else:
            kept.append(rule.serialize())
    return "".join(kept)


def _needed(selector: str, used: set[str]) -> bool:
    names = NAME.findall(FUNCTIONAL.sub("", selector))
    return all(name.replace("\\", "") in used for name in names)


def _split(prelude: str) -> list[str]:
    """Split a selector list at its outer commas."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(prelude[start:place].strip())
            start = place + 1
    return [*parts, prelude[start:].strip()]
