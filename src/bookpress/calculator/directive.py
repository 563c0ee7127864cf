"""The directive ``{calculator} name``: a form of the book's registry and its worked example, computed by the build."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookpress.calculator.blocks import heading, nodes_of
from bookpress.calculator.elements import calculator
from bookpress.calculator.provider import ProvidedCalculator, ProvidedField, calculators, digest

logger = logging.getLogger(__name__)
#: The key of a page's metadata that keeps the digests of its calculators: Sphinx forgets and merges it by itself.
SEEN = "calculators"
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
ELSEWHERE = "Run this calculator in the web edition"


class CalculatorDirective(SphinxDirective):
    """Put one calculator on the page."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return one node, or nothing and a warning that says what is wrong."""
        name = self.arguments[0].strip()
        try:
            known = calculators(self.config.bookpress_calculators)
        except ExtensionError as error:
            return self._warn(str(error))
        if name not in known:
            return self._warn(f"there is no calculator {name!r}; there are {', '.join(known)}")
        one = known[name]
        try:
            worked = one.run(one.example)
        except (ValueError, LookupError) as error:
            return self._warn(f"the worked example of the calculator {name!r} fails: {error}")
        node = calculator(
            name=name,
            title=one.title,
            purpose=one.purpose,
            fields=[_plain(field) for field in one.fields],
            prefix=self._prefix(name),
            worked_html=worked.html,
            from_data=True,  # every number in it is computed: the gate on typed numbers has nothing to find
        )
        self.set_source_info(node)
        node += self._static(one)
        node += nodes_of(worked.blocks, self._save_drawing)
        seen = self.env.metadata[self.env.docname]
        seen[SEEN] = f"{seen.get(SEEN, '')} {name}={digest(one, worked)}".strip()
        return [node]

    def _warn(self, text: str) -> list[nodes.Node]:
        logger.warning("%s", text, location=self.get_location(), type="bookpress", subtype="calculator")
        return []

    def _prefix(self, name: str) -> str:
        """Return the beginning of the ids of this form, another one for each form of the same name on a page."""
        key = f"bookpress_calculator_{name}"
        count = self.env.temp_data[key] = self.env.temp_data.get(key, 0) + 1
        return f"calc-{name}" if count == 1 else f"calc-{name}-{count}"

    def _static(self, one: ProvidedCalculator) -> list[nodes.Node]:
        """Return how an edition without forms opens the worked example, and where the form is."""
        title = next((found.astext() for found in self.state.document.findall(nodes.title)), self.env.docname)
        purpose = nodes.paragraph("", f"{one.purpose} {ELSEWHERE}: {title}.")
        return [heading(f"Worked example: {one.title}"), purpose]

    def _save_drawing(self, svg: str) -> str:
        """Keep a drawing beside the doctrees, which all builders of an edition share, and return its address."""
        alone = _standalone(svg)
        folder = Path(self.env.app.doctreedir, "calculators")
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"calculator-{hashlib.sha256(alone.encode()).hexdigest()[:12]}.svg"
        # Its name tells what it holds; a newer date would make every other page that shows it stale.
        if not file.exists():
            file.write_text(alone, encoding="utf-8")
        # Sphinx reads an address with a slash in front from the source folder on.
        return "/" + Path(os.path.relpath(file, self.env.srcdir)).as_posix()


def _standalone(svg: str) -> str:
    """Return a drawing for a file of its own: dark ink on an opaque white ground, whatever page shows it."""
    size = VIEW_BOX.search(svg)
    sized = f'width="{size[1]}" height="{size[2]}" ' if size else ""
    inked = svg.replace("<svg ", f'<svg {sized}color="#111" ', 1)
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    before, mark, after = inked.partition("</desc>")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + before + mark + ground + after + "\n"


def _plain(field: ProvidedField) -> dict[str, Any]:
    """Return a field as the doctree can keep it."""
    texts = {name: getattr(field, name) for name in ("name", "label", "kind", "default", "help")}
    choices = [(choice.value, choice.label) for choice in field.choices]
    return {**texts, "optional": bool(field.optional), "choices": choices}
