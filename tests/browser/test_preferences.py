"""Readers who set their machine: colors of their own choice (forced colors), and no motion."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit, pages
from tests.browser.test_accessibility import ANSWER

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
# Whatever moves, or would move: an animation or transition of any length, a page that glides to a heading.
MOTION = """() => {
  const found = document.getAnimations().map(a => 'runs: ' + (a.animationName || a.transitionProperty || 'script'));
  const long = (times) => times.split(',').some(time => parseFloat(time) > 0);
  for (const e of document.querySelectorAll('*')) {
    for (const part of [undefined, '::before', '::after']) {
      const style = getComputedStyle(e, part), name = e.tagName + '.' + e.className + (part || '');
      if (style.animationName !== 'none' && long(style.animationDuration)) found.push('animation: ' + name);
      if (style.transitionProperty !== 'none' && long(style.transitionDuration)) found.push('transition: ' + name);
      if (!part && style.scrollBehavior === 'smooth') found.push('glides: ' + name);
    }
  }
  return [...new Set(found)].slice(0, 5);
}"""
# Buttons and fields without an edge: with forced colors their ground has the color of the page.
BARE = """() => [...document.querySelectorAll('main button, main input, main select, main textarea')]
  .filter(e => e.checkVisibility({ visibilityProperty: true }) && e.textContent.trim() + e.type !== 'hidden')
  .filter(e => !['radio', 'checkbox', 'range'].includes(e.type))
  .filter(e => {
    const s = getComputedStyle(e);
    const icon = e.querySelector('svg, i') || (e.tagName === 'BUTTON' && !e.textContent.trim());
    const edge = ['Top', 'Bottom'].some(side => parseFloat(s['border' + side + 'Width']) > 0);
    return !edge && !icon && s.textDecorationLine === 'none' && s.outlineStyle === 'none';
  })
  .map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40)).slice(0, 5)"""
# An outline is all that forced colors keep; a shadow is gone.
FOCUS_SEEN = """() => { const e = document.activeElement, s = getComputedStyle(e);
  return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) ? null : e.outerHTML.slice(0, 100); }"""
# Right or wrong must be said in words.
VERDICTS = "() => [...document.querySelectorAll('.quiz-verdict')].map(e => e.textContent.trim())"


@pytest.mark.parametrize("name", pages())
def test_nothing_moves_for_who_wants_no_motion(open_page: Opener, name: str) -> None:
    page = open_page(name).page
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(ANSWER)
    assert page.evaluate(MOTION) == []


def test_motion_is_seen(open_page: Opener) -> None:
    """The control: without the wish, the theme moves things; and a rule that forgets it is found."""
    page = open_page("about.html").page
    assert page.evaluate(MOTION) != []
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOTION) == []
    page.add_style_tag(content="main h1{transition:color 1s!important}")
    assert any("transition: H1" in line for line in page.evaluate(MOTION))


@pytest.mark.parametrize(
    ("name", "mode"), [*((name, "light") for name in pages()), *((name, "dark") for name in pages() if name[0] in "0t")]
)
def test_forced_colors_lose_no_control_and_no_focus(open_page: Opener, name: str, mode: str) -> None:
    page = open_page(name, mode=mode).page
    page.emulate_media(forced_colors="active", color_scheme=mode)
    answered = page.evaluate(ANSWER)
    assert page.evaluate(BARE) == []
    verdicts = page.evaluate(VERDICTS)
    assert len([words for words in verdicts if words]) >= answered, "a verdict without words"
    unseen = []
    for _step in range(12):
        page.keyboard.press("Tab")
        unseen.append(page.evaluate(FOCUS_SEEN))
    assert [what for what in unseen if what] == []


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("main button{border:0!important;text-decoration:none!important}", BARE),
        (":focus-visible{outline:none!important;box-shadow:0 0 3px red}", FOCUS_SEEN),
    ],
)
def test_a_loss_in_forced_colors_is_seen(open_page: Opener, fault: str, check: str) -> None:
    page = open_page("04-clinical-trials.html").page
    page.emulate_media(forced_colors="active")
    page.add_style_tag(content=fault)
    page.keyboard.press("Tab")
    assert page.evaluate(check)
