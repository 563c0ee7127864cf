"""Make the vendored browser files again from their npm packages, and write their hashes to vendor.json.

Run `make vendor`. Needs npm, node, and the network; a normal build needs neither, it only reads what lies here.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from make_pyodide import make as make_pyodide

HERE = Path(__file__).resolve().parent
# What a formula of this book may need: Latin, Greek, arrows, operators, delimiters, mathematical alphanumerics.
MATH_GLYPHS = (
    "U+20-7E,U+A0-FF,U+131,U+237,U+2C6-2DD,U+300-338,U+370-3FF,U+2000-206F,U+2070-209C,U+20D0-20F0,U+2102,U+2107,"
    "U+210B-2112,U+2115-211E,U+2124-2138,U+2190-21FF,U+2200-22FF,U+2308-230B,U+23B4-23E1,U+27E8-27EF,U+27F5-27FF,"
    "U+2A00-2A2F,U+2A7D-2A7E,U+2AAF-2AB0,U+1D400-1D503,U+1D538-1D56B,U+1D6A4-1D7CB,U+1D7CE-1D7FF"
)
# What prose and tables need: Latin with accents, Greek, punctuation, arrows, comparison signs, small numerals.
TEXT_GLYPHS = (
    "U+20-7E,U+A0-17F,U+2BC,U+2C6,U+2D9-2DD,U+370-3FF,U+2010-2027,U+2030-203A,U+2044,U+2070-209C,U+20AC,U+2113,U+2122,"
    "U+2150-215E,U+2190-2193,U+2202,U+2206,U+220F,U+2211,U+2212,U+221A,U+221E,U+222B,U+2248,U+2260,U+2264,U+2265,U+25CA"
)
ESBUILD = "0.28.2"  # a tool of the making: nothing of it is shipped
PACKAGES = {
    "axe-core": {"version": "4.14.1", "license": "MPL-2.0"},  # for the tests alone: no edition holds it
    "minisearch": {"version": "7.2.0", "license": "MIT"},
    "source-sans": {"version": "3.52.0", "license": "OFL-1.1"},
    "temml": {"version": "0.13.5", "license": "MIT"},
    "@fontsource/stix-two-math": {"version": "5.3.0", "license": "OFL-1.1"},
    "pyodide": {"version": "314.0.7", "license": "MPL-2.0"},
}

FOLDERS = {
    "axe-core": "axe-core",
    "minisearch": "minisearch",
    "pyodide": "pyodide",
    "source-sans": "source-sans",
    "stix-two-math": "@fontsource/stix-two-math",
    "temml": "temml",
}


def shrink(font: Path, target: Path, glyphs: str) -> None:
    """Keep the named glyphs of a font, with its layout and MATH tables, and of a weight axis the part that is used."""
    opened = TTFont(font, recalcTimestamp=False)
    if "fvar" in opened:
        passage = io.BytesIO()  # subsetting wants a font read from bytes, not one just cut
        instancer.instantiateVariableFont(opened, {"wght": (400, 700)}).save(passage)
        opened = TTFont(passage, recalcTimestamp=False)
    options = subset.Options(layout_features=["*"] if "MATH" in opened else subset.Options().layout_features)
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(glyphs))
    subsetter.subset(opened)
    opened.flavor = "woff2"
    opened.save(target)


def cut(font: Path, weight: int, target: Path) -> None:
    """Write one weight of a variable font for the PDF compiler, which cannot vary it itself."""
    opened = TTFont(io.BytesIO(font.read_bytes()), recalcTimestamp=False)
    opened = instancer.instantiateVariableFont(opened, {"wght": weight})
    style = " ".join(([] if weight == 400 else ["Bold"]) + (["Italic"] if "italic" in font.name else [])) or "Regular"
    names = {1: "Source Sans", 2: style, 4: f"Source Sans {style}", 6: f"SourceSans-{style.replace(' ', '')}"}
    for number, text in names.items():
        opened["name"].setName(text, number, 3, 1, 0x409)
    for number in (16, 17, 21, 22, 25):
        opened["name"].removeNames(nameID=number)
    opened["OS/2"].usWeightClass = weight
    opened.flavor = None
    opened.save(target)


def minify(script: Path, target: Path) -> None:
    """Write a script of a package without its comments and long names; its license lies beside it."""
    esbuild = [
        "npx",
        "--yes",
        f"esbuild@{ESBUILD}",
        str(script),
        "--minify",
        "--target=es2020",
        "--legal-comments=none",
    ]
    target.write_bytes(subprocess.run(esbuild, check=True, capture_output=True).stdout)


def unpack(name: str, version: str, folder: Path) -> Path:
    """Fetch one npm package and return the folder it was unpacked into."""
    done = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = (folder / done.stdout.strip().splitlines()[-1]).read_bytes()
    target = folder / name.replace("/", "-").replace("@", "")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def main() -> None:
    """Write the folders of vendor/ and vendor.json."""
    for folder in FOLDERS:
        (HERE / folder).mkdir(exist_ok=True)
    made: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        temml = unpack("temml", PACKAGES["temml"]["version"], Path(scratch))
        stix = unpack("@fontsource/stix-two-math", PACKAGES["@fontsource/stix-two-math"]["version"], Path(scratch))
        source = unpack("source-sans", PACKAGES["source-sans"]["version"], Path(scratch))
        mini = unpack("minisearch", PACKAGES["minisearch"]["version"], Path(scratch))
        minify(mini / "dist" / "umd" / "index.js", HERE / "minisearch" / "minisearch.js")
        shutil.copy(mini / "LICENSE.txt", HERE / "minisearch" / "LICENSE.txt")
        axe = unpack("axe-core", PACKAGES["axe-core"]["version"], Path(scratch))
        for name in ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"):
            shutil.copy(axe / name, HERE / "axe-core" / name)
        shutil.copy(temml / "dist" / "temml.min.js", HERE / "temml" / "temml.min.js")
        shutil.copy(temml / "dist" / "Temml-Local.css", HERE / "temml" / "Temml-Local.css")
        shutil.copy(temml / "LICENSE", HERE / "temml" / "LICENSE")
        shutil.copy(stix / "LICENSE", HERE / "stix-two-math" / "LICENSE")
        shutil.copy(source / "LICENSE.md", HERE / "source-sans" / "LICENSE")
        shrink(
            stix / "files" / "stix-two-math-latin-400-normal.woff2",
            HERE / "stix-two-math" / "stix-two-math.woff2",
            MATH_GLYPHS,
        )
        # The pages take the upright face with all its weights and the italic with one; the PDF, two weights of each.
        for face in ("upright", "italic"):
            varied = Path(scratch) / f"source-sans-{face}.woff2"
            shrink(source / "WOFF2" / "VF" / f"SourceSans3VF-{face.title()}.ttf.woff2", varied, TEXT_GLYPHS)
            for weight in (400, 700):
                cut(varied, weight, HERE / "source-sans" / f"source-sans-{face}-{weight}.ttf")
        shutil.copy(Path(scratch) / "source-sans-upright.woff2", HERE / "source-sans")
        pyodide = unpack("pyodide", PACKAGES["pyodide"]["version"], Path(scratch))
        # Its licenses and NOTICE.txt stand beside the script already: the package brings none.
        make_pyodide(pyodide, Path(scratch), HERE / "pyodide" / "python-runtime.js")
    for file in sorted(HERE.rglob("*")):
        if file.is_file() and file.parent != HERE:
            package = FOLDERS[file.parent.name]
            made[file.relative_to(HERE).as_posix()] = {
                "package": package,
                **PACKAGES[package],
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
    (HERE / "vendor.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
