"""The label's dose written down by hand as plain conditions: an oracle that reads no table and shares no code."""

from __future__ import annotations

LENGTHS = {
    "relapsed-refractory": {1: 42, 2: 42, 3: 42, 4: 42, 5: 42, 6: 84, 7: 84, 8: 84, 9: 84},
    "mrd-positive": {1: 42, 2: 42, 3: 42, 4: 42},
    "consolidation": {1: 42, 2: 42, 3: 42, 4: 42},
}


def dose(indication: str, weight: float, height: float, cycle: int, day: int) -> tuple[float, str, bool]:
    """Return mcg/day, the basis, and whether the cap was met."""
    if day > 28:
        return 0.0, "infusion-free", False
    low = indication == "relapsed-refractory" and cycle == 1 and day <= 7
    if weight >= 45:
        return (9.0 if low else 28.0), "fixed", False
    surface = (weight * height / 3600) ** 0.5
    if low:
        return (9.0, "bsa", True) if 5 * surface > 9 else (5 * surface, "bsa", False)
    return (28.0, "bsa", True) if 15 * surface > 28 else (15 * surface, "bsa", False)


def rule_id(indication: str, weight: float, cycle: int, day: int) -> str:
    """Return the id of the row that sets the dose (or the interval) of this day."""
    band = "ge45" if weight >= 45 else "lt45"
    if indication == "consolidation":
        return f"label-cons-{band}"
    if indication == "mrd-positive":
        return f"label-mrd-{band}-c1" if cycle == 1 else f"label-mrd-{band}-c2"
    if cycle == 1:
        return f"label-rr-{band}-c1-d1" if day <= 7 else f"label-rr-{band}-c1-d8"
    if cycle == 2:
        return f"label-rr-{band}-c2-d1"
    return f"label-rr-{band}-c3-d1" if cycle <= 5 else f"label-rr-{band}-c6-d1"
