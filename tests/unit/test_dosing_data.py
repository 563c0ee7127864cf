"""The rule tables themselves, and the proof that the functions read them: change a cell and the result changes."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bitebook.dosing import (
    after_interruption,
    dose_rate,
    hospital_days,
    modification,
    premedication,
)
from bitebook.infusion import bag, weight_limit_kg
from bitebook.paths import data_dir

COMMON = ["id", "value", "low", "high", "unit", "source", "locator", "status", "interval_status", "checked", "note"]
Edit = Callable[[str, str, str, str], None]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Return a function that changes one cell in a copy of the tables, which the package then reads."""
    for name in ("dosing_rules", "preparation"):
        shutil.copy(data_dir() / f"{name}.csv", tmp_path)
    monkeypatch.setenv("BITEBOOK_DATA", str(tmp_path))

    def change(table: str, row_id: str, column: str, value: str) -> None:
        path = tmp_path / f"{table}.csv"
        rows = read(path)
        (row,) = [row for row in rows if row["id"] == row_id]
        assert row[column] != value
        row[column] = value
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return change


@pytest.mark.parametrize(("table", "count"), [("dosing_rules", 53), ("preparation", 49)])
def test_the_tables_are_whole_and_tidy(table: str, count: int) -> None:
    path = data_dir() / f"{table}.csv"
    rows = read(path)
    assert len(rows) == count
    assert list(rows[0])[: len(COMMON)] == COMMON
    assert b"\r" not in path.read_bytes()
    text = path.read_text(encoding="utf-8")
    assert "http" not in text
    assert "www." not in text
    for row in rows:
        assert row["id"].startswith("label-")
        assert row["source"]
        assert row["locator"]
        assert row["region"]
        assert row["label_version"]
        assert row["status"] in ("primary", "secondary", "unverified")
        for column in ("value", "low", "high"):
            assert not row[column] or float(row[column]) >= 0


def test_ids_are_unique_over_both_tables() -> None:
    ids = [row["id"] for table in ("dosing_rules", "preparation") for row in read(data_dir() / f"{table}.csv")]
    assert len(ids) == len(set(ids)) == 102


def test_days_of_a_cycle_fit_its_length() -> None:
    for row in read(data_dir() / "dosing_rules.csv"):
        if row["cycle_length_days"]:
            assert int(row["day_to"]) + int(row["infusion_free_days"]) == int(row["cycle_length_days"]), row["id"]


def test_the_derived_rows_follow_from_the_others() -> None:
    rows = {row["id"]: row for row in read(data_dir() / "preparation.csv")}
    for hours in (24, 48, 72, 96, 168):
        rate = rows["label-rate-7d" if hours == 168 else f"label-rate-{hours}"]["value"]
        assert round(float(rate) * hours, 6) == float(rows[f"label-delivered-{hours}"]["value"])
    for name in ("9-24", "9-48", "28-24", "28-48", "28-7d"):
        dose, hours = name.split("-")
        made = bag(mcg_per_day=float(dose), duration_h=168 if hours == "7d" else int(hours), weight_kg=50)
        assert str(made.vials) == rows[f"label-recon-{name}-vials"]["value"]
    assert float(rows["label-vial-labeled"]["value"]) / 12.5 == float(rows["label-recon-usable"]["value"])
    total = float(rows["label-recon-total-volume"]["value"])
    assert round(total * 12.5, 6) == float(rows["label-vial-actual"]["value"])


# --- rules are read, not typed -------------------------------------------------------------------------------------

RR = {"indication": "relapsed-refractory", "cycle": 1}


def test_dose_cap_and_days_come_from_the_table(edit: Edit) -> None:
    before = dose_rate(**RR, weight_kg=21, height_cm=117, day=8).mcg_per_day  # type: ignore[arg-type]
    edit("dosing_rules", "label-rr-lt45-c1-d8", "value", "30")
    assert dose_rate(**RR, weight_kg=21, height_cm=117, day=8).mcg_per_day == 2 * before  # type: ignore[arg-type]
    edit("dosing_rules", "label-rr-lt45-c1-d8", "cap", "10")
    capped = dose_rate(**RR, weight_kg=21, height_cm=117, day=8)  # type: ignore[arg-type]
    assert (capped.mcg_per_day, capped.cap_applied) == (10.0, True)
    assert any("above the cap of 10 mcg/day" in line for line in capped.working)


def test_the_weight_band_comes_from_the_table(edit: Edit) -> None:
    edit("dosing_rules", "label-mrd-ge45-c1", "weight_low_kg", "40")
    edit("dosing_rules", "label-mrd-lt45-c1", "weight_high_kg", "40")
    assert dose_rate(indication="mrd-positive", weight_kg=40, cycle=1, day=1).basis == "fixed"
    with pytest.raises(ValueError, match="below 40 kg, so give the height"):
        dose_rate(indication="mrd-positive", weight_kg=39.9, cycle=1, day=1)


def test_a_gap_or_an_overlap_in_the_table_is_an_error_not_a_guess(edit: Edit) -> None:
    edit("dosing_rules", "label-mrd-ge45-c1", "weight_low_kg", "40")
    with pytest.raises(LookupError, match=r"exactly one row .* found label-mrd-ge45-c1, label-mrd-lt45-c1"):
        dose_rate(indication="mrd-positive", weight_kg=42, height_cm=150, cycle=1, day=1)
    edit("dosing_rules", "label-mrd-ge45-c1", "weight_low_kg", "50")
    with pytest.raises(LookupError, match=r"exactly one row .* found none"):
        dose_rate(indication="mrd-positive", weight_kg=47, cycle=1, day=1)


def test_cycles_age_and_interval_come_from_the_table(edit: Edit) -> None:
    edit("dosing_rules", "label-rr-ge45-c6-d1", "cycle_to", "10")
    edit("dosing_rules", "label-rr-lt45-c6-d1", "cycle_to", "10")
    assert dose_rate(indication="relapsed-refractory", weight_kg=50, cycle=10, day=1).mcg_per_day == 28
    edit("dosing_rules", "label-ind-rr", "age_from_months", "12")
    with pytest.raises(ValueError, match="from 12 month"):
        dose_rate(**RR, weight_kg=50, day=1, age_months=11)  # type: ignore[arg-type]


def test_support_comes_from_the_table(edit: Edit) -> None:
    edit("dosing_rules", "label-pre-rr-adult", "value", "21")
    assert premedication(**RR, age_group="adult").dose_mg == 21  # type: ignore[arg-type]
    edit("dosing_rules", "label-hosp-rr-c1", "value", "11")
    assert hospital_days(**RR).days == 11  # type: ignore[arg-type]
    edit("dosing_rules", "label-int-ge4h", "value", "6")
    stopped = {**RR, "age_group": "adult", "infusion_days_given": 9}
    assert after_interruption(**stopped, hours=5).supervise is False  # type: ignore[arg-type]
    edit("dosing_rules", "label-int-le7", "infusion_days", "30")
    assert after_interruption(**stopped, hours=5).remaining_infusion_days == 21  # type: ignore[arg-type]
    edit("dosing_rules", "label-mod-seizure", "value", "2")
    assert modification(event="seizure", number_of_seizures=2).permanent is False


def test_the_bag_comes_from_the_table(edit: Edit) -> None:
    before = bag(mcg_per_day=12, duration_h=24, weight_kg=21)
    edit("preparation", "label-recon-conc", "value", "25")
    after = bag(mcg_per_day=12, duration_h=24, weight_kg=21)
    assert before.drug_volume_ml is not None
    assert after.drug_volume_ml is not None
    assert after.drug_volume_ml < before.drug_volume_ml / 1.9
    edit("preparation", "label-rate-24", "value", "9")
    assert bag(mcg_per_day=12, duration_h=24, weight_kg=21).infused_ml == 216
    edit("preparation", "label-weight-limit-2025", "value", "6.5")
    assert weight_limit_kg(duration_h=96) == 6.5
    edit("preparation", "label-recon-28-24", "value", "2.7")
    assert bag(mcg_per_day=28, duration_h=24, weight_kg=50).drug_volume_ml == 2.7


def test_the_modules_need_the_standard_library_only() -> None:
    check = (
        "import sys, bitebook.dosing, bitebook.infusion\n"
        "heavy = {'numpy', 'pandas', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
