"""The evidence as the book uses it: all facts are there, and each prints as its source prints it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest
from pybtex.database import parse_file

from bitebook import evidence
from bitebook.evidence import load
from bitebook.paths import data_dir

DATA = data_dir()
TABLES = sorted(DATA.glob("*.csv"))
REVIEW_IDS = (Path(__file__).parent / "review_fact_ids.txt").read_text(encoding="utf-8").split()
BRITISH = re.compile(
    r"\w*(?:an|leuk|hypokal|globulin)aemi\w*|paediatr\w*|haemato\w*|tumour\w*|label(?:led|ling)\b|enrolment|centres?\b"
    r"|programme|analysed|randomised|favourable|oedema",
    re.IGNORECASE,
)


def test_all_196_facts_of_the_review_are_there() -> None:
    found = [row["id"] for row in evidence.rows("statements") if row["id"].startswith("review-")]
    assert len(found) == len(REVIEW_IDS) == 196
    assert sorted(found) == sorted(REVIEW_IDS)


def test_all_fifteen_errors_of_the_review_are_there() -> None:
    numbers = [int(row["number"]) for row in evidence.rows("discrepancies")]
    assert numbers[:15] == list(range(1, 16))


def test_false_adverse_events_are_no_adverse_events() -> None:
    # 31% and 57% in the European phase III are failures of event-free survival, which the review calls adverse events
    frame = evidence.table("adverse_events").query("study == 'locatelli2021'")
    assert not frame["value"].isin([31, 57]).any()


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_no_addresses_and_american_spelling(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?:|www\.", text)
    prose = re.sub(r"\b(?:review|label)-[\w-]+", "", text)  # ids keep the spelling they were born with
    assert not BRITISH.findall(prose)


@pytest.mark.parametrize(
    ("id_", "text", "interval"),
    [
        ("brown2021-dfs-2y-blinatumomab", "54.4%", ""),
        ("brown2021-dfs-2y-chemotherapy", "39.0%", ""),
        ("brown2021-os-2y-blinatumomab", "71.3%", ""),
        ("brown2021-os-2y-chemotherapy", "58.4%", ""),
        ("brown2021-dfs-hr", "0.70", "95% CI 0.47 to 1.03"),
        ("brown2021-dfs-p", "P = 0.03 (one-sided)", ""),
        ("brown2021-os-hr", "0.62", "95% CI 0.39 to 0.98"),
        ("brown2021-os-p", "P = 0.02 (one-sided)", ""),
        ("brown2021-hsct-p", "P < 0.001 (two-sided)", ""),
        ("brown2021-ae-c1-infection-ge3-blinatumomab", "9.8%", ""),
        ("locatelli2021-efs-blinatumomab", "69%", ""),
        ("locatelli2021-efs-chemotherapy", "43%", ""),
        ("locatelli2021-efs-hr", "0.33", "95% CI 0.18 to 0.61"),
        ("locatelli2021-mrd-difference", "35.6 percentage points", "95% CI 15.6 to 52.5"),
        ("hogan2023-dfs-4y-blinatumomab", "61.2%", "standard error 5.0"),
        ("hogan2023-dfs-hr", "0.76", "95% CI 0.51 to 1.14"),
        ("hogan2023-dfs-p", "P = 0.089 (one-sided)", ""),
        ("hogan2023-bm-os-hr", "0.28", "95% CI 0.08 to 1.02"),
        ("hogan2023-ae-febrile-neutropenia-ge3-chemotherapy", "48%", ""),
        ("vandersluis2023-dfs-2y-blinatumomab", "81.6%", "95% CI 60.8% to 92.0%"),
        ("vandersluis2023-dfs-2y-historical", "49.4%", "95% CI 42.5% to 56.0%"),
        ("gupta2025-dfs-3y-blinatumomab", "96.0%", "standard error 1.2"),
        ("vonstackelberg2016-cr", "39%", "95% CI 27% to 51%"),
        ("locatelli2022-os-median", "14.6 months", "95% CI lower limit 11.0"),
        ("marrapodi2022-ae-crs-rr", "8.37", "95% CI 0.27 to 260.97"),
        ("pk-css-adult-28", "616 pg/mL", "SD 537"),
        ("pk-cl-adult", "3.10 L/h", "SD 2.94"),
        ("pk-pop-cl", "2.22 L/h", ""),
        ("pk-pop-v", "5.98 L", ""),
        ("pk-pop-bsa-ref", "1.88 m²", ""),
        ("pk-pop-bsa-exponent", "0.612", "rounding range 0.603 to 0.62"),
        ("pk-thalf-adult", "2.2 hours", "SD 1.34"),
        ("pk-thalf-review", "1.25 to 3 hours", ""),
        ("pk-tss", "up to 24 hours", ""),
        ("pk-sc-tmax", "not available to us", ""),
        ("review-clin-relapse-fraction", "10% to 15%", ""),
        ("review-tox-neuro-onset-median", "9 days", ""),
        ("review-clin-infant-cycles", "1 cycle", ""),
        ("review-tox-crs-onset", "24 to 48 hours", ""),
        ("review-eff-nhl-dose", "60 mcg/m²/day", ""),
        ("review-mech-cd3-subunit", "epsilon", ""),
        ("resistance-kmt2a-ls", "KMT2A rearrangement", ""),
        ("agent-interfant21", "NCT05327894", ""),
    ],
)
def test_a_fact_prints_as_its_source_does(id_: str, text: str, interval: str) -> None:
    fact = evidence.fact(id_)
    assert (fact.text, fact.interval_text) == (text, interval)


def test_what_was_not_verified_carries_a_dagger() -> None:
    assert str(evidence.fact("hogan2023-dfs-p")) == "P = 0.089 (one-sided)†"
    assert str(evidence.fact("brown2021-dfs-2y-blinatumomab")) == "54.4%"
    seen = evidence.fact("locatelli2021-efs-hr")
    assert (seen.mark, seen.interval_mark) == ("", "†")


def test_a_fact_is_frozen_and_says_what_it_is() -> None:
    fact = evidence.fact("brown2021-dfs-2y-blinatumomab")
    assert fact.value == 54.4 and fact.table == "outcomes" and fact.source == "brown2021jama"
    assert fact.label == "AALL1331 HR/IR (Brown 2021): disease-free survival at 24 months, blinatumomab"
    assert "bone marrow" in evidence.fact("hogan2023-bm-os-hr").label
    with pytest.raises((FrozenInstanceError, AttributeError)):
        fact.value = 1.0  # type: ignore[misc]


def test_every_fact_has_a_label_a_source_and_a_text() -> None:
    for fact in evidence.facts().values():
        assert fact.label.strip() and fact.source and fact.locator and fact.text, fact.id


@pytest.mark.parametrize("wrong", ["brown2021-dfs-hazard", "", None, 3, "nan"])
def test_an_unknown_fact_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="id must be the id of a row") as told:
        evidence.fact(wrong)  # type: ignore[arg-type]
    if wrong == "brown2021-dfs-hazard":
        assert "did you mean brown2021-dfs-" in str(told.value)


@pytest.mark.parametrize("wrong", ["outcome", None, True, 0])
def test_an_unknown_table_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="name must be one of 'studies'"):
        evidence.table(wrong)  # type: ignore[arg-type]


def test_tables_have_numbers_and_units() -> None:
    for name in evidence.tables():
        frame = evidence.table(name)
        assert isinstance(frame, pd.DataFrame) and len(frame) == len(evidence.rows(name))
        assert frame["value"].dtype == float and frame.attrs["units"] is not None
    outcomes = evidence.table("outcomes")
    assert outcomes.attrs["units"]["timepoint_months"] == "months"
    two_years = outcomes.query("study == 'brown2021jama' and timepoint_months == 24")
    assert sorted(two_years["value"]) == [39.0, 54.4, 58.4, 71.3]
    assert list(two_years["value_text"]) == ["54.4", "39.0", "71.3", "58.4"]
    bound = evidence.table("comparisons").set_index("id").loc["gupta2025-dfs-p"]
    assert bound["value_text"] == "<0.001" and pd.isna(bound["value"])


def test_a_changed_copy_does_not_change_the_book() -> None:
    changed = evidence.table("outcomes")
    changed["value"] = 0.0
    evidence.facts().clear()
    assert evidence.fact("brown2021-dfs-2y-blinatumomab").value == 54.4
    assert (evidence.table("outcomes")["value"] > 0).any()


def test_loading_is_quick() -> None:
    for cached in (load.resources, load._rows, load._frame, load._facts):
        cached.cache_clear()
    start = time.process_time()
    evidence.facts()
    for name in evidence.tables():
        evidence.table(name)
    assert time.process_time() - start < 0.4  # about 0.1 s; the rest is room for a slow machine


def test_every_column_is_described() -> None:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert resource["licenses"][0]["name"] == "CC0-1.0"
        for field in resource["schema"]["fields"]:
            assert len(field["description"]) > 4 and field["type"] in {"string", "number", "integer", "date"}
            if field["type"] in {"number", "integer"} and field["name"] not in {"value", "low", "high"}:
                assert field.get("unit"), f"{resource['name']}.{field['name']} has no unit"


def test_the_bibliography_is_well_formed() -> None:
    entries = parse_file(str(DATA / "references.bib"), "bibtex").entries
    cited = {row["source"] for name in evidence.tables() for row in evidence.rows(name)}
    assert cited <= set(entries)
    for key, entry in entries.items():
        assert entry.fields.get("title") and entry.persons.get("author"), key
        assert entry.fields["verified"] in {"seen", "seen, incomplete", "partly from knowledge", "knowledge only"}, key
        if entry.type == "article":
            assert entry.fields.get("journal") and entry.fields.get("year"), key
        if "doi" in entry.fields:
            assert re.fullmatch(r"10\.\d{4,9}/\S+", entry.fields["doi"]), key
