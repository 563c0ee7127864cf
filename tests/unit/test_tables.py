"""Tables: printed digits, daggers, escaping, and Markdown that MyST reads as a table with a caption and a label."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from docutils import nodes
from markdown_it import MarkdownIt

from bitebook import dosing, evidence, rows, tables


def outcome(**changes: Any) -> dict[str, Any]:
    row = {"arm": "blinatumomab", "endpoint": "DFS", "timepoint_months": 24.0, "value": 54.4, "unit": "percent"}
    return row | {"estimate_type": "kaplan-meier", "status": "primary", "source": "brown2021jama"} | changes


def test_two_arm_keeps_crude_and_kaplan_meier_apart():
    frame = tables.two_arm(
        pd.DataFrame(
            [outcome(), outcome(arm="chemotherapy", value=39), outcome(value=69, estimate_type="crude proportion")]
        )
    )
    assert list(frame.columns) == ["Endpoint", "Time", "Estimate", "blinatumomab (%)", "chemotherapy (%)"]
    assert frame.to_numpy().tolist() == [
        ["DFS", "2 years", "Kaplan-Meier", "54.4", "39"],
        ["DFS", "2 years", "crude proportion", "69", "–"],
    ]


def test_two_arm_prints_precision_counts_and_dagger():
    frame = tables.two_arm(
        pd.DataFrame(
            [
                outcome(value=61.2, standard_error=5.0),
                outcome(endpoint="EFS", value=69.0, failures=17.0, denominator=54.0),
                outcome(
                    endpoint="CR",
                    value=39.0,
                    responders=27.0,
                    denominator=70.0,
                    low=27.0,
                    high=51.0,
                    status="unverified",
                ),
            ]
        )
    )
    assert frame["blinatumomab (%)"].tolist() == ["61.2 ± 5", "69 (17/54 events)", "39 (27 to 51; 27/70 patients)†"]


def test_printed_decimals_come_from_the_evidence_only_while_the_number_is_the_same():
    real = evidence.table("outcomes").query("id == 'brown2021-dfs-2y-chemotherapy'").iloc[0].to_dict()
    assert rows.printed(real) == "39.0"
    assert rows.printed({**real, "value": 40.5}) == "40.5"
    p_value = evidence.table("comparisons").query("id == 'brown2021-hsct-p'").iloc[0].to_dict()
    assert rows.printed(p_value) == "<0.001"


def test_two_arm_refuses_two_values_for_one_place_and_several_studies():
    with pytest.raises(ValueError, match="twice"):
        tables.two_arm(pd.DataFrame([outcome(), outcome(value=50)]))
    with pytest.raises(ValueError, match="mixes study"):
        tables.two_arm(pd.DataFrame([outcome(study="a"), outcome(study="b", arm="c")]))


def test_comparisons_says_how_many_sides_a_p_value_has():
    frame = tables.comparisons(evidence.table("comparisons").query("study == 'brown2021jama'"))
    measures = dict(zip(zip(frame["Endpoint"], frame["Measure"], strict=True), frame["Estimate"], strict=True))
    assert any("P value, one-sided" in key[1] for key in measures)
    assert "95% CI" in frame.columns
    assert "0.47 to 1.03" in frame["95% CI"].tolist()


def test_adverse_events_show_counts_and_the_columns_that_differ():
    event = {
        "event": "sepsis",
        "arm": "b",
        "value": 2.0,
        "grade": ">=3",
        "events": 2.0,
        "n": 100.0,
        "status": "primary",
    }
    frame = tables.adverse_event_comparison(pd.DataFrame([event, event | {"arm": "c", "value": 11.0, "events": None}]))
    assert frame.to_dict("records") == [{"Event": "sepsis", "b (%)": "2 (2/100)", "c (%)": "11"}]
    frame = tables.adverse_event_comparison(pd.DataFrame([event, event | {"grade": "any", "value": 5.0}]))
    assert frame["Grade"].tolist() == ["≥3", "any"]
    with pytest.raises(ValueError, match="twice"):
        tables.adverse_event_comparison(pd.DataFrame([event, event]))


def test_dose_schedule_lists_steps_pauses_and_the_total():
    plan = dosing.course(indication="relapsed-refractory", weight_kg=50, cycles=1, start=date(2026, 1, 5))
    frame = tables.dose_schedule(plan)
    assert frame["Days"].tolist() == ["1-7", "8-28", "29-42", ""]
    assert frame["Dose (mcg/day)"].tolist() == ["9.0", "28.0", "no infusion", ""]
    assert frame["Amount (mcg)"].tolist() == ["63.0", "588.0", "–", "651.0"]  # 7 × 9, 21 × 28, their sum
    with pytest.raises(ValueError, match=r"bitebook\.dosing\.course"):
        tables.dose_schedule("tomorrow")  # type: ignore[arg-type]


def test_label_rules_keep_version_band_and_cap():
    frame = tables.label_rules(evidence.table("dosing_rules").query("id == 'label-rr-lt45-c1-d1'"))
    line = frame.iloc[0].to_dict()
    assert line["Value"] == "5 mcg/m²/day, at most 9 mcg/day"
    assert "below 45 kg; cycle 1; days 1-7" in line["Applies to"]
    assert line["Label"].startswith("US PI")


def test_label_rules_and_overview_stand_on_every_real_row():
    for name in ("dosing_rules", "preparation"):
        assert len(tables.label_rules(evidence.table(name))) == len(evidence.table(name))
    overview = tables.study_overview(evidence.table("studies"))
    assert len(overview) == len(evidence.table("studies"))
    assert not overview["Design"].str.contains("phase expanded").any()


def test_pick_words_units_as_the_rest_of_the_book():
    row = {"parameter": "a", "value": 54.4, "unit": "percent", "low": 1.0, "high": 2.0, "status": "primary"}
    frame = tables.pick(pd.DataFrame([row | {"interval_status": "unverified"}]), {"value unit": "V", "interval": "I"})
    assert frame.iloc[0].tolist() == ["54.4%", "1 to 2†"]
    frame = tables.pick(pd.DataFrame([row | {"value": None, "unit": "hours"}]), {"value unit": "V"})
    assert frame.iloc[0].tolist() == ["1 to 2 hours"]


# --- on the page ------------------------------------------------------------------------------------


def shown(**cells: str) -> tables.Table:
    return tables.show(pd.DataFrame([cells]), caption="A caption.", name="tab-x")


def test_markdown_has_caption_label_and_alignment():
    lines = shown(Arm="A", Share="54.4 (48/105)†").markdown.splitlines()
    assert lines[:5] == [":::{table} A caption.", ":name: tab-x", "", "| Arm | Share |", "| :-- | --: |"]
    assert lines[-1] == rows.UNVERIFIED_NOTE


@pytest.mark.parametrize("text", ["a|b", "$5 and $6", "*bold*", "<b>x</b>", "back\\slash", "<0.001", "a | b | c"])
def test_cells_come_out_of_markdown_as_they_went_in(text):
    table = shown(One=text, Two="x")
    inside = "\n".join(line for line in table.markdown.splitlines() if line.startswith("|"))
    tokens = MarkdownIt("commonmark").enable("table").parse(inside)
    cells = ["".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"]
    assert cells[2:] == [text, "x"] or cells[2:] == [text.replace("$", r"$"), "x"]
    assert not [t for token in tokens for t in token.children or () if t.type not in ("text", "text_special")]


def test_roles_in_cells_survive():
    assert "{math}`a * b` and x \\* y" in shown(Source="{math}`a * b` and x * y").markdown


def test_myst_reads_it_as_one_captioned_table():
    from docutils.core import publish_doctree
    from myst_parser.docutils_ import Parser

    table = shown(Arm="A", Share="54.4†")
    settings = {"myst_enable_extensions": ["colon_fence", "dollarmath"], "report_level": 5}
    document = publish_doctree(table.markdown, parser=Parser(), settings_overrides=settings)
    (found,) = document.findall(nodes.table)
    assert found["names"] == ["tab-x"]
    assert next(found.findall(nodes.title)).astext() == "A caption."
    assert not list(document.findall(nodes.system_message))


def test_sources_are_cited_once_and_the_bundle_has_plain_text():
    frame = tables.pick(pd.DataFrame([outcome(), outcome()]), {"arm": "Arm"})
    table = tables.show(frame, caption="C.", notes=["A note."])
    assert table.notes == ("A note.", "Source: {cite}`brown2021jama`.")
    bundle = table._repr_mimebundle_()
    assert set(bundle) == {"text/markdown", "text/plain"}
    assert bundle["text/plain"].splitlines()[:2] == ["C.", "Arm"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"caption": ""}, "caption must be one line"),
        ({"caption": "two\nlines"}, "caption must be one line"),
        ({"caption": None}, "caption must be one line"),
        ({"caption": "C.", "name": "Tab X"}, "name must hold small letters"),
    ],
)
def test_show_refuses_a_table_that_cannot_be_found_again(arguments, message):
    with pytest.raises(ValueError, match=message):
        tables.show(pd.DataFrame({"a": [1]}), **arguments)


@pytest.mark.parametrize(
    "make", [tables.two_arm, tables.comparisons, tables.adverse_event_comparison, tables.study_overview]
)
def test_tables_refuse_empty_and_incomplete_rows(make):
    with pytest.raises(ValueError, match="lacks the column"):
        make(pd.DataFrame({"x": [1]}))
    with pytest.raises(ValueError, match="must be a pandas DataFrame"):
        make([1])
    name = (
        "studies"
        if make is tables.study_overview
        else {tables.two_arm: "outcomes", tables.comparisons: "comparisons"}.get(make, "adverse_events")
    )
    with pytest.raises(ValueError, match="is empty"):
        make(evidence.table(name).iloc[:0])
