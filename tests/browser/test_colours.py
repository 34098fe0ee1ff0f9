"""Can a business choose a colour that makes its pages hard to read?"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

COLOURS = {
    "pale yellow": "#fff7b2",
    "black": "#000000",
    "white": "#ffffff",
    "red": "#ff0000",
    "green": "#00ff00",
    "grey": "#808080",
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# The arches are painted in shades up to the stronger one; axe sees no colour through them, so it gets the worst of them.
PAINT_OVER = """for (const arches of document.querySelectorAll(".arches")) {
  arches.parentElement.style.background = "var(--brand-strong)"
  arches.remove()
}"""
axe = Axe()


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_no_colour_makes_a_page_hard_to_read(colour, place, visit):
    place.decide(colour=colour)
    for name in ("code, wrong", "home"):
        visitor = visit(place)
        PAGES[name](visitor)
        for scheme in ("light", "dark"):
            visitor.look_by(scheme)
            assert_readable(visitor.page, f"{name}, {scheme}")
        visitor.page.evaluate(PAINT_OVER)
        assert_readable(visitor.page, f"{name}, over the arches")


def assert_readable(page, where: str) -> None:
    """Have axe measure the contrast of every text."""
    found = axe.run(page, options=CONTRAST)
    assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
