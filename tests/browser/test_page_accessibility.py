"""Every page passes the accessibility, keyboard and weight checks."""

import pytest

from tests.browser.accessibility_checks import RULES, WCAG, find_accessibility_violations
from tests.browser.page_states import ONE_TIME_PAGES, PLATFORM_PAGES, SIGNED_IN_PAGES, SIGNED_OUT_PAGES
from tests.browser.page_weight import measure_weight
from tests.browser.passkey_states import PASSKEY_PAGES
from tests.browser.tab_order_check import find_missed_tab_stops

pytestmark = pytest.mark.browser

KEYBOARD_PAGES = {
    "sign-in",
    "contact form",
    "code",
    "account chooser",
    "help",
    "home",
    "details",
    "devices",
    "outbox, nothing sent",
}
MAX_WEIGHTS = {"sign-in": 40_000} | dict.fromkeys(
    ["contact form", "code", "account chooser", "help", "allow-list", "home", "details", "devices", "messages"], 50_000
)


@pytest.mark.parametrize(
    "pages", [SIGNED_OUT_PAGES, SIGNED_IN_PAGES, PLATFORM_PAGES], ids=["signed out", "signed in", "platform"]
)
def test_pages_pass_all_checks(pages, portal, open_portal_browser):
    user = open_portal_browser(portal, reduced_motion="reduce")
    problems = []
    for name, navigate in pages.items():
        user.reset_browser()
        navigate(user)
        problems += [f"{name}: {problem}" for problem in find_page_problems(user, name)]

    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("name", [*ONE_TIME_PAGES, *PASSKEY_PAGES])
def test_one_time_page_passes_all_checks(name, portal, open_portal_browser):
    user = open_portal_browser(portal, reduced_motion="reduce")
    (ONE_TIME_PAGES | PASSKEY_PAGES)[name](user)

    assert (problems := find_page_problems(user, name)) == [], "\n".join(problems)


def find_page_problems(user, name: str) -> list[str]:
    """Return every check that the page at hand fails."""
    # A mail is read inside another page, which has the landmarks that good practice asks for.
    problems = find_accessibility_violations(user, rules=WCAG if name == "mail" else RULES)
    if name in KEYBOARD_PAGES:
        user.page.set_viewport_size({"width": 1280, "height": 900})
        problems += find_missed_tab_stops(user)
    if name in MAX_WEIGHTS:
        problems += find_excess_page_weight(user, MAX_WEIGHTS[name])
    return problems


def find_excess_page_weight(user, limit: int) -> list[str]:
    """Return the bytes of a first visit on a phone if they reach the limit."""
    user.page.set_viewport_size({"width": 360, "height": 780})
    sizes = measure_weight(user)
    # Page, style sheet and colours at least: no bytes would prove nothing.
    assert len(sizes) >= 3, sizes
    total = sum(sizes.values())
    return [f"{total} bytes: {sizes}"] if total >= limit else []
