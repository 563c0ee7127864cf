"""The calculators against expectations worked out anew: by hand, by an oracle, by another library."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from bitebook import dosing, infusion
from bitebook.calculators import CALCULATORS
from tests.unit import oracle_dosing
from tests.unit.calculator_tools import half_up, html, reply, table, text

INDICATIONS = list(oracle_dosing.LENGTHS)


def test_six_calculators_in_the_order_of_the_book() -> None:
    assert list(CALCULATORS) == ["dose", "bag", "concentration", "bsa", "effect", "toxicity"]


def test_amina_by_hand() -> None:
    """21 kg and 117 cm: √(2457/3600) = 0.8261 m²; times 5 is 4.13, times 15 is 12.39 mcg/day."""
    page = html("dose")
    rows = table(page, "The course, step by step")
    assert [row[3] for row in rows] == ["4.1", "12.4", "off", ""]
    assert rows[0][2] == "Mon 2027-01-04 to Sun 2027-01-10" and rows[2][2] == "Mon 2027-02-01 to Sun 2027-02-14"
    assert rows[-1][-1] == half_up(7 * 5 * 0.8261355820929151 + 21 * 15 * 0.8261355820929151)
    assert "Cycle 1: 4.1 mcg/day on days 1 to 7, 12.4 mcg/day on days 8 to 28" in reply("dose")["status"]


@pytest.mark.parametrize("seed", range(120))
def test_dose_agrees_with_the_oracle(seed: int) -> None:
    dice = random.Random(seed)
    indication = dice.choice(INDICATIONS)
    weight = round(dice.uniform(3, 90), dice.choice((0, 1, 2)))
    height = round(dice.uniform(45, 200), 1)
    cycles = dice.randint(1, len(oracle_dosing.LENGTHS[indication]))
    start = date(2026, 1, 1) + timedelta(days=dice.randint(0, 2000))
    page = html(
        "dose", indication=indication, weight_kg=str(weight), height_cm=str(height), cycles=str(cycles),
        start=start.isoformat(),
    )  # fmt: skip
    dagger = "†" if indication == "consolidation" else ""
    day, total = start, 0.0
    for cycle in range(1, cycles + 1):
        length = oracle_dosing.LENGTHS[indication][cycle]
        cells = [cell for row in table(page, f"Calendar of cycle {cycle},") for cell in row if cell]
        assert len(cells) == length
        for number, cell in enumerate(cells, start=1):
            amount, basis, _ = oracle_dosing.dose(indication, weight, height, cycle, number)
            shown = "off" if basis == "infusion-free" else half_up(amount) + dagger
            assert cell == f"{day.strftime('%b')} {day.day} d{number} {shown}"
            total += amount
            day += timedelta(days=1)
    last = table(page, "The course, step by step")[-1]
    assert last[-1].rstrip("†") == half_up(total) or abs(float(last[-1].rstrip("†")) - total) < 0.0501
    assert last[2].endswith((day - timedelta(days=1)).isoformat())
    used = {oracle_dosing.rule_id(indication, weight, c, d) for c in range(1, cycles + 1) for d in (1, 8)}
    assert {row[0] for row in table(page, "Rows of evidence")} == used


def test_a_calendar_begins_on_monday_and_leaves_other_days_empty() -> None:
    page = html("dose", start="2027-01-07")  # a Thursday
    first = table(page, "Calendar of cycle 1,")[0]
    assert first[:3] == ["", "", ""] and first[3].startswith("Jan 7 d1 ")
    heads = page.xpath("//table[contains(@class, 'calc-calendar')][1]/thead/tr/th")
    assert [text(head) for head in heads] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def test_an_unlikely_body_is_named_as_such() -> None:
    assert "body mass index" in text(html("dose", weight_kg="40", height_cm="60"))
    assert "body mass index" in text(html("bsa", weight_kg="40", height_cm="60"))
    assert "body mass index" not in text(html("dose"))


@pytest.mark.parametrize("seed", range(60))
def test_bag_by_decimal_arithmetic(seed: int) -> None:
    """12.5 mcg/mL; 270 mL saline and 5.5 mL stabilizer before the drug; 240 mL go in: V = D·B / (c·F - D)."""
    dice = random.Random(seed)
    dose = Decimal(dice.randint(10, 279)) / 10
    hours, rate = dice.choice(((24, 10), (48, 5)))
    line = Decimal(dice.randint(1, 20))
    page = html(
        "bag",
        mcg_per_day=str(dose),
        duration_h=str(hours),
        weight_kg=str(dice.randint(5, 44)),
        line_volume_ml=str(line),
    )
    rows = {row[0]: row[1].replace("†", "") for row in table(page, f"The bag for {hours} h")}
    amount = dose * hours / 24
    volume = amount * Decimal("275.5") / (Decimal("12.5") * 240 - amount)
    content = Decimal("12.5") * volume
    full = Decimal("275.5") + volume
    assert rows["Rate"] == f"{rate} mL/h" and rows["Infused"] == "240.0 mL"
    assert rows["Drug volume"] == f"{half_up(float(volume), 2)} mL"
    assert rows["Vials"] == str((volume / Decimal("2.8")).to_integral_value(ROUND_CEILING))
    assert rows["Delivered"] == f"{half_up(float(dose), 2)} mcg/day"
    assert rows["Drug left behind"] == f"{half_up(float(content - amount), 2)} mcg"
    flush = half_up(float(content / full * line), 2)
    assert f"A flush of {line} mL would push {flush}† mcg in at once" in text(page)
    assert f"{half_up(float(line / rate))} h" in text(page) and "derived" in text(page)


def test_bag_prefers_the_printed_volume_and_says_what_it_delivers() -> None:
    """28 mcg/day for 7 days: 16.8 mL printed in 110 mL, 0.6 mL/h: 210 mcg × 100.8 / 110 / 7 = 27.49 mcg/day."""
    page = html("bag", mcg_per_day="28", duration_h="168", weight_kg="50", line_volume_ml="")
    rows = {row[0]: row[1] for row in table(page, "The bag for 168 h")}
    assert rows["Drug volume"] == "16.80† mL" and rows["Vials"] == "6†" and rows["Rate"] == "0.6 mL/h"
    assert rows["Delivered"] == f"{half_up(210 * 100.8 / 110 / 7, 2)}† mcg/day"
    assert "Never flush" in text(page) and "would push" not in text(page)
    assert rows["Preservative (benzyl alcohol)"] == "yes"


def test_bag_of_unknown_composition_gives_no_volume() -> None:
    told = reply("bag", duration_h="72", line_volume_ml="")
    assert (
        told["ok"]
        and "not in our sources" in told["status"]
        and "drug volume" not in str(told["html"]).lower().replace("no drug volume", "")
    )
    refused = reply("bag", duration_h="72", line_volume_ml="5")
    assert refused["field"] == "duration_h"


def test_bag_durations_are_those_of_the_table() -> None:
    offered = [
        choice.value for field in CALCULATORS["bag"].fields if field.name == "duration_h" for choice in field.choices
    ]
    assert offered == [str(hours) for hours in infusion.durations_h()]


@pytest.mark.parametrize("seed", range(40))
def test_concentration_by_small_steps(seed: int) -> None:
    """dA/dt = rate - k·A, walked in steps of a minute by the midpoint rule."""
    dice = random.Random(seed)
    area = round(dice.uniform(0.4, 2.2), 2)
    first, second = round(dice.uniform(2, 15), 1), round(dice.uniform(5, 28), 1)
    stop, gap = dice.randint(30, 90), dice.randint(2, 20)
    page = html(
        "concentration", bsa_m2=str(area), first_mcg_per_day=str(first), first_days="2", second_mcg_per_day=str(second),
        second_days="3", stop_h=str(stop), pause_h=str(gap),
    )  # fmt: skip
    clear, volume = 2.22 * (area / 1.88) ** 0.612, 5.98

    def rate(hour: float) -> float:
        if stop <= hour < stop + gap or hour >= 120:
            return 0.0
        return (first if hour < 48 else second) / 24

    amount, levels = 0.0, {0: 0.0}
    for minute in range(130 * 60):
        inflow = rate((minute + 0.5) / 60)
        middle = amount + (inflow - clear / volume * amount) / 120
        amount += (inflow - clear / volume * middle) / 60
        if (minute + 1) % 60 == 0:
            levels[(minute + 1) // 60] = 1000 * amount / volume
    rows = [row for row in table(page, "The curve in numbers") if row[1]]
    assert {row[0] for row in rows} >= {"pump stops", "pump runs again", "end of the infusion"}
    for row in rows:
        assert float(row[2].rstrip("†")) == pytest.approx(levels[int(row[1])], abs=0.5 + 0.002 * max(levels.values()))
    given = (48 * first + 72 * second) / 24
    lost = sum(rate_before(hour, first, second) for hour in range(stop, min(stop + gap, 120)))
    dose = next(row for row in table(page, "The curve in numbers") if row[0].startswith("dose given"))
    assert float(dose[2].split()[0]) == pytest.approx(given - lost, abs=0.0501)
    assert float(dose[3].split()[0]) == pytest.approx(given, abs=0.0501)


def rate_before(hour: int, first: float, second: float) -> float:
    return (first if hour < 48 else second) / 24


def test_concentration_at_the_reference_surface_carries_no_mark() -> None:
    page = html("concentration", bsa_m2="1.88", stop_h="", pause_h="")
    assert "†" not in text(page)
    assert len(page.findall(".//{*}svg")) == 1
    assert len(html("concentration").findall(".//{*}svg")) == 2


def test_a_made_up_pause_loses_nothing() -> None:
    rows = table(html("concentration", make_up="yes"), "The curve in numbers")
    dose = next(row for row in rows if row[0].startswith("dose given"))
    assert dose[2] == dose[3] == half_up(4.1 * 7 + 12.4 * 21) + " mcg"


def areas(w: float, h: float) -> dict[str, float]:
    """The five formulas from their papers, written down again; Boyd's in centimeters and grams."""
    return {
        "Mosteller": (w * h) ** 0.5 / 60,
        "Du Bois": 71.84e-4 * w**0.425 * h**0.725,
        "Haycock": 0.024265 * h**0.3964 * w**0.5378,
        "Gehan-George": 0.0235 * h**0.42246 * w**0.51456,
        "Boyd": 0.0003207 * h**0.3 * (w * 1000) ** (0.7285 - 0.0188 * math.log(w * 1000, 10)),
    }


@pytest.mark.parametrize("seed", range(60))
def test_surface_by_all_formulas(seed: int) -> None:
    dice = random.Random(seed)
    weight, height = round(dice.uniform(2, 120), 1), round(dice.uniform(45, 200), 1)
    expected = areas(weight, height)
    rows = table(html("bsa", weight_kg=str(weight), height_cm=str(height)), "Body surface area by formula")
    assert [row[0] for row in rows] == list(expected)
    for row in rows:
        assert float(row[1]) == pytest.approx(expected[row[0]], abs=0.000501)
        off = 100 * (expected[row[0]] / expected["Mosteller"] - 1)
        assert float(row[2].replace("−", "-")) == pytest.approx(off, abs=0.0501)
        assert row[3] and row[5].startswith(row[0]) and row[5][-4:].isdigit()


@pytest.mark.parametrize("seed", range(120))
def test_effect_measures_by_statsmodels(seed: int) -> None:
    dice = random.Random(seed)
    n1, n2 = dice.randint(5, 400), dice.randint(5, 400)
    x1, x2 = dice.randint(0, n1), dice.randint(0, n2)
    level, words = dice.choice((("0.9", "90% CI"), ("0.95", "95% CI"), ("0.99", "99% CI")))
    page = html(
        "effect", events_treated=str(x1), n_treated=str(n1), events_control=str(x2), n_control=str(n2), confidence=level
    )
    rows = {row[0]: row[1] for row in table(page, "Two arms compared")}
    alpha = 1 - float(level)
    low, high = proportion_confint(x1, n1, alpha=alpha, method="wilson")
    share = f"{100 * x1 / n1:.1f}% ({words} {abs(100 * low):.1f}% to {100 * high:.1f}%)"
    assert rows["Treated arm"] == f"{x1} of {n1}: {share}"
    low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff", alpha=alpha)
    numbers = [
        minus(part) for part in rows["Difference, treated minus control"].replace(")", "").split() if digit(part)
    ]
    assert numbers[0] == pytest.approx(100 * (x1 / n1 - x2 / n2), abs=0.0501)
    assert numbers[-2:] == pytest.approx([100 * low, 100 * high], abs=0.0501)
    if low <= 0 <= high:
        assert rows["Number needed to treat"].startswith("none: ") and "includes zero" in rows["Number needed to treat"]
    else:
        exact = 1 / abs(x1 / n1 - x2 / n2)
        patients = math.ceil(exact - 1e-9) if x1 / n1 < x2 / n2 else max(1, math.floor(exact + 1e-9))
        assert rows["Number needed to treat"].startswith(f"{patients} (")
        assert ("benefit" if x1 / n1 < x2 / n2 else "harm") in rows["Number needed to treat"]
    if x1 > 0 and x2 > 0:
        assert rows["Risk ratio"].startswith("none") is (x1 == n1 and x2 == n2)
    else:
        assert rows["Risk ratio"].startswith("none: a cell without patients")


def digit(part: str) -> bool:
    return part.lstrip("−").replace(".", "", 1).isdigit()


def minus(part: str) -> float:
    return float(part.replace("−", "-"))


def test_a_desired_event_turns_harm_into_benefit() -> None:
    assert "to benefit one" in reply("effect")["status"]
    assert "to harm one" in reply("effect", event_is="desired")["status"]


# event, grade, weight, further fields: stop for good, restart, dexamethasone, rule; by hand from the label's table.
# 21 kg and 117 cm are 0.826 m²: 5 × 0.826 = 4.1, 15 × 0.826 = 12.4.
CASES = [
    ("crs", "3", "21", {}, "no", "4.1 mcg/day", "4.1 mg", "label-mod-crs3-lt45"),
    ("crs", "3", "50", {}, "no", "9.0 mcg/day", "8.0 mg", "label-mod-crs3-ge45"),
    ("crs", "4", "21", {}, "yes", None, "4.1 mg", "label-mod-crs4"),
    ("crs", "2", "21", {}, "not stated in our sources", None, None, "none"),
    ("neurotoxicity", "3", "50", {"at_starting_dose": "yes"}, "yes", None, None, "label-mod-neuro3-ge45"),
    ("neurotoxicity", "3", "50", {"days_to_resolve": "8"}, "yes", None, None, "label-mod-neuro3-ge45"),
    (
        "neurotoxicity", "3", "50", {"days_to_resolve": "7", "at_starting_dose": "no"}, "no", "9.0 mcg/day", None,
        "label-mod-neuro3-ge45",
    ),
    ("neurotoxicity", "4", "21", {}, "yes", None, None, "label-mod-neuro4"),
    ("other", "4", "21", {}, "to be considered", None, None, "label-mod-other4"),
    ("seizure", "", "", {"number_of_seizures": "2"}, "yes", None, None, "label-mod-seizure"),
    ("seizure", "", "", {"number_of_seizures": "1"}, "no", None, None, "label-mod-seizure"),
    ("bilirubin", "", "", {"times_upper_limit": "3.5"}, "to be considered", None, None, "label-mod-liver-bili"),
    ("transaminases", "", "", {"times_upper_limit": "5"}, "not stated in our sources", None, None, "none"),
]  # fmt: skip


@pytest.mark.parametrize(("event", "grade", "weight", "more", "stop", "restart", "steroid", "rule"), CASES)
def test_toxicity_by_hand(event, grade, weight, more, stop, restart, steroid, rule) -> None:
    page = html("toxicity", event=event, grade=grade, weight_kg=weight, **more)
    rows = {row[0]: row[1] for row in table(page, "What the label's table says")}
    assert rows["Stop for good"] == stop
    assert rows.get("Restart dose") == restart and rows.get("Dexamethasone") == steroid
    assert rows["Rule"].startswith(rule + " (")
    status = reply("toxicity", event=event, grade=grade, weight_kg=weight, **more)["status"]
    assert ("discontinue permanently" in status) is (stop == "yes")


def test_one_dose_is_never_told_twice() -> None:
    """Beside a stop for good no restart may stand, and a dose per m² is kept apart from the computed one."""
    page = html("toxicity", event="neurotoxicity", grade="3", weight_kg="21", at_starting_dose="yes")
    patient = page.xpath("//ul[@aria-label='For this patient']/li")
    assert [text(item) for item in patient] == ["discontinue permanently: it occurred at the low dose†"]
    steps = html("toxicity").xpath("//ul[@aria-label='For this patient']/li")
    assert len(steps) == 2 and not any("mg/m²" in text(item) for item in steps)


def test_a_row_that_refers_to_another_brings_that_one_along() -> None:
    page = html("toxicity", event="other", grade="3", weight_kg="21")
    assert "withhold until grade ≤1" in text(page)
    assert [row[0] for row in table(page, "Rows of evidence")] == ["label-mod-other3-lt45", "label-mod-other3-ge45"]


@pytest.mark.parametrize("seed", range(150))
def test_random_patients_get_the_numbers_of_the_package(seed: int) -> None:
    """What a form shows is what the package returns for the same numbers: no rounding on the way, no swapped field."""
    dice = random.Random(1000 + seed)
    weight, height = round(dice.uniform(2, 120), 2), round(dice.uniform(45, 200), 1)
    plan = dosing.course(
        indication=(indication := dice.choice(INDICATIONS)), weight_kg=weight, height_cm=height, cycles=2,
        start=date(2027, 5, 3), formula=(formula := dice.choice(list(dosing.FORMULAS))),
    )  # fmt: skip
    page = html(
        "dose", indication=indication, weight_kg=str(weight), height_cm=str(height), cycles="2", start="2027-05-03",
        formula=formula,
    )  # fmt: skip
    shown = [row[3].rstrip("†") for row in table(page, "The course, step by step") if row[3] not in ("", "off")]
    assert shown == [half_up(step.mcg_per_day) for step in plan.steps]
    made = infusion.bag(mcg_per_day=min(28.0, plan.steps[-1].mcg_per_day), duration_h=48, weight_kg=weight)
    page = html("bag", mcg_per_day=f"{made.mcg_per_day:.12f}", weight_kg=str(weight), duration_h="48")
    rows = {row[0]: row[1] for row in table(page, "The bag for 48 h")}
    assert rows["Drug volume"] == f"{half_up(made.drug_volume_ml, 2)}† mL" and rows["Vials"] == f"{made.vials}†"


def test_a_date_stays_in_one_piece_in_a_narrow_column() -> None:
    page = html("dose", start="2027-01-07")
    whole = [text(piece) for piece in page.xpath("//td/span[@class='calc-date']")]
    assert whole[:2] == ["Thu 2027-01-07", "Wed 2027-01-13"]
