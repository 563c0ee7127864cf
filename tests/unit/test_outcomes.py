"""Effect measures against published worked values, statsmodels/scipy, and properties that must always hold."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from fractions import Fraction

import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from bitebook import outcomes

FEW = settings(max_examples=60, deadline=None)


@st.composite
def arm(draw: st.DrawFn, low: int = 0) -> tuple[int, int]:
    n = draw(st.integers(max(low, 1), 400))
    return draw(st.integers(low, n)), n


def numbers_of(result: object) -> list[float]:
    """Every float of a result, also those of results inside it."""
    if isinstance(result, float):
        return [result]
    if dataclasses.is_dataclass(result):
        return [x for field in dataclasses.fields(result) for x in numbers_of(getattr(result, field.name))]
    return []


class TestPublishedValues:
    @pytest.mark.parametrize(
        ("events", "n", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_wilson_of_newcombe_table_1(self, events: int, n: int, low: float, high: float) -> None:
        result = outcomes.wilson_interval(events=events, n=n)
        assert (round(result.low, 4), round(result.high, 4)) == (low, high)

    @pytest.mark.parametrize(
        ("events", "n", "low", "high"),
        [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0, 0.1684), (1, 29, 0.0009, 0.1776)],
    )
    def test_clopper_pearson_of_newcombe_table_1(self, events: int, n: int, low: float, high: float) -> None:
        result = outcomes.clopper_pearson_interval(events=events, n=n)
        assert (round(result.low, 4), round(result.high, 4)) == (low, high)

    @pytest.mark.parametrize(
        ("cells", "low", "high"),
        [
            ((56, 70, 48, 80), 0.0524, 0.3339),
            ((9, 10, 3, 10), 0.1705, 0.8090),
            ((6, 7, 2, 7), 0.0582, 0.8062),
            ((5, 56, 0, 29), -0.0381, 0.1926),
            ((0, 10, 0, 20), -0.1611, 0.2775),
            ((0, 10, 0, 10), -0.2775, 0.2775),
            ((10, 10, 0, 20), 0.6791, 1.0),
            ((10, 10, 0, 10), 0.6075, 1.0),
        ],
    )
    def test_newcombe_method_10(self, cells: tuple[int, int, int, int], low: float, high: float) -> None:
        result = difference_of(cells)
        assert (round(result.low, 4), round(result.high, 4)) == (low, high)

    def test_newcombe_difference_is_exact(self) -> None:
        assert difference_of((56, 70, 48, 80)).estimate == 0.2

    def test_altman_bland_p_from_interval(self) -> None:
        # BMJ 2011;343:d2304: relative risk 0.81 (0.70 to 0.94) gives P = 0.005.
        p = outcomes.p_from_hazard_ratio(hazard_ratio=0.81, ci_low=0.70, ci_high=0.94, sides=2)
        assert round(p.value, 3) == 0.005

    @pytest.mark.parametrize("ratio", [0.55, 0.7, 0.81, 0.9])
    def test_altman_bland_formula(self, ratio: float) -> None:
        # Their pocket-calculator formula, exp(-0.717 z - 0.416 z^2), is an oracle of its own.
        z = abs(math.log(ratio)) / (math.log(1.5) / 1.96)
        p = outcomes.p_from_hazard_ratio(hazard_ratio=ratio, ci_low=ratio / 1.5, ci_high=ratio * 1.5, sides=2)
        assert p.value == pytest.approx(math.exp(-0.717 * z - 0.416 * z * z), rel=0.06)

    def test_altman_bland_interval_from_p(self) -> None:
        # BMJ 2011;343:d2090: relative risk 0.30 with P = 0.034; z = 2.117 and SE = 0.569 by their formula.
        result = outcomes.hazard_ratio_from_p(hazard_ratio=0.30, p_value=0.034, sides=2)
        assert result.low == pytest.approx(0.30 * math.exp(-1.96 * 0.569), rel=0.01)
        assert result.high == pytest.approx(0.30 * math.exp(1.96 * 0.569), rel=0.01)

    def test_nnt_limits_are_reciprocals(self) -> None:
        # Barrowman, CMAJ 2002: reduction 16.6% (0.9% to 32.2%) is 6 patients (3.1 to 111.1).
        difference = outcomes.Difference(
            estimate=-0.166, low=-0.322, high=-0.009, confidence=0.95, treated=0.3, control=0.466, method="given"
        )
        nnt = outcomes.nnt_from_difference(difference=difference, event_is="undesired")
        assert nnt.value is not None and nnt.low is not None and nnt.high is not None
        assert (round(nnt.value), round(nnt.low, 1), round(nnt.high, 1)) == (6, 3.1, 111.1)

    def test_altman_interval_through_zero_has_no_nnt(self) -> None:
        # The example of Altman 1998: benefit 10% with limits -5% and 25% runs through infinity.
        difference = outcomes.Difference(
            estimate=0.10, low=-0.05, high=0.25, confidence=0.95, treated=0.6, control=0.5, method="given"
        )
        nnt = outcomes.nnt_from_difference(difference=difference, event_is="desired")
        assert nnt.value is nnt.low is nnt.high is nnt.patients is None
        assert str(nnt) == "no NNT: the 95% CI of the difference, −5.0 to 25.0 percentage points, includes zero"

    def test_risk_ratio_of_the_scipy_manual(self) -> None:
        result = outcomes.risk_ratio(events_treated=10, n_treated=75, events_control=12, n_control=225)
        assert result.estimate == pytest.approx(2.5)
        assert (result.low, result.high) == pytest.approx((1.1261564003469628, 5.549850800541033), rel=1e-12)

    def test_rule_of_three_of_hanley(self) -> None:
        assert outcomes.rule_of_three(n=100) == 0.03
        assert outcomes.rule_of_three(n=2) == 1.0
        assert outcomes.upper_bound_zero_events(n=100).upper == pytest.approx(0.0295, abs=5e-5)


class TestRowsOfTheBook:
    @pytest.mark.parametrize(
        ("ratio", "low", "high", "sides", "shown"),
        [
            (0.70, 0.47, 1.03, 2, "P = 0.075 (two-sided)"),
            (0.70, 0.47, 1.03, 1, "P = 0.037 (one-sided)"),
            (0.76, 0.51, 1.14, 1, "P = 0.091 (one-sided)"),
            (0.28, 0.08, 1.02, 1, "P = 0.025 (one-sided)"),
            (0.62, 0.39, 0.98, 1, "P = 0.021 (one-sided)"),
            (0.33, 0.18, 0.61, 2, "P < 0.001 (two-sided)"),
        ],
    )
    def test_p(self, ratio: float, low: float, high: float, sides: int, shown: str) -> None:
        p = outcomes.p_from_hazard_ratio(hazard_ratio=ratio, ci_low=low, ci_high=high, sides=sides)
        assert str(p) == shown

    def test_089_fits_the_low_risk_row_and_89_does_not(self) -> None:
        low, high = outcomes.p_range_from_printed(hazard_ratio=0.76, ci_low=0.51, ci_high=1.14, sides=1)
        assert low.value < 0.089 < high.value < 0.89

    def test_zero_of_30(self) -> None:
        result = outcomes.upper_bound_zero_events(n=30)
        assert str(result) == "0 of 30 allows up to 9.5% (one-sided 95% bound)"
        assert (1 - result.upper) ** 30 == pytest.approx(0.05)
        assert result.rule_of_three == pytest.approx(0.1)

    def test_locatelli_events(self) -> None:
        result = difference_of((17, 54, 31, 54))
        assert str(result) == "−25.9 percentage points (95% CI −42.3 to −7.2)"
        nnt = outcomes.nnt_from_difference(difference=result, event_is="undesired")
        assert (nnt.direction, nnt.patients, nnt.value) == ("benefit", 4, pytest.approx(54 / 14))

    def test_same_patients_counted_as_survivors(self) -> None:
        events = outcomes.number_needed_to_treat(events_treated=17, n_treated=54, events_control=31, n_control=54)
        survivors = outcomes.number_needed_to_treat(
            events_treated=37, n_treated=54, events_control=23, n_control=54, event_is="desired"
        )
        assert (survivors.value, survivors.direction) == (events.value, "benefit")
        assert (survivors.low, survivors.high) == pytest.approx((events.low, events.high))

    def test_mrd(self) -> None:
        result = difference_of((79, 105, 33, 103))
        low, high = confint_proportions_2indep(79, 105, 33, 103, method="newcomb", compare="diff")
        assert (result.low, result.high) == pytest.approx((low, high), rel=1e-12)
        assert result.percentage_points == pytest.approx(43.2, abs=0.05)

    def test_relapse_share(self) -> None:
        result = outcomes.relapse_share(percent_of_treated=9.8, percent_of_relapses=34.2)
        assert round(result.relapse_percent, 1) == 28.7

    def test_rialto_denominators(self) -> None:
        result = outcomes.two_denominators(events=46, n_subgroup=58, n_all=98)
        assert (round(result.percent_of_subgroup, 1), round(result.percent_of_all, 1)) == (79.3, 46.9)

    def test_hogan_survival(self) -> None:
        result = outcomes.survival_difference(
            survival_treated=0.612,
            standard_error_treated=0.050,
            survival_control=0.495,
            standard_error_control=0.052,
        )
        assert result.z == pytest.approx(0.117 / math.sqrt(0.0025 + 0.002704))
        assert result.p_value is not None
        assert result.p_value.value == pytest.approx(2 * scipy.stats.norm.sf(result.z))
        assert (result.low, result.high) == pytest.approx((-0.02439, 0.25839), abs=1e-5)

    def test_standard_error_scales(self) -> None:
        linear = outcomes.interval_from_standard_error(estimate=0.971, standard_error=0.021)
        log_log = outcomes.interval_from_standard_error(estimate=0.971, standard_error=0.021, scale="log-log")
        assert linear.truncated and linear.high == 1 and not log_log.truncated
        # Complementary log-log by hand: log(-log S) and its delta-method standard error.
        center, se = math.log(-math.log(0.971)), 0.021 / (0.971 * abs(math.log(0.971)))
        limits = sorted(math.exp(-math.exp(center + sign * 1.959963985 * se)) for sign in (-1, 1))
        assert [log_log.low, log_log.high] == pytest.approx(limits, rel=1e-8)

    def test_survival_from_hazard_ratio(self) -> None:
        # S0 = exp(-H), so S1 = exp(-HR H).
        expected = math.exp(0.7 * math.log(0.39))
        assert outcomes.survival_from_hazard_ratio(control_survival=0.39, hazard_ratio=0.7) == pytest.approx(expected)
        nnt = outcomes.nnt_from_hazard_ratio(control_survival=0.39, hazard_ratio=0.7, ci_low=0.47, ci_high=1.03)
        assert nnt.value is None
        nnt = outcomes.nnt_from_hazard_ratio(control_survival=0.584, hazard_ratio=0.62, ci_low=0.39, ci_high=0.98)
        assert nnt.value == pytest.approx(1 / (0.584**0.62 - 0.584))
        assert (nnt.low, nnt.high) == pytest.approx((1 / (0.584**0.39 - 0.584), 1 / (0.584**0.98 - 0.584)))


class TestAgainstOtherPrograms:
    @FEW
    @given(arm(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
    def test_single_proportions(self, one: tuple[int, int], level: float) -> None:
        for function, method, tolerance in (
            (outcomes.wilson_interval, "wilson", 1e-10),
            (outcomes.clopper_pearson_interval, "beta", 1e-9),
        ):
            result = function(events=one[0], n=one[1], confidence=level)
            expected = proportion_confint(*one, alpha=1 - level, method=method)
            assert (result.low, result.high) == pytest.approx(expected, rel=tolerance, abs=1e-14)

    @FEW
    @given(arm(), arm())
    def test_differences(self, one: tuple[int, int], two: tuple[int, int]) -> None:
        result = difference_of((*one, *two))
        expected = confint_proportions_2indep(*one, *two, method="newcomb", compare="diff")
        assert (result.low, result.high) == pytest.approx(expected, rel=1e-9, abs=1e-12)

    @FEW
    @given(arm(low=1), arm(low=1))
    def test_ratios(self, one: tuple[int, int], two: tuple[int, int]) -> None:
        assume(one[0] < one[1] and two[0] < two[1])
        table = Table2x2([[one[0], one[1] - one[0]], [two[0], two[1] - two[0]]], shift_zeros=False)
        risk, odds = outcomes.risk_ratio(**named((*one, *two))), outcomes.odds_ratio(**named((*one, *two)))
        assert (risk.estimate, risk.low, risk.high) == pytest.approx(
            (table.riskratio, *table.riskratio_confint()), rel=1e-9
        )
        assert (odds.estimate, odds.low, odds.high) == pytest.approx(
            (table.oddsratio, *table.oddsratio_confint()), rel=1e-9
        )

    def test_continuity_correction(self) -> None:
        table = Table2x2([[0.5, 30.5], [4.5, 26.5]])
        cells = {"events_treated": 0, "n_treated": 30, "events_control": 4, "n_control": 30}
        result = outcomes.odds_ratio(**cells, continuity_correction=0.5)
        assert (result.low, result.high) == pytest.approx(table.oddsratio_confint(), rel=1e-9)
        risk = outcomes.risk_ratio(**cells, continuity_correction=0.5)
        assert (risk.low, risk.high) == pytest.approx(table.riskratio_confint(), rel=1e-9)

    @pytest.mark.parametrize("z", [-37.0, -12.0, -9.0, -3.0, 0.0, 3.0, 8.0])
    def test_far_tail(self, z: float) -> None:
        # A library that computes 1 - cdf loses every digit here.
        assert outcomes.checks.lower_tail(z) == pytest.approx(scipy.stats.norm.cdf(z), rel=1e-11, abs=0)


class TestProperties:
    @FEW
    @given(arm(), arm())
    def test_swapping_arms_turns_the_sign(self, one: tuple[int, int], two: tuple[int, int]) -> None:
        ahead, back = difference_of((*one, *two)), difference_of((*two, *one))
        assert (ahead.estimate, ahead.low, ahead.high) == pytest.approx((-back.estimate, -back.high, -back.low))
        assert -1 <= ahead.low <= ahead.estimate <= ahead.high <= 1
        assert ahead.estimate == float(Fraction(*one) - Fraction(*two))

    @FEW
    @given(arm(), arm())
    def test_nnt_only_with_a_sign(self, one: tuple[int, int], two: tuple[int, int]) -> None:
        nnt = outcomes.number_needed_to_treat(**named((*one, *two)))
        if nnt.benefit.low <= 0 <= nnt.benefit.high:
            assert nnt.value is None and nnt.patients is None and "includes zero" in str(nnt)
        else:
            assert nnt.value is not None and nnt.low is not None and nnt.high is not None
            assert 1 <= nnt.low <= nnt.value <= nnt.high
            fewer = one[0] * two[1] < two[0] * one[1]
            assert nnt.direction == ("benefit" if fewer else "harm")

    @FEW
    @given(arm(), arm(), st.floats(0.5, 0.9999))
    def test_never_nan(self, one: tuple[int, int], two: tuple[int, int], level: float) -> None:
        results: list[object] = [
            outcomes.wilson_interval(events=one[0], n=one[1], confidence=level),
            outcomes.clopper_pearson_interval(events=one[0], n=one[1], confidence=level),
            outcomes.absolute_difference(**named((*one, *two)), confidence=level),
            outcomes.upper_bound_zero_events(n=one[1], confidence=level),
            outcomes.risk_ratio(**named((*one, *two)), confidence=level, continuity_correction=0.5),
            outcomes.odds_ratio(**named((*one, *two)), confidence=level, continuity_correction=0.5),
        ]
        for result in results:
            assert all(math.isfinite(x) for x in numbers_of(result))
            assert "nan" not in str(result)

    @FEW
    @given(st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 0.5), st.sampled_from(["linear", "log-log"]))
    def test_survival_stays_inside(self, survival: float, se: float, scale: str) -> None:
        result = outcomes.interval_from_standard_error(estimate=survival, standard_error=se, scale=scale)
        assert 0 <= result.low <= result.estimate <= result.high <= 1

    @FEW
    @given(st.floats(0.05, 20), st.floats(1.01, 30), st.sampled_from([1, 2]), st.floats(0.5, 0.99))
    def test_interval_to_p_and_back(self, ratio: float, factor: float, sides: int, level: float) -> None:
        assume(abs(math.log(ratio)) > 0.05)
        p = outcomes.p_from_hazard_ratio(
            hazard_ratio=ratio, ci_low=ratio / factor, ci_high=ratio * factor, sides=sides, confidence=level
        )
        assume(1e-12 < p.value < 0.999 and abs(p.value - 0.5) > 1e-3)
        back = outcomes.hazard_ratio_from_p(hazard_ratio=ratio, p_value=p.value, sides=sides, confidence=level)
        assert (back.low, back.high) == pytest.approx((ratio / factor, ratio * factor), rel=1e-6)

    @FEW
    @given(st.floats(0.05, 20), st.floats(1.01, 30))
    def test_sides_agree(self, ratio: float, factor: float) -> None:
        one, two = (
            outcomes.p_from_hazard_ratio(hazard_ratio=ratio, ci_low=ratio / factor, ci_high=ratio * factor, sides=sides)
            for sides in (1, 2)
        )
        assert one.two_sided.value == pytest.approx(two.value, rel=1e-6, abs=1e-15)
        assert (one.value < 0.5) == (ratio < 1)

    def test_rounding_range_that_may_hide_a_ratio_of_one(self) -> None:
        _, high = outcomes.p_range_from_printed(hazard_ratio=1.00, ci_low=0.80, ci_high=1.25, sides=2)
        assert high.value == 1.0

    def test_confidence_interval_shrinks_with_size(self) -> None:
        widths = [outcomes.wilson_interval(events=n // 4, n=n) for n in (20, 200, 2000)]
        assert [w.high - w.low for w in widths] == sorted((w.high - w.low for w in widths), reverse=True)


class TestTexts:
    def test_p_values(self) -> None:
        shown = [str(outcomes.PValue(value=v, sides=2)) for v in (0.0, 0.00099, 0.001, 0.0749, 0.9995, 1.0)]
        assert [s.removesuffix(" (two-sided)") for s in shown] == [
            "P < 0.001",
            "P < 0.001",
            "P = 0.001",
            "P = 0.075",
            "P > 0.999",
            "P > 0.999",
        ]

    def test_one_fifth_is_five_patients(self) -> None:
        # 0.8 - 0.6 is 0.20000000000000007 and 0.6 - 0.4 is 0.19999999999999996: both are five patients, not six.
        for low, high in ((0.6, 0.8), (0.4, 0.6)):
            nnt = outcomes.nnt_from_survival(
                survival_treated=high,
                standard_error_treated=0.01,
                survival_control=low,
                standard_error_control=0.01,
            )
            assert nnt.patients == 5

    def test_harm_is_rounded_down(self) -> None:
        nnt = outcomes.number_needed_to_treat(events_treated=31, n_treated=54, events_control=17, n_control=54)
        assert (nnt.direction, nnt.patients) == ("harm", 3)
        assert str(nnt) == "3 (95% CI 2 to 13) to harm one"

    def test_sparse_ratio_is_wide_and_readable(self) -> None:
        result = outcomes.risk_ratio(
            events_treated=4, n_treated=54, events_control=0, n_control=51, continuity_correction=0.5
        )
        assert str(result) == "8.51 (95% CI 0.47 to 154)"

    def test_results_are_frozen(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            outcomes.upper_bound_zero_events(n=3).n = 4  # type: ignore[misc]


WRONG = [True, False, None, "0.5", float("nan"), float("inf"), -float("inf"), [], -1]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (outcomes.wilson_interval, {"events": 3, "n": 10, "confidence": 0.95}),
        (outcomes.clopper_pearson_interval, {"events": 3, "n": 10, "confidence": 0.95}),
        (outcomes.upper_bound_zero_events, {"n": 10, "confidence": 0.95}),
        (outcomes.rule_of_three, {"n": 10}),
        (
            outcomes.absolute_difference,
            {"events_treated": 3, "n_treated": 10, "events_control": 4, "n_control": 10, "confidence": 0.95},
        ),
        (
            outcomes.number_needed_to_treat,
            {"events_treated": 3, "n_treated": 10, "events_control": 4, "n_control": 10, "event_is": "desired"},
        ),
        (
            outcomes.risk_ratio,
            {
                "events_treated": 3,
                "n_treated": 10,
                "events_control": 4,
                "n_control": 10,
                "continuity_correction": 0.5,
            },
        ),
        (outcomes.odds_ratio, {"events_treated": 3, "n_treated": 10, "events_control": 4, "n_control": 10}),
        (
            outcomes.p_from_hazard_ratio,
            {"hazard_ratio": 0.7, "ci_low": 0.47, "ci_high": 1.03, "sides": 2, "confidence": 0.95},
        ),
        (
            outcomes.p_range_from_printed,
            {"hazard_ratio": 0.7, "ci_low": 0.47, "ci_high": 1.03, "sides": 2, "decimals": 2},
        ),
        (outcomes.hazard_ratio_from_p, {"hazard_ratio": 0.7, "p_value": 0.05, "sides": 2, "confidence": 0.95}),
        (outcomes.survival_from_hazard_ratio, {"control_survival": 0.4, "hazard_ratio": 0.7}),
        (
            outcomes.nnt_from_hazard_ratio,
            {"control_survival": 0.4, "hazard_ratio": 0.7, "ci_low": 0.5, "ci_high": 0.98},
        ),
        (outcomes.interval_from_standard_error, {"estimate": 0.6, "standard_error": 0.05, "scale": "linear"}),
        (
            outcomes.survival_difference,
            {
                "survival_treated": 0.6,
                "standard_error_treated": 0.05,
                "survival_control": 0.5,
                "standard_error_control": 0.05,
                "sides": 2,
            },
        ),
        (outcomes.relapse_share, {"percent_of_treated": 9.8, "percent_of_relapses": 34.2}),
        (outcomes.two_denominators, {"events": 46, "n_subgroup": 58, "n_all": 98}),
        (outcomes.nnt_from_difference, {"difference": 0.2, "event_is": "desired"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_wrong_argument_is_named(function: object, arguments: dict[str, object], wrong: object) -> None:
    assert callable(function)
    for name in arguments:
        with pytest.raises(ValueError, match=f"{name}|difference"):
            function(**{**arguments, name: wrong})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: outcomes.wilson_interval(events=11, n=10), "events must be a whole number from 0 to 10 patients"),
        (lambda: outcomes.wilson_interval(events=1.5, n=10), "whole number"),
        (lambda: outcomes.wilson_interval(events=1, n=10, confidence=95), "divide a percentage by 100"),
        (
            lambda: outcomes.survival_from_hazard_ratio(control_survival=41.4, hazard_ratio=0.35),
            "divide a percentage by 100",
        ),
        (
            lambda: outcomes.p_from_hazard_ratio(hazard_ratio=7.0, ci_low=0.47, ci_high=1.03, sides=2),
            "arms swapped",
        ),
        (
            lambda: outcomes.p_from_hazard_ratio(hazard_ratio=0.5, ci_low=0.5, ci_high=0.5, sides=2),
            "without width",
        ),
        (
            lambda: outcomes.p_from_hazard_ratio(hazard_ratio=0.48, ci_low=0.47, ci_high=1.03, sides=2),
            "check the digits",
        ),
        (lambda: outcomes.p_from_hazard_ratio(hazard_ratio=0.7, ci_low=0.5, ci_high=1, sides=3), "sides"),
        (lambda: outcomes.hazard_ratio_from_p(hazard_ratio=1.4, p_value=0.01, sides=1), "arms swapped"),
        (lambda: outcomes.hazard_ratio_from_p(hazard_ratio=1.0, p_value=0.5, sides=2), "fixes no standard error"),
        (lambda: outcomes.hazard_ratio_from_p(hazard_ratio=0.5, p_value=0.5, sides=1), "fixes no standard error"),
        (lambda: outcomes.hazard_ratio_from_p(hazard_ratio=0.01, p_value=0.999, sides=2), "no usable limits"),
        (
            lambda: outcomes.p_range_from_printed(hazard_ratio=0.02, ci_low=0.004, ci_high=0.1, sides=2),
            "could be zero",
        ),
        (
            lambda: outcomes.p_range_from_printed(hazard_ratio=0.705, ci_low=0.70, ci_high=0.71, sides=2),
            "same number before rounding",
        ),
        (lambda: outcomes.odds_ratio(**named((0, 10, 3, 10))), "continuity_correction=0.5"),
        (lambda: outcomes.risk_ratio(**named((3, 10, 0, 10))), "continuity_correction=0.5"),
        (lambda: outcomes.risk_ratio(**named((10, 10, 10, 10))), "no standard error"),
        (lambda: outcomes.risk_ratio(**named((0, 10, 3, 10)), continuity_correction=1e-9), "0.01 to 1"),
        (lambda: outcomes.relapse_share(percent_of_treated=34.2, percent_of_relapses=9.8), "swapped"),
        (
            lambda: outcomes.interval_from_standard_error(estimate=1.0, standard_error=0.05, scale="log-log"),
            "below 1",
        ),
    ],
)
def test_impossible_input_is_explained(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("package", ["bitebook.outcomes", "bitebook.pk"])
def test_import_needs_the_standard_library_alone(package: str) -> None:
    script = (
        f"import sys, {package}; heavy = {{'numpy', 'scipy', 'pandas', 'matplotlib', 'statsmodels'}}; "
        "sys.exit(' '.join(sorted({name.split('.')[0] for name in sys.modules} & heavy)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def named(cells: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(("events_treated", "n_treated", "events_control", "n_control"), cells, strict=True))


def difference_of(cells: tuple[int, ...]) -> outcomes.Difference:
    return outcomes.absolute_difference(**named(cells))
