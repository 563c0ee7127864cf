"""Where the evidence tables lie: beside the package in a checkout, or wherever BITEBOOK_DATA points."""

from __future__ import annotations

import os
from pathlib import Path


def data_dir() -> Path:
    """Return the folder that holds the evidence and rule tables.

    The environment variable ``BITEBOOK_DATA`` wins, so that tests and the in-page Python can point elsewhere.
    Otherwise it is ``data/`` at the root of the checkout this package is installed from.

    Returns
    -------
    Path
        An existing folder.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist; the message says what to set.

    Examples
    --------
    >>> data_dir().name
    'data'
    """
    named = os.environ.get("BITEBOOK_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "data"
    if not folder.is_dir():
        raise FileNotFoundError(
            f"the evidence folder {folder} does not exist; set BITEBOOK_DATA to the data/ folder of the book"
        )
    return folder
