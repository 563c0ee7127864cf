"""Every link of every edition: does it lead somewhere, and which ones lead out of the book.

`pages` walks whatever is HTML or XHTML, `pdf` the printed pages, `editions` finds the files, `outside` judges and lists
the addresses that need a network.
"""

from bookpress.links.model import Link

__all__ = ["Link"]
