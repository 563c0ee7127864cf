"""The first pages of the e-book: the cover, and a title page with version, evidence date, license, and notice."""

from __future__ import annotations

import datetime

from bookpress.epub.xhtml import OPS, element, skeleton

EDITIONS = {"assignment": "Assignment edition: without answers and solutions.", "lecturer": "Lecturer edition."}


def cover_page(about: dict[str, str]) -> bytes:
    """Return the page that shows the cover."""
    body = element("body", class_="cover")
    box = element("section")
    box.set(f"{{{OPS}}}type", "cover")
    box.append(element("img", src="images/cover.png", alt=about["cover_alt"], role="doc-cover"))
    body.append(box)
    return skeleton(body, title=about["title"], language=about["language"])


def title_page(about: dict[str, str]) -> bytes:
    """Return the page that says what the book is, of which day, and under which license."""
    body = element("body")
    page = element("section", class_="title-page")
    page.set(f"{{{OPS}}}type", "titlepage")
    page.append(element("h1", about["title"]))
    lines = [
        ("author", about["author"]),
        ("edition", EDITIONS.get(about["edition"], "")),
        ("description", about["description"]),
        ("version", f"Version {about['version']}."),
        ("evidence", f"Evidence to {_day(about['evidence'])}." if about["evidence"] else ""),
        ("checked", f"Last checked {_day(about['checked'])}." if about["checked"] else ""),
        ("rights", about["rights"]),
        ("notice", about["notice"]),
        ("accessibility", about["accessibility"]),
    ]
    page.extend(element("p", text, class_=f"title-{name}") for name, text in lines if text)
    body.append(page)
    return skeleton(body, title="Title page", language=about["language"])


def _day(iso: str) -> str:
    day = datetime.date.fromisoformat(iso)
    return f"{day:%B} {day.day}, {day.year}"
