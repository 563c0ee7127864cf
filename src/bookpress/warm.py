"""What stays loaded between the builds of one program: Sphinx for its runs, Typst for the PDF."""

from __future__ import annotations

from bookpress import runs
from bookpress.build import builders_of, filled_by, name_of
from bookpress.print.keeper import Keeper
from bookpress.print.typst_compiler import sources_of
from bookpress.settings import Settings

PRINTED = "bookpdf"
"""The builder that a resident compiler serves."""


class Warm:
    """Loads while nobody waits, and leaves no process behind when it is closed."""

    def __init__(self, settings: Settings, *, draft: bool = False) -> None:
        """Start the resident compiler, if there is a PDF to make; every build of this program finds it."""
        self._settings = settings
        self._printed = [one for one in builders_of(settings, draft=draft) if one.name == PRINTED]
        self._keeper = Keeper() if self._printed else None

    def keep(self, *, edition: str) -> None:
        """Have the compiler set the sources of an edition that was built, so that the next time is quick."""
        for builder in self._printed:
            made = filled_by(self._settings, builder, name=name_of(edition=edition, draft=False))
            if self._keeper:
                self._keeper.keep_warm(sources_of(made).resolve())

    def look_after(self) -> None:
        """Start the compiler anew if it has ended."""
        if self._keeper:
            self._keeper.look_after()

    def is_said_to_be_warm(self) -> bool:
        """Tell, once, that it has become so."""
        return self._keeper is not None and self._keeper.is_said_to_be_warm()

    def close(self) -> None:
        """End the compiler and all that was loaded for runs."""
        if self._keeper:
            self._keeper.stop()
        runs.close()
