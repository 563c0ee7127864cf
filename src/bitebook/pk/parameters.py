"""The population model of Clements and colleagues, read from the evidence table."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bitebook import validate
from bitebook.paths import data_dir
from bitebook.pk import limits

#: Body surface area of the smallest child for whom the source states an effect (row pk-pop-bsa-effect).
SMALLEST_BSA_M2 = 0.37


@dataclass(frozen=True, slots=True)
class PopulationModel:
    """Typical values of a one-compartment model; what was seen in print and what was derived is kept apart."""

    clearance_l_per_h: float
    volume_l: float
    reference_bsa_m2: float
    #: Derived from a printed 63% reduction; the power form is an assumption. See :func:`clearance`.
    bsa_exponent: float
    bsa_exponent_low: float
    bsa_exponent_high: float
    #: Status of the exponent's row; while it is ``unverified`` every clearance away from 1.88 m² needs the mark.
    bsa_exponent_status: str

    def __str__(self) -> str:
        """Return the model as one line."""
        doubt = f"exponent derived, {self.bsa_exponent_status}; power form assumed"
        return (
            f"CL = {self.clearance_l_per_h:g} L/h x (BSA / {self.reference_bsa_m2:g} m²)^{self.bsa_exponent:g}, "
            f"V = {self.volume_l:g} L ({doubt})"
        )


def population_model() -> PopulationModel:
    """Return the typical parameters of the published population model.

    Returns
    -------
    PopulationModel
        Clearance in L/h, volume in L, reference body surface area in m², and the exponent with its rounding range.

    Raises
    ------
    LookupError
        If the evidence table lacks a row or a number.

    Notes
    -----
    Between-patient variability of this model was not available to us: a simulation must name its own as an assumption.

    References
    ----------
    clements2020

    Examples
    --------
    >>> print(population_model())
    CL = 2.22 L/h x (BSA / 1.88 m²)^0.612, V = 5.98 L (exponent derived, unverified; power form assumed)
    """
    return _read(data_dir() / "pharmacokinetics.csv")


def clearance(*, bsa_m2: float, extrapolate: bool = False) -> float:
    r"""Typical clearance for a body surface area, child or adult.

    .. math:: CL = 2.22\,(BSA / 1.88)^{0.612}

    Parameters
    ----------
    bsa_m2
        Body surface area, 0.37 to 3.0 m²; from 0.1 with ``extrapolate=True``.
    extrapolate
        Allow a body smaller than any for which the source states an effect; say so beside the result.

    Returns
    -------
    float
        Clearance in L/h.

    Raises
    ------
    ValueError
        If `bsa_m2` is out of range.
    LookupError
        If the evidence table lacks a row.

    Notes
    -----
    **Derived and assumed**: 2.22 L/h, 1.88 m², and a 63% lower clearance at 0.37 m² are printed in the abstract. The
    exponent is what a power function needs to give that 63%; its printed value and the true form were not seen, so a
    result away from 1.88 m² carries the mark of an unverified value. Volume has no such dependence in the abstract. Do
    not confuse 1.88 m² with the pediatric mean clearance of 1.88 L/h/m².

    References
    ----------
    clements2020

    Examples
    --------
    >>> round(clearance(bsa_m2=0.80), 2)
    1.32
    >>> clearance(bsa_m2=0.30)
    Traceback (most recent call last):
    ...
    ValueError: bsa_m2 must be a number from 0.37 to 3 m² (extrapolate=True allows 0.1), got 0.3
    """
    if not isinstance(extrapolate, bool):
        raise ValueError(f"extrapolate must be True or False, got {validate.picture(extrapolate)}")
    if extrapolate:
        bsa = validate.number("bsa_m2", bsa_m2, unit="m²", low=0.1, high=3)
    else:
        bsa = validate.number("bsa_m2", bsa_m2, unit="m² (extrapolate=True allows 0.1)", low=SMALLEST_BSA_M2, high=3)
    model = population_model()
    return float(model.clearance_l_per_h * (bsa / model.reference_bsa_m2) ** model.bsa_exponent)


@lru_cache(maxsize=4)
def _read(table: Path) -> PopulationModel:
    with table.open(encoding="utf-8", newline="") as lines:
        rows = {row["id"]: row for row in csv.DictReader(lines)}

    def number(key: str, column: str = "value") -> float:
        text = (rows.get(key) or {}).get(column) or ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value > 0):
            raise LookupError(f"{table.name}: row {key} needs a positive number in column {column}, found {text!r}")
        return value

    return PopulationModel(
        clearance_l_per_h=limits.clearance(number("pk-pop-cl"), "pk-pop-cl"),
        volume_l=limits.volume(number("pk-pop-v"), "pk-pop-v"),
        reference_bsa_m2=number("pk-pop-bsa-ref"),
        bsa_exponent=number("pk-pop-bsa-exponent"),
        bsa_exponent_low=number("pk-pop-bsa-exponent", "low"),
        bsa_exponent_high=number("pk-pop-bsa-exponent", "high"),
        bsa_exponent_status=rows["pk-pop-bsa-exponent"].get("status") or "unverified",
    )
