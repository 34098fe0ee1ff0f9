"""Every page passes the accessibility, keyboard and weight checks."""

import pytest

from tests.browser.accessibility import RULES, WCAG, find_violations
from tests.browser.keyboard import find_missed_tab_stops
from tests.browser.pages import DOOR, INSIDE, ONCE, PLATFORM
from tests.browser.weight import measure_weight

pytestmark = pytest.mark.browser

BY_KEYBOARD = {
    "sign-in",
    "contact form",
    "code",
    "who",
    "help",
    "home",
    "details",
    "devices",
    "outbox, nothing sent",
}
HEAVIEST = {"sign-in": 40_000} | dict.fromkeys(
    ["contact form", "code", "who", "help", "allow-list", "home", "details", "devices", "messages"], 50_000
)


@pytest.mark.parametrize("pages", [DOOR, INSIDE, PLATFORM], ids=["door", "inside", "platform"])
def test_pages_are_for_everybody(pages, place, visit):
    visitor = visit(place, reduced_motion="reduce")
    wrong = []
    for name, go in pages.items():
        visitor.reset()
        go(visitor)
        wrong += [f"{name}: {fault}" for fault in find_faults(visitor, name)]

    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("name", ONCE)
def test_a_page_is_for_everybody(name, place, visit):
    visitor = visit(place, reduced_motion="reduce")
    ONCE[name](visitor)

    assert (wrong := find_faults(visitor, name)) == [], "\n".join(wrong)


def find_faults(visitor, name: str) -> list[str]:
    """Return what keeps somebody from using the page at hand."""
    # A mail is read inside another page, which has the landmarks that good practice asks for.
    wrong = find_violations(visitor, rules=WCAG if name == "mail" else RULES)
    if name in BY_KEYBOARD:
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        wrong += find_missed_tab_stops(visitor)
    if name in HEAVIEST:
        wrong += find_excess_weight(visitor, HEAVIEST[name])
    return wrong


def find_excess_weight(visitor, limit: int) -> list[str]:
    """Say what a first visit on a phone weighs if that is too much."""
    visitor.page.set_viewport_size({"width": 360, "height": 780})
    sizes = measure_weight(visitor)
    # Page, style sheet and colours at least: an empty scale proves nothing.
    assert len(sizes) >= 3, sizes
    total = sum(sizes.values())
    return [f"{total} bytes: {sizes}"] if total >= limit else []
