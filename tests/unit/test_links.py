"""The link walker finds each kind of link, and says of each dead one where it stands and what is missing."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from bookpress.links import Link, pdf
from bookpress.links.outside import fault_of, listing
from bookpress.links.pages import Site


def faults(body: str, **others: bytes) -> list[str]:
    page = f"<!DOCTYPE html><html><body>{body}</body></html>".encode()
    files = {"a.html": page, "sub/b.html": b'<p id="there">x</p><a name="old">y</a>', "pic.svg": b""}
    return [link.fault for link in Site(files | others).links() if link.fault]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="sub/b.html#there">x</a>',
        '<a href="sub/b.html#old">x</a>',
        '<a href="./sub/../sub/b.html?v=1#there">x</a>',
        '<a href="#">top</a><a href="#top">top</a>',
        '<p id="é">x</p><a href="#%C3%A9">x</a>',
        '<img src="pic.svg?v=12">',
        '<a href="https://example.org/gone#nowhere">judged elsewhere</a>',
        '<img src="data:image/png;base64,AAAA">',
        '<button popovertarget="pop">x</button><div popover id="pop">y</div>',
        '<p id="one">1</p><p id="two">2</p><div aria-labelledby="one two">3</div>',
        '<math><mo form="prefix">-</mo></math>',
    ],
)
def test_what_resolves(body: str) -> None:
    assert faults(body) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="gone.html">x</a>', "gone.html is not in this edition"),
        ('<a href="sub/b.html#gone">x</a>', "sub/b.html has no such anchor"),
        ('<a href="#gone">x</a>', "a.html has no such anchor"),
        ('<a href="b.html#there">x</a>', "b.html is not in this edition"),
        ('<a href="/sub/b.html">x</a>', "/sub/b.html is not in this edition"),
        ('<img src="gone.svg">', "gone.svg is not in this edition"),
        ('<link rel="stylesheet" href="gone.css">', "gone.css is not in this edition"),
        ('<svg><use xlink:href="#gone"/></svg>', "a.html has no such anchor"),
        ('<label for="gone">x</label>', "for names an id that is not on the page"),
        ('<button popovertarget="gone">x</button>', "popovertarget names an id that is not on the page"),
        ('<p id="one">1</p><div aria-describedby="one gone">3</div>', "aria-describedby names an id that is not on"),
    ],
)
def test_what_leads_nowhere_is_named(body: str, said: str) -> None:
    (fault,) = faults(body)
    assert fault.startswith(said)


def test_xhtml_is_read_as_xml() -> None:
    body = b'<body><p id="x"/><a href="#x">1</a><a href="#y">2</a></body>'
    page = b'<html xmlns="http://www.w3.org/1999/xhtml">' + body + b"</html>"
    assert [link.fault for link in Site({"a.xhtml": page}).links()] == ["", "a.xhtml has no such anchor"]


def printed(path: Path, annotation: pikepdf.Dictionary) -> list[Link]:
    """Return the links of a file of one page, which has the named place "here"."""
    made = pikepdf.new()
    page = made.add_blank_page()
    made.Root.Dests = pikepdf.Dictionary(here=pikepdf.Array([page.obj, pikepdf.Name.Fit]))
    page.obj.Annots = pikepdf.Array([made.make_indirect(annotation)])
    made.save(path)
    return list(pdf.links(path))


def link(**keys: pikepdf.Object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, **keys)


def test_a_pdf_names_its_places(tmp_path: Path) -> None:
    (found,) = printed(tmp_path / "a.pdf", link(Dest=pikepdf.Name("/here")))
    assert found == Link("a.pdf page 1", "/here", outside=False)
    (lost,) = printed(tmp_path / "a.pdf", link(Dest=pikepdf.String("gone")))
    assert str(lost) == "a.pdf page 1: gone: no such place in the file"
    uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/"))
    (outside,) = printed(tmp_path / "a.pdf", link(A=uri))
    assert outside.outside and outside.address == "https://example.org/"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://clinicaltrials.gov/study/NCT02101853", "must begin with https://"),
        ("mailto:someone@example.org", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://localhost/x", "names no host"),
        ("https://user@example.org/", "names no host"),
        ("https://example.org/a b", "holds a sign"),
        ("https://doi.org/", "is no DOI"),
        ("https://doi.org/10.12/x", "is no DOI"),
        ("https://dx.doi.org/10.1056/NEJMoa1", "is no DOI"),
        ("https://doi.org/https://doi.org/10.1056/x", "is no DOI"),
    ],
)
def test_a_malformed_address_is_told(address: str, said: str) -> None:
    assert fault_of(address).startswith(said)


def test_each_address_outside_is_listed_once() -> None:
    links = [Link("b", "https://doi.org/10.1000/b", outside=True), Link("a", "#x", outside=False)]
    links += [Link("c", "https://example.org/?a=1,2", outside=True), links[0]]
    assert listing(links) == 'address,kind\nhttps://doi.org/10.1000/b,doi\n"https://example.org/?a=1,2",page\n'
