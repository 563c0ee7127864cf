"""Hostile text stays text: in tables, pages, print, and zips; vendored files are those that were taken in."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import typst
from lxml import etree

from bookpress.packs.archive import safe_name, write_zip
from bookpress.packs.figures import csv_bytes
from bookpress.packs.pack import question_files
from bookpress.packs.page import Table
from bookpress.packs.slides_html import table_html
from bookpress.print.markup import escape, running_text, string
from tests.unit.packs_bank import BOOK, ROOT, hostile
from tests.unit.test_quiz_directive import ALL, BANK, build, evidence  # noqa: F401 - the fixture is used by name

TEXTS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'single' \"double\"", "]]>", "two\nlines",
    "&lt;b&gt; &amp;", "\u202egnirts\u202c", "\u200frtl", "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1",
    "=cmd|' /C calc'!A0", "{fact}`brown2021-dfs-hr`", "{{ value }}", "${7*7}", "#sys.version", '#import "/etc/passwd"',
    "#{1+1}", "$x^2$", "`code`", "*bold* _it_", "<label> @ref", "// comment", "/* comment */", "[content]",
    "\\input{/etc/passwd}", "\\", "~ = - + / :", "1. list", "- list", "../../etc/passwd", "https://example.org/x",
    "--- ... --", "%PDF", "a;b", "|", "^", "#",
)  # fmt: skip


# --- tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*TEXTS, "\r=1", "\n=1", "＝1+1", "＠SUM"])
def test_a_cell_of_a_table_is_text_and_no_formula(text: str) -> None:
    ((cell, number),) = list(csv.reader(io.StringIO(csv_bytes(("a", "b"), [(text, "-0.5")]).decode(), newline="")))[1:]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert cell.removeprefix("'") == text.removeprefix("'") and number == "-0.5"


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "data").glob("*.csv")))
def test_no_cell_of_the_evidence_is_a_formula(file: str) -> None:
    with (ROOT / "data" / file).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for column, cell in row.items():
                plain = re.fullmatch(r"-?\d+(\.\d+)?", cell)
                assert plain or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (row["id"], column, cell)


# --- zips ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/.",
        "",
        "C:/x",
        "a\\..\\x",
        "a\0b",
        "..",
        "~/../x/..",
        "//host/x",
    ],
)
def test_a_member_never_leaves_its_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="relative path that stays within its folder"):
        safe_name(name)
    with pytest.raises(ValueError, match="relative path"):
        write_zip(tmp_path / "x.zip", {name: b"x"})
    assert not (tmp_path / "x.zip").exists(), "no zip is left of a refused one"


def members(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


def test_every_zip_of_a_hostile_bank_stays_inside_and_holds_no_link(tmp_path: Path) -> None:
    files = question_files(hostile(tmp_path).papers, BOOK, name="99-hostile")
    zips = {name: content for name, content in files.items() if content[:2] == b"PK"}
    assert len(zips) == 5
    for name, content in zips.items():
        for info in members(content):
            assert safe_name(info.filename) == info.filename, name
            assert (info.external_attr >> 16) & 0o170000 in (0, 0o100000), f"{name}: {info.filename} is no plain file"


# --- pages --------------------------------------------------------------------------------------------------------


def hostile_bank() -> str:
    """Return the bank of the quiz tests with raw HTML in every text, not escaped by its author."""
    bad = "<script>alert(1)</script> <img src=x onerror=alert(2)> [go](javascript:alert(3))"
    block = "<div onclick=alert(4)>\\n\\n<script>alert(5)</script>\\n\\n</div>"
    changed = BANK.replace("Which *one* is it?", f"'Which {bad}?'").replace("Explanation-one.", f'"Told {block}"')
    changed = changed.replace('"alpha < beta"', f"'alpha {bad}'").replace("Wrong-reason-c.", f"Reason {bad}")
    return changed.replace("unit: points", "unit: '\"><script>alert(6)</script>'")


@pytest.mark.parametrize("builder", ["html", "epub"])
def test_a_script_in_a_question_is_words_on_the_page(tmp_path: Path, builder: str) -> None:
    built = build(tmp_path, ALL, bank=hostile_bank(), builder=builder)
    page = built.page
    body = page[page.index("quiz-item") :]
    body = body[: body.rindex("quiz-sources")]
    assert body.count("&lt;script&gt;alert") >= 4
    assert not re.search(r"<script|<img|onclick=alert\(4\)>|href=\"\s*javascript:", body), body[:3000]
    words = html.unescape(re.sub(r"<[^>]*>", "", body))
    for number in range(1, 7):
        if number != 3:
            assert f"alert({number})" in words
    if builder == "epub":
        etree.fromstring(page.encode())


@pytest.mark.parametrize("text", [text for text in TEXTS if "\n" not in text])
def test_a_cell_of_a_slide_is_text(text: str) -> None:
    made = table_html(
        Table(id="t", number="Table <1>", caption="c", section="s", header=(text,), rows=((text,),), numeric=(False,))
    )
    read = etree.fromstring(made)
    assert [cell.text for cell in read.iter("th", "td")] == [text, text]


# --- print --------------------------------------------------------------------------------------------------------


def printed(markup: str) -> str:
    """Return the text of the pages that Typst makes of some markup, without blanks."""
    content = typst.compile(f"#set page(width: 600pt, height: auto)\n#set text(hyphenate: false)\n{markup}\n".encode())
    document = pypdfium2.PdfDocument(content)
    return squeezed("".join(page.get_textpage().get_text_range() for page in document))


def squeezed(text: str) -> str:
    """Return what must be the same: no blanks, no invisible signs of direction, quotes and dashes as they are."""
    return re.sub(r"[\s\u200f\u202a-\u202e\ufffe\x02]", "", text)


def test_no_text_is_taken_for_a_command_of_typst() -> None:
    """All texts in one document: a command, a comment, or an open bracket in one would swallow the next."""
    shown = [text for text in TEXTS if "gnirts" not in text]  # the order of its signs on paper is the reader's affair
    for way in (escape, running_text, lambda text: f"#{string(text)}"):
        found = printed("\n\n".join(f"[{place}] {way(text)} [end]" for place, text in enumerate(shown)))
        for place, text in enumerate(shown):
            assert f"[{place}]" in found, f"{text!r} or the one before it is a command"
            part = found.partition(f"[{place}]")[2].partition("[end]")[0]
            assert part.lstrip("•") == squeezed(text), (text, part)


# --- vendored files -----------------------------------------------------------------------------------------------


def test_every_vendored_file_is_listed_and_has_its_hash() -> None:
    folder = ROOT / "vendor"
    listed = json.loads((folder / "vendor.json").read_text(encoding="utf-8"))
    found = {
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file() and file.parent != folder
    }
    found = {name for name in found if "__pycache__" not in name}
    assert found == set(listed)
    for name, told in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == told["sha256"], name
        assert told["version"] and told["license"] and not (folder / name).is_symlink()
