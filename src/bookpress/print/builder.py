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
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util import logging

from bookpress.print.edition import Printing, edition_of
from bookpress.print.handout import print_back
from bookpress.print.index import print_index
from bookpress.print.markup import content, escape, string
from bookpress.print.names import Names
from bookpress.print.resolved import ResolvedPages
from bookpress.print.translator import Translator
from bookpress.print.typst_compiler import Press, moment, prepare_fonts

logger = logging.getLogger(__name__)
TEMPLATE = Path(__file__).with_name("book.typ")
UNRESOLVED = re.compile(r'#(?:xref|fact)\("((?:[^"\\]|\\.)*)"\)\[')
Part = tuple[str | None, list[str]]


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
        """Take all pages, those of `docnames` resolved anew, and learn their ids."""
        pages = ResolvedPages(self.env, self.sources / "resolved", outdated=docnames)
        self.trees: dict[str, nodes.document] = {}
        self.names = Names()
        self.parts = list(self._parts())
        for docname in [docname for _, listed in self.parts for docname in listed]:
            tree = pages.page(docname)
            self.post_process_images(tree)
            self.trees[docname] = tree
            self.names.add_page(docname, tree)
        self.recurring = self._recurring()
        self.citations = frozenset(self._ids(nodes.citation))
        self.glossary = frozenset(
            (docname, one)
            for docname, tree in self.trees.items()
            for glossary in tree.findall(addnodes.glossary)
            for term in glossary.findall(nodes.term)
            for one in term["ids"]
        )

    def _recurring(self) -> frozenset[str]:
        """Return the headings that stand in most chapters ("Exercises"): the table of contents leaves them out."""
        chapters = self._numbered()
        found = Counter(
            title
            for docname in chapters
            for title in {one.astext() for one in self.trees[docname].findall(nodes.title)}
        )
        return frozenset(title for title, count in found.items() if count > 2 and 2 * count > len(chapters))

    def _ids(self, kind: type[nodes.Element]) -> Iterator[tuple[str, str]]:
        for docname, tree in self.trees.items():
            for node in tree.findall(kind):
                yield from ((docname, one) for one in node["ids"])

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
        self.sources = out.with_name(f".{out.name}")  # beside the PDF files, because it is no part of the edition
        (self.sources / "images").mkdir(parents=True, exist_ok=True)
        self.prepare_writing(set(updated_docnames))
        shutil.copyfile(TEMPLATE, self.sources / TEMPLATE.name)
        prepare_fonts(self.sources / "fonts")
        self.press = Press(self.sources)
        made = {f"{self.config.bookpdf_name}.pdf", *(f"{_file_name(docname)}.pdf" for docname in self._numbered())}
        self._book(f"{self.config.bookpdf_name}")
        for docname in self._numbered():
            self._handout(docname)
        for stale in out.glob("*.pdf"):
            if stale.name not in made:
                stale.unlink()

    def finish(self) -> None:
        """Nothing remains to be done."""

    def _numbered(self) -> list[str]:
        return [docname for docname in self.trees if self.env.toc_secnumbers.get(docname, {}).get("")]

    def _printing(self, *, is_book: bool) -> Printing:
        return Printing(
            builder=self,
            trees=self.trees,
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
            written += [Translator(printing, docname, level=level).page() for docname in docnames]
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

    def _handout(self, docname: str) -> None:
        printing = self._printing(is_book=False)
        text = Translator(printing, docname).page()
        number = self.env.toc_secnumbers[docname][""]
        head = self._head(
            "handout",
            title=self.env.titles[docname].astext(),
            number=string(".".join(map(str, number))),
            cutoff=self.env.metadata.get(docname, {}).get("evidence_cutoff"),
        )
        self._compile(_file_name(docname), printing, head + text + print_back(printing, docname))

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
    def _compile(self, name: str, printing: Printing, source: str) -> None:
        """Compile a source, unless the PDF that is there was made from the very same."""
        source = self._settle_links(printing, source)
        self._bring_pictures(printing)
        file = self.sources / f"print-{name}.typ"
        target = Path(self.outdir, f"{name}.pdf")
        file.write_text(source, encoding="utf-8")
        digest = self._digest(source)
        stamp = self.sources / f"{name}.made-from"
        if target.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
            logger.info("%s.pdf is up to date", name)
            return
        stamp.unlink(missing_ok=True)
        findings = self.press.compile(file, target)
        for found in findings:
            place = (found.docname, found.line) if found.docname else None
            logger.warning("%s.pdf: %s", name, found.text, location=place, type="bookpress", subtype="print")
        if not findings:
            stamp.write_text(digest, encoding="utf-8")
            logger.info("compiled %s.pdf", name)

    def _settle_links(self, printing: Printing, source: str) -> str:
        """Turn links whose target is not in this PDF into plain text; in the whole book that is a broken link."""
        missing = {label: node for label, node in printing.wanted.items() if label not in printing.made}
        for label, node in missing.items():
            docname = label.partition("#")[0]
            if printing.is_book or docname in printing.printed:
                text = "the print edition has no place %r to link to"
                logger.warning(text, label, location=node, type="bookpress", subtype="print")
        lost = {string(label) for label in missing}

        def settled(match: re.Match[str]) -> str:
            return "#plain[" if f'"{match[1]}"' in lost else match[0]

        return UNRESOLVED.sub(settled, source)

    def _bring_pictures(self, printing: Printing) -> None:
        for name, file in printing.images.items():
            target = self.sources / "images" / name
            if not target.exists():  # the name holds a hash of what the file holds
                shutil.copyfile(file, target)
        for name, text in printing.texts.items():
            (self.sources / "images" / name).write_text(text, encoding="utf-8")

    def _digest(self, source: str) -> str:
        """Return a hash of all that a PDF is made from."""
        digest = hashlib.sha256(source.encode())  # it names each picture by a hash of what the picture holds
        for file in sorted([*(self.sources / "fonts").glob("*.ttf"), self.sources / TEMPLATE.name]):
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


def _file_name(docname: str) -> str:
    return docname.replace("/", "-")


def _description(picture: Path) -> str:
    """Return what an SVG says about itself."""
    told = re.search(r"<desc\b[^>]*>(.*?)</desc>", picture.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(told[1].split()) if told else "Book cover."
