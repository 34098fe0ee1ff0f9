"""Can a business choose a colour that makes its pages hard to read?"""

import pytest

from tests.browser.accessibility import run_axe
from tests.browser.pages import ANA, NO_CODE

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
PAINT_OVER = """for (const arches of document.querySelectorAll(".arches")) {
  arches.parentElement.style.background = "var(--brand-strong)"
  arches.remove()
}"""


def test_no_colour_makes_a_page_hard_to_read(place, visit):
    outside, inside = visit(place), visit(place)
    inside.resume_session()
    wrong = []
    for number, (name, colour) in enumerate(COLOURS.items()):
        place.decide(colour=colour)
        if number % 3 == 0:
            # There are no more than so many tries with one code.
            outside.ask(ANA)
        outside.answer(NO_CODE)
        inside.open("/")
        for visitor in (outside, inside):
            wrong += [f"{name}, {visitor.path}, {fault}" for fault in find_low_contrast(visitor)]

    assert wrong == [], "\n".join(wrong)


def find_low_contrast(visitor) -> list[str]:
    """Have axe measure the contrast of every text, by day, by night and over the arches."""
    found = []
    for scheme in ("light", "dark"):
        visitor.look_by(scheme)
        found += [f"{scheme}: {fault}" for fault in run_axe(visitor.page, CONTRAST)]
    visitor.page.evaluate(PAINT_OVER)
    return found + [f"over the arches: {fault}" for fault in run_axe(visitor.page, CONTRAST)]
