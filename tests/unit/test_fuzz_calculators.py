"""Calculators under what a hurried or hostile reader types: an answer or one refusal, never a number that is none."""

from __future__ import annotations

import json
import random
import re

import pytest

from bitebook.calculators import CALCULATORS, answer

from . import fuzz_tools as fuzz

TYPED = (
    "", " ", "0", "-0", "-1", "21", "21.0", ".5", "5.", "+5", "1e3", "nan", "inf", "−5", "٢١", "２１", "²", "1,100",
    "21 kg", "44 lb", "99999999999999999999", "9" * 500, "0x15", "1_000", "2027-01-04", "2027-02-30", "0000-01-01",
    "9999-12-31", "٢٠٢٧-٠١-٠٤", "<script>alert(1)</script>", '"', "'", "&lt;", "]]>", "\x00", "\n21\n", "\u202e12",
    "=1+1", "{{ 7*7 }}", "crs", "seizure", "relapsed-refractory", "adult", "None", "null", "true", "../../etc/passwd",
    "x" * 10_000,
)  # fmt: skip
NOT_A_NUMBER = re.compile(r"\b(?:nan|inf(?:inity)?|None)\b")
SHARE = 0.01


def typed(r: random.Random, name: str) -> dict[str, object]:
    """Return the fields of a form: the worked example, with some fields typed anew."""
    fields: dict[str, object] = {}
    for field in CALCULATORS[name].fields:
        words = [choice.value for choice in field.choices]
        chance = r.random()
        if chance < 0.55:
            fields[field.name] = field.default
        elif chance < 0.75 and words:
            fields[field.name] = r.choice(words)
        elif chance < 0.9:
            fields[field.name] = f"{r.uniform(0, 10 ** r.randint(0, 4)):.{r.randint(0, 3)}f}"
        else:
            fields[field.name] = r.choice(TYPED)
    if r.random() < 0.03:
        fields[r.choice(("", "weight", "__class__"))] = r.choice(TYPED)
    if r.random() < 0.03:
        fields[r.choice(sorted(fields))] = r.choice((None, 21, 2.5, [], {}, True))
    return fields


@pytest.mark.parametrize("name", CALCULATORS)
def test_random_and_hostile_entries(name: str) -> None:
    r = random.Random(f"{name} {fuzz.SEED}")
    known = {field.name for field in CALCULATORS[name].fields}
    answered = 0
    cases = max(60, round(fuzz.CASES * SHARE))
    for _ in range(cases):
        fields = typed(r, name)
        reply = json.loads(answer(name, json.dumps(fields)))
        if not reply["ok"]:
            assert set(reply) == {"ok", "field", "message"}, fields
            assert "this calculator failed" not in reply["message"], (fields, reply)
            assert reply["field"] is None or reply["field"] in known, (fields, reply)
            assert 10 < len(reply["message"]) < 700, (fields, reply)
            continue
        answered += 1
        words = re.sub(r"<[^>]*>", " ", reply["html"]) + reply["status"]
        assert not NOT_A_NUMBER.search(words), (fields, NOT_A_NUMBER.search(words))
        assert "<script" not in reply["html"] and reply["status"], fields
        told = re.sub(r"Entered: .*", "", words)  # the echo of what was typed may hold any sign
        assert not re.search(r"[−-]\d[\d.]* (?:mcg|mg|mL|vials?)\b", told), (fields, told)
    assert answered > cases / 50


@pytest.mark.parametrize(
    "sent", ["", "[]", "21", "null", "{", '{"weight_kg": NaN}', "[" * 100_000, "\x00", '{"a": "' + "x" * 10**6 + '"}']
)
def test_what_is_no_form_is_refused(sent: str) -> None:
    reply = json.loads(answer("dose", sent))
    assert reply["ok"] is False and "failed" not in reply["message"] and len(reply["message"]) < 700
