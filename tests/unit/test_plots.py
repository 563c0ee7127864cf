"""Figures: they return axes, draw on the axes given, leave all settings alone, and are the same in every run."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from itertools import combinations, pairwise
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes

from bitebook import dosing, evidence, plots, style
from bitebook.plots import layout
from bitebook.plots.survival import REDRAWN
from bitebook.plots.timeline import position


def comparison(**changes: Any) -> dict[str, Any]:
    row = {"study": "a", "endpoint": "DFS", "measure": "hazard ratio", "value": 0.7, "low": 0.47, "high": 1.03}
    return row | {"status": "primary", "interval_status": ""} | changes


def survival(**changes: Any) -> dict[str, Any]:
    row = {
        "arm": "blinatumomab",
        "endpoint": "DFS",
        "timepoint_months": 24.0,
        "value": 54.4,
        "estimate_type": "kaplan-meier",
    }
    return row | {"status": "primary"} | changes


def event(**changes: Any) -> dict[str, Any]:
    return {"event": "sepsis", "arm": "blinatumomab", "value": 2.0, "grade": ">=3", "status": "primary"} | changes


COMPARISONS = pd.DataFrame([comparison(), comparison(study="b", value=0.33, low=0.18, high=0.61)])
SURVIVAL = pd.DataFrame([survival(), survival(arm="chemotherapy", value=39.0)])
EVENTS = pd.DataFrame([event(), event(arm="chemotherapy", value=11.0)])
PROPORTIONS = pd.DataFrame([{"label": "remission", "value": 39.0, "low": 27.0, "high": 51.0, "status": "primary"}])
RESISTANCE = pd.DataFrame(
    [
        {"statement": "CD19-negative relapse among all treated", "value": 9.8, "population": "adults"},
        {"statement": "CD19-negative share of relapses", "value": 34.2, "population": "adults"},
    ]
)
DAYS = pd.DataFrame({"day": range(1, 43), "dose_mcg_per_day": [5.0] * 7 + [15.0] * 21 + [0.0] * 14})
DATES = pd.DataFrame({"date": ["2014-12-03", "2024-06"], "label": ["one", "two"], "kind": ["regulatory", "trial"]})
STEPS = pd.DataFrame({"label": ["enrolled", "randomized"], "n": [661, 471]})

DRAWN: dict[str, Callable[[Axes | None], Axes]] = {
    "forest": lambda ax: plots.forest(COMPARISONS, ax=ax),
    "proportions": lambda ax: plots.proportions(PROPORTIONS, ax=ax),
    "survival_landmarks": lambda ax: plots.survival_landmarks(SURVIVAL, ax=ax),
    "adverse_event_dumbbell": lambda ax: plots.adverse_event_dumbbell(EVENTS, ax=ax),
    "dose_calendar": lambda ax: plots.dose_calendar(DAYS, bag_change_days=[1, 5], ax=ax),
    "concentration_time": lambda ax: plots.concentration_time(
        times_h=[0, 1, 2, 96],
        central=[0, 5, 6, 7],
        low=[0, 1, 2, 3],
        high=[0, 9, 9, 9],
        references={"goal": 6},
        stop_h=90,
        ax=ax,
    ),
    "distribution": lambda ax: plots.distribution([1, 2, 3, 4, 30], unit="pg/mL", name="Css", upper=10, ax=ax),
    "dose_by_weight": lambda ax: plots.dose_by_weight(
        weights_kg=[10, 40, 45, 60], doses={"full": [7, 18, 28, 28]}, boundary_kg=45, ax=ax
    ),
    "resistance_denominators": lambda ax: plots.resistance_denominators(RESISTANCE, ax=ax),
    "timeline": lambda ax: plots.timeline(DATES, ax=ax),
    "icon_array": lambda ax: plots.icon_array(percents={"A": 5, "B": 51}, event="sepsis", ax=ax),
    "enrollment_flow": lambda ax: plots.enrollment_flow(STEPS, ax=ax),
    "bag_content": lambda ax: plots.bag_content(parts={"delivered": 240, "left": 30}, ax=ax),
    "tail_areas": lambda ax: plots.tail_areas(z=-1.78, sides=2, ax=ax),
}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def words(ax: Axes) -> str:
    """Every word of a figure, as the SVG holds it."""
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", style.svg(ax))).replace("\u00a0", " ")


def test_every_exported_figure_is_tested():
    assert set(DRAWN) == set(plots.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_returns_its_own_axes_or_the_given_ones(name):
    own = DRAWN[name](None)
    assert isinstance(own, Axes)
    figure, given = plt.subplots()
    assert DRAWN[name](given) is given
    assert len(plt.get_fignums()) == 2  # no further figure was opened
    assert own.figure is not figure


@pytest.mark.parametrize("name", DRAWN)
def test_settings_stay_as_they_were(name):
    before = dict(mpl.rcParams)
    style.svg(DRAWN[name](None))
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", DRAWN)
def test_small_type_never_appears_and_nothing_is_cut_off(name):
    ax = DRAWN[name](None)
    picture = style.svg(ax)
    sizes = [float(size) for size in re.findall(r"(?:font-size: |font: [^;]*?)([\d.]+)px", picture)]
    assert sizes and min(sizes) >= style.SMALL_PT
    width = style.WIDTH_IN * 72
    assert f'width="{width:g}pt"' in picture
    assert_inside(ax)


def test_words_of_real_rows_stay_inside():
    comparisons = evidence.table("comparisons")
    for measure in ("hazard ratio", "risk ratio", "odds ratio"):
        assert_inside(plots.forest(comparisons[comparisons["measure"] == measure].head(12)))
    outcomes = evidence.table("outcomes")
    percents = outcomes[(outcomes["estimate_type"] == "proportion") & (outcomes["unit"] == "percent")]
    ax = plots.proportions(percents[percents["value"].notna()].head(15))
    assert_inside(ax)


def test_a_long_label_breaks_before_it_meets_its_value():
    ax = plots.forest(pd.DataFrame([comparison(label="many more words " * n) for n in range(1, 9)]))
    assert_inside(ax)
    labels = [text for text in ax.texts if text.get_ha() == "left" and text.get_fontweight() == "bold"]
    values = [text for text in ax.texts if text.get_ha() == "right"]
    for label, value in zip(labels, values, strict=True):
        assert label.get_window_extent().x1 < value.get_window_extent().x0


def assert_inside(ax: Axes) -> None:
    """Every word lies on the figure's ground."""
    ax.figure.draw_without_rendering()
    wide, high = ax.figure.bbox.size
    for text in [*ax.texts, ax.xaxis.label, ax.title]:
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 > -0.5 and box.x1 < wide + 0.5 and box.y0 > -0.5 and box.y1 < high + 0.5, text.get_text()


def test_svg_is_the_same_in_another_process_with_no_word_on_stderr():
    script = (
        "import pandas as pd\nfrom bitebook import plots, style\n"
        "rows = pd.DataFrame([{'label': 'remission', 'value': 39.0, 'low': 27.0, 'high': 51.0, 'status': 'primary'}])\n"
        "import sys; sys.stdout.write(style.svg(plots.proportions(rows)))\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment())
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout == style.svg(plots.proportions(PROPORTIONS))
    assert runs[0].stderr == ""
    assert "<dc:date>" not in runs[0].stdout


def environment() -> dict[str, str]:
    import os

    return {**os.environ, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "random", "PYTHONPATH": ":".join(sys.path)}


def test_text_stays_text_and_the_ground_is_white():
    picture = style.svg(DRAWN["forest"](None), title="Comparisons")
    assert "<title>Comparisons</title>" in picture
    assert "DejaVu Sans" in picture and "fill: #ffffff" in picture


@pytest.mark.parametrize("color", [*style.TEXT.values(), style.INK, style.GRAY])
def test_text_colors_have_a_contrast_of_at_least_4_5(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_arms_differ_by_more_than_color():
    looks = [style.arm_style(arm) for arm in ("blinatumomab", "chemotherapy", "historical control", "inotuzumab")]
    assert len({look.marker for look in looks}) == len({look.linestyle for look in looks}) == 4


def test_setup_outside_a_notebook_sets_only_what_saving_needs():
    with mpl.rc_context():
        before = dict(mpl.rcParams)
        style.setup()
        changed = {key for key, value in mpl.rcParams.items() if before[key] != value}
        assert mpl.rcParams["svg.hashsalt"] == style.HASH_SALT and mpl.rcParams["svg.fonttype"] == "none"
    assert changed <= {"svg.hashsalt", "svg.fonttype", "savefig.dpi", "font.sans-serif"}


@pytest.mark.parametrize("module", ["plots", "style", "tables"])
def test_import_changes_no_setting(module):
    script = (
        "import matplotlib as mpl\nbefore = dict(mpl.rcParams)\n"
        f"import bitebook.{module}\nassert dict(mpl.rcParams) == before\n"
        "import matplotlib.pyplot as plt\nassert not plt.get_fignums()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=environment())


# --- what the figures say ---------------------------------------------------------------------------


def test_forest_marks_an_interval_that_includes_1_by_an_open_marker_and_in_words():
    ax = plots.forest(COMPARISONS)
    points = {float(line.get_xdata()[0]): line for line in ax.lines if line.get_marker() == "o"}
    assert points[0.7].get_markerfacecolor() == style.PAPER
    assert points[0.33].get_markerfacecolor() == style.GREEN
    assert "Open marker: the interval includes 1." in words(ax)
    assert "Open marker" not in words(plots.forest(COMPARISONS.iloc[[1]]))


def test_forest_dashes_an_unverified_interval_and_gives_it_a_dagger():
    ax = plots.forest(
        pd.DataFrame([comparison(), comparison(study="b", low=0.5, high=0.9, interval_status="unverified")])
    )
    dashed = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linestyle() == "--"]
    assert [list(line.get_xdata()) for line in dashed] == [[0.5, 0.9]]
    said = words(ax)
    assert "(0.5 to 0.9)†" in said and "(0.47 to 1.03)†" not in said and "not verified" in said


def test_forest_writes_a_p_value_with_its_side_beside_its_estimate_only():
    p_row = comparison(measure="P value", value=0.03, low=None, high=None, p_sides="1")
    said = words(plots.forest(pd.DataFrame([*COMPARISONS.to_dict("records"), p_row])))
    assert said.count("one-sided P = 0.03") == 1


def test_forest_keeps_an_endless_interval_inside_and_shows_an_arrow():
    ax = plots.forest(pd.DataFrame([comparison(value=8.37, low=0.27, high=260.97)]))
    assert ax.get_xlim()[1] <= 20
    assert any(line.get_marker() == ">" for line in ax.lines)
    assert "8.37 (0.27 to 260.97)" in words(ax)


def test_forest_names_the_kind_of_interval_only_if_the_rows_do():
    assert "95% CI" not in words(plots.forest(COMPARISONS))
    assert "95% CI" in words(plots.forest(COMPARISONS.assign(interval_kind="95% CI")))


def test_survival_is_labelled_as_redrawn_and_never_joined():
    ax = plots.survival_landmarks(pd.DataFrame([survival(), survival(timepoint_months=48.0, value=50.0)]))
    assert REDRAWN in words(ax)
    joined = [line for line in ax.lines if len(set(line.get_xdata())) > 1 and line.get_transform() == ax.transData]
    assert not joined


def test_survival_draws_the_standard_error_as_a_95_percent_interval():
    ax = plots.survival_landmarks(pd.DataFrame([survival(value=61.2, standard_error=5.0)]))
    bars = [list(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"]
    assert bars == [pytest.approx([61.2 - 9.8, 61.2 + 9.8], abs=0.01)]
    assert "1.96 printed standard errors" in words(ax)


def test_survival_refuses_crude_beside_kaplan_meier():
    mixed = pd.DataFrame([survival(), survival(arm="chemotherapy", estimate_type="crude proportion")])
    with pytest.raises(ValueError, match="estimate_type"):
        plots.survival_landmarks(mixed)


def test_survival_of_real_rows_prints_the_decimals_of_the_source():
    rows = evidence.table("outcomes").query("study == 'brown2021jama' and timepoint_months == 24")
    said = words(plots.survival_landmarks(rows))
    assert "39.0%" in said and "54.4%" in said


def test_dumbbell_puts_the_widest_gap_first():
    rows = pd.DataFrame(
        [*EVENTS.to_dict("records"), event(event="anemia", value=13.0), event(event="anemia", arm="c", value=58.0)]
    )
    rows.loc[1, "arm"] = "c"
    said = words(plots.adverse_event_dumbbell(rows))
    assert said.index("anemia") < said.index("sepsis")
    said = words(plots.adverse_event_dumbbell(rows, order="given"))
    assert said.index("anemia") > said.index("sepsis")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([event(), event()], "twice"),
        ([event(), event(arm="b"), event(arm="c")], "two arms"),
        ([event(), event(arm="b", grade="any")], "mixes grade"),
        ([event(value=101.0)], "0 to 100 percent, got 101"),
    ],
)
def test_dumbbell_refuses_what_does_not_belong_together(rows, message):
    with pytest.raises(ValueError, match=message):
        plots.adverse_event_dumbbell(pd.DataFrame(rows))


def test_calendar_of_a_course_shows_each_day_once():
    plan = dosing.course(indication="relapsed-refractory", weight_kg=50, cycles=2, start=date(2026, 1, 5))
    ax = plots.dose_calendar(plan)
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("28") == 21 + 1  # 21 days of 28 mcg/day, and the number of day 28
    assert texts.count("9") == 7 + 1 and "42" in texts and "43" not in texts
    with pytest.raises(ValueError, match="from 1 to 2, got 3"):
        plots.dose_calendar(plan, cycle=3)


def test_icons_round_half_up_and_count_to_a_hundred():
    ax = plots.icon_array(percents={"A": 4.5}, event="sepsis")
    assert sorted(len(group.get_offsets()) for group in ax.collections) == [5, 5, 95]
    assert sum(len(g.get_offsets()) for g in plots.icon_array(percents={"A": 0}, event="x").collections) == 100


def test_resistance_never_guesses_a_denominator():
    with pytest.raises(ValueError, match="cannot tell the denominator"):
        plots.resistance_denominators(pd.DataFrame([{"statement": "CD19 loss", "value": 5.0}]))
    said = words(plots.resistance_denominators(RESISTANCE))
    assert "9.8% of treated" in said and "34.2% of relapses" in said


def test_distribution_tells_mean_from_median_and_counts_what_is_cut():
    said = words(plots.distribution([1, 2, 3, 4, 30], unit="pg/mL", name="Css", upper=10))
    assert "median 3 pg/mL" in said and "mean 8 pg/mL" in said and "1 of 5 values" in said


def test_tails_double_when_both_are_counted():
    assert "P = 0.075" in words(plots.tail_areas(z=-1.78, sides=2))
    assert "P = 0.038" in words(plots.tail_areas(z=-1.78, sides=1))


def test_flow_counts_who_did_not_go_on():
    assert "↓ 190" in words(plots.enrollment_flow(STEPS))
    with pytest.raises(ValueError, match="must not rise"):
        plots.enrollment_flow(STEPS.iloc[::-1])


def test_flow_does_not_round_half_a_percent_away():
    shares = words(plots.enrollment_flow(pd.DataFrame({"label": ["all", "relapse"], "n": [1000, 125]})))
    assert "125 (12.5%)" in shares
    assert "1000 (100%)" in shares


@pytest.mark.parametrize(("crowded", "lone"), [("2014", "2024"), ("2024", "2014")])
def test_labels_of_crowded_dates_neither_overlap_nor_leave_the_axes(crowded, lone):
    dates = [*(f"{crowded}-0{i}" for i in range(1, 9)), lone]
    ax = plots.timeline(pd.DataFrame({"date": dates, "label": [f"event {i}" for i in range(9)]}))
    tops = sorted(text.get_position()[1] for text in ax.texts if text.get_text().startswith("event"))
    assert min(later - earlier for earlier, later in pairwise(tops)) >= 2 * layout.LINE_IN
    assert tops[0] > 0 and tops[-1] + layout.LINE_IN < ax.get_ylim()[0]


def test_marks_of_near_dates_stand_side_by_side():
    dates = ["2020", "2024-06-14", "2024-06-15", "2024", "2028"]
    ax = plots.timeline(
        pd.DataFrame({"date": dates, "label": list("abcde"), "kind": ["trial", "regulatory"] * 2 + ["trial"]})
    )
    ax.figure.draw_without_rendering()
    marks = [line for line in ax.lines if line.get_marker() in ("o", "D") and len(line.get_xdata())]
    assert len(marks) == 5
    places = [ax.transData.transform((line.get_xdata()[0], line.get_ydata()[0])) / ax.figure.dpi * 72 for line in marks]
    apart = [math.dist(one, other) for one, other in combinations(places, 2)]
    assert min(apart) >= 9  # points; the width of a mark


def test_dates_that_cannot_be_read_are_refused():
    with pytest.raises(ValueError, match="date must be ISO text"):
        position("June 2024")


# --- refusals ---------------------------------------------------------------------------------------

TABLES = {
    plots.forest: COMPARISONS,
    plots.proportions: PROPORTIONS,
    plots.survival_landmarks: SURVIVAL,
    plots.adverse_event_dumbbell: EVENTS,
    plots.resistance_denominators: RESISTANCE,
    plots.dose_calendar: DAYS,
    plots.timeline: DATES,
    plots.enrollment_flow: STEPS,
}
COLUMN = {
    plots.forest: "low",
    plots.proportions: "value",
    plots.survival_landmarks: "timepoint_months",
    plots.adverse_event_dumbbell: "arm",
    plots.resistance_denominators: "value",
    plots.dose_calendar: "dose_mcg_per_day",
    plots.timeline: "date",
    plots.enrollment_flow: "n",
}


@pytest.mark.parametrize("draw", TABLES)
def test_empty_and_incomplete_rows_are_refused_by_name(draw):
    with pytest.raises(ValueError, match="is empty: at least one row"):
        draw(TABLES[draw].iloc[:0])
    with pytest.raises(ValueError, match=f"lacks the column '{COLUMN[draw]}'"):
        draw(TABLES[draw].drop(columns=COLUMN[draw]))
    with pytest.raises(ValueError, match="must be a pandas DataFrame, got dict"):
        draw({"value": [1]})
    assert not plt.get_fignums()  # nothing half drawn is left open


@pytest.mark.parametrize(
    "call",
    [
        lambda: plots.concentration_time(times_h=[], central=[]),
        lambda: plots.concentration_time(times_h=[0, 1], central=[1]),
        lambda: plots.concentration_time(times_h=[0, 1], central=[0, 0], log_y=True),
        lambda: plots.concentration_time(times_h=[1, 0], central=[1, 1]),
        lambda: plots.concentration_time(times_h=[0, 1], central=[1, float("nan")]),
        lambda: plots.concentration_time(times_h=[0, 1], central=[1, 1], low=[1, 1]),
        lambda: plots.distribution([1], unit="h", name="x"),
        lambda: plots.dose_by_weight(weights_kg=[1], doses={}),
        lambda: plots.dose_by_weight(weights_kg=[1], doses={"a": [1, 2]}),
        lambda: plots.icon_array(percents={}, event="x"),
        lambda: plots.icon_array(percents={"A": 101}, event="x"),
        lambda: plots.icon_array(percents={"A": True}, event="x"),
        lambda: plots.bag_content(parts={"a": 1}),
        lambda: plots.bag_content(parts={"a": 1, "b": 0}),
        lambda: plots.tail_areas(z=0, sides=1),
        lambda: plots.tail_areas(z=1, sides=3),
        lambda: plots.forest(pd.DataFrame([comparison(), comparison(measure="odds ratio")])),
        lambda: plots.forest(pd.DataFrame([comparison(low=-0.1)])),
        lambda: plots.proportions(PROPORTIONS.assign(value=120.0)),
        lambda: plots.survival_landmarks(SURVIVAL.assign(timepoint_months=float("nan"))),
        lambda: plots.dose_calendar(pd.concat([DAYS, DAYS])),
        lambda: plots.dose_calendar(DAYS.assign(dose_mcg_per_day=-1.0)),
        lambda: plots.timeline(DATES.assign(kind="rumor")),
        lambda: plots.forest(pd.DataFrame([comparison(study=str(i)) for i in range(40)])),
        lambda: style.figure(height_in=0).__enter__(),
    ],
)
def test_bad_numbers_are_refused(call):
    with pytest.raises(ValueError):
        call()
    assert not plt.get_fignums()  # nothing half drawn is left open
