"""The Sphinx builder ``bookpdf``: the whole book and a handout for each numbered chapter, as PDF/UA-1.

Doctrees become Typst, which a wheel compiles; nothing else needs to be installed. What a reader sees is decided in
``book.typ`` alone. A PDF is compiled again only if its Typst source, its pictures, or its fonts have changed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util import logging

from bookpress.print.edition import Printing, edition_of
from bookpress.print.handout import print_back
from bookpress.print.index import print_index
from bookpress.print.kept_pages import KeptPages
from bookpress.print.markup import content, escape, string
from bookpress.print.names import Names
from bookpress.print.resident import press_for
from bookpress.print.resolved import ResolvedPages
from bookpress.print.translator import Translator
from bookpress.print.typst_compiler import Finding, moment, prepare_fonts, sources_of

logger = logging.getLogger(__name__)
TEMPLATE = Path(__file__).with_name("book.typ")
UNRESOLVED = re.compile(r'#(?:xref|fact)\("((?:[^"\\]|\\.)*)"\)\[')
Part = tuple[str | None, list[str]]
# Settings that the text of a page is written by; what stands around it is in the head of its PDF.
SHOWN = ("root_doc", "numfig", "numfig_format", "math_numfig", "math_number_all")


@dataclass(frozen=True)
class UnderWay:
    """A PDF that is being made."""

    name: str
    stamp: str
    """What it is made from, if it may be kept."""
    findings: Future[list[Finding]] | None
    """What goes wrong with it; nothing if it lies there already."""


class BookPdfBuilder(Builder):
    """Writes ``<book>.pdf`` and ``<chapter>.pdf``."""

    name = "bookpdf"
    format = "typst"
    epilog = "The PDF files are in %(outdir)s."
    allow_parallel = False
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]  # noqa: RUF012

    def get_outdated_docs(self) -> str:
        """Write all: which PDF must be compiled again is decided by what was written."""
        return "all pages"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return a page's address inside the PDF: it begins with a percent sign."""
        del typ
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same: places of a PDF have no folders."""
        del from_
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Learn what must be known of all pages; those of `docnames` are resolved anew."""
        self.parts = list(self._parts())
        listed = [docname for _, pages in self.parts for docname in pages]
        self.pages = ResolvedPages(
            self.env,
            self.sources / "resolved",
            docnames=listed,
            outdated=docnames,
            prepare=self.post_process_images,
        )
        told = {docname: self.pages.about(docname) for docname in listed}
        self.names = Names()
        for docname, about in told.items():
            self.names.add_page(docname, about.labels)
        self.recurring = self._recurring()
        self.citations = frozenset((docname, one) for docname, about in told.items() for one in about.citations)
        self.glossary = frozenset((docname, one) for docname, about in told.items() for one in about.terms)

    def _recurring(self) -> frozenset[str]:
        """Return the headings that stand in most chapters ("Exercises"): the table of contents leaves them out."""
        chapters = self._numbered()
        found = Counter(title for docname in chapters for title in self.pages.about(docname).headings)
        return frozenset(title for title, count in found.items() if count > 2 and 2 * count > len(chapters))

    def _parts(self) -> Iterator[Part]:
        """Yield each part's title with its pages, in reading order; the first page of the book has no part."""
        root = self.config.root_doc
        yield None, [root]
        for tree in self.env.get_doctree(root).findall(addnodes.toctree):
            listed = [docname for _, docname in tree["entries"] if docname in self.env.all_docs]
            yield tree.get("caption"), [page for docname in listed for page in self._below(docname)]

    def _below(self, docname: str) -> Iterator[str]:
        yield docname
        for child in self.env.toctree_includes.get(docname, []):
            yield from self._below(child)

    def write(self, _build_docnames: Any, updated_docnames: Sequence[str], _method: str = "update") -> None:
        """Write and compile the book and its handouts."""
        out = Path(self.outdir)
        self.sources = sources_of(out)
        (self.sources / "images").mkdir(parents=True, exist_ok=True)
        self.prepare_writing(set(updated_docnames))
        shutil.copyfile(TEMPLATE, self.sources / TEMPLATE.name)
        prepare_fonts(self.sources / "fonts")
        self.look = self._look()
        self.press = press_for(self.sources)
        self.kept = KeptPages(self.sources / "written", pages=self.pages, shared=self._shared())
        made = {f"{self.config.bookpdf_name}.pdf", *(f"{_file_name(docname)}.pdf" for docname in self._numbered())}
        self.under_way: list[UnderWay] = []
        with ThreadPoolExecutor(max_workers=2) as self.pool:  # one source is set while another PDF is packed
            # A compiler that stays forgets what its last ten PDFs did not use: the book, by far the largest, is set in
            # the middle of the handouts, so that it is remembered, and packed while others are set.
            handouts = self._numbered()
            for docname in handouts[: len(handouts) // 2]:
                self._handout(docname)
            self._book(f"{self.config.bookpdf_name}")
            for docname in handouts[len(handouts) // 2 :]:
                self._handout(docname)
            for one in self.under_way:
                self._note(one)
        for stale in out.glob("*.pdf"):
            if stale.name not in made:
                stale.unlink()

    def finish(self) -> None:
        """Nothing remains to be done."""

    def _numbered(self) -> list[str]:
        return [docname for docname in self.pages if self.env.toc_secnumbers.get(docname, {}).get("")]

    def _printing(self, *, is_book: bool) -> Printing:
        return Printing(
            builder=self,
            trees=self.pages,
            names=self.names,
            citations=self.citations,
            glossary=self.glossary,
            recurring=self.recurring,
            is_book=is_book,
        )

    # --- the two kinds of PDF ---------------------------------------------------------------------------------------
    def _book(self, name: str) -> None:
        printing = self._printing(is_book=True)
        written = []
        is_main = False
        for title, docnames in self.parts:
            if title is not None and not is_main:
                written.append("\n#show: main-matter\n")
                is_main = True
            if title is not None:
                written.append(Translator(printing, docnames[0]).print_part(title, docnames))
            level = 1 if title is None else 2
            written += [self._page(printing, docname, level=level) for docname in docnames]
        written.append(print_index(printing))
        cover = Path(self.srcdir, self.config.bookpdf_cover) if self.config.bookpdf_cover else None
        head = self._head(
            "book",
            title=self.config.project,
            cover=string(f"images/{printing.add_image(cover)}") if cover else "none",
            cover_alt=string(_description(cover) if cover else ""),
            license=content(escape(self.config.bookpdf_license)),
        )
        self._compile(name, printing, head + "".join(written))

    def _page(self, printing: Printing, docname: str, *, level: int) -> str:
        """Return the source of a page of the book, written now or by an earlier build."""
        found = self.kept.find(docname, level=level, printing=printing)
        if found is None:
            aside = printing.aside(before=printing.gathered)
            found = Translator(aside, docname, level=level).page(), aside.gathered
            self.kept.keep(docname, *found, level=level)
        text, gathered = found
        printing.gathered.add(gathered)
        return text

    def _handout(self, docname: str) -> None:
        number = self.env.toc_secnumbers[docname][""]
        head = self._head(
            "handout",
            title=self.env.titles[docname].astext(),
            number=string(".".join(map(str, number))),
            cutoff=self.env.metadata.get(docname, {}).get("evidence_cutoff"),
        )
        back = {page for page, _ in self.citations | self.glossary} - {docname}
        pages = self.kept.key(docname, *back, head=head)
        if self._is_made(_file_name(docname), pages):
            logger.info("%s.pdf is up to date", _file_name(docname))
            return
        printing = self._printing(is_book=False)
        text = Translator(printing, docname).page()
        self._compile(_file_name(docname), printing, head + text + print_back(printing, docname), pages)

    def _head(self, function: str, *, title: str, cutoff: str | None = None, **more: str) -> str:
        """Return the lines that choose the template and tell it about the book."""
        cutoffs = [given["evidence_cutoff"] for given in self.env.metadata.values() if given.get("evidence_cutoff")]
        day = moment()
        settings = {
            "title": string(title),
            "book": string(self.config.project),
            "author": string(self.config.author),
            "version": string(self.config.release),
            "edition": string(edition_of(self.config)),
            "cutoff": string(cutoff or max(cutoffs, default="")),
            "notice": string(self.config.bookpdf_notice),
            "lang": string(self.config.language or "en"),
            "date": f"datetime(year: {day.year}, month: {day.month}, day: {day.day})",
            **more,
        }
        listed = ", ".join(f"{key.replace('_', '-')}: {value}" for key, value in settings.items())
        return f'#import "{TEMPLATE.name}": *\n#show: {function}.with({listed})\n'

    # --- from source to PDF -----------------------------------------------------------------------------------------
    def _compile(self, name: str, printing: Printing, source: str, pages: str = "") -> None:
        """Compile a source, unless the PDF that is there was made from the very same.

        `pages` is a digest of what the source was written from: known by it, the source need not be written next time.
        """
        source = self._settle_links(printing, source)
        self._bring_pictures(printing)
        file = self.sources / f"print-{name}.typ"
        file.write_text(source, encoding="utf-8")
        digest = hashlib.sha256((self.look + source).encode()).hexdigest()
        is_made = self._is_made(name, digest)
        self._stamp(name).unlink(missing_ok=True)
        findings = None if is_made else self.pool.submit(self.press.compile, file, Path(self.outdir, f"{name}.pdf"))
        stamp = "" if printing.gathered.has_warned else f"{digest} {pages}"
        self.under_way.append(UnderWay(name, stamp, findings))

    def _note(self, one: UnderWay) -> None:
        """Wait for a PDF; say what is wrong with it, or note what it was made from."""
        findings = one.findings.result() if one.findings else []
        for found in findings:
            place = (found.docname, found.line) if found.docname else None
            logger.warning("%s.pdf: %s", one.name, found.text, location=place, type="bookpress", subtype="print")
        if not findings and one.stamp:
            self._stamp(one.name).write_text(one.stamp, encoding="utf-8")
            logger.info("%s.pdf is %s", one.name, "compiled" if one.findings else "up to date")

    def _is_made(self, name: str, digest: str) -> bool:
        """Tell whether a PDF is there that was made from this."""
        stamp = self._stamp(name)
        is_there = Path(self.outdir, f"{name}.pdf").exists() and stamp.exists()
        return is_there and digest in stamp.read_text(encoding="utf-8").split()

    def _stamp(self, name: str) -> Path:
        return self.sources / f"{name}.made-from"

    def _settle_links(self, printing: Printing, source: str) -> str:
        """Turn links whose target is not in this PDF into plain text; in the whole book that is a broken link."""
        gathered = printing.gathered
        missing = {label: place for label, place in gathered.wanted.items() if label not in gathered.made}
        for label, place in missing.items():
            docname = label.partition("#")[0]
            if printing.is_book or docname in gathered.printed:
                text = "the print edition has no place %r to link to"
                logger.warning(text, label, location=place, type="bookpress", subtype="print")
                gathered.has_warned = True
        lost = {string(label) for label in missing}

        def settled(match: re.Match[str]) -> str:
            return "#plain[" if f'"{match[1]}"' in lost else match[0]

        return UNRESOLVED.sub(settled, source)

    def _bring_pictures(self, printing: Printing) -> None:
        for name, file in printing.gathered.images.items():
            target = self.sources / "images" / name
            if not target.exists():  # the name holds a hash of what the file holds
                shutil.copyfile(file, target)
        for name, text in printing.gathered.texts.items():
            (self.sources / "images" / name).write_text(text, encoding="utf-8")

    def _look(self) -> str:
        """Return a digest of what gives each PDF its look."""
        digest = hashlib.sha256()
        for file in sorted([*(self.sources / "fonts").glob("*.ttf"), self.sources / TEMPLATE.name]):
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def _shared(self) -> str:
        """Return what the text of each page may show, or is written by."""
        shown = [getattr(self.config, name) for name in SHOWN if name in self.config]
        return repr([self.look, sorted(self.recurring), edition_of(self.config), shown])


def _file_name(docname: str) -> str:
    return docname.replace("/", "-")


def _description(picture: Path) -> str:
    """Return what an SVG says about itself."""
    told = re.search(r"<desc\b[^>]*>(.*?)</desc>", picture.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(told[1].split()) if told else "Book cover."
