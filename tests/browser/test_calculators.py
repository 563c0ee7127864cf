"""Every calculator in a browser: the answer is the package's own, wrong entries bring no number, nothing is stale."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bitebook.calculators import CALCULATORS, answer
from tests.browser.conftest import HTML, LOCAL

pytestmark = [pytest.mark.browser, pytest.mark.book]

PATIENCE_MS = 60_000  # the first answer waits for Python to start, on a busy machine
#: A second set of entries for each calculator, with another result than its worked example.
OTHERS = {
    "dose": {"weight_kg": "50", "height_cm": "", "indication": "consolidation", "cycles": "2", "start": "2028-02-29"},
    "bag": {"mcg_per_day": "28", "duration_h": "168", "weight_kg": "50", "line_volume_ml": ""},
    "concentration": {
        "bsa_m2": "1.88",
        "first_mcg_per_day": "9",
        "second_mcg_per_day": "28",
        "stop_h": "",
        "pause_h": "",
    },
    "bsa": {"weight_kg": "3.4", "height_cm": "50"},
    "effect": {
        "events_treated": "0",
        "n_treated": "30",
        "events_control": "2",
        "n_control": "29",
        "confidence": "0.99",
    },
    "toxicity": {"event": "seizure", "grade": "3", "number_of_seizures": "1", "at_starting_dose": "yes"},
}
#: A field of each calculator and three kinds of entries it must refuse: no number, out of range, empty.
WRONG = {
    "dose": ("weight_kg", ("18 lb", "-3", "")),
    "bag": ("mcg_per_day", ("12,4", "28.1", "")),
    "concentration": ("first_days", ("abc", "0", "")),
    "bsa": ("height_cm", ("1,10 m", "1.17", "")),
    "effect": ("events_control", ("NaN", "55", "")),
    "toxicity": ("weight_kg", ("1e400", "301", "")),
}
NAMES = list(CALCULATORS)
assert set(OTHERS) == set(WRONG) == set(NAMES)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The page with all calculators, opened from its folder with the network refused; its Python starts once."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    remote: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: None if request.url.startswith(LOCAL) else remote.append(request.url))
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto((HTML / "calculators.html").as_uri(), wait_until="load")
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    context.close()
    assert remote == [] and complaints == []


@pytest.fixture
def form(page: Page, request: pytest.FixtureRequest) -> Locator:
    """The form named by the parameter ``name`` of the test, as the page was built."""
    found = page.locator(f"form.live-calc[data-call={request.getfixturevalue('name')}]")
    expect(found).to_be_visible()
    found.evaluate("form => form.reset()")
    return found


def field(form: Locator, name: str) -> Locator:
    return form.locator(f"[name={name}]")


def enter(form: Locator, typed: dict[str, str]) -> None:
    for name, text in typed.items():
        control = field(form, name)
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)


def submit(form: Locator) -> None:
    form.locator("button[type=submit]").click()


def native(name: str, typed: dict[str, str]) -> dict[str, str]:
    return json.loads(answer(name, json.dumps(CALCULATORS[name].example | typed)))


def expect_answer(form: Locator, name: str, typed: dict[str, str]) -> None:
    """Wait until the form shows the answer that the package gives natively, to the letter."""
    told = native(name, typed)
    assert told["ok"], told
    expect(form.locator("output")).to_have_text(told["status"], timeout=PATIENCE_MS)
    same = """(result, html) => {
        const template = document.createElement("template");
        template.innerHTML = html;
        return result.innerHTML === template.innerHTML;
    }"""
    assert form.locator(".live-result").evaluate(same, told["html"]), form.locator(".live-result").inner_text()
    expect(form.locator("[aria-invalid]")).to_have_count(0)


def expect_nothing(form: Locator) -> None:
    expect(form.locator(".live-result")).to_be_empty()
    expect(form.locator("output")).to_have_text("")


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_example_and_another_case(form: Locator, name: str) -> None:
    submit(form)
    expect_answer(form, name, {})
    enter(form, OTHERS[name])
    expect_nothing(form)
    submit(form)
    expect_answer(form, name, OTHERS[name])
    assert native(name, OTHERS[name])["status"] != native(name, {})["status"]


@pytest.mark.parametrize("name", ["dose", "bsa", "effect", "concentration"])
def test_random_entries_give_the_answer_of_the_package(form: Locator, name: str) -> None:
    dice = random.Random(name)
    for _ in range(5):
        typed = {
            "dose": {
                "weight_kg": str(round(dice.uniform(3, 90), 1)), "height_cm": str(round(dice.uniform(45, 190), 1)),
                "cycles": str(dice.randint(1, 4)), "indication": dice.choice(["relapsed-refractory", "mrd-positive"]),
            },
            "bsa": {"weight_kg": f"{dice.uniform(2, 120):.2f}", "height_cm": f"{dice.uniform(45, 200):.1f}"},
            "effect": {
                "n_treated": str(dice.randint(50, 400)), "events_treated": str(dice.randint(0, 50)),
                "n_control": str(dice.randint(50, 400)), "events_control": str(dice.randint(0, 50)),
            },
            "concentration": {
                "bsa_m2": str(round(dice.uniform(0.4, 2.4), 2)), "stop_h": str(dice.randint(1, 600)),
                "pause_h": str(dice.randint(1, 30)), "make_up": dice.choice(["yes", "no"]),
            },
        }[name]  # fmt: skip
        enter(form, typed)
        submit(form)
        expect_answer(form, name, typed)


@pytest.mark.parametrize("name", NAMES)
def test_wrong_entries_bring_a_message_at_the_field_and_no_number(form: Locator, name: str) -> None:
    wrong, texts = WRONG[name]
    control, error = field(form, wrong), form.locator(f"#{field(form, wrong).get_attribute('id')}-error")
    for text in texts:
        submit(form)
        expect_answer(form, name, {})  # a result stands there, and must give way
        control.fill(text)
        expect_nothing(form)
        submit(form)
        told = native(name, {wrong: text})
        assert told["ok"] is False and told["field"] == wrong
        expect(error).to_have_text(told["message"], timeout=PATIENCE_MS)
        expect(error).to_be_visible()
        expect(control).to_have_attribute("aria-invalid", "true")
        expect(control).to_be_focused()
        assert error.get_attribute("id") in control.get_attribute("aria-describedby").split()
        expect_nothing(form)
        control.fill(CALCULATORS[name].example[wrong])
        expect(error).to_be_empty()
        expect(control).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("name", NAMES)
def test_the_keyboard_alone_is_enough(page: Page, form: Locator, name: str) -> None:
    expected = CALCULATORS[name].example | OTHERS[name]
    fields = CALCULATORS[name].fields
    field(form, fields[0].name).focus()
    for one in fields:
        control = field(form, one.name)
        expect(control).to_be_focused()
        if one.kind == "choice":
            label = next(choice.label for choice in one.choices if choice.value == expected[one.name])
            page.keyboard.type(label)
            expect(control).to_have_value(expected[one.name])
            page.keyboard.press("Tab")
        elif one.kind == "date":
            year, month, day = expected[one.name].split("-")
            page.keyboard.type(month + day + year)
            expect(control).to_have_value(expected[one.name])
            while control.evaluate("control => control === document.activeElement"):
                page.keyboard.press("Tab")  # out of day, month, year, and the button of the calendar
        else:
            page.keyboard.press("ControlOrMeta+A")
            page.keyboard.press("Delete")
            page.keyboard.type(expected[one.name])
            page.keyboard.press("Tab")
    expect(form.locator("button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect_answer(form, name, OTHERS[name])
    page.keyboard.press("Tab")  # a wide table scrolls by the keyboard, too
    assert form.locator(".calc-scroll, summary").first.evaluate("part => part === document.activeElement")
    field(form, fields[0].name).focus()
    if fields[0].kind != "choice":
        page.keyboard.press("Enter")  # from within a field
        expect_answer(form, name, OTHERS[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_gone_as_soon_as_any_field_changes(form: Locator, name: str) -> None:
    for one in CALCULATORS[name].fields:
        submit(form)
        expect_answer(form, name, {})
        control = field(form, one.name)
        if one.kind == "choice":
            other = next(choice.value for choice in one.choices if choice.value != one.default)
            control.select_option(other)
        elif one.kind == "date":
            control.fill("2030-01-01")
        else:
            control.press("End")
            control.press("1")
        expect_nothing(form)
        form.evaluate("form => form.reset()")


def test_a_late_answer_to_old_entries_is_dropped(page: Page) -> None:
    first, second = (page.locator(f"form.live-calc[data-call={name}]") for name in ("concentration", "bsa"))
    for form in (first, second):
        form.evaluate("form => form.reset()")
    submit(first)
    field(first, "first_days").fill("5")
    submit(second)  # the worker answers in order: once this answer is here, the first one has come
    expect_answer(second, "bsa", {})
    expect_nothing(first)


def test_without_scripts_the_worked_examples_can_be_read(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((HTML / "calculators.html").as_uri())
    assert page.locator("form.live-calc").count() == len(NAMES)
    expect(page.locator("form.live-calc:visible")).to_have_count(0)
    for place, name in enumerate(NAMES):
        example = page.locator(".calculator details.calc-example").nth(place)
        example.locator("summary").first.click()
        expect(example).to_contain_text(native(name, {})["status"])
        expect(example).to_contain_text("For education; not for prescribing.")
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_result_makes_the_page_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for name in NAMES:
        form = page.locator(f"form.live-calc[data-call={name}]")
        form.evaluate("form => form.reset()")
        submit(form)
        expect_answer(form, name, {})
        small = form.evaluate(
            """form => [...form.querySelectorAll("input, select, button, summary")]
                .map(part => part.getBoundingClientRect()).filter(box => box.height && box.height < 44).length"""
        )
        assert small == 0, f"{name}: a control is less than 44 px high"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
