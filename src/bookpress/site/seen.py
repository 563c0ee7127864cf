"""What the pages hold, and what scripts may add to it, as far as style rules can ask: elements with classes and ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

ELEMENT = re.compile(r"<([a-z][\w-]*)((?:\s[^<>]*)?)>")
CLASS_OR_ID = re.compile(r'\b(?:class|id)="([^"]*)"')
WORD = re.compile(r"[A-Za-z_][\w-]*")
# In a script, a word between quotes or blanks may become a class; behind a dot or a hash it is only looked for.
GIVEN = re.compile(r"(?<=[\"'`\s>])[A-Za-z_][\w-]*(?=[\"'`\s\\$<])")
MADE = re.compile(r"(?:<|[\"'`])([a-z][a-z0-9]*)\b")  # names of elements that a script may make
Element = tuple[str, frozenset[str]]


@dataclass(frozen=True)
class Seen:
    """The elements of the pages with their names (classes and ids), and names and elements that scripts may add."""

    elements: frozenset[Element]
    given: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    _answers: dict[Element, bool] = field(default_factory=dict, compare=False, repr=False)

    def may_be(self, tag: str, names: frozenset[str]) -> bool:
        """Tell whether an element with this tag ("" for any) and all these names may come up on a page."""
        asked = (tag, names)
        if asked not in self._answers:
            self._answers[asked] = self._search(tag, names - self.given)
        return self._answers[asked]

    def _search(self, tag: str, names: frozenset[str]) -> bool:
        if not names and (not tag or tag in self.made):
            return True
        return any(names <= held and tag in ("", kind) for kind, held in self.elements)

    def about(self, names: set[str]) -> Seen:
        """Return the same, seen by someone who knows these names alone: much shorter, with the same answers."""
        elements = frozenset((tag, held & names) for tag, held in self.elements)
        return Seen(elements, self.given & names, self.made)

    def key(self) -> bytes:
        """Return a text that is the same for equal contents."""
        elements = sorted(f"{tag} {' '.join(sorted(names))}" for tag, names in self.elements)
        return "\n".join([*elements, "", *sorted(self.given), "", *sorted(self.made)]).encode()


def look(pages: Iterable[str], scripts: Iterable[str]) -> Seen:
    """Return what pages hold and what scripts may add.

    Examples
    --------
    >>> seen = look(['<p class="a b"><i id="c"></i></p>'], ["x.classList.add('open'); y = find('.shut')"])
    >>> [seen.may_be("p", frozenset(names)) for names in ({"a"}, {"a", "b", "open"}, {"c"}, {"shut"})]
    [True, True, False, False]
    """
    tags = {found for page in pages for found in ELEMENT.findall(page)}
    elements = frozenset((tag, frozenset(names_in(attributes))) for tag, attributes in tags)
    texts = list(scripts)
    given = frozenset(word for text in texts for word in GIVEN.findall(text))
    made = frozenset(word for text in texts for word in MADE.findall(text))
    return Seen(elements, given, made)


def names_in(markup: str) -> set[str]:
    """Return every class and id of a piece of markup."""
    return {name for match in CLASS_OR_ID.finditer(markup) for name in match[1].split()}
