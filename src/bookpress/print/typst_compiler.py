"""The Typst compiler: its fonts, its settings, and the way from its errors back to file and line of a chapter."""

from __future__ import annotations

import datetime
import os
import re
import tempfile
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import matplotlib as mpl
import pikepdf
import typst

VENDOR = Path(__file__).resolve().parents[3] / "vendor"
STANDARD = "ua-1"
"""The compiler refuses a document that is not PDF/UA-1: a figure without alternative text, a heading level left out."""
DEFAULT_EPOCH = 1767225600
MARK = re.compile(r"^//@ (?P<docname>.+):(?P<line>\d+)$")
PLACE = re.compile(r"┌─ (?P<file>[^:\n]+\.typ):(?P<line>\d+)")


@dataclass(frozen=True)
class Finding:
    """What the compiler complains about: a text, and the page and line it comes from, if known."""

    text: str
    docname: str | None
    line: int | None


@dataclass(frozen=True)
class Printed:
    """What came of a source: a PDF, or what went wrong."""

    pdf: bytes | None
    findings: list[Finding]


def sources_of(out: Path) -> Path:
    """Return the folder of the Typst sources: beside the PDF files, because it is no part of the edition."""
    return out.with_name(f".{out.name}")


def moment() -> datetime.datetime:
    """Return the one moment that every date of a PDF is set to."""
    return datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", DEFAULT_EPOCH)), datetime.UTC)


def prepare_fonts(folder: Path) -> None:
    """Put the fonts of the print edition into `folder`: no font of the machine may be seen.

    The text face and the typewriter face lie inside the compiler. Figures were drawn with DejaVu Sans, which comes
    with matplotlib; of its folder only this one is taken, for another there would hide missing glyphs. The face of
    headings lies in vendor/ in two weights, because the compiler cannot vary a variable font itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for face in sorted((Path(mpl.get_data_path()) / "fonts" / "ttf").glob("DejaVuSans*.ttf")):
        if "Mono" not in face.name and "Display" not in face.name:
            _write(folder / face.name, face.read_bytes())
    for face in sorted((VENDOR / "source-sans").glob("*.ttf")):
        _write(folder / face.name, face.read_bytes())


def _write(target: Path, data: bytes) -> None:
    if not target.exists() or target.read_bytes() != data:
        target.write_bytes(data)


def _pack(data: bytes, target: Path) -> None:
    """Write a PDF with its many small objects, most of them tags, packed: a third of the size, the same content."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, target.name)
        file.write_bytes(data)  # read from a file, not from memory: pikepdf does that in half the time
        with pikepdf.open(file) as pdf:
            pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


class Press:
    """Compiles Typst files of one folder to PDF."""

    def __init__(self, root: Path) -> None:
        """Take sources, pictures, and fonts from `root`, and nothing from elsewhere."""
        self._root = root
        self._one_by_one = threading.Lock()

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(self._root / "fonts")])
        return typst.Compiler(root=str(self._root), font_paths=fonts, ignore_system_fonts=True)

    def compile(self, source: Path, target: Path) -> list[Finding]:
        """Compile one file; return what went wrong. The target is written only if nothing did."""
        with self._one_by_one:
            printed = self.set(source)
        if printed.pdf is not None:
            _pack(printed.pdf, target)
        return printed.findings

    def set(self, source: Path) -> Printed:
        """Compile one file and write nothing."""
        try:
            data, warnings = self._compiler.compile_with_warnings(
                str(source), format="pdf", pdf_standards=[STANDARD], timestamp=int(moment().timestamp())
            )
        except typst.TypstError as error:
            return Printed(None, self._findings(source, error.diagnostic or error.message))
        findings = [found for warning in warnings for found in self._findings(source, str(warning))]
        return Printed(data if not findings and isinstance(data, bytes) else None, findings)

    def _findings(self, source: Path, diagnostic: str) -> list[Finding]:
        """Return each error with the nearest mark before its place."""
        lines = source.read_text(encoding="utf-8").splitlines()
        found = []
        for part in re.split(r"\n(?=(?:error|warning): )", diagnostic):
            docname = line = None
            for place in PLACE.finditer(part):
                if Path(place["file"]).name == source.name:
                    docname, line = _nearest(lines, int(place["line"]))
                    break
            said = re.sub(r"\s*│.*", "", part.split("┌─")[0]).strip()
            found.append(Finding(" ".join(said.split()), docname, line))
        return found


def _nearest(lines: list[str], start: int) -> tuple[str | None, int | None]:
    for number in range(min(start, len(lines)) - 1, -1, -1):
        match = MARK.match(lines[number])
        if match:
            return match["docname"], int(match["line"])
    return None, None
