"""The question bank: format, computed numbers, findings of the linter, and formulas that must not run."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

from bookpress.questions import (
    BankError,
    Provider,
    lint_bank,
    lint_numbers,
    load_bank,
    load_banks,
    resolve_bank,
)
from bookpress.questions.cli import main
from bookpress.questions.formula import FormulaError, evaluate
from bookpress.questions.render import expand_roles
from bookpress.questions.values import UncomputableError, fill

ROOT = Path(__file__).resolve().parents[2]
BANKS = ROOT / "data" / "questions"
ROW = {"id": "a-rate", "failures": "17", "arm": "treated"}
FACTS = {
    "a-rate": SimpleNamespace(
        table="outcomes", value=54.4, text="54.4%", low=40.0, high=None, mark="", interval_mark="†", interval_text=""
    ),
    "b-rate": SimpleNamespace(table="outcomes", value=39.0, text="39.0%", mark="†", interval_text=""),
    "p": SimpleNamespace(table="comparisons", value="<0.001", text="P < 0.001", mark="", interval_text=""),
}


@pytest.fixture(autouse=True)
def fake_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book with evidence and one module of functions, unknown to the press until it is named."""
    facts = ModuleType("fakebook_evidence")
    facts.fact = FACTS.__getitem__  # type: ignore[attr-defined]
    facts.rows = lambda table: [ROW] if table == "outcomes" else []  # type: ignore[attr-defined]
    package, outcomes = ModuleType("fakebook"), ModuleType("fakebook.outcomes")
    package.__path__ = []  # type: ignore[attr-defined]
    code = """
import os
from dataclasses import dataclass
@dataclass(frozen=True)
class Answer:
    value: float
    _hidden: float = 0.0
    @property
    def half(self): return self.value / 2
    def method(self): return self.value
    def __str__(self): return f"about {self.value:g}"
def triple(*, x): return Answer(3 * x)
def fussy(*, n):
    if not isinstance(n, int): raise ValueError("n must be whole")
    return n
def _secret(): return 1
"""
    for name, module in (("fakebook_evidence", facts), ("fakebook", package), ("fakebook.outcomes", outcomes)):
        monkeypatch.setitem(sys.modules, name, module)
    exec(code, outcomes.__dict__)


def option(text: str, *, correct: bool = False, reason: str = "Because.") -> dict[str, Any]:
    return {"text": text, "correct": correct, "reason": reason}


def item(item_id: str = "one", *, key: int = 0, **changes: Any) -> dict[str, Any]:
    """A flawless single-choice item; its key is as long as the other options."""
    topics = ("marrow", "plasma", "kidney", "muscle")
    row: dict[str, Any] = {
        "id": item_id,
        "objective": "goal-1",
        "level": "understand",
        "type": "single",
        "stem": f"A fictional patient is seen in room {item_id}.",
        "lead_in": f"Which tissue belongs to {item_id * 3}?",
        "options": [option(topic, correct=place == key) for place, topic in enumerate(topics)],
        "explanation": "It is so.",
        "sources": ["known2020"],
    }
    return {name: value for name, value in (row | changes).items() if value is not None}


def numeric(**answer: Any) -> dict[str, Any]:
    given = {"fact": "a-rate", "format": "{:.1f}", "tolerance": 0.1, "unit": "percent"} | answer
    given = {name: value for name, value in given.items() if value is not None}
    return item("num", type="numeric", options=None, answer=given)


def write(folder: Path, *items: dict[str, Any], name: str = "01-chapter", **changes: Any) -> Path:
    bank = {"chapter": name, "title": "T", "objectives": {"goal-1": "Name a tissue."}, "items": list(items)} | changes
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(bank, sort_keys=False), encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(BankError) as caught:
        load_bank(path)
    return str(caught.value).splitlines()


def provider() -> Provider:
    return Provider(facts="fakebook_evidence", compute=["fakebook"])


# --- format ----------------------------------------------------------------------------------------------------------


def test_a_good_bank_loads_in_the_order_of_its_file(tmp_path: Path) -> None:
    bank = load_bank(write(tmp_path, item("b", key=2), item("a")))
    assert [entry.id for entry in bank.items] == ["b", "a"]
    assert bank.item("b").key_letters == ("C",)
    with pytest.raises(KeyError, match="has no item 'c'; it has b, a"):
        bank.item("c")


def without(field: str) -> dict[str, Any]:
    row = item()
    del row[field]
    return row


def with_options(*options: Any, kind: str = "single") -> dict[str, Any]:
    return item(type=kind, options=list(options))


A, B, C, KEY = option("aa"), option("bb"), option("cc"), option("kk", correct=True)
SCHEMA = {
    "level": (item(level="create"), "item one: level: 'create': must be one of remember, understand, apply, analyze"),
    "objective": (item(objective="goal-9"), "item one: objective: 'goal-9': must be one of goal-1"),
    "type": (item(type="essay"), "item one: type: 'essay': must be one of single"),
    "id": (item("Not Kebab"), "item number 1: id: 'Not Kebab': must be lower-case words"),
    "unknown field": (item(leadin="x"), "item one: leadin: is not a field of the format; did you mean lead_in?"),
    "missing field": (without("explanation"), "item one: explanation: is required"),
    "no sources": (item(sources=[]), "item one: sources: must name at least one key"),
    "empty text": (item(lead_in=" "), "item one: lead_in: must not be empty"),
    "text that is a number": (item(stem=3), "item one: stem: '3': must be text; put quotes around it"),
    "no key": (with_options(A, B, C), "item one: options: '0 correct': a single item has exactly one"),
    "two keys": (with_options(KEY, KEY, A), "item one: options: '2 correct': a single item has exactly one"),
    "two options": (with_options(KEY, A), "item one: options: '2': must be 3 to 5 options"),
    "six options": (with_options(KEY, A, B, C, A, B), "item one: options: '6': must be 3 to 5 options"),
    "no reason": (with_options(KEY, A, {"text": "b"}), "options[C].reason: is required"),
    "correct as a word": (with_options(KEY, A, option("b") | {"correct": "no!"}), "options[C].correct: 'no!': must be"),
    "multiple with one key": (with_options(KEY, A, B, kind="multiple"), "'1 correct': a multiple item has two or more"),
    "all correct": (with_options(KEY, KEY, KEY, kind="multiple"), "'3 correct': a multiple item has two or more"),
    "true-false texts": (with_options(KEY, A, kind="true-false"), 'must be the texts "True" and "False"'),
    "numeric with options": (item(type="numeric"), "item one: options: a numeric item has an answer"),
    "single with answer": (item(answer={"fact": "x"}), "item one: answer: a single item has options"),
    "typed answer": (numeric(fact=None, formula=None), "item num: answer"),
    "fact and formula": (numeric(formula="1"), "must have either fact or formula; a number is never typed here"),
    "tolerance": (numeric(tolerance=-1), "item num: answer.tolerance: '-1': must be a number, 0 or more"),
    "tolerance bool": (numeric(tolerance=True), "item num: answer.tolerance: 'True': must be a number"),
    "unit": (numeric(unit=None), "item num: answer.unit: is required"),
    "format": (numeric(format="{0.__class__}"), "item num: answer.format: '{0.__class__}': must hold one {}"),
    "placeholder": (item(stem="It is {{ x }}."), "item one: stem: '{{ x }}': has no entry under values"),
    "broken placeholder": (item(stem="It is {{ 1 }}."), "holds {{ that is no placeholder"),
    "unused value": (item(values={"x": {"fact": "a-rate"}}), "item one: values.x: is not used by any text"),
    "bad name": (item(values={"1x": {"fact": "a-rate"}}), "item one: values: '1x': a name is a letter"),
}


@pytest.mark.parametrize("name", SCHEMA)
def test_a_fault_is_one_line_with_file_item_field_value_and_rule(tmp_path: Path, name: str) -> None:
    row, expected = SCHEMA[name]
    lines = faults(write(tmp_path, row))
    assert any(expected in line for line in lines), lines
    assert all(line.startswith(f"{tmp_path}/01-chapter.yaml: item ") for line in lines)


def test_faults_of_the_file_itself(tmp_path: Path) -> None:
    assert "must be the name of the file, 01-chapter" in faults(write(tmp_path, item(), chapter="02-other"))[0]
    assert "items: 'one': the id stands twice" in faults(write(tmp_path, item(), item()))[0]
    assert "must map objective ids to their texts" in faults(write(tmp_path, item(), objectives=["x"]))[0]
    path = write(tmp_path, item())
    path.write_text(path.read_text(encoding="utf-8") + "\ntitle: again\n", encoding="utf-8")
    assert "the key 'title' stands twice" in faults(path)[0]
    path.write_text("just text", encoding="utf-8")
    assert "must be a mapping with the keys" in faults(path)[0]


def test_an_id_may_stand_in_one_bank_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path, item("same"))
    write(tmp_path, item("same"), name="02-chapter")
    with pytest.raises(BankError, match=r"02-chapter.yaml: item same: id: 'same': is taken by .*01-chapter.yaml"):
        load_banks(tmp_path)


# --- numbers ---------------------------------------------------------------------------------------------------------


def evaluated(expression: str) -> Any:
    source = provider()
    return evaluate(expression, modules=["fakebook"], look_up=lambda fact, name: source.field(fact, name)[0])


def test_formulas_compute() -> None:
    assert evaluated("round(fact('a-rate') - fact('b-rate'), 1)") == 15.4
    assert evaluated("-2 * (3 + 4) ** 2 / 7") == -14
    assert evaluated("fact('a-rate').failures") == 17
    assert evaluated("fact('a-rate').low") == 40
    assert evaluated("outcomes.triple(x=fact('a-rate').failures).value") == 51
    assert evaluated("outcomes.triple(x=1).half") == 1.5
    assert evaluated("outcomes.triple(x=2)") == "about 6"


HOSTILE = (
    "__import__('os').system('true')",
    "open('/etc/passwd').read()",
    "eval('1')",
    "().__class__.__bases__[0].__subclasses__()",
    "(lambda: 1)()",
    "[x for x in (1, 2)]",
    "f'{1}'",
    "x",
    "outcomes",
    "outcomes.os.system('true')",
    "outcomes.os.getcwd()",
    "outcomes.__builtins__",
    "outcomes._secret()",
    "outcomes.__loader__.load_module('os')",
    "outcomes.Answer(1).value",
    "outcomes.triple.__globals__",
    "outcomes.triple(x=1).__class__",
    "outcomes.triple(x=1).method()",
    "outcomes.triple(x=1).method",
    "outcomes.triple(x=1)._hidden",
    "outcomes.triple(**{'x': 1})",
    "outcomes.fussy(*(1,))",
    "fact('a-rate').__class__",
    "fact('a-rate').mark",
    "fact('a-rate').arm",
    "fact(open('x'))",
    "fact('a-rate', 'b')",
    "fact",
    "evidence.fact('a-rate')",
    "os.getcwd()",
    "10 ** 10 ** 10",
    "9e9 ** 9",
    "(-8) ** 0.5",
    "'a' * 1000000000",
    "(1, 2) * 1000000000",
    "1 / 0",
    "1e308 * 10",
    "1 if True else 2",
    "1 < 2",
    "True",
    "True + 1",
    "None",
    "(1, 2)",
    "b'x'",
    "1j",
    "(y := 1)",
    "1; 2",
    "round('a')",
    "round(1, ndigits=1)",
    "1 + " * 300 + "1",
    "-" * 400 + "1",
    "'" + "a" * 700 + "'",
    "+".join("1" for _ in range(200)),
)


@pytest.mark.parametrize("expression", HOSTILE)
def test_hostile_or_senseless_formulas_are_refused(expression: str) -> None:
    with pytest.raises((FormulaError, UncomputableError)):
        evaluated(expression)


def test_a_refused_argument_names_the_function() -> None:
    with pytest.raises(FormulaError, match=r"outcomes\.fussy refuses its arguments: n must be whole"):
        evaluated("outcomes.fussy(n=1.5)")
    with pytest.raises(FormulaError, match=r"fact 'nowhere'"):
        evaluated("fact('nowhere')")


def resolved(tmp_path: Path, row: dict[str, Any]) -> Any:
    bank, problems = resolve_bank(load_bank(write(tmp_path, row)), provider())
    return [str(problem) for problem in problems] or bank.items[0]


def test_placeholders_are_filled_and_carry_the_mark_of_unverified_facts(tmp_path: Path) -> None:
    values = {
        "a": {"fact": "a-rate"},
        "b": {"fact": "b-rate"},
        "d": {"formula": "fact('a-rate') - fact('b-rate')", "format": "{:.1f} points"},
        "low": {"formula": "fact('a-rate').low"},
        "n": {"formula": "fact('b-rate') - fact('a-rate')", "format": "{:.0f}"},
        "zero": {"formula": "-0.01 * 1", "format": "{:.1f}"},
    }
    stem = "{{ a }}, {{ b }}, {{ d }}, {{ low }}, {{ n }}, {{ zero }}, $x_1 = {{a}}$"
    assert resolved(tmp_path, item(stem=stem, values=values)).stem == (
        "54.4%, 39.0%†, 15.4 points†, 40†, −15†, 0.0, $x_1 = 54.4%$"
    )


def test_filled_text_cannot_become_markup() -> None:
    assert fill("{{ x }} `{{ x }}`", {"x": "*$<a_b>"}) == r"\*\$\<a\_b> `*$<a_b>`"


def test_the_numeric_key_is_computed_and_its_printed_form_is_accepted(tmp_path: Path) -> None:
    found = resolved(tmp_path, numeric())
    assert (found.answer.number, found.answer.shown, found.key_text) == (54.4, "54.4", "54.4 percent")
    assert "a reader who types the printed key" in resolved(tmp_path, numeric(format="{:.0f}"))[0]
    assert "the answer must be a number, got '<0.001'" in resolved(tmp_path, numeric(fact="p", format=None))[0]


def test_a_value_that_cannot_be_computed_is_a_finding(tmp_path: Path) -> None:
    row = item(stem="{{ x }}", values={"x": {"formula": "fact('a-rate') / 7"}})
    assert "item one: values.x: \"fact('a-rate') / 7\": the result" in resolved(tmp_path, row)[0]
    row = item(stem="{{ x }}", values={"x": {"fact": "nowhere"}})
    assert "item one: values.x: 'nowhere': fact 'nowhere'" in resolved(tmp_path, row)[0]
    bank, problems = resolve_bank(load_bank(write(tmp_path, row)), Provider(facts=None))
    assert "no provider of facts is configured" in str(problems[0])
    assert bank.items[0].stem == "{{ x }}"


# --- item writing ----------------------------------------------------------------------------------------------------


def findings(tmp_path: Path, *rows: dict[str, Any], **bank: Any) -> str:
    loaded = load_bank(write(tmp_path, *rows, **bank))
    return "\n".join(str(problem) for problem in lint_bank(loaded, bibliography={"known2020"}))


def test_a_flawless_item_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, item()) == ""


def texts(*words: str) -> list[dict[str, Any]]:
    return [option(word, correct=place == 0) for place, word in enumerate(words)]


FLAWS = {
    "all of the above": (item(options=texts("a", "b", "All of the above")), "rewards test-taking"),
    "none of these": (item(options=texts("a", "b", "None of these")), "rewards test-taking"),
    "no question mark": (item(lead_in="The tissue is"), "end with a question mark"),
    "vague": (item(lead_in="Which of the following is true?"), "cannot be answered with the options covered"),
    "vague statement": (item(lead_in="Which statement is correct?"), "cannot be answered with the options covered"),
    "absolute": (item(options=texts("a", "b", "It never happens")), "'never': an absolute word"),
    "negative": (item(lead_in="Which tissue is not here?"), "'not': a negative lead-in is misread"),
    "same option": (item(options=texts("a", "bone", "*Bone*".lower())), "'bone': stands twice"),
    "numbers in disorder": (item(options=texts("3%", "10%", "5%")), "numbers must stand in order"),
    "no case": (item(level="apply", stem=None), "an item of level apply needs a stem"),
    "raw markup": (item(stem="A <tag> is lost."), "a bare < starts raw HTML"),
    "link in an option": (item(options=texts("{fact}`x`", "b", "c")), "a link inside a choice"),
    "unknown source": (item(sources=["nobody1999"]), "sources: 'nobody1999': is not a key of the bibliography"),
}


@pytest.mark.parametrize("name", FLAWS)
def test_each_flaw_is_found(tmp_path: Path, name: str) -> None:
    row, expected = FLAWS[name]
    assert expected in findings(tmp_path, row)


INNOCENT = (
    item(lead_in="Which tissue is **not** here?"),
    item(options=texts("relapsed ALL", "a", "b")),
    item(options=texts("3%", "5%", "10%")),
    item(options=texts("10 days", "5 days", "3 days")),
    item(stem=r"A level \<tag, P < 0.05, {cite}`<x>`."),
)


@pytest.mark.parametrize("row", INNOCENT)
def test_what_only_looks_like_a_flaw_is_left_alone(tmp_path: Path, row: dict[str, Any]) -> None:
    assert findings(tmp_path, row) == ""


def test_typed_numbers_are_found_unless_bound_invented_or_a_convention(tmp_path: Path) -> None:
    stem = "Of 54.4%, {given}`8 months`, {fact}`a-rate`, {{ a }}, $x = 0.3$, a 95% interval, P below 0.05, CD19, 12 kg."
    bank = load_bank(write(tmp_path, item(stem=stem, values={"a": {"fact": "a-rate"}})))
    assert [problem.value for problem in lint_numbers(bank)] == ["54.4%", "12 kg"]


def test_the_longest_option_may_not_be_the_key_too_often(tmp_path: Path) -> None:
    names = ("alpha", "bravo", "charlie", "delta", "echo")
    rows = [item(name, key=place % 4) for place, name in enumerate(names)]
    for row in rows[:3]:
        next(entry for entry in row["options"] if entry["correct"])["text"] += " with details"
    assert "the key is the longest option in 3 of 5 items" in findings(tmp_path, *rows)
    rows[0]["options"][1]["text"] += " that is longer than those details"
    assert "longest" not in findings(tmp_path, *rows)


def test_keys_are_spread_over_the_letters(tmp_path: Path) -> None:
    names = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel")
    rows = [item(name, key=key) for name, key in zip(names, (1, 1, 1, 1, 0, 2, 3, 0), strict=True)]
    assert "options: 'B': holds the key in 4 of 8 items" in findings(tmp_path, *rows)
    rows[0] = item("alpha", key=2)
    assert "holds the key" not in findings(tmp_path, *rows)
    assert "holds the key" not in findings(tmp_path, *(item(name, key=1) for name in names[:7]))


def test_true_false_items_are_few(tmp_path: Path) -> None:
    true_false = item("tf", type="true-false", options=texts("True", "False"), lead_in="Is it so in this case?")
    names = [
        f"{word}-{word}" for word in ("alpha", "bravo", "charlie", "delta", "echo", "fox", "golf", "hotel", "india")
    ]
    rows = [item(name, key=place % 4) for place, name in enumerate(names)]
    assert "true-false" not in findings(tmp_path, *rows, true_false)
    assert "'1 of 9': true-false items may be at most 10%" in findings(tmp_path, *rows[1:], true_false)


def test_near_duplicates_and_untested_objectives_are_found(tmp_path: Path) -> None:
    twin = copy.deepcopy(item()) | {"id": "two"}
    found = findings(tmp_path, item(), twin, objectives={"goal-1": "Name.", "goal-2": "Judge."})
    assert "item two: lead_in" in found
    assert "asks almost the same as one" in found
    assert "objectives: 'goal-2': no item tests this objective" in found


# --- command line, helpers, and the book's own bank -----------------------------------------------------------------


def run(*arguments: str | Path) -> int:
    return main(["check", *map(str, arguments)])


def test_the_command_reports_and_returns_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, bib = tmp_path / "questions", tmp_path / "references.bib"
    bib.write_text("@article{known2020,\n title={x}}\n", encoding="utf-8")
    config = tmp_path / "_config.yml"
    config.write_text("sphinx:\n  config:\n    bookpress_facts: fakebook_evidence\n", encoding="utf-8")
    assert run(folder) == 2
    write(folder, item())
    assert run(folder) == 0
    assert "questions: 1 items, no findings" in capsys.readouterr().out
    write(folder, item(stem="{{ x }}", values={"x": {"fact": "nowhere"}}))
    assert run(folder) == 1
    assert "item one: values.x: 'nowhere': fact" in capsys.readouterr().out
    write(folder, item(level="create"))
    assert run(folder) == 1
    assert "questions: 1 findings" in capsys.readouterr().out
    config.unlink()
    bib.unlink()
    write(folder, item())
    assert run(folder) == 0
    notes = capsys.readouterr().out
    assert "no number was computed" in notes
    assert "no source was checked" in notes


def test_roles_are_written_out_for_editions_without_sphinx() -> None:
    facts = {"x": SimpleNamespace(interval_text="95% CI 1 to 2", __str__=lambda self: "1.5")}
    found = type("F", (), {"__str__": lambda self: "1.5†", "interval_text": "95% CI 1 to 2"})()
    text = "{fact}`x interval`, {fact}`x`, {given}`8 months`, {term}`CRS <crs>` {cite}`a,b`."
    assert expand_roles(text, fact={**facts, "x": found}.__getitem__) == ("1.5† (95% CI 1 to 2), 1.5†, 8 months, CRS.")


@pytest.mark.parametrize("path", sorted(BANKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_banks_of_the_book_have_no_findings(path: Path) -> None:
    bank = load_bank(path)
    assert lint_numbers(bank) == []
    full, problems = resolve_bank(bank, Provider(facts="bitebook.evidence", compute=["bitebook"]))
    keys = set(
        (ROOT / "data" / "references.bib").read_text(encoding="utf-8").replace(",", " ").replace("{", " ").split()
    )
    assert problems + lint_bank(full, bibliography=keys) == []


def test_the_numbers_of_chapter_three_are_right() -> None:
    """Oracle: the printed counts and limits, worked out here by hand."""
    bank, problems = resolve_bank(
        load_bank(BANKS / "03-reading-trials.yaml"), Provider(facts="bitebook.evidence", compute=["bitebook"])
    )
    assert problems == []
    keys = {entry.id: entry.answer.number for entry in bank.items if entry.answer is not None}
    assert keys["reading-invert-ratio"] == pytest.approx(1 / 0.70)
    assert keys["reading-double-the-p"] == pytest.approx(0.06)
    # 1 / (31/54 - 17/54) = 54/14 = 3.86, rounded up
    assert keys["reading-needed-to-treat"] == 4
    # 1 - 0.05 ** (1/30) = 0.0950
    assert bank.item("reading-zero-of-thirty").options[2].text == f"{100 * (1 - 0.05 ** (1 / 30)):.1f}%"
    difference, error = 61.2 - 49.5, (5.0**2 + 5.2**2) ** 0.5
    low, high = difference - 1.959964 * error, difference + 1.959964 * error
    expected = f"{difference:.1f} percentage points (95% CI −{-low:.1f} to {high:.1f})"
    assert expected in bank.item("reading-no-number-needed").stem
