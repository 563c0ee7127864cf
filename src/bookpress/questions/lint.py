"""Find what makes a question test the wrong thing: give-away keys, vague lead-ins, numbers typed by hand.

The rules follow the item-writing guides of board examinations. Each finding names file, item, field, value and rule.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations

from bookpress.questions.model import LETTERS, Bank, Item, Problem
from bookpress.typed_numbers import HOLE, find_typed_numbers

CATCH_ALL = re.compile(r"\b(all|none|both|neither) of (the )?(above|these|them)\b", re.IGNORECASE)
# Upper-case ALL is a disease, not a clue.
ABSOLUTE = re.compile(r"\b([Aa]lways|[Nn]ever|[Aa]ll|[Nn]one|[Oo]nly)\b")
VAGUE = re.compile(
    r"\bwhich( one)?( of (the following|these))?( (statement|answer|option)s?)? (is|are) "
    r"(true|false|correct|incorrect|right|wrong)\b",
    re.IGNORECASE,
)
NEGATIVE = re.compile(r"\b(not|except|least|never|cannot|incorrect|false|wrong)\b", re.IGNORECASE)
EMPHASIS = re.compile(r"\*\*.+?\*\*")
RAW_MARKUP = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")
ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
LINKING_ROLE = re.compile(r"\{(fact|cite[a-z:]*|ref|term|numref|doc)\}`")
# Spans in which a number is bound to a source, computed, declared as invented, or part of a formula.
BOUND = re.compile(r"\{\{[^}]*\}\}|\{(?:fact|given|glue:text|glue|eval)\}`[^`]*`|`[^`]*`|\$[^$]*\$")
# Conventions, not measurements: the level of an interval and the usual limit of P.
CONVENTIONS = (r"\b95 ?%", r"\b0\.05\b")
LONGEST_KEY_SHARE = 0.40
POSITION_SHARE = 0.45
TRUE_FALSE_SHARE = 0.10
SAME_QUESTION = 0.90
MIN_FOR_LENGTH = 5
MIN_FOR_POSITION = 8  # items in the chapter

Finding = tuple[str, str, str]
ItemRule = Callable[[Item], Iterator[Finding]]


def lint_bank(bank: Bank, *, bibliography: Collection[str] | None = None) -> list[Problem]:
    """Return every finding of a bank, item by item and then over the whole chapter.

    Parameters
    ----------
    bank
        The bank, best resolved, so that lengths and order are those the reader sees. Typed numbers are looked for in
        the bank as it was read: pass that one to `lint_numbers`.
    bibliography
        The keys of the book's bibliography, to check the sources; None leaves the check out.
    """
    problems: list[Problem] = []
    for item in bank.items:
        for rule in ITEM_RULES:
            problems += [Problem(item.file, item.id, *found) for found in rule(item)]
        if bibliography is not None:
            problems += [
                Problem(item.file, item.id, "sources", key, "is not a key of the bibliography")
                for key in item.sources
                if key not in bibliography
            ]
    for item_id, field, value, text in _chapter(bank):
        problems.append(Problem(bank.file, item_id, field, value, text))
    return problems


def lint_numbers(bank: Bank) -> list[Problem]:
    """Return the numbers that were typed into the texts of a bank as it was read, before its values are filled in."""
    rule = "typed number: use values, the fact role, or {given} if it is invented"
    return [
        Problem(item.file, item.id, field, found.text, rule)
        for item in bank.items
        for field, text in item.texts()
        for found in find_typed_numbers(BOUND.sub(HOLE, text), allowed=CONVENTIONS)
    ]


def _lead_in(item: Item) -> Iterator[Finding]:
    lead = item.lead_in
    if not lead.endswith("?"):
        yield "lead_in", lead, "must be a question and end with a question mark"
    if VAGUE.search(lead):
        yield "lead_in", lead, "cannot be answered with the options covered; ask for one definite thing"
    for word in NEGATIVE.findall(EMPHASIS.sub(" ", lead)):
        if item.type != "true-false":
            yield "lead_in", word, "a negative lead-in is misread; ask positively, or set the word in **bold**"
    if item.level in ("apply", "analyze") and not item.stem:
        yield "stem", "", f"an item of level {item.level} needs a stem with the case or the data"


def _options(item: Item) -> Iterator[Finding]:
    for place, option in enumerate(item.options):
        field = f"options[{LETTERS[place]}].text"
        if CATCH_ALL.search(option.text):
            yield field, option.text, "rewards test-taking, not knowledge; write a real option"
        for word in ABSOLUTE.findall(CATCH_ALL.sub(" ", option.text)):
            yield field, word, "an absolute word gives the option away"
        if LINKING_ROLE.search(option.text):
            yield field, option.text, "a link inside a choice steals the click; use {{ name }} or move it to the reason"
    texts = [_bare(option.text) for option in item.options]
    for twice in sorted({text for text in texts if texts.count(text) > 1}):
        yield "options", twice, "stands twice"
    numbers = [_as_number(option.text) for option in item.options]
    known = [number for number in numbers if number is not None]
    if len(known) == len(numbers) > 2 and known not in (sorted(known), sorted(known, reverse=True)):
        yield "options", ", ".join(o.text for o in item.options), "numbers must stand in order"


def _markup(item: Item) -> Iterator[Finding]:
    for field, text in item.texts():
        if RAW_MARKUP.search(ROLE.sub(" ", text)):
            yield field, text, "a bare < starts raw HTML, which is lost in print; write \\< or words"


ITEM_RULES: Sequence[ItemRule] = (_lead_in, _options, _markup)


def _chapter(bank: Bank) -> Iterator[tuple[str, str, str, str]]:
    yield from _key_is_longest(bank)
    yield from _key_positions(bank)
    yield from _duplicates(bank)
    few = [item.id for item in bank.items if item.type == "true-false"]
    if len(few) > TRUE_FALSE_SHARE * len(bank.items):
        yield "", "type", f"{len(few)} of {len(bank.items)}", "true-false items may be at most 10% of a chapter"
    tested = {item.objective for item in bank.items}
    for objective in bank.objectives:
        if objective not in tested:
            yield "", "objectives", objective, "no item tests this objective"


def _key_is_longest(bank: Bank) -> Iterator[tuple[str, str, str, str]]:
    """A key that is longer than every other option, item after item, can be guessed without reading."""
    single = [item for item in bank.items if item.type == "single"]
    longest = []
    for item in single:
        key = max(len(_bare(option.text)) for option in item.options if option.correct)
        if key > max(len(_bare(option.text)) for option in item.options if not option.correct):
            longest.append(item.id)
    if len(single) >= MIN_FOR_LENGTH and len(longest) > LONGEST_KEY_SHARE * len(single):
        rule = f"the key is the longest option in {len(longest)} of {len(single)} items; at most 40% are allowed"
        yield "", "options", ", ".join(longest), rule


def _key_positions(bank: Bank) -> Iterator[tuple[str, str, str, str]]:
    places = Counter(item.key_letters[0] for item in bank.items if item.type == "single")
    count = places.total()
    for letter, times in sorted(places.items()):
        if len(bank.items) >= MIN_FOR_POSITION and count > 2 and times > POSITION_SHARE * count:
            yield "", "options", letter, f"holds the key in {times} of {count} items; at most 45% are allowed"


def _duplicates(bank: Bank) -> Iterator[tuple[str, str, str, str]]:
    asked = [(item, _bare(f"{item.stem} {item.lead_in}").lower()) for item in bank.items]
    for (first, one), (second, other) in combinations(asked, 2):
        if difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= SAME_QUESTION:
            yield second.id, "lead_in", second.lead_in, f"asks almost the same as {first.id}"


def _bare(text: str) -> str:
    """Return the text about as the reader sees it, for lengths and comparisons."""
    text = re.sub(r"\{[a-z:]+\}`([^`]*)`", r"\1", text)
    return " ".join(re.sub(r"[*_`$\\]", "", text).split())


def _as_number(text: str) -> float | None:
    """Return the number an option starts with, if the option is a number with at most a unit of two words."""
    found = re.fullmatch(r"[~≈]?\s*([-−+]?\d+(?:\.\d+)?)\s*%?(?:\s+\S+){0,2}", _bare(text))
    return float(found[1].replace("−", "-")) if found else None
