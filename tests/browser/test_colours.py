"""No brand colour makes the portal's pages hard to read."""

import pytest

from tests.browser.accessibility import run_axe
from tests.browser.pages import ANA, WRONG_CODE

pytestmark = pytest.mark.browser

COLOURS = {
    "pale yellow": "#fff7b2",
    "black": "#000000",
    "white": "#ffffff",
    "red": "#ff0000",
    "green": "#00ff00",
    "grey": "#808080",
}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# The arches are painted in shades up to the stronger one; axe sees no colour through them, so it gets the worst of them.
REPLACE_ARCHES = """for (const arches of document.querySelectorAll(".arches")) {
  arches.parentElement.style.background = "var(--brand-strong)"
  arches.remove()
}"""


def test_no_colour_makes_a_page_hard_to_read(portal, open_browser):
    outside, inside = open_browser(portal), open_browser(portal)
    inside.resume_session()
    problems = []
    for number, (name, colour) in enumerate(COLOURS.items()):
        portal.update_settings(colour=colour)
        if number % 3 == 0:
            # There are no more than so many tries with one code.
            outside.request_code(ANA)
        outside.enter_code(WRONG_CODE)
        inside.open("/")
        for user in (outside, inside):
            problems += [f"{name}, {user.path}, {problem}" for problem in find_low_contrast(user)]

    assert problems == [], "\n".join(problems)


def find_low_contrast(user) -> list[str]:
    """Have axe measure the contrast of every text, by day, by night and over the arches."""
    found = []
    for scheme in ("light", "dark"):
        user.set_colour_scheme(scheme)
        found += [f"{scheme}: {problem}" for problem in run_axe(user.page, CONTRAST)]
    user.page.evaluate(REPLACE_ARCHES)
    return found + [f"over the arches: {problem}" for problem in run_axe(user.page, CONTRAST)]
