"""The version that each edition states about itself, read from the built files, so that none can be left behind."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import yaml
from lxml import etree, html

OPF = {"o": "http://www.idpf.org/2007/opf", "h": "http://www.w3.org/1999/xhtml"}
STATED = re.compile(r"\b[Vv]ersion\s+(\d+\.\d+[\w.+-]*\w)")


def stated_versions(root: Path) -> dict[str, str]:
    """Return the version by the place that states it; "not stated" where a place is silent."""
    build = root / "_build"
    return {**_of_sources(root), **_of_web(build), **_of_pdf(build), **_of_epub(build), **_of_packs(build)}


def differing(found: dict[str, str]) -> list[str]:
    """Return the places that do not say what CITATION.cff says, each with what it says."""
    right = found["CITATION.cff"]
    return [f"{place} says {version}" for place, version in found.items() if version != right]


def _of_sources(root: Path) -> dict[str, str]:
    cff = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    short, release = str(config["version"]), str(config["release"])
    return {
        "CITATION.cff": str(cff["version"]),
        "pyproject.toml": str(project["version"]),
        "_config.yml (release)": release,
        # The short form of Sphinx: right if the release begins with it.
        "_config.yml (version)": release if release.startswith(f"{short}.") or release == short else short,
    }


def _of_web(build: Path) -> dict[str, str]:
    found = {}
    for file in sorted((build / "html").glob("*.html")):
        article = html.parse(str(file), html.HTMLParser(encoding="utf-8")).find(".//article")
        citation = article.find(".//p[@class='chapter-citation']") if article is not None else None
        if citation is not None:
            found[f"html/{file.name}"] = _stated(citation.text_content())
        elif file.name == "index.html":
            found["html/index.html"] = _stated(article.text_content())
    return found


def _of_pdf(build: Path) -> dict[str, str]:
    found = {}
    for file in sorted((build / "pdf").glob("*.pdf")):
        with pikepdf.open(file) as pdf:
            found[f"pdf/{file.name} (metadata)"] = _stated(pdf.open_metadata().get("dc:description", ""))
        pages = pypdfium2.PdfDocument(file)
        first = " ".join(pages[place].get_textpage().get_text_range() for place in range(min(3, len(pages))))
        found[f"pdf/{file.name} (page)"] = _stated(first)
    return found


def _of_epub(build: Path) -> dict[str, str]:
    found = {}
    for file in sorted((build / "epub").glob("*.epub")):
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            package = etree.fromstring(archive.read(next(name for name in names if name.endswith(".opf"))))
            title = etree.fromstring(archive.read(next(name for name in names if name.endswith("/title.xhtml"))))
        stated = package.xpath("string(//o:meta[@property='schema:version'])", namespaces=OPF)
        found[f"epub/{file.name} (metadata)"] = stated or "not stated"
        found[f"epub/{file.name} (title page)"] = _stated(" ".join(title.itertext()))
    return found


def _of_packs(build: Path) -> dict[str, str]:
    found = {}
    for file in sorted((build / "packs").glob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            readme = next(name for name in archive.namelist() if name.endswith("README.txt"))
            found[f"packs/{file.name} (README.txt)"] = _stated(archive.read(readme).decode("utf-8"))
    return found


def _stated(text: str) -> str:
    """Return the version a text names; two different ones are both returned, so that they match nothing."""
    return " and ".join(sorted(set(STATED.findall(text)))) or "not stated"
