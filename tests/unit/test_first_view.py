"""What holds up the first view of a page: no script does, and the theme measures its boxes before it writes to them."""

from __future__ import annotations

from pathlib import Path

from bookpress.site.first_view import deferred, hasten_pages, measured_first

PAGE = '<script src="a.js"></script><script>A.b=1</script><script defer src="b.js"></script></body>'
HASTENED = '<script>A.b=1</script><script defer src="b.js"></script><script defer="defer" src="a.js"></script>\n</body>'


def test_scripts_wait_and_come_last_as_they_did() -> None:
    assert deferred(PAGE) == HASTENED
    assert deferred(HASTENED) == HASTENED


def test_pages_are_hastened_and_pieces_of_the_theme_are_not(tmp_path: Path) -> None:
    (tmp_path / "_static").mkdir()
    for name in ("one.html", "_static/piece.html"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    hasten_pages(tmp_path)
    assert (tmp_path / "one.html").read_text(encoding="utf-8") == HASTENED
    assert (tmp_path / "_static" / "piece.html").read_text(encoding="utf-8") == PAGE


def test_the_script_of_the_theme_is_still_the_one_that_is_mended() -> None:
    """A new theme that measures its boxes in other words would be slow again, silently."""
    import pydata_sphinx_theme

    folder = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static" / "scripts"
    script = (folder / "pydata-sphinx-theme.js").read_text(encoding="utf-8")
    assert "told=boxes.map(" in measured_first(script)
