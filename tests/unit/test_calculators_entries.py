"""What a reader may type wrong, and what comes back: a message at the right field, no number, never an exception."""

from __future__ import annotations

import json
import random
import string
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from lxml import etree

from bitebook import rows
from bitebook.calculators import CALCULATORS, answer
from bitebook.calculators.blocks import Cell, Drawing, Lines, Table, Text
from bitebook.calculators.markup import html_of
from bitebook.calculators.model import EDUCATION, LEGEND
from bitebook.drawing import Line, line_chart
from tests.unit.calculator_tools import filled, reply, text

NUMBERS = [
    (name, field.name)
    for name, calculator in CALCULATORS.items()
    for field in calculator.fields
    if field.kind in ("number", "integer")
]
REQUIRED = [
    (name, field.name) for name, calculator in CALCULATORS.items() for field in calculator.fields if not field.optional
]
WITHOUT_ROWS = ("bsa", "effect")  # published formulas: they name their methods, and use no row of a rule table
NO_NUMBER = [
    "abc", "NaN", "nan", "inf", "-inf", "1e400", "1e2", "18 lb", "18lb", "1,10 m", "1.10 m", "3,5", "1 000", "1_000",
    "0x10", "٣", "１２", "½", "--3", "+-3", "1.2.3", ".", "-", "None", "true", "[1]", "9" * 21, "<b>3</b>", "21\u200b",
    "$(rm)", "3'10\"", "1/0",
]  # fmt: skip


def refused(name: str, field: str, typed: str) -> dict[str, object]:
    told = reply(name, **{field: typed})
    assert told.keys() == {"ok", "field", "message"} and told["ok"] is False, told
    return told


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_no_number_is_refused_at_its_field(name: str, field: str) -> None:
    for typed in NO_NUMBER:
        told = refused(name, field, typed)
        assert told["field"] == field, (typed, told)
        assert told["message"].startswith(f"{field} must be a plain number"), told


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_a_number_out_of_range_brings_the_packages_message_to_its_field(name: str, field: str) -> None:
    for typed in ("-3", "−3", "-0.5", "99999999999999999999"):
        told = refused(name, field, typed) if not _has_no_effect(name, field) else reply(name, **{field: typed})
        if told["ok"] is False:
            assert told["field"] == field, (typed, told)
            assert "must be" in told["message"] and "got" in told["message"], told


def _has_no_effect(name: str, field: str) -> bool:
    """Fields that the event of the worked example does not read."""
    return name == "toxicity" and field in ("number_of_seizures", "times_upper_limit")


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_an_empty_field_never_stands_for_its_default(name: str, field: str) -> None:
    for typed in ("", "   ", "\t\n"):
        assert refused(name, field, typed)["field"] == field
    fields = filled(name)
    del fields[field]
    assert json.loads(answer(name, json.dumps(fields)))["field"] == field


MESSAGES = [
    ("dose", {"weight_kg": "21000"}, "weight_kg", "give kilograms, not grams"),
    ("dose", {"weight_kg": "18 lb"}, "weight_kg", "give kilograms, not pounds"),
    ("dose", {"height_cm": "1.17"}, "height_cm", "give the height in centimeters, not meters"),
    ("dose", {"height_cm": "1,10 m"}, "height_cm", "write the decimal sign as a point"),
    ("dose", {"height_cm": "46 in"}, "height_cm", "give centimeters, not inches"),
    ("dose", {"height_cm": ""}, "height_cm", "got an empty field; the dose goes by body surface area below 45 kg"),
    ("dose", {"age_months": "0.5"}, "age_months", "the label names patients from 1 month of age"),
    ("dose", {"cycles": "0"}, "cycles", "cycles must be a whole number from 1 to 9"),
    ("dose", {"cycles": "1.5"}, "cycles", "cycles must be a whole number"),
    ("dose", {"cycles": "5", "indication": "consolidation"}, "cycles", "from 1 to 4 (consolidation), got 5"),
    ("dose", {"indication": "both"}, "indication", "must be one of 'relapsed-refractory'"),
    ("dose", {"formula": "mosteler"}, "formula", "must be one of 'mosteller'"),
    ("dose", {"start": "2027-02-30"}, "start", "which no calendar has"),
    ("dose", {"start": "04.01.2027"}, "start", "written year-month-day"),
    ("dose", {"start": "20270104"}, "start", "written year-month-day"),
    ("dose", {"start": "2027-W01-1"}, "start", "written year-month-day"),
    ("dose", {"start": "9999-12-30"}, "start", "before the year 9999"),
    ("bag", {"mcg_per_day": "28.1"}, "mcg_per_day", "up to 28 mcg/day, got 28.1"),
    ("bag", {"duration_h": "36"}, "duration_h", "must be one of 24, 48, 72, 96, 168 h"),
    ("bag", {"duration_h": "72", "label_version": "2018"}, "duration_h", "label version 2018"),
    ("bag", {"duration_h": "168", "weight_kg": "5"}, "weight_kg", "benzyl alcohol"),
    ("bag", {"label_version": "2030"}, "label_version", "must be one of '2025', '2018'"),
    ("bag", {"line_volume_ml": "0"}, "line_volume_ml", "above 0"),
    ("concentration", {"bsa_m2": "0.3"}, "bsa_m2", "from 0.37 to 3"),
    ("concentration", {"first_days": "0"}, "first_days", "must be a number above 0"),
    ("concentration", {"first_mcg_per_day": "20000"}, "first_mcg_per_day", "from 0 to 10000 mcg/day"),
    ("concentration", {"second_days": ""}, "second_days", "got an empty field"),
    ("concentration", {"second_days": "1001"}, "second_days", "up to 1000 days"),
    ("concentration", {"stop_h": ""}, "stop_h", "got an empty field"),
    ("concentration", {"pause_h": ""}, "pause_h", "got an empty field"),
    ("concentration", {"stop_h": "672"}, "stop_h", "from 0 to below 672 h, the end of the course"),
    ("concentration", {"pause_h": "0"}, "pause_h", "above 0"),
    ("concentration", {"make_up": "maybe"}, "make_up", "must be one of 'no', 'yes'"),
    ("bsa", {"weight_kg": "301"}, "weight_kg", "from 1 to 300 kg, got 301"),
    ("effect", {"events_treated": "55"}, "events_treated", "from 0 to 54 patients, got 55"),
    ("effect", {"n_control": "0"}, "n_control", "from 1 to 10000000"),
    ("effect", {"n_treated": "54.5"}, "n_treated", "whole number"),
    ("effect", {"event_is": "bad"}, "event_is", "must be one of 'undesired', 'desired'"),
    ("effect", {"confidence": "95"}, "confidence", "must be one of '0.9', '0.95', '0.99'"),
    ("toxicity", {"event": "fever"}, "event", "must be one of 'crs'"),
    ("toxicity", {"grade": "5"}, "grade", "from 1 to 4 (crs), got 5"),
    ("toxicity", {"grade": ""}, "grade", "got an empty field"),
    ("toxicity", {"weight_kg": ""}, "weight_kg", "depends on the weight"),
    ("toxicity", {"height_cm": ""}, "height_cm", "got an empty field"),
    ("toxicity", {"event": "seizure"}, "number_of_seizures", "got an empty field"),
    ("toxicity", {"event": "bilirubin"}, "times_upper_limit", "got an empty field"),
    ("toxicity", {"days_to_resolve": "400"}, "days_to_resolve", "from 0 to 365 days"),
    ("toxicity", {"at_starting_dose": "perhaps"}, "at_starting_dose", "must be one of 'yes', 'no'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "typed", "field", "words"), MESSAGES)
def test_the_message_says_what_is_allowed_at_the_right_field(name, typed, field, words) -> None:
    told = json.loads(answer(name, json.dumps(filled(name, **typed))))
    assert told["ok"] is False and told["field"] == field, told
    assert words in told["message"], told
    assert "None" not in told["message"]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("doses", "{}"), ("", "{}"), ("dose", ""), ("dose", "{"), ("dose", "[]"), ("dose", "3"), ("dose", "null"),
        ("dose", '"x"'), ("dose", "[" * 100_000), ("dose", '{"__class__": "x"}'), ("dose", None), (None, "{}"),
    ],
)  # fmt: skip
def test_a_broken_call_is_answered_too(name, sent) -> None:
    told = json.loads(answer(name, sent))
    assert told["ok"] is False and told["field"] is None and told["message"]


@pytest.mark.parametrize("value", [21, None, True, ["21"], {"a": 1}])
def test_a_field_that_is_no_text_is_refused(value) -> None:
    told = json.loads(answer("bsa", json.dumps({"weight_kg": value, "height_cm": "117"})))
    assert told["ok"] is False and told["field"] == "weight_kg"


def test_a_table_that_is_gone_gives_a_message_and_no_number(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("BITEBOOK_DATA", str(tmp_path / "nowhere"))
    told = reply("dose")
    assert told["ok"] is False and told["field"] is None and "no result" in told["message"]


@pytest.mark.parametrize("name", list(CALCULATORS))
def test_random_rubbish_never_raises_and_is_never_copied_into_the_page(name: str) -> None:
    dice = random.Random(7)
    signs = string.printable + "<>&\"'\u202e\x00†é漢\ud800"
    for _ in range(150):
        fields = filled(name)
        for field in dice.sample(list(fields), k=dice.randint(1, len(fields))):
            fields[field] = "<script>" + "".join(dice.choices(signs, k=dice.randint(0, 30)))
        told = json.loads(answer(name, json.dumps(fields)))
        assert told["ok"] is False and told["field"] in fields


@pytest.mark.parametrize("name", list(CALCULATORS))
def test_the_html_is_clean(name: str) -> None:
    """No id can collide, no script or style can run, every table has a caption and scopes, every drawing a name."""
    page = etree.fromstring(f"<div>{reply(name)['html']}</div>")
    for element in page.iter():
        tag = etree.QName(element).localname
        assert tag not in {"script", "style", "iframe", "a", "img", "input", "h1", "h2", "h3", "h4", "h5", "h6"}
        assert not [key for key in element.attrib if key in ("id", "style", "href") or key.startswith("on")]
    assert page.findall(".//table")
    for table in page.iter("table"):
        assert text(table.find("caption"))
        assert all(head.get("scope") in ("col", "row") for head in table.iter("th"))
        widths = {sum(1 for _ in row) for row in table.iter("tr")}
        assert len(widths) == 1, widths
    for drawing in page.findall(".//{*}svg"):
        assert drawing.get("role") == "img" and drawing.get("aria-label")
        assert drawing.findtext("{*}title") and drawing.findtext("{*}desc")


def test_every_text_of_every_block_is_escaped() -> None:
    bad = "<img src=x onerror=alert(1)>&\"'"
    chart = line_chart(lines=[Line(bad, (0, 1), (0, 1))], x_label=bad, y_label=bad, title=bad, description=bad)
    found = [
        Text(bad), Text(bad, role="warning"), Lines(bad, (bad,)), Lines(bad, (bad,), ordered=True),
        Table(bad, (bad, bad), ((bad, bad), (Cell((bad, bad), "full"), bad))),
        Table(bad, (bad,), ((bad,),), folded=True),
        Drawing(bad, bad, chart),
    ]  # fmt: skip
    page = etree.fromstring(f"<div>{html_of(found)}</div>")
    assert not page.findall(".//{*}img") and not page.xpath("//@onerror")
    assert text(page).count("<img src=x onerror=alert(1)>") >= 15


@pytest.mark.parametrize("name", list(CALCULATORS))
def test_every_result_says_what_it_is_for_and_where_it_comes_from(name: str) -> None:
    told = reply(name)
    shown = text(etree.fromstring(f"<div>{told['html']}</div>"))
    assert EDUCATION in shown and "Working" in shown and "Entered: " in shown
    assert told["status"] and told["status"].rstrip(".") in shown
    assert ("†" in shown.replace(LEGEND, "")) is (LEGEND in shown)
    if name not in WITHOUT_ROWS:
        assert "Rows of evidence behind this result" in shown
    result = CALCULATORS[name].run(filled(name))
    assert result.html == told["html"] and result.status in result.text


def test_the_legend_is_that_of_the_book() -> None:
    assert LEGEND == rows.UNVERIFIED_NOTE


@pytest.mark.parametrize("name", list(CALCULATORS))
def test_fields_are_fit_for_a_form(name: str) -> None:
    calculator = CALCULATORS[name]
    names = [field.name for field in calculator.fields]
    assert len(set(names)) == len(names) and calculator.title and calculator.purpose.endswith(".")
    for field in calculator.fields:
        assert field.kind in ("number", "integer", "choice", "date") and field.title
        assert bool(field.choices) is (field.kind == "choice")
        if field.kind == "choice":
            assert field.default in [choice.value for choice in field.choices]
        for word in ("kg", "cm", "m2", "days", "months", "h", "ml"):
            if field.name.endswith(f"_{word}") and "_per_" not in field.name:
                assert field.unit == {"m2": "m²", "ml": "mL"}.get(word, word) or field.kind == "choice"
    assert set(calculator.aliases.values()) <= set(names)


def test_only_the_standard_library_is_needed() -> None:
    """The import and all six answers run where numpy, pandas, matplotlib, and every other package are out of reach."""
    source = Path(__file__).resolve().parents[2] / "src"
    script = f"""
        import sys
        sys.path = [{str(source)!r}, *[p for p in sys.path if "site-packages" not in p]]

        class Wall:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("bitebook"):
                    raise ImportError("blocked: " + name)

        sys.meta_path.insert(0, Wall())
        import builtins, json
        opened = []
        plain = builtins.open
        builtins.open = lambda *a, **k: opened.append(a[0]) or plain(*a, **k)
        from bitebook.calculators import CALCULATORS, answer
        assert not opened, opened
        for name, calculator in CALCULATORS.items():
            assert json.loads(answer(name, json.dumps(calculator.example)))["ok"], name
        foreign = [m for m in sys.modules if m.split(".")[0] in ("numpy", "pandas", "matplotlib", "scipy")]
        assert not foreign, foreign
        assert opened
        try:
            import numpy
        except ImportError:
            print("fine")
    """
    done = subprocess.run(
        [sys.executable, "-S", "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "fine", done.stderr
