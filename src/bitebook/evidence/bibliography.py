"""What the check needs from references.bib: its keys, its DOIs, and its addresses."""

from __future__ import annotations

import re
from pathlib import Path

from bitebook.evidence import plain_file

ENTRY = re.compile(r"^@(\w+)\{([^,\s]+),", re.MULTILINE)
DOI = re.compile(r"^\s*doi\s*=\s*\{(.*)\},?$", re.MULTILINE | re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s}]+")
DOI_FORM = re.compile(r"10\.\d{4,9}/\S+")
OFFICIAL = (
    "https://clinicaltrials.gov/",
    "https://www.accessdata.fda.gov/",
    "https://ctep.cancer.gov/",
)


def keys(path: Path) -> list[str]:
    """Return the keys of all entries, in the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    return [key for _, key in ENTRY.findall(path.read_text(encoding="utf-8"))]


def complaints(path: Path) -> list[tuple[str, str, str, str]]:
    """Return (key, field, value, rule) of every bad entry: a key twice, a malformed DOI, an unofficial address.

    The key is empty where the file as a whole cannot be read.
    """
    try:
        text = plain_file.read(path)
    except plain_file.UnusableFileError as error:
        return [("", "", error.value, error.rule)]
    if not ENTRY.search(text):
        return [("", "", "", "the file holds no entry such as @article{key, ...}; restore it")]
    found: list[tuple[str, str, str, str]] = []
    seen: set[str] = set()
    starts = [(match.group(2), match.start()) for match in ENTRY.finditer(text)]
    for (key, start), (_, end) in zip(starts, [*starts[1:], ("", len(text))], strict=True):
        body = text[start:end]
        if key in seen:
            found.append((key, "key", key, "a key must be unique; rename or remove one entry"))
        seen.add(key)
        depth = body.count("{") - body.count("}")
        if depth:
            what = f"{abs(depth)} brace(s) {'not closed' if depth > 0 else 'too many closed'}"
            found.append((key, "", "", f"the entry has {what}: it was cut off or a brace is missing; mend it"))
        for doi in DOI.findall(body):
            if not DOI_FORM.fullmatch(doi):
                found.append((key, "doi", doi, "a DOI looks like 10.1001/jama.2021.0669; correct it or leave it out"))
        for address in ADDRESS.findall(body):
            if not address.startswith(OFFICIAL):
                rule = f"only official addresses are kept ({', '.join(OFFICIAL)}); leave it out"
                found.append((key, "url", address, rule))
    return found
