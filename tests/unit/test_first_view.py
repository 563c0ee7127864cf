"""What a page waits for: the sheets it begins with become one, and no script holds it up."""

from __future__ import annotations

from pathlib import Path

import pytest

from bookpress.site.first_view import JOINED, deferred, hasten_pages, measured_in_slices

PAGE = (
    '<head><link rel="stylesheet" href="_static/styles/theme.css?v=1" />\n'
    '<link rel="stylesheet" href="_static/tab.css" />\n'
    '<link rel="stylesheet" href="_static/quiz.css" /><script src="_static/tab.js"></script></head>'
)


def site(folder: Path, **pages: str) -> Path:
    (folder / "_static" / "styles").mkdir(parents=True)
    (folder / "_static" / "styles" / "theme.css").write_text(
        '@import "../basic.css";p{background:url(../a.svg)}i{background:url("data:,x")}', encoding="utf-8"
    )
    (folder / "_static" / "basic.css").write_text("b{top:0}", encoding="utf-8")
    (folder / "_static" / "tab.css").write_text("p{left:0}", encoding="utf-8")
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


def test_sheets_that_every_page_begins_with_become_one_in_their_order(tmp_path: Path) -> None:
    out = site(tmp_path, one=PAGE, two=PAGE.replace('<link rel="stylesheet" href="_static/quiz.css" />', ""))
    hasten_pages(out)
    page = (out / "one.html").read_text(encoding="utf-8")
    assert page.count("stylesheet") == 2 and page.index(JOINED) < page.index("quiz.css")
    css = (out / JOINED).read_text(encoding="utf-8")
    assert css == 'b{top:0}p{background:url(a.svg)}i{background:url("data:,x")}\np{left:0}'


def test_a_page_that_was_done_before_stays_as_it_is(tmp_path: Path) -> None:
    out = site(tmp_path, one=PAGE)
    hasten_pages(out)
    done = (out / "one.html").read_bytes(), (out / JOINED).read_bytes()
    hasten_pages(out)
    assert ((out / "one.html").read_bytes(), (out / JOINED).read_bytes()) == done


def test_pages_that_begin_differently_are_refused(tmp_path: Path) -> None:
    out = site(tmp_path, one=PAGE, two=PAGE.replace("tab.css", "other.css"))
    with pytest.raises(ValueError, match=r"two\.html begins with the sheets .*other\.css"):
        hasten_pages(out)


def test_scripts_wait_last_and_options_stand_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "documentation_options.js").write_text("const A = {};\n", encoding="utf-8")
    options = '<script src="_static/documentation_options.js?v=1"></script>'
    page = f'{options}<script src="a.js"></script><script>A.b=1</script><script defer src="b.js"></script></body>'
    expected = (
        "<script>const A = {};</script><script>A.b=1</script>"
        '<script defer src="b.js"></script><script defer="defer" src="a.js"></script>\n</body>'
    )
    assert deferred(page, tmp_path) == expected
    assert deferred(expected, tmp_path) == expected


def test_the_script_of_the_theme_is_still_the_one_that_is_mended() -> None:
    """A new theme that measures its boxes in other words would be slow again, silently."""
    import pydata_sphinx_theme

    folder = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static" / "scripts"
    script = (folder / "pydata-sphinx-theme.js").read_text(encoding="utf-8")
    assert "performance.now()+8" in measured_in_slices(script)
