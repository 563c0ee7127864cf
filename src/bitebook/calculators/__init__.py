"""The calculators of the book: the same tested code behind a form, in the reader's browser and in the printed example.

A calculator only reads text, calls the public functions of `bitebook.dosing`, `.infusion`, `.pk`, and `.outcomes`, and
lays out what they return. Pure standard library. For education, not for prescribing.

Examples
--------
>>> import json
>>> reply = json.loads(answer("bsa", '{"weight_kg": "20", "height_cm": "110"}'))
>>> reply["ok"], reply["status"]
(True, 'Body surface area 0.782 m² by Mosteller; the five formulas span 0.775 to 0.802 m².')
>>> json.loads(answer("bsa", '{"weight_kg": "44 lb", "height_cm": "110"}'))["field"]
'weight_kg'
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bitebook import validate
from bitebook.calculators import bag, concentration, dose, effect, surface, toxicity
from bitebook.calculators.entries import EntryError
from bitebook.calculators.fields import Choice, Field
from bitebook.calculators.model import Calculator, Result

__all__ = ["CALCULATORS", "Calculator", "Choice", "Field", "Result", "answer"]

_ALL = (
    dose.CALCULATOR,
    bag.CALCULATOR,
    concentration.CALCULATOR,
    surface.CALCULATOR,
    effect.CALCULATOR,
    toxicity.CALCULATOR,
)

#: The calculators by name, in the order of the book.
CALCULATORS: Final[Mapping[str, Calculator]] = MappingProxyType({one.name: one for one in _ALL})


def answer(name: str, fields_json: str) -> str:
    """Answer a form: JSON in, JSON out, never an exception.

    Parameters
    ----------
    name
        A name of `CALCULATORS`.
    fields_json
        A JSON object with one text for each field.

    Returns
    -------
    str
        ``{"ok": true, "html": ..., "status": ...}``, or ``{"ok": false, "field": ..., "message": ...}`` with the name
        of the field to mend, ``null`` if none is to blame.
    """
    try:
        return json.dumps(_answer(name, fields_json))
    except Exception as problem:  # the page must hear of anything that goes wrong, and must show no number then
        said = f"this calculator failed and gives no result: {type(problem).__name__}: {problem}"
        return json.dumps({"ok": False, "field": None, "message": said})


def _answer(name: str, fields_json: str) -> dict[str, object]:
    calculator = CALCULATORS.get(name)
    if calculator is None:
        return _refused(None, f"there is no calculator {validate.picture(name)}; there are {', '.join(CALCULATORS)}")
    try:
        fields = json.loads(fields_json)
    except (ValueError, TypeError, RecursionError):
        return _refused(None, "the fields did not arrive as JSON text")
    if not isinstance(fields, dict):
        return _refused(None, "the fields must be one JSON object")
    try:
        result = calculator.run(fields)
    except EntryError as problem:
        return _refused(problem.field, str(problem))
    except ValueError as problem:
        said = str(problem).replace("got None", "got an empty field")
        return _refused(calculator.field_of(said), said)
    return {"ok": True, "html": result.html, "status": result.status}


def _refused(field: str | None, message: str) -> dict[str, object]:
    return {"ok": False, "field": field, "message": message}
