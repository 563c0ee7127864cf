"""The Sphinx builder ``bookepub``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.builders.epub3 import Epub3Builder
from sphinx.errors import ExtensionError
from sphinx.util import logging

from bookpress.epub import gates, package
from bookpress.epub.page import MalformedPageError, make_page
from bookpress.epub.rearrange import NAME

logger = logging.getLogger(__name__)
NUMBERS = ".numbers"


class BookEpubBuilder(Epub3Builder):
    """Write one EPUB 3 file; the pages lie beside it, so that the next build writes only what changed.

    Sphinx's builder is taken for what it does with pages (names, ids, images); its templates, style sheets and scripts
    are not: they make a book that EPUBCheck refuses.
    """

    name = NAME
    epilog = "The e-book is in %(outdir)s."

    def get_outdated_docs(self) -> Iterator[str]:
        """Name the pages to write: also those that the builder of the web pages has read anew.

        Sphinx compares a page with its source alone. A number that changed in the data changes no source, and this
        builder, which runs second, reads nothing: without this it would keep the old number.
        """
        numbers = Path(self.outdir, NUMBERS)
        if not numbers.is_file() or numbers.read_text(encoding="utf-8") != self._numbers():
            yield from self.env.found_docs
            return
        yield from super().get_outdated_docs()
        for docname in self.env.found_docs:
            page, read = Path(self.get_outfilename(docname)), Path(self.doctreedir, f"{docname}.doctree")
            if page.exists() and read.exists() and read.stat().st_mtime_ns >= page.stat().st_mtime_ns:
                yield docname

    def _numbers(self) -> str:
        """Return a digest of the numbers of sections and figures, which a change elsewhere in the book may shift."""
        told = repr((sorted(self.env.toc_secnumbers.items()), sorted(self.env.toc_fignumbers.items())))
        return hashlib.sha256(told.encode()).hexdigest()

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        outfilename: str | None = None,
        event_arg: Any = None,
    ) -> None:
        """Write one page as strict XHTML: what is not well-formed fails the build, and names its page."""
        del templatename, event_arg
        try:
            made = make_page(
                addctx["body"],
                name=pagename,
                kind=self._kind(pagename),
                language=self.config.epub_language,
                notice=self.config.bookpress_notice,
            )
        except MalformedPageError as error:
            raise ExtensionError(f"{self.env.doc2path(pagename)}: {error}") from error
        target = Path(outfilename or self.get_outfilename(pagename))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made)

    def _kind(self, pagename: str) -> str:
        """Return what a page is in the words of EPUB: numbered pages are chapters."""
        if pagename == self.config.root_doc:
            return "preamble"
        return "chapter" if self.env.toc_secnumbers.get(pagename) else "appendix"

    def finish(self) -> None:
        """Copy the pictures and make the package; there are no index pages, scripts, or theme files."""
        self.copy_image_files()
        book = package.gather(self)
        for problem in gates.problems(book):
            logger.warning(problem, type="bookpress", subtype="epub")
        package.write(book, Path(self.outdir) / f"{self.config.epub_basename}.epub")
        self.write_buildinfo()
        Path(self.outdir, NUMBERS).write_text(self._numbers(), encoding="utf-8")
