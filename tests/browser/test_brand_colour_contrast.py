"""Text on the portal's pages has enough contrast with any brand colour."""

import pytest

from tests.browser.accessibility_checks import run_axe
from tests.browser.page_states import ANA, WRONG_CODE

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
# The arches are painted in shades up to the strong one, which axe can't see: it gets the strong one as background.
REPLACE_ARCHES = """for (const arches of document.querySelectorAll(".arches")) {
  arches.parentElement.style.background = "var(--brand-strong)"
  arches.remove()
}"""


def test_text_contrast_passes_with_any_brand_colour(portal, open_portal_browser):
    stranger, client = open_portal_browser(portal), open_portal_browser(portal)
    client.set_session_cookie()
    problems = []
    for number, (name, colour) in enumerate(COLOURS.items()):
        portal.update_settings(colour=colour)
        if number % 3 == 0:
            # A challenge allows five guesses.
            stranger.request_code(ANA)
        stranger.enter_code(WRONG_CODE)
        client.open("/")
        for user in (stranger, client):
            problems += [f"{name}, {user.url_path}, {problem}" for problem in find_low_contrast(user)]

    assert problems == [], "\n".join(problems)


def find_low_contrast(user) -> list[str]:
    """Return what axe finds too faint to read, in light and dark mode and over the arches."""
    found = []
    for scheme in ("light", "dark"):
        user.emulate_colour_scheme(scheme)
        found += [f"{scheme}: {problem}" for problem in run_axe(user.page, CONTRAST)]
    user.page.evaluate(REPLACE_ARCHES)
    return found + [f"over the arches: {problem}" for problem in run_axe(user.page, CONTRAST)]
