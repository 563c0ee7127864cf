"""A formula in words, for those who listen: made from the same MathML that is printed, so that both say the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from xml.etree import ElementTree

from bookpress.print.formula_typst import MathMLError, tag_of, text_of

Element = ElementTree.Element

SIGNS = {
    "=": "equals", "+": "plus", "−": "minus", "-": "minus", "±": "plus or minus", "∓": "minus or plus",
    "×": "times", "⋅": "times", "·": "times", "∗": "times", "*": "times", "÷": "divided by", "/": "divided by",
    "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least", "≈": "is about",
    "≠": "is not equal to", "≡": "is identical to", "∼": "is distributed as", "∝": "is proportional to",
    "→": "to", "⇒": "implies", "↦": "maps to", "∈": "in", "∉": "not in", "∣": "given", "|": "bar", "‖": "double bar",
    "∑": "the sum", "∏": "the product", "∫": "the integral", "∂": "partial", "∞": "infinity", "∅": "the empty set",
    "…": "and so on", "⋯": "and so on", "%": "percent", "!": "factorial", "′": "prime", "°": "degrees", "∩": "and",
    "∪": "or", ",": ",", ";": ",", ".": ".", ":": "to", "^": "hat", "ˆ": "hat", "¯": "bar", "‾": "bar", "_": "bar",
    "~": "tilde", "˜": "tilde", "˙": "dot", "¨": "double dot",
}  # fmt: skip
FENCES = {
    "(": "open parenthesis", ")": "close parenthesis", "[": "open bracket", "]": "close bracket",
    "{": "open brace", "}": "close brace", "⌊": "the floor of", "⌋": "end of floor",
    "⌈": "the ceiling of", "⌉": "end of ceiling",
}  # fmt: skip
WORDS = {
    "ln": "the natural logarithm of", "log": "the logarithm of", "exp": "the exponential of", "lim": "the limit",
    "max": "the maximum", "min": "the minimum", "Pr": "the probability of", "sin": "sine", "cos": "cosine",
    "tan": "tangent", "E": "E",
}  # fmt: skip
POWERS = {"2": "squared", "3": "cubed"}
SUMS = ("∑", "∏", "∫", "⋃", "⋂")
BAR = "|"


def speak(mathml: str) -> str:
    """Return a formula in words.

    Examples
    --------
    >>> speak('<math><mfrac><mi>R</mi><mi>V</mi></mfrac></math>')
    'R over V'
    """
    return _tidy(_row(list(ElementTree.fromstring(mathml))))


def _tidy(words: str) -> str:
    """Return words with single blanks and single commas; "end of ..." is not said where the formula ends."""
    said = re.sub(r"\s+([,.])", r"\1", " ".join(words.split()))
    said = re.sub(r",(?:\s*,)+", ",", said).strip(" ,")
    return re.sub(r"(?:[,;] end of \w+(?: \w+)?)+$", "", said)


def _row(children: list[Element]) -> str:
    """Return the words of a run; letters side by side are one name where they are capitals, as in BSA."""
    said: list[str] = []
    place = 0
    while place < len(children):
        run = _capitals(children[place:])
        after = place + len(run)
        if run and after < len(children) and _is_power_of_capital(children[after]):
            said.append("".join(run) + _one(children[after]))  # as in CV², where only the V carries the power
            place = after + 1
            continue
        if len(run) > 1:
            said.append("".join(run))
            place = after
            continue
        if _is_bar(children[place]):
            ends = [step for step in range(place + 1, len(children)) if _is_bar(children[step])]
            if ends:
                inner = _row(children[place + 1 : ends[0]])
                said.append(f"the absolute value of {inner}, end of absolute value,")
                place = ends[0] + 1
                continue
        said.append(_one(children[place]))
        place += 1
    return " ".join(part for part in said if part)


def _capitals(children: list[Element]) -> list[str]:
    """Return the capitals that begin a run: side by side they are one name."""
    run: list[str] = []
    for child in children:
        text = text_of(child)
        if tag_of(child) != "mi" or len(text) != 1 or not ("A" <= text <= "Z"):
            break
        run.append(text)
    return run


def _is_power_of_capital(element: Element) -> bool:
    return tag_of(element) == "msup" and len(_capitals([element[0]])) == 1


def _is_bar(element: Element) -> bool:
    return tag_of(element) in ("mi", "mo") and text_of(element) == BAR


def _one(element: Element) -> str:
    speaker = SPEAKERS.get(tag_of(element))
    if speaker is None:
        raise MathMLError(f"MathML element <{tag_of(element)}>")
    return speaker(element)


def _identifier(element: Element) -> str:
    text = text_of(element).replace("\u2006", " ").strip()
    if text in WORDS or text in SIGNS:
        return WORDS.get(text) or SIGNS[text]
    return " ".join(map(_letter, text)) if len(text) == 1 else text


def _letter(sign: str) -> str:
    """Return the name of a Greek or styled letter, and any other letter as it is."""
    name = unicodedata.name(sign, "")
    if "GREEK" in name:
        word = name.split("LETTER ")[-1].split(" SYMBOL")[0].removeprefix("FINAL ").lower()
        return f"capital {word}" if "CAPITAL" in name else word
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign:
        return f"bold {plain}" if "BOLD" in name else plain
    return sign


def _operator(element: Element) -> str:
    text = text_of(element).strip()
    if text in SIGNS:
        return SIGNS[text]
    if text in FENCES:
        return FENCES[text]
    if all(unicodedata.category(sign) in ("Cf", "Zs") for sign in text):
        return ""
    return unicodedata.name(text, text).lower() if len(text) == 1 else text


def _text(element: Element) -> str:
    words = text_of(element).replace("\xa0", " ")
    return re.sub(r"/", " per ", words)


def _container(element: Element) -> str:
    children = list(element)
    if len(children) > 2 and all(
        tag_of(one) == "mo" and one.get("fence") == "true" for one in (children[0], children[-1])
    ):
        inner = children[1:-1]
        if len(inner) == 1 and tag_of(inner[0]) == "mfrac" and inner[0].get("linethickness", "1").startswith("0"):
            top, bottom = map(_one, inner[0])
            return f"{top} choose {bottom}"
        if len(inner) == 1 and tag_of(inner[0]) == "mtable":
            return _cases(inner[0]) if text_of(children[0]) == "{" else _one(inner[0])
        if _is_simple(inner) and text_of(children[0]) == "(":
            return f"of {_row(inner)}" if children[0].get("stretchy") == "false" else f"the quantity {_row(inner)}"
    return _row(children)


def _is_simple(children: list[Element]) -> bool:
    """Tell whether what brackets hold is a single name or number, so that "of x" leaves no doubt where it ends."""
    return len(children) == 1 and tag_of(children[0]) in ("mi", "mn", "mtext", "msub")


def _is_short(element: Element) -> bool:
    children = [child for child in element if tag_of(child) != "mspace"]
    if tag_of(element) in ("mi", "mn", "mtext"):
        return True
    if tag_of(element) == "mrow" and len(_capitals(children)) == len(children) > 0:
        return True
    return tag_of(element) in ("mrow", "mstyle") and len(children) == 1 and _is_short(children[0])


def _fraction(element: Element) -> str:
    top, bottom = list(element)
    if element.get("linethickness", "1").startswith("0"):
        return f"{_one(top)} above {_one(bottom)}"
    if _is_short(top) and _is_short(bottom):
        join = "per" if all(_holds_unit(one) for one in (top, bottom)) else "over"
        return f"{_one(top)} {join} {_one(bottom)}"
    return f"the fraction {_one(top)} over {_one(bottom)}, end of fraction,"


def _holds_unit(element: Element) -> bool:
    return tag_of(element) == "mtext"


def _square_root(element: Element) -> str:
    inner = _row(list(element))
    return f"the square root of {inner}" + (
        "" if all(map(_is_short, element)) and len(element) == 1 else ", end of root,"
    )


def _root(element: Element) -> str:
    base, index = list(element)
    kind = {"3": "cube root"}.get(_one(index), f"root of order {_one(index)}")
    return f"the {kind} of {_one(base)}" + ("" if _is_short(base) else ", end of root,")


def _below(element: Element) -> str:
    base, mark = list(element)
    return f"{_one(base)} sub {_script(mark)}"


def _script(element: Element) -> str:
    """Return a subscript; small letters side by side are one name there, as in C sub ss."""
    children = list(element)
    if text_of(element) == "1/2":
        return "one half"
    if (
        tag_of(element) == "mrow"
        and children
        and all(tag_of(one) == "mi" and text_of(one).isalpha() for one in children)
    ):
        return "".join(_letter(text_of(one)) for one in children)
    return _one(element)


def _above(element: Element) -> str:
    base, mark = list(element)
    return f"{_one(base)} {_power(mark)}"


def _power(element: Element) -> str:
    said = _one(element)
    if tag_of(element) == "mo":
        return said
    if said in POWERS:
        return POWERS[said]
    return f"to the power {said}" + ("" if _is_short(element) else ", end of power,")


def _below_and_above(element: Element) -> str:
    base, below, above = list(element)
    if text_of(base).strip() in SUMS:
        return _sum(base, _one(below), _one(above))
    return f"{_one(base)} sub {_script(below)} {_power(above)}"


def _sum(base: Element, start: str, end: str) -> str:
    return f"{_one(base)} from {start} to {end} of" if end else f"{_one(base)} over {start} of"


def _stacked(element: Element) -> str:
    base, *marks = list(element)
    sign = text_of(marks[0]).strip()
    if tag_of(element) == "munderover":
        return _sum(base, _one(marks[0]), _one(marks[1]))
    if sign in ("⏟", "⏞"):
        return _one(base)
    if tag_of(base) in ("munder", "mover") and text_of(list(base)[1]).strip() in ("⏟", "⏞"):
        return f"{_one(base)}, marked {_one(marks[0])},"
    if tag_of(element) == "munder":
        joined = "over" if text_of(base).strip() in SUMS else "as"
        return f"{_one(base)} {joined} {_one(marks[0])} of"
    return f"{_one(base)} {_one(marks[0])}"


def _table(element: Element) -> str:
    rows = ["; ".join(filter(None, (_row(list(cell)) for cell in row))) for row in element]
    if element.get("displaystyle") == "true":
        rows = [" ".join(filter(None, (_row(list(cell)) for cell in row))) for row in element]
        return ". Then ".join(rows)
    return f"a table of {len(rows)} rows: " + "; next row: ".join(rows) + "; end of table"


def _cases(table: Element) -> str:
    rows = [", if ".join(filter(None, (_row(list(cell)) for cell in row))) for row in table]
    return f"by cases: {'; '.join(rows)}; end of cases,"


def _enclosed(element: Element) -> str:
    said = _row([child for child in element if len(child) or text_of(child)])
    kind = element.get("notation", "")
    return f"crossed out {said}" if "strike" in kind else f"{said} bar" if kind == "top" else said


SPEAKERS: dict[str, Callable[[Element], str]] = {
    "semantics": lambda element: _one(element[0]),
    "mrow": _container,
    "mstyle": _container,
    "mpadded": _container,
    "mi": _identifier,
    "mn": text_of,
    "mo": _operator,
    "mtext": _text,
    "mspace": lambda element: "," if element.get("width", "").startswith(("1em", "2em")) else "",
    "mphantom": lambda _element: "",
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msub": _below,
    "msup": _above,
    "msubsup": _below_and_above,
    "munder": _stacked,
    "mover": _stacked,
    "munderover": _stacked,
    "mtable": _table,
    "menclose": _enclosed,
}
