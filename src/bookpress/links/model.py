"""One link, as every walker reports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link of one edition; `fault` says why it leads nowhere, and is empty if it resolves or leaves the book."""

    place: str
    address: str
    outside: bool
    fault: str = ""

    def __str__(self) -> str:
        """Name the place, the address, and the fault in one line."""
        return f"{self.place}: {self.address}: {self.fault or 'resolves'}"
