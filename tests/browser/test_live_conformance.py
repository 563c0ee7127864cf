"""The page's Python and the build's Python give the same words to thousands of questions.

Only kinds named in ``libm_differences.txt`` may differ, and those in the last digits of a float alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import conformance_cases
from tests.browser.conftest import open_visit
from tests.browser.live import Cell, cells

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
CASES_OF_A_KIND = 200
BLOCK = 50  # what one run may print is limited
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def allowed() -> dict[str, int]:
    """Return for each listed kind by how many units in the last place a float may differ."""
    lines = (HERE / "libm_differences.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(maxsplit=2) for line in lines if line.strip() and not line.startswith("#")]
    return {kind: int(units) for kind, units, _reason in rows}


def units_apart(ours: str, theirs: str) -> float:
    """Return the largest distance of two floats at one place, in units of the last place; infinite if words differ.

    A number shown to a reader has few digits: two of them that differ are trillions of units apart.
    """
    if NUMBER.sub("#", ours) != NUMBER.sub("#", theirs):
        return math.inf
    pairs = zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True)
    gaps = [abs(float(a) - float(b)) / math.ulp(float(a)) for a, b in pairs if a != b]
    return max(gaps, default=0.0)


@pytest.fixture(scope="module")
def cell(browser: Browser) -> Iterator[Cell]:
    """A cell that holds the cases: the same file, as text."""
    visit = open_visit(browser, "08-dosing-workshop.html")
    one = cells(visit.page)[0]
    one.run((HERE / "conformance_cases.py").read_text(encoding="utf-8"))
    yield one
    visit.page.context.close()


@pytest.mark.parametrize("kind", conformance_cases.KINDS)
def test_the_page_answers_in_the_same_words(cell: Cell, kind: str) -> None:
    limit = allowed().get(kind, 0)
    differing = []
    for first in range(0, CASES_OF_A_KIND, BLOCK):
        ours = conformance_cases.block(kind, first, first + BLOCK)
        theirs = cell.run(f"print(block({kind!r}, {first}, {first + BLOCK}))").rstrip("\n")
        assert len(ours.splitlines()) == len(theirs.splitlines()) == BLOCK
        pairs = zip(ours.splitlines(), theirs.splitlines(), strict=True)
        differing += [(a, b, units_apart(a, b)) for a, b in pairs if a != b]
    print(
        f"{kind}: {len(differing)} of {CASES_OF_A_KIND} differ, by at most {max((d[2] for d in differing), default=0)}"
    )
    beyond = [(a, b) for a, b, gap in differing if gap > limit]
    assert beyond == [], f"{kind}: {len(beyond)} lines differ by more than {limit} units in the last place"


def test_the_cases_ask_for_good_and_for_bad_input() -> None:
    told = [conformance_cases.block(kind, 0, 50) for kind in conformance_cases.KINDS]
    refused = sum(text.count("ValueError: ") for text in told)
    assert 50 < refused < 500
    assert len(conformance_cases.KINDS) * CASES_OF_A_KIND >= 4000


@pytest.mark.parametrize(
    ("ours", "theirs", "gap"),
    [
        ("dose 12.4 mcg", "dose 12.4 mcg", 0),
        ("p=0.30000000000000004", "p=0.3", 1),
        ("dose 12.4 mcg", "dose 12.5 mcg", 1e9),
        ("dose 12 mcg", "dose 13 mcg", 1e9),
        ("4 to 5", "4 to x5", math.inf),
    ],
)
def test_a_shown_number_that_differs_is_never_a_last_digit(ours: str, theirs: str, gap: float) -> None:
    assert units_apart(ours, theirs) >= gap
    assert gap < 2 or units_apart(ours, theirs) > 1000


def test_every_listed_difference_names_a_kind_and_a_reason() -> None:
    assert set(allowed()) <= set(conformance_cases.KINDS)
    assert all(0 < units <= 64 for units in allowed().values())
