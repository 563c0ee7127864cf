"""Body surface area from weight and height by five published formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bitebook import validate
from bitebook.dosing import patient


@dataclass(frozen=True, slots=True)
class Formula:
    """A published formula: how it is written, where it stands, and for whom it was made."""

    name: str
    expression: str
    source: str
    made_for: str
    area: Callable[[float, float], float]

    @property
    def valid_range(self) -> str:
        """Return the range of input this book accepts for every formula, and for whom this one was made."""
        low_w, high_w = patient.WEIGHT_KG
        low_h, high_h = patient.HEIGHT_CM
        return f"accepted here: {low_w:g} to {high_w:g} kg, {low_h:g} to {high_h:g} cm; {self.made_for}"


def _mosteller(weight_kg: float, height_cm: float) -> float:
    return math.sqrt(weight_kg * height_cm / 3600)


def _du_bois(weight_kg: float, height_cm: float) -> float:
    return 0.007184 * math.pow(weight_kg, 0.425) * math.pow(height_cm, 0.725)


def _haycock(weight_kg: float, height_cm: float) -> float:
    return 0.024265 * math.pow(weight_kg, 0.5378) * math.pow(height_cm, 0.3964)


def _gehan_george(weight_kg: float, height_cm: float) -> float:
    return 0.0235 * math.pow(weight_kg, 0.51456) * math.pow(height_cm, 0.42246)


def _boyd(weight_kg: float, height_cm: float) -> float:
    grams = 1000 * weight_kg
    return 0.0003207 * math.pow(height_cm, 0.3) * math.pow(grams, 0.7285 - 0.0188 * math.log10(grams))


_PUBLISHED = (
    Formula("mosteller", "√(W × H / 3600)", "mosteller1987", "a simplification for patients of any size", _mosteller),
    Formula("du-bois", "0.007184 × W^0.425 × H^0.725", "dubois1916", "few subjects; not for infants", _du_bois),
    Formula("haycock", "0.024265 × W^0.5378 × H^0.3964", "haycock1978", "infants, children, and adults", _haycock),
    Formula("gehan-george", "0.0235 × W^0.51456 × H^0.42246", "gehan1970", "children and adults", _gehan_george),
    Formula(
        "boyd",
        "0.0003207 × H^0.3 × G^(0.7285 − 0.0188 × log10 G), G = 1000 × W",
        "boyd1935",
        "the growing body, from infancy on",
        _boyd,
    ),
)

#: The formulas by name, with W in kg and H in cm; the first is the default.
FORMULAS: Final[Mapping[str, Formula]] = MappingProxyType({formula.name: formula for formula in _PUBLISHED})


def body_surface_area(*, weight_kg: float, height_cm: float, formula: str = "mosteller") -> float:
    r"""Return the body surface area by a published formula.

    The default is Mosteller's, :math:`\sqrt{W H / 3600}` with :math:`W` in kg and :math:`H` in cm; `FORMULAS` holds
    the expression, the source, and the range of each.

    Parameters
    ----------
    weight_kg
        Body weight in kg, 1 to 300.
    height_cm
        Height or length in cm, 40 to 230.
    formula
        "mosteller", "du-bois", "haycock", "gehan-george", or "boyd".

    Returns
    -------
    float
        Body surface area in m², not rounded.

    Raises
    ------
    ValueError
        If a number is outside its range (a height in meters and a weight in grams are named as such), or the formula
        is unknown.

    Notes
    -----
    Not for use beyond what the trial or label behind a dose used: the formulas differ by several percent, most in
    infants. Neither label nor review says which formula to take; Mosteller's is this book's choice.

    References
    ----------
    mosteller1987, dubois1916, haycock1978, gehan1970, boyd1935

    Examples
    --------
    A fictional child of 20 kg and 110 cm, by Mosteller √(2200/3600), and by Haycock:

    >>> round(body_surface_area(weight_kg=20, height_cm=110), 4)
    0.7817
    >>> round(body_surface_area(weight_kg=20, height_cm=110, formula="haycock"), 4)
    0.7832
    """
    chosen = FORMULAS[validate.choice("formula", formula, allowed=tuple(FORMULAS))]
    return chosen.area(patient.weight(weight_kg), patient.height(height_cm))
