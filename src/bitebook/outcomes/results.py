"""What the effect measures return: frozen records whose text form can stand in a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"


def signed(value: float, digits: int) -> str:
    """Return a number with a true minus sign and without a negative zero.

    Examples
    --------
    >>> signed(-25.93, 1), signed(-0.04, 1)
    ('−25.9', '0.0')
    """
    shown = f"{value:.{digits}f}"
    if float(shown) == 0:
        shown = shown.lstrip("-")
    return shown.replace("-", MINUS)


def ratio_text(value: float) -> str:
    """Return a ratio with two decimals, fewer when it is large, two significant digits when it is tiny.

    Examples
    --------
    >>> ratio_text(0.7), ratio_text(26.14), ratio_text(261.3), ratio_text(0.0042)
    ('0.70', '26.1', '261', '0.0042')
    """
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.01 else f"{value:.2g}"


def level_text(confidence: float) -> str:
    """Return ``95% CI`` for 0.95."""
    return f"{100 * confidence:g}% CI"


@dataclass(frozen=True, slots=True)
class PValue:
    """A P value that cannot be mistaken for its other-sided twin.

    Examples
    --------
    >>> print(PValue(value=0.0004, sides=2))
    P < 0.001 (two-sided)
    >>> print(PValue(value=0.03, sides=1).two_sided)
    P = 0.060 (two-sided)
    """

    value: float
    sides: int

    @property
    def two_sided(self) -> PValue:
        """The two-sided value of the same data; a one-sided value above 0.5 points toward harm."""
        if self.sides == 2:
            return self
        return PValue(value=min(1.0, 2 * min(self.value, 1 - self.value)), sides=2)

    def __str__(self) -> str:
        """Return ``P = 0.075 (two-sided)``."""
        if self.value < 0.001:
            shown = "< 0.001"
        elif self.value > 0.999:
            shown = "> 0.999"
        else:
            shown = f"= {self.value:.3f}"
        return f"P {shown} ({'one' if self.sides == 1 else 'two'}-sided)"


@dataclass(frozen=True, slots=True)
class Proportion:
    """A proportion or survival probability with its interval; all three are fractions from 0 to 1."""

    estimate: float
    low: float
    high: float
    confidence: float
    method: str
    #: True if the formula left the range 0 to 1 and the limit was set back to its end.
    truncated: bool = False

    @property
    def percent(self) -> float:
        """The estimate in percent."""
        return 100 * self.estimate

    @property
    def low_percent(self) -> float:
        """The lower limit in percent."""
        return 100 * self.low

    @property
    def high_percent(self) -> float:
        """The upper limit in percent."""
        return 100 * self.high

    @property
    def interval_text(self) -> str:
        """The interval as text, ``95% CI 20.7% to 44.7%``."""
        note = ", truncated" if self.truncated else ""
        return f"{level_text(self.confidence)} {self.low_percent:.1f}% to {self.high_percent:.1f}%{note}"

    def __str__(self) -> str:
        """Return ``31.5% (95% CI 20.7% to 44.7%)``."""
        return f"{self.percent:.1f}% ({self.interval_text})"


@dataclass(frozen=True, slots=True)
class Difference:
    """Treated minus control, as fractions from -1 to 1; negative means fewer with treatment."""

    estimate: float
    low: float
    high: float
    confidence: float
    treated: float
    control: float
    method: str
    #: Only where the method defines a test: z of the difference and its P value.
    z: float | None = None
    p_value: PValue | None = None

    @property
    def percentage_points(self) -> float:
        """The difference in percentage points."""
        return 100 * self.estimate

    @property
    def low_percentage_points(self) -> float:
        """The lower limit in percentage points."""
        return 100 * self.low

    @property
    def high_percentage_points(self) -> float:
        """The upper limit in percentage points."""
        return 100 * self.high

    @property
    def includes_zero(self) -> bool:
        """True if the interval allows both directions."""
        return self.low <= 0 <= self.high

    @property
    def interval_text(self) -> str:
        """The interval as text, ``95% CI −42.3 to −7.2``."""
        low, high = signed(self.low_percentage_points, 1), signed(self.high_percentage_points, 1)
        return f"{level_text(self.confidence)} {low} to {high}"

    def __str__(self) -> str:
        """Return ``−25.9 percentage points (95% CI −42.3 to −7.2)``."""
        return f"{signed(self.percentage_points, 1)} percentage points ({self.interval_text})"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A risk, odds, or hazard ratio, treated over control, with its interval (dimensionless)."""

    measure: str
    estimate: float
    low: float
    high: float
    confidence: float
    method: str

    @property
    def includes_one(self) -> bool:
        """True if the interval allows both directions."""
        return self.low <= 1 <= self.high

    @property
    def interval_text(self) -> str:
        """The interval as text, ``95% CI 0.47 to 1.03``."""
        return f"{level_text(self.confidence)} {ratio_text(self.low)} to {ratio_text(self.high)}"

    def __str__(self) -> str:
        """Return ``0.70 (95% CI 0.47 to 1.03)``; the reader's sentence names the measure."""
        return f"{ratio_text(self.estimate)} ({self.interval_text})"


@dataclass(frozen=True, slots=True)
class NumberNeeded:
    """A number needed to treat, or the reason why there is none.

    `value`, `low`, and `high` are patients, not yet rounded, and ``None`` where the difference may have either sign.
    """

    value: float | None
    low: float | None
    high: float | None
    direction: str
    benefit: Difference
    reason: str

    @property
    def patients(self) -> int | None:
        """Whole patients, rounded so as never to flatter the treatment: up for benefit, down for harm."""
        return None if self.value is None else self._rounded(self.value)

    def _rounded(self, value: float) -> int:
        # The tolerance keeps 1 / 0.2 at 5 whatever the last bit of the difference says.
        return math.ceil(value - 1e-9) if self.direction == "benefit" else max(1, math.floor(value + 1e-9))

    def __str__(self) -> str:
        """Return ``4 (95% CI 3 to 14) to benefit one``, or the reason for silence."""
        if self.value is None or self.low is None or self.high is None:
            return f"no NNT: {self.reason}"
        low, high = self._rounded(self.low), self._rounded(self.high)
        verb = "benefit" if self.direction == "benefit" else "harm"
        return f"{self._rounded(self.value)} ({level_text(self.benefit.confidence)} {low} to {high}) to {verb} one"


@dataclass(frozen=True, slots=True)
class ZeroEvents:
    """What zero events in `n` patients still allows; both bounds are fractions."""

    n: int
    upper: float
    rule_of_three: float
    confidence: float

    @property
    def upper_percent(self) -> float:
        """The exact upper bound in percent."""
        return 100 * self.upper

    def __str__(self) -> str:
        """Return ``0 of 30 allows up to 9.5% (one-sided 95% bound)``."""
        return f"0 of {self.n} allows up to {self.upper_percent:.1f}% (one-sided {100 * self.confidence:g}% bound)"


@dataclass(frozen=True, slots=True)
class RelapseShare:
    """One event counted against two denominators, in percent, and the relapse rate which both together imply."""

    percent_of_treated: float
    percent_of_relapses: float
    relapse_percent: float

    def __str__(self) -> str:
        """Return both percentages with their denominators named."""
        return (
            f"{self.percent_of_treated:.1f}% of all treated is {self.percent_of_relapses:.1f}% of relapses; "
            f"{self.relapse_percent:.1f}% relapsed"
        )


@dataclass(frozen=True, slots=True)
class TwoDenominators:
    """The same patients as a share of a subgroup and of everyone, in percent."""

    events: int
    n_subgroup: int
    n_all: int
    percent_of_subgroup: float
    percent_of_all: float

    def __str__(self) -> str:
        """Return both percentages with their counts."""
        return (
            f"{self.percent_of_subgroup:.1f}% ({self.events}/{self.n_subgroup}) of the subgroup, "
            f"{self.percent_of_all:.1f}% ({self.events}/{self.n_all}) of all"
        )
