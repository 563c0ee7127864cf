"""The package around the pages: cover, title page, contents, manifest, and a zip whose bytes follow its content."""

from __future__ import annotations

import os
import re
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from sphinx import addnodes

from bookpress.epub import front
from bookpress.epub.contents import Entry, Part, entries, make_nav, special_pages
from bookpress.epub.cover import describe_cover, render_cover
from bookpress.epub.xhtml import NS
from bookpress.look import formula_style
from bookpress.site.css import purge
from bookpress.site.fonts import math_font
from bookpress.site.seen import look

if TYPE_CHECKING:
    from bookpress.epub.builder import BookEpubBuilder

ROOT = "EPUB"
MEDIA_TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
CONTAINER = f"""\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="{ROOT}/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
DIRECTION = re.compile(r"(?<![-\w])direction:\s*\w+;?")
# What the book does for readers who do not see it; each claim is checked by tests/book/test_epub.py.
FEATURES = (
    "structuralNavigation",
    "tableOfContents",
    "readingOrder",
    "alternativeText",
    "MathML",
    "describedMath",
    "displayTransformability",
    "unlocked",
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its place in the package, its bytes, and its tree."""

    href: str
    data: bytes
    tree: etree._Element


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that goes into the package."""

    pages: list[Page]
    """In reading order; the first is the cover."""
    files: dict[str, bytes]
    """Pictures, styles, fonts, by their place in the package."""
    metadata: dict[str, str] = field(default_factory=dict)


def gather(builder: BookEpubBuilder) -> Book:
    """Collect the written pages in reading order, and all that they need."""
    out, config = Path(builder.outdir), builder.config
    parts = reading_order(builder)
    docnames = [name for part in parts for name in part.docnames]
    written = [_page(f"{name}.xhtml", (out / f"{name}.xhtml").read_bytes()) for name in docnames]
    metadata = _metadata(builder)
    listed = {page.href: entries(page.href, page.tree) for page in written}
    toc: list[tuple[str, list[Entry]]] = [
        (part.title, [listed[f"{name}.xhtml"] for name in part.docnames]) for part in parts
    ]
    special = special_pages({page.href: page.tree for page in written})
    made = [
        _page("cover.xhtml", front.cover_page(metadata)),
        _page("title.xhtml", front.title_page(metadata)),
        _page("contents.xhtml", make_nav(toc, special, language=config.epub_language)),
    ]
    files = {"images/cover.png": render_cover(Path(builder.srcdir) / config.bookpress_epub_cover)}
    for page in written:
        for address in page.tree.xpath("//h:img/@src", namespaces=NS):
            name = os.path.normpath(Path(page.href).parent / address)
            if (out / name).is_file():
                files[name] = (out / name).read_bytes()
    files["styles/book-epub.css"] = resources.files("bookpress.epub").joinpath("book-epub.css").read_bytes()
    files["styles/formulas.css"] = _formula_style(written).encode()
    font, license_text = math_font([etree.tostring(page.tree, encoding="unicode") for page in written], out)
    files["fonts/stix-two-math.woff2"], files["fonts/stix-two-math-LICENSE.txt"] = font, license_text
    return Book(pages=[*made, *written], files=files, metadata=metadata)


def _formula_style(pages: list[Page]) -> str:
    """Return the style of formulas without what EPUB forbids: odd addresses in rules no page needs, a direction."""
    seen = look((etree.tostring(page.tree, encoding="unicode") for page in pages), ())
    return DIRECTION.sub("", purge(formula_style("../fonts/stix-two-math.woff2"), seen))


def reading_order(builder: BookEpubBuilder) -> list[Part]:
    """Return the parts of the book with the names of their pages; the first part holds the root alone."""
    env, root = builder.env, builder.config.root_doc

    def below(docname: str) -> list[str]:
        found = [docname]
        for child in env.toctree_includes.get(docname, []):
            found += below(child)
        return found

    parts = [Part("", [root])]
    for tree in env.get_doctree(root).findall(addnodes.toctree):
        names = [name for entry in tree["includefiles"] for name in below(entry)]
        parts.append(Part(tree.get("caption") or "", names))
    return parts


def _page(href: str, data: bytes) -> Page:
    return Page(href, data, etree.fromstring(data))


def _metadata(builder: BookEpubBuilder) -> dict[str, str]:
    """Return what the package says about the book, all as text."""
    config, pages = builder.config, builder.env.metadata.values()
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))
    edition = getattr(config, "bookpress_edition", "reader")
    identifier = config.epub_identifier
    if edition != "reader":  # another edition is another book
        identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{identifier}#{edition}')}"
    return {
        "title": config.epub_title,
        "author": config.epub_author,
        "publisher": config.epub_publisher,
        "language": config.epub_language,
        "description": config.epub_description,
        "rights": config.epub_copyright,
        "identifier": identifier,
        "version": config.release,
        "edition": edition,
        "modified": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
        "evidence": max((str(page.get("evidence_cutoff", "")) for page in pages), default=""),
        "checked": max((str(page.get("last_checked", "")) for page in pages), default=""),
        "notice": config.bookpress_notice,
        "cover_alt": describe_cover(Path(builder.srcdir) / config.bookpress_epub_cover),
        "accessibility": config.bookpress_epub_accessibility,
    }


def package_document(book: Book) -> str:
    """Return the OPF: metadata, every file, and the reading order."""
    about = {key: escape(value) for key, value in book.metadata.items()}
    metas = [
        ("dcterms:modified", about["modified"]),
        ("schema:version", about["version"]),
        ("schema:accessMode", "textual"),
        ("schema:accessMode", "visual"),
        ("schema:accessModeSufficient", "textual,visual"),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in FEATURES),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", about["accessibility"]),
    ]
    date = f"<dc:date>{about['checked']}</dc:date>" if about["checked"] else ""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" xml:lang="{about["language"]}"'
        ' unique-identifier="book-id">',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
        f'<dc:identifier id="book-id">{about["identifier"]}</dc:identifier>',
        *(
            f"<dc:{name}>{about[key]}</dc:{name}>"
            for name, key in (
                ("title", "title"),
                ("creator", "author"),
                ("publisher", "publisher"),
                ("language", "language"),
                ("description", "description"),
                ("rights", "rights"),
            )
        ),
        *([date] if date else []),
        *(f'<meta property="{name}">{value}</meta>' for name, value in metas if value),
        '<meta name="cover" content="images-cover-png"/>',  # readers of EPUB 2 look here
        "</metadata>",
        "<manifest>",
        *(_item(page.href, _properties(page)) for page in book.pages),
        *(_item(name, ["cover-image"] if name == "images/cover.png" else []) for name in sorted(book.files)),
        "</manifest>",
        "<spine>",
        *(f'<itemref idref="{_id(page.href)}"/>' for page in book.pages),
        "</spine>",
        "</package>",
    ]
    return "\n".join(lines) + "\n"


def _item(href: str, properties: list[str]) -> str:
    kind = MEDIA_TYPES[Path(href).suffix.lower()]
    named = f' properties="{" ".join(properties)}"' if properties else ""
    return f'<item id="{_id(href)}" href="{escape(href)}" media-type="{kind}"{named}/>'


def _id(href: str) -> str:
    """Return an XML name for a file: the manifest wants one."""
    name = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in href)
    return name if name[0].isalpha() else f"f-{name}"


def _properties(page: Page) -> list[str]:
    """Return what the manifest must say of a page."""
    found = ["nav"] if page.href == "contents.xhtml" else []
    found += ["mathml"] if page.tree.xpath("//m:math", namespaces=NS) else []
    return found + (["svg"] if page.tree.xpath("//*[local-name()='svg']") else [])


def write(book: Book, target: Path) -> None:
    """Write the zip: the type first and uncompressed, all else sorted, one date for all."""
    content = {"META-INF/container.xml": CONTAINER.encode(), f"{ROOT}/package.opf": package_document(book).encode()}
    content |= {f"{ROOT}/{page.href}": page.data for page in book.pages}
    content |= {f"{ROOT}/{name}": data for name, data in book.files.items()}
    aside = target.with_suffix(".tmp")
    with zipfile.ZipFile(aside, "w") as archive:
        _store(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name in sorted(content):
            _store(archive, name, content[name], zipfile.ZIP_DEFLATED)
    aside.replace(target)


def _store(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr, entry.compress_type, entry.create_system = 0o644 << 16, method, 3
    archive.writestr(entry, data, compresslevel=9 if method == zipfile.ZIP_DEFLATED else None)
