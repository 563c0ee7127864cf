"""Live cells as a reader meets them: opened from a folder, without a network, by mouse and by keyboard alone."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import HTML, Visit, open_visit
from tests.browser.live import LIVE_CELL, Cell, calculator_pages, cells, live_pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
WORKSHOP = "08-dosing-workshop.html"
TEXT_OF = "e => [...e.querySelectorAll('pre')].map(p => p.textContent).join('')"


@pytest.fixture(scope="module")
def workshop(browser: Browser) -> Iterator[Visit]:
    """One page for many tests: Python starts once in it."""
    visit = open_visit(browser, WORKSHOP)
    yield visit
    visit.page.context.close()


@pytest.fixture
def cell(workshop: Visit) -> Iterator[Cell]:
    """The first live cell of the workshop, set back after the test."""
    one = cells(workshop.page)[0]
    yield one
    one.reset()


def test_there_are_enough_live_cells() -> None:
    assert sum((HTML / name).read_text(encoding="utf-8").count("tag_live") for name in live_pages()) >= 12
    assert len(live_pages()) >= 4
    assert len(calculator_pages()) >= 1


@pytest.mark.parametrize("name", sorted({*live_pages(), *calculator_pages()}))
def test_python_is_loaded_by_the_first_click_and_not_before(open_page: Opener, name: str) -> None:
    visit = open_page(name)
    visit.page.wait_for_load_state("networkidle")
    assert visit.loads and not [url for url in visit.loads if url.startswith(f"{HTML.as_uri()}/live/")]
    with visit.page.expect_request("**/live/python-runtime.js*"):
        visit.page.locator(f"{LIVE_CELL} .live-button, form.live-calc button").first.dispatch_event("click")


@pytest.mark.parametrize("name", live_pages())
def test_every_live_cell_prints_what_the_build_printed(open_page: Opener, name: str) -> None:
    visit = open_page(name)
    assert "stays on this machine; this page cannot reach any network" in (
        visit.page.locator("main").text_content() or ""
    )
    for one in cells(visit.page):
        built = one.built.evaluate(TEXT_OF)
        assert one.built.is_visible(), "what was built stays until the cell is run"
        assert one.run().rstrip() == built.rstrip()
        expect(one.status).to_have_text("Done; the output follows.")
        assert not one.built.is_visible()
    assert visit.requests == visit.complaints == []


def test_variables_are_shared_within_a_page(workshop: Visit, cell: Cell) -> None:
    cell.run("shared = 20")
    other = cells(workshop.page)[1]
    assert other.run("shared + 1") == "21\n"
    other.reset()


def test_the_package_of_the_page_is_the_package_of_the_repository() -> None:
    script = (HTML / "live" / "book-modules.js").read_text(encoding="utf-8")
    book = json.loads(script[script.index("{") : script.index("};\n") + 1])
    files = json.loads(gzip.decompress(base64.b64decode(book["files"])))
    root = HTML.parents[1]
    assert {"src/bitebook/dosing/dose.py", "src/bitebook/infusion.py", "data/dosing_rules.csv"} <= set(files)
    for name, text in files.items():
        assert text.encode("utf-8") == (root / name).read_bytes(), name


def test_stop_ends_an_endless_loop_at_once(workshop: Visit, cell: Cell) -> None:
    cell.run("kept = 1")
    cell.editor.fill("print('in the loop', flush=True)\nwhile True: pass")
    cell.button("Run").click()
    expect(cell.output).to_have_text("in the loop\n")
    assert workshop.page.evaluate("1 + 1") == 2, "the page stays responsive"
    expect(cell.button("Stop")).to_have_attribute("aria-disabled", "false")
    cell.button("Stop").click()
    cell.ended()
    expect(cell.status).to_have_text("Stopped. Python started anew; variables of earlier runs are lost.")
    assert cell.output.text_content() == "in the loop\n", "what was printed stays"
    assert "NameError" in cell.run("kept")


def test_stop_while_another_cell_waits_ends_both(workshop: Visit, cell: Cell) -> None:
    other = cells(workshop.page)[1]
    cell.editor.fill("while True: pass")
    cell.button("Run").click()
    cell.running()
    other.button("Run").click()
    cell.button("Stop").click()
    cell.ended()
    other.ended()
    expect(other.status).to_have_text(re.compile("^Stopped"))
    other.reset()


def test_stop_while_python_starts_is_heard(open_page: Opener) -> None:
    one = cells(open_page(WORKSHOP).page)[0]
    one.button("Run").click()
    one.button("Stop").click()
    one.ended()
    assert one.run("1 + 1") == "2\n"


def test_reset_brings_back_code_and_output(workshop: Visit) -> None:
    one = cells(workshop.page)[2]
    code = one.editor.input_value()
    assert one.run("print('mine')") == "mine\n"
    one.button("Reset").click()
    assert one.editor.input_value() == code
    assert one.box.locator(".live-editor pre").text_content().rstrip() == code
    assert one.built.is_visible() and not one.output.is_visible()
    expect(one.status).to_have_text("The code and output of the book are back.")


def test_an_error_shows_the_cell_alone(cell: Cell) -> None:
    shown = cell.run("from bitebook import dosing\ndosing.body_surface_area(weight_kg=-3, height_cm=117)")
    assert 'File "<cell 1>", line 2' in shown
    assert shown.count("File ") == 1, "no line of the package, none of the press"
    assert shown.rstrip().endswith("weight_kg must be a number from 1 to 300 kg, got -3")
    expect(cell.status).to_have_text("Ended with an error, shown below.")


def test_what_is_not_there_is_said(cell: Cell) -> None:
    assert "In the page there are the standard library and this book's own package" in cell.run("import numpy")


def test_a_drawing_and_a_table_are_shown(cell: Cell) -> None:
    cell.run(
        'class Curve:\n    def _repr_svg_(self): return \'<svg width="20" height="9"><path d="M0 0L20 9"/></svg>\'\n'
        "class Table:\n    def _repr_html_(self): return '<table><tr><th>kg</th></tr></table>'\n"
        "display(Curve())\nTable()"
    )
    expect(cell.output.locator("svg path")).to_have_count(1)
    expect(cell.output.locator("table th")).to_have_text("kg")


def test_a_breakdown_of_python_is_survived(cell: Cell) -> None:
    cell.run("import sys\nsys.setrecursionlimit(10**9)\ndef fall(): fall()\nfall()")  # no Python survives this
    expect(cell.status).to_have_text(re.compile("^Python broke down and lost its variables"))
    assert cell.run("1 + 1") == "2\n"


# ---- keyboard, screen reader, phone ----


def test_keyboard_alone(workshop: Visit, cell: Cell) -> None:
    keyboard = workshop.page.keyboard
    cell.editor.focus()
    keyboard.press("Control+a")
    keyboard.type("for i in range(2):")
    keyboard.press("Enter")
    keyboard.type("print(i)")
    keyboard.press("Enter")
    keyboard.press("Backspace")
    assert cell.editor.input_value() == "for i in range(2):\n    print(i)\n   ", "Enter keeps the indentation"
    keyboard.press("Tab")
    assert cell.editor.input_value().endswith("\n    "), "Tab indents to the next stop"
    keyboard.press("Control+Enter")
    cell.ended()
    assert cell.output.text_content() == "0\n1\n"
    keyboard.press("Escape")
    expect(cell.button("Run")).to_be_focused()
    for name in ("Stop", "Reset"):
        keyboard.press("Tab")
        expect(cell.button(name)).to_be_focused()
    keyboard.press("Tab")
    assert not cell.box.evaluate("box => box.contains(document.activeElement)"), "no trap: Tab leaves the cell"
    cell.button("Run").focus()
    keyboard.press("Enter")
    cell.ended()
    expect(cell.button("Run")).to_be_focused()


def test_shift_tab_leaves_the_editor_backward(workshop: Visit, cell: Cell) -> None:
    cell.editor.focus()
    workshop.page.keyboard.press("Shift+Tab")
    expect(cell.editor).not_to_be_focused()


def test_names_and_roles(workshop: Visit) -> None:
    for number, one in enumerate(cells(workshop.page), start=1):
        assert one.editor.get_attribute("aria-label") == f"Python code, live cell {number}"
        assert "Esc leaves the editor" in (one.editor.get_attribute("aria-description") or "")
        assert one.status.count() == 1
        assert one.box.get_by_role("group", name=f"Live cell {number}", exact=True).count() == 1


def test_focus_is_seen(workshop: Visit, cell: Cell) -> None:
    workshop.page.keyboard.press("Tab")  # the browser shows focus rings to those who use the keyboard
    for part in (cell.editor, cell.button("Run")):
        part.focus()
        assert float(part.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)")) >= 2


def test_the_copy_button_lies_above_the_editor(cell: Cell) -> None:
    cell.box.locator(".live-editor").hover()
    cell.box.locator(".live-editor .copybtn").click(trial=True)  # fails if the text field would catch the click


def test_code_stays_colored_while_typing(workshop: Visit, cell: Cell) -> None:
    cell.editor.fill("# why\ndef f(x):\n    return 'a' + str(2)")
    painted = cell.box.locator(".live-editor pre")
    colors = {
        painted.locator(f".{kind}").first.evaluate("e => getComputedStyle(e).color")
        for kind in ("c1", "k", "nf", "s2", "mi")
    }
    assert len(colors) >= 4
    assert painted.text_content() == "# why\ndef f(x):\n    return 'a' + str(2)\n"


@pytest.mark.parametrize("name", live_pages())
def test_editor_and_colored_code_lie_on_each_other(open_page: Opener, name: str) -> None:
    page = open_page(name).page
    for width, mode in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("mode => { document.documentElement.dataset.theme = mode; }", mode)
        for one in cells(page):
            one.editor.fill(one.editor.input_value() + "\n" + "word " * 60 + "x" * 120)
            told = one.box.locator(".live-editor").evaluate("""frame => {
                const pre = frame.querySelector('pre'), area = frame.querySelector('textarea');
                const seen = ['fontSize', 'lineHeight', 'fontFamily', 'paddingLeft', 'tabSize', 'width', 'height'];
                return {
                  apart: seen.filter(name => getComputedStyle(pre)[name] !== getComputedStyle(area)[name]),
                  over: area.scrollHeight - area.clientHeight,
                  caret: getComputedStyle(area).caretColor, ground: getComputedStyle(pre).backgroundColor };
            }""")
            assert told["apart"] == [] and told["over"] <= 0, "both wrap alike"
            assert told["caret"] != told["ground"]
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


# ---- readers without a new browser, without scripts, on paper ----


def test_an_old_browser_gets_one_sentence_and_the_whole_page(open_page: Opener) -> None:
    page = open_page(WORKSHOP, before="delete window.DecompressionStream;").page
    told = page.get_by_text("This browser is too old to run the book's Python in the page.")
    assert told.count() == 1 and told.is_visible()
    assert page.locator(".live-button, .live-editor, form.live-calc:visible").count() == 0
    assert page.locator(f"{LIVE_CELL} .cell_output").first.is_visible()


def test_a_browser_that_refuses_the_worker_says_so(open_page: Opener) -> None:
    page = open_page(WORKSHOP, before="window.Worker = class { constructor() { throw new Error('forbidden'); } };").page
    one = cells(page)[0]
    one.button("Run").click()
    one.ended()
    expect(one.status).to_have_text(re.compile("forbidden"))


def test_without_scripts_nothing_is_lost(open_page: Opener) -> None:
    page = open_page(WORKSHOP, scripts=False).page
    assert page.locator(".live-bar, .live-note").count() == 0
    for box in page.locator(LIVE_CELL).all():
        assert box.locator(".cell_input pre").is_visible() and box.locator(".cell_output").is_visible()


def test_paper_shows_what_was_built(open_page: Opener) -> None:
    page = open_page(WORKSHOP).page
    page.emulate_media(media="print")
    assert page.locator(".live-bar:visible, .live-note:visible").count() == 0
    assert page.locator(f"{LIVE_CELL} .cell_output:visible").count() == page.locator(LIVE_CELL).count()
