"""The fields of a calculator: what the label says, in which unit, and what may be typed."""

from __future__ import annotations

from dataclasses import dataclass

from bitebook.dosing import patient


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list: the word the package knows and the words a reader sees."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    ``kind`` is "number", "integer", "choice", or "date"; ``default`` is the value of the worked example.
    An optional field may stay empty; an empty field never stands for its default.
    """

    name: str
    title: str
    kind: str
    unit: str = ""
    default: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    help: str = ""

    @property
    def label(self) -> str:
        """The label with its unit: "Weight (kg)".

        Examples
        --------
        >>> Field("weight_kg", "Weight", "number", unit="kg").label
        'Weight (kg)'
        """
        return f"{self.title} ({self.unit})" if self.unit else self.title


_LOW_KG, _HIGH_KG = patient.WEIGHT_KG
_LOW_CM, _HIGH_CM = patient.HEIGHT_CM
_KG_HELP = f"{_LOW_KG:g} to {_HIGH_KG:g} kg; never pounds."
_CM_HELP = f"{_LOW_CM:g} to {_HIGH_CM:g} cm; never inches or meters."

#: The patient, as several calculators ask for it; the example is the child of the chapter on dosing.
WEIGHT = Field("weight_kg", "Weight", "number", unit="kg", default="21", help=_KG_HELP)
HEIGHT = Field("height_cm", "Height", "number", unit="cm", default="117", help=_CM_HELP)
INDICATION = Field(
    "indication",
    "Indication",
    "choice",
    default="relapsed-refractory",
    choices=(
        Choice("relapsed-refractory", "relapsed or refractory"),
        Choice("mrd-positive", "MRD-positive, in remission"),
        Choice("consolidation", "consolidation"),
    ),
)
