"""Purge style sheets: keep the rules that some element may meet, the properties and animations that are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tinycss2

from bookpress.site.seen import Seen

# A class or id inside these is an alternative or an exclusion, so that it says nothing about need.
FUNCTIONAL = re.compile(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")
NAME = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
# A custom property being set, and being read by a rule, a style attribute, or a script.
VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^;{}\"'])*"  # a semicolon inside quotes does not end it
SETTING = re.compile(rf"(?<=[{{;])\s*(--[\w-]+)\s*:{VALUE}(?:;|(?=\}}))")
READING = re.compile(r"var\(\s*(--[\w-]+)|[\"'](--[\w-]+)[\"']")
NESTING = {"media", "supports", "layer", "container"}
# Where one part of a selector, which speaks of one element, ends; brackets and quotes are taken away before.
COMBINATOR = re.compile(r"[\s>+~]+")
BRACKETS = re.compile(r"\[[^\]]*\]|\([^()]*\)")
TAG = re.compile(r"[a-z][\w-]*")
KEYFRAMES = re.compile(r"@(?:-\w+-)?keyframes\s+([\w-]+)\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
EMPTY = re.compile(r"(?<=[{}])[^{}@;]*\{\s*\}")
# Strings stay; elsewhere blanks only part words. An empty property keeps its one blank, which is its value.
BLANKS = re.compile(r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|\s*([{};,])\s*|:\s+(?=[^\s;}])|\s+")


def purge(css: str, seen: Seen) -> str:
    """Return `css` without the rules that ask for an element which is not among `seen`.

    Examples
    --------
    >>> from bookpress.site.seen import look
    >>> seen = look(['<p class="a">'], [])
    >>> purge(".a{color:red}.b{color:blue}i.a{top:0}p.a:not(.c){top:0}", seen)
    '.a{color:red}p.a:not(.c){top:0}'
    """
    return _serialize(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), seen)


def names_in_sheets(sheets: Iterable[str]) -> set[str]:
    """Return every word that may be a class or an id in a selector."""
    return {name.replace("\\", "") for css in sheets for name in NAME.findall(css)}


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


def tight(css: str) -> str:
    """Return a sheet without blanks that say nothing.

    Examples
    --------
    >>> tight('p > a:hover {  --x: ; content: "a  b"; }  i { top: 0; }')
    'p > a:hover{--x:;content:"a  b"}i{top:0}'
    """

    def kept(match: re.Match[str]) -> str:
        return match[1] or match[2] or (":" if match[0].startswith(":") else " ")

    return BLANKS.sub(kept, css).replace(";}", "}").strip()


def purge_keyframes(sheets: Mapping[str, str]) -> dict[str, str]:
    """Return the sheets without animations that no rule starts, and without rules that say nothing.

    Examples
    --------
    >>> purge_keyframes({"a": "@keyframes x{0%{top:0}}@keyframes y{to{top:0}}p{animation:y 1s}i{}"})
    {'a': '@keyframes y{to{top:0}}p{animation:y 1s}'}
    """
    rules = KEYFRAMES.sub("", "".join(sheets.values()))
    words = set(re.findall(r"[\w-]+", " ".join(re.findall(r"animation(?:-name)?\s*:([^;}]*)", rules))))
    words |= set(re.findall(r"[\w-]+", " ".join(re.findall(r"--[\w-]*animation[\w-]*\s*:([^;}]*)", rules))))
    kept = {key: KEYFRAMES.sub(lambda found: found[0] if found[1] in words else "", css) for key, css in sheets.items()}
    return {key: EMPTY.sub("", css) for key, css in kept.items()}


def _serialize(rules: Iterable[Any], seen: Seen) -> str:
    kept: list[str] = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _split(tinycss2.serialize(rule.prelude)) if _needed(s, seen)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in NESTING:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = _serialize(inner, seen)
            if body:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}")
        else:
            kept.append(rule.serialize())
    return "".join(kept)


def _needed(selector: str, seen: Seen) -> bool:
    """Tell whether each part of a selector has an element that may meet it; how these stand to each other is not asked.

    States and attributes are not asked for either: both change while a page is read.
    """
    plain = BRACKETS.sub("", FUNCTIONAL.sub("", selector))
    return all(_met(part, seen) for part in COMBINATOR.split(plain) if part)


def _met(part: str, seen: Seen) -> bool:
    names = frozenset(name.replace("\\", "") for name in NAME.findall(part))
    tag = TAG.match(part)
    return seen.may_be(tag[0] if tag else "", names)


def _split(prelude: str) -> list[str]:
    """Split a selector list at its outer commas."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(prelude[start:place].strip())
            start = place + 1
    return [*parts, prelude[start:].strip()]
