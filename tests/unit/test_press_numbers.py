"""The gate against typed numbers: what it finds, what it lets pass, and the line it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bookpress.typed_numbers import find_typed_numbers

from .press_project import Book


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it fell by 54.4% in all", "54.4%"),
        ("about 10 percent", "10 percent"),
        ("5-10% of them", "5-10%"),
        ("5–10% of them", "5–10%"),
        ("5 to 10 days", "5 to 10 days"),
        ("15 mcg/m²/day", "15 mcg"),
        ("15 µg", "15 µg"),
        ("0.5 mg", "0.5 mg"),
        ("a child of 21 kg", "21 kg"),
        ("1,000 mL", "1,000 mL"),
        ("1.2 m2", "1.2 m2"),
        ("0.8 m²", "0.8 m²"),
        ("2 h later", "2 h"),
        ("24\u00a0hours", "24\u00a0hours"),
        ("a 28-day cycle", "28-day"),
        ("2-year survival", "2-year"),
        ("a 7-year-old", "7-year"),
        ("54 patients", "54 patients"),
        ("27 treated children", "27 treated children"),
        ("616 pg/mL", "616 pg"),
        ("54.1 kDa", "54.1 kDa"),
        ("under 5% blasts", "5%"),
        (">45 kg", ">45 kg"),
        ("27 of 70", "27 of 70"),
        ("1 in 5 was", "1 in 5"),
        ("17/54 had", "17/54"),
        ("P = 0.03", "P = 0.03"),
        ("p value of 0.03", "p value of 0.03"),
        ("n=54", "n=54"),
        ("HR 0.70", "HR 0.70"),
        ("hazard ratio was 0.7", "hazard ratio was 0.7"),
        ("(95% CI 0.47 to 1.03)", "CI 0.47"),
        ("aged 18 or more", "aged 18"),
        ("ages 0-45", "ages 0"),
        ("$4,000", "$4,000"),
        ("a drop to 0.089 overall", "0.089"),
        ("2 cycles", "2 cycles"),
        ("a 4-fold rise", "4-fold"),
        ("cycle 42 days long", "42 days"),
        ("over\n10\ndays", "10\ndays"),
        ("72.7 ± 5.8%/97.1%", "97.1%"),
    ],
)
def test_clinical_numbers_are_found(text: str, found: str) -> None:
    assert found in [one.text for one in find_typed_numbers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "ten days and two-thirds of children",
        "on day 15 of cycle 2",
        "Cycle 2 days 1 to 28",
        "grade 3 or higher, grades 3 and 4",
        "grade 3/4 events",
        "grade ≥3 adverse events, grade ≥ 3 events",
        "a phase 2/3 trial and phase 2 trials",
        "block 3 patients",
        "CD19 and CD3 cells, CD19+ B-ALL",
        "AALL1331 children, AALL1731",
        "Interfant-06 infants",
        "AMG 562 trials",
        "COVID-19 cases",
        "NCT01471782",
        "published in 2024, since 2021",
        "on 14 June 2024",
        "In 2021 trials changed",
        "a 95% confidence interval",
        "the 95% CI is wide",
        "Table 2, Figure 3, Section 2.2, Chapter 4",
        "Python 3.11 and CC BY 4.0, CTCAE v5.0",
        "doi 10.1200/JCO.23.01392 and https://example.org/5%20mg",
        "Part 1 of 3",
        "version 7.4.7 of it",
        "4-1BB and IL-6 and HLA-DR4",
    ],
)
def test_names_pass(text: str) -> None:
    assert find_typed_numbers(text) == []


def test_book_may_allow_more_names() -> None:
    assert find_typed_numbers("the 45 kg band") != []
    assert find_typed_numbers("the 45 kg band", allowed=[r"45 kg band"]) == []


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path, ["bookpress.register", "bookpress.numbers"])


def lines(said: str) -> list[int]:
    return sorted(int(line.split(":")[1]) for line in said.splitlines() if "typed number" in line)


PAGE = """
# Kites for 10 days

First sentence.
Second sentence, long ago, flew for
28 days without {fact}`able-share` falling.
Third sentence 28 days.

28 days again.

| Arm | Value |
|---|---|
| A | 54.4% |
| B | 39.0% |

:::{note}
Within a note, 5 mg.
:::

- a list
- with 6 mg in it

Term
: means 7 mg

:::{figure} k.svg
:alt: A bar of 8 mg
The caption says 9 mg.
:::

[a link of 11 mg](https://example.org) and **12** *mg*.

```{dropdown} none
```
"""


def test_each_finding_has_its_own_line(book: Book) -> None:
    (book.source / "k.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    book.page("index", PAGE.replace("```{dropdown} none\n```\n", ""))
    said = book.build()
    assert lines(said) == [1, 5, 6, 8, 12, 13, 16, 20, 23, 26, 27, 30, 30]
    assert "index.md:5: WARNING: typed number '28 days' in" in said
    assert "index.md:27: WARNING: typed number '9 mg'" in said


NOTEBOOK = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
"""


def test_notebook_pages_have_the_same_lines(tmp_path: Path) -> None:
    book = Book(tmp_path, ["bookpress.register", "bookpress.numbers"], parser="myst_nb")
    body = (
        "# A\n\nOne.\nTwo 10 days.\n\n```{code-cell} ipython3\n'10 days'\n```\n\nAfter.\nNow 11 days and {fact}`zz`.\n"
        "\nOne 10 days.\nTwo 10 days.\n"
    )
    (book.source / "index.md").write_text(NOTEBOOK + body, encoding="utf-8")
    said = book.build()
    assert lines(said) == [8, 15, 17, 18]
    assert "index.md:15: WARNING: unknown fact 'zz'" in said


def test_lines_of_one_paragraph_are_told_apart(book: Book) -> None:
    (book.source / "k.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    text = "Dose 10 mg.\nFor 10 days.\nThen 10 mg.\n"
    figure = f":::{{figure}} k.svg\n:alt: Bars.\n:name: bars\n\n{text}:::\n"
    book.page("index", f"# A\n\n{text}\n{figure}\n:::{{note}}\n:class: big\n\n{text}:::\n")
    assert lines(book.build()) == [3, 4, 5, 11, 12, 13, 19, 20, 21]


CELL = """
```{code-cell} ipython3
---
mystnb:
  image: {alt: "Bars up to 11 mg."}
  figure: {caption: "Caption of 12 mg."}
---
from IPython.display import SVG, Markdown
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
```

```{code-cell} ipython3
Markdown("Printed 10 mg.")
```
"""


def test_output_of_a_cell_is_not_typed_but_its_caption_is(tmp_path: Path) -> None:
    book = Book(tmp_path, ["bookpress.register", "bookpress.numbers"], parser="myst_nb")
    book.overrides["nb_execution_mode"] = "force"
    (book.source / "index.md").write_text(f"{NOTEBOOK}# A\n{CELL}", encoding="utf-8")
    said = book.build()
    assert "Printed 10 mg." in book.html("index")
    assert lines(said) == [10, 11]


def test_included_text_is_named_by_its_own_file(book: Book) -> None:
    book.overrides["exclude_patterns"] = ["part.md"]
    book.page("part", "One.\nTwo 10 days.\n")
    book.page("index", "# A\n\n```{include} part.md\n```\n")
    assert "part.md:2: WARNING: typed number '10 days'" in book.build()


def test_code_math_roles_references_and_data_pass(book: Book) -> None:
    book.page(
        "index",
        """
        # A
        (sec)=
        ## Ten days

        `10 mg`, $10\\ \\text{mg}$, {fact}`able-share`, {fact}`able-ratio interval`, {given}`21 kg`.
        {ref}`sec` and {discrepancy}`kite-count`, day 15, grade 3, two-year.
        <!-- 10 mg -->

        ```python
        dose = "10 mg"
        ```

        ```{toctree}
        reg
        errata
        ```
        """,
    )
    book.page("reg", "# Register\n\n```{evidence-register}\n```\n")
    book.page("errata", "# Errata\n\n```{discrepancies}\n```\n")
    assert book.build() == ""


def test_class_named_in_config_is_data(book: Book) -> None:
    text = "# A\n\n```{container} bank\n10 mg\n```\n"
    book.page("index", text)
    assert lines(book.build()) == [4]
    book.overrides |= {"bookpress_numbers_skip_classes": ["bank"], "bookpress_discrepancies_required": False}
    assert book.build(fresh=True) == ""


def test_fact_in_alternative_text_is_not_typed(book: Book) -> None:
    (book.source / "k.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    book.page("index", "# A\n\n:::{figure} k.svg\n:alt: Bars; {fact}`able-share` flew.\nCaption.\n:::\n")
    assert "typed number" not in book.build()
