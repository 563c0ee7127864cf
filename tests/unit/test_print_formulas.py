"""Formulas on paper: the MathML of the web edition becomes Typst, and words for those who listen."""

from __future__ import annotations

import pytest
import typst

from bookpress.math import to_mathml
from bookpress.print.formula_speech import speak
from bookpress.print.formula_typst import MathMLError, typeset

# TeX, what Typst must get, what a listener must hear.
CONSTRUCTS = [
    (r"\frac{R}{CL}", "frac(R, C L)", "R over CL"),
    (r"\frac{a+b}{c}+1", "frac(a + b, c) + 1", "the fraction a plus b over c, end of fraction, plus 1"),
    (r"\tfrac{\text{L}}{\text{h}}", 'inline(frac(#math.upright("L"),#math.upright("h")))', "L per h"),
    (r"\sqrt{x}", "sqrt(x)", "the square root of x"),
    (r"\sqrt{x+1} y", "sqrt(x + 1) y", "the square root of x plus 1, end of root, y"),
    (r"\sqrt[3]{x}", "root(3, x)", "the cube root of x"),
    (r"x_1", "attach(x, b: 1)", "x sub 1"),
    (r"x^2", "attach(x, t: 2)", "x squared"),
    (r"x^{n+1} y", "attach(x, t: n + 1) y", "x to the power n plus 1, end of power, y"),
    (r"C_{ss}", "attach(C, b: s s)", "C sub ss"),
    (r"t_{1/2}", r"attach(t, b: 1 \/ 2)", "t sub one half"),
    (r"x_i^2", "attach(x, b: i, t: 2)", "x sub i squared"),
    (r"\sum_{i=1}^n i", "attach(limits(∑), b: i = 1, t: n) i", "the sum from i equals 1 to n of i"),
    (r"\prod_{t \le s} p", "attach(limits(∏), b: t ≤ s) p", "the product over t is at most s of p"),
    (r"\int_0^1 x", "attach(∫, b: 0, t: 1) x", "the integral from 0 to 1 of x"),
    (r"\alpha\Delta", "α upright(Δ) #h(0em)", "alpha capital delta"),
    (r"f(x)", r"f \( x \)", "f of x"),
    (r"|a-b|", "abs(a - b)", "the absolute value of a minus b"),
    (r"\ln 2", '#math.upright("ln")#h(0.1667em) 2', "the natural logarithm of 2"),
    (r"5\ \text{mcg/day}", '5 #h(0.25em)#math.upright("mcg/day")', "5 mcg per day"),
    (r"BSA^2", "B S attach(A, t: 2)", "BSA squared"),
    (r"\hat{p}\bar{x}", "hat(p) overline(x)", "p hat x bar"),
    (r"\binom{n}{k}", "binom(n, k)", "n choose k"),
    (r"a \pm b \times c \approx d", "a ± b × c ≈ d", "a plus or minus b times c is about d"),
    (r"\begin{aligned}a&=b\\c&=d\end{aligned}", r"a & = b \ c & = d", "a equals b. Then c equals d"),
    (
        r"\begin{cases}a&x>0\\b&x<0\end{cases}",
        "cases(a & quad x > 0, b & quad x < 0)",
        "by cases: a, if x is greater than 0; b, if x is less than 0",
    ),
    (r"\begin{pmatrix}1&2\end{pmatrix}", 'mat(delim: #("(", ")"), 1, 2)', "a table of 1 rows: 1; 2"),
    (r"\cancel{y}", "cancel(y)", "crossed out y"),
    (r"\mathbf{x}\mathbb{R}", "bold(upright(x)) bb(R)", "bold x R"),
]


@pytest.mark.parametrize(("tex", "markup", "words"), CONSTRUCTS, ids=[row[0] for row in CONSTRUCTS])
def test_each_construct_is_set_and_spoken(tex: str, markup: str, words: str) -> None:
    mathml = to_mathml(tex, display=True)
    assert typeset(mathml) == markup
    assert speak(mathml) == words


def test_the_compiler_accepts_every_construct() -> None:
    lines = [f"$ {typeset(to_mathml(tex, display=True))} $" for tex, _, _ in CONSTRUCTS]
    pdf = typst.compile("\n\n".join(lines).encode(), format="pdf")
    assert pdf[:5] == b"%PDF-"


def test_no_formula_is_spoken_as_tex() -> None:
    for tex, _, _ in CONSTRUCTS:
        assert not set(speak(to_mathml(tex, display=True))) & set("\\{}_^$")


def test_an_unknown_element_is_refused_by_name() -> None:
    with pytest.raises(MathMLError, match="<mglyph>"):
        typeset("<math><mrow><mi>x</mi><mglyph/></mrow></math>")
    with pytest.raises(MathMLError, match="<mglyph>"):
        speak("<math><mrow><mi>x</mi><mglyph/></mrow></math>")
    with pytest.raises(MathMLError, match="roundedbox"):
        typeset('<math><menclose notation="roundedbox"><mi>x</mi></menclose></math>')
