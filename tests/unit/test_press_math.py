"""Formulas: what Temml accepts becomes MathML, what it refuses is an error with a reason."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from bookpress.math import FormulaError, to_mathml

VENDOR = Path(__file__).resolve().parents[2] / "vendor"


def test_a_fraction_keeps_its_tex_for_copying() -> None:
    mathml = to_mathml(r"C_{ss} = \frac{R}{CL}", display=True)
    assert mathml.startswith("<math") and "<mfrac>" in mathml
    assert r"C_{ss} = \frac{R}{CL}" in mathml


@pytest.mark.parametrize("tex", [r"\frac{1", r"\nosuchmacro{x}", r"\left( x"])
def test_a_bad_formula_is_refused(tex: str) -> None:
    with pytest.raises(FormulaError):
        to_mathml(tex, display=False)


def test_vendored_files_match_their_hashes() -> None:
    listed = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
    lying = {
        file.relative_to(VENDOR).as_posix()
        for file in VENDOR.rglob("*")
        if file.is_file() and file.parent != VENDOR and "__pycache__" not in file.parts
    }
    assert lying == set(listed)
    for name, facts in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == facts["sha256"], name
        assert facts["license"] and facts["version"]
