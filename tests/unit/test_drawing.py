"""The pure-Python drawing: points where they belong, words for those who do not see it, and a refusal of bad input."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from bitebook.drawing import Line, Span, line_chart, ticks

UP = Line("up & away", (0, 1, 2, 3, 10), (0, 5, 5, 5, 10))
FLAT = Line("flat", (0, 10), (5, 5))


def drawn(**more) -> etree._Element:
    given = {"lines": [UP, FLAT], "x_label": "Days", "y_label": "pg/mL", "title": "A < B", "description": 'It "rises".'}
    return etree.fromstring(line_chart(**(given | more)))


def points(chart: etree._Element, place: int) -> list[tuple[float, float]]:
    line = chart.xpath(f"//*[@class='calc-line-{place}'][@points]")[0]
    return [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]


def test_points_lie_on_the_scale_of_the_ticks() -> None:
    chart = drawn()
    labels = {node.text: node for node in chart.iter("{*}text")}
    right_x, left_x = float(labels["10"].get("x")), points(chart, 0)[0][0]
    found = points(chart, 0)
    assert found[0][0] == 50 and found[-1][0] == 352
    # 0 at the bottom, 10 at the top, 5 in the middle
    assert found[-1][1] < found[1][1] < found[0][1]
    assert found[1][1] == pytest.approx((found[0][1] + found[-1][1]) / 2)
    assert left_x < right_x or labels["10"].get("text-anchor") == "end"
    assert len(found) == 4, "the middle of a level stretch is left out"


def test_lines_differ_by_dash_and_carry_their_names() -> None:
    chart = drawn()
    strokes = {node.get("class"): node.get("stroke-dasharray") for node in chart.iter("{*}polyline")}
    assert strokes == {"calc-line-0": None, "calc-line-1": "7 4"}
    words = [node.text for node in chart.iter("{*}text")]
    assert {"up & away", "flat", "Days", "pg/mL"} <= set(words)
    colors = set(re.findall(r'(?:stroke|fill)="([^"]+)"', etree.tostring(chart, encoding="unicode")))
    assert colors <= {"currentColor", "none"}


def test_it_is_told_to_those_who_do_not_see_it() -> None:
    chart = drawn()
    assert chart.get("role") == "img" and chart.get("aria-label") == 'A < B. It "rises".'
    assert chart.findtext("{*}title") == "A < B" and chart.findtext("{*}desc") == 'It "rises".'
    assert not chart.xpath("//@id | //@style")


def test_a_span_is_hatched_and_named() -> None:
    chart = drawn(spans=[Span("pump off", 2, 4), Span("elsewhere", 20, 30)])
    assert "pump off" in [node.text for node in chart.iter("{*}text")]
    assert "elsewhere" not in [node.text for node in chart.iter("{*}text")]


def test_text_can_be_read_on_a_phone() -> None:
    """350 px for 360 units: no text below 10 px."""
    chart = drawn(spans=[Span("pump off", 2, 4)])
    sizes = [float(size) for size in chart.xpath("//@font-size")]
    assert min(sizes) * 350 / 360 >= 10


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 616), (0, 1e-6), (228, 276), (0, 3.2e5), (-3, 7)])
def test_ticks_are_round_and_enclose(low: float, high: float) -> None:
    found = ticks(low, high)
    assert found[0] <= low + 1e-9 and found[-1] >= high * (1 - 1e-9) and 3 <= len(found) <= 8
    step = found[1] - found[0]
    assert f"{step:e}"[0] in "1259" or f"{step:e}".startswith("2.5")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "one to 3 lines, got 0"),
        ([FLAT] * 4, "one to 3 lines, got 4"),
        ([Line("a", (0,), (0,))], "two points or more"),
        ([Line("a", (0, 1), (0,))], "as many x as y"),
        ([Line("a", (0, 0), (1, 2))], "must rise"),
        ([Line("a", (0, 1), (1, float("nan")))], "got nan"),
    ],
)
def test_what_cannot_be_drawn_is_refused(lines, said) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        drawn(lines=lines)


def test_zeros_can_be_drawn() -> None:
    assert points(drawn(lines=[Line("zero", (0, 1), (0, 0))]), 0) == [(50, 218), (352, 218)]
