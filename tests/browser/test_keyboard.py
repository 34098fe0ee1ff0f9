"""Can a person do without a mouse, and do they always see where they are?"""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA, PAGES

pytestmark = pytest.mark.browser

STOPS = "a[href], button, input:not([type=hidden]):not([tabindex='-1']), select, textarea"
# Where the keyboard is, whether a thick enough outline shows it, and whether the thing itself can be seen.
HERE = f"""() => {{
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12))
  return {{
    stop: [...document.querySelectorAll("{STOPS}")].indexOf(here),
    words: here.innerText || here.name || here.tagName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.top >= 0 && box.bottom <= innerHeight && (here === top || here.contains(top) || top?.contains(here)),
  }}
}}"""


def test_signing_in_and_out_again(ana):
    press = ana.page.keyboard.press
    ana.open("/sign-in/")
    expect(ana.page.get_by_label("Email address or mobile number")).to_be_focused()
    ana.page.keyboard.type(ANA)
    press("Enter")
    ana.page.wait_for_url("**/code/")
    expect(ana.code_field).to_be_focused()
    ana.page.keyboard.type(ana.fetch_code(ANA))
    press("Tab")
    press("Space")
    assert ana.page.get_by_label("Keep me signed in").is_checked()
    press("Tab")
    press("Enter")
    ana.page.wait_for_url(ana.place.url + "/")

    press("Tab")
    press("Enter")
    assert ana.page.evaluate("location.hash") == "#main"
    ana.open("/")
    for _stop in ("skip", "mark", "sign out"):
        press("Tab")
    press("Enter")

    ana.page.wait_for_url("**/sign-in/")


@pytest.mark.parametrize(
    "name", ["sign-in", "contact form", "code", "who", "help", "home", "details", "devices", "outbox, nothing sent"]
)
def test_every_stop_is_reached_in_order_and_shown(name, visit, place):
    visitor = visit(place, reduced_motion="reduce")
    PAGES[name](visitor)
    visitor.page.evaluate("document.activeElement.blur(), document.body.tabIndex = -1, document.body.focus()")
    expected = visitor.page.locator(STOPS).count()

    reached = []
    for _press in range(expected):
        visitor.page.keyboard.press("Tab")
        reached.append(visitor.page.evaluate(HERE))

    assert [stop["stop"] for stop in reached] == list(range(expected))
    assert [stop for stop in reached if not (stop["outlined"] and stop["seen"])] == []
