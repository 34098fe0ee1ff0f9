"""Can staff walk in with a browser, by code and by passkey, and can everybody use their pages?"""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import find_violations
from tests.browser.staff import SIGN_IN, give_authenticator, open_console, resume_session, sign_in

pytestmark = pytest.mark.browser

PAGES = (
    "/staff/security/",
    "/staff/security/app/",
    "/staff/security/passkeys/new/",
    "/staff/sessions/",
    "/console/{slug}/",
    "/console/{slug}/settings/",
    "/console/{slug}/settings/team/",
)


def test_a_code_leads_in_and_a_passkey_does_from_then_on(sabine, place):
    sign_in(sabine)
    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")
    give_authenticator(sabine)

    sabine.open_platform("/staff/security/passkeys/new/")
    sabine.press("Add a passkey")
    expect(sabine.page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sabine.press("Sign out")
    sabine.press("Sign in with a passkey")

    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")
    assert sabine.path.startswith("/console/")


def test_the_pages_of_staff_are_for_everybody(sabine, place):
    sabine.open_platform(SIGN_IN)
    wrong = find_violations(sabine)
    sign_in(sabine)
    for page in PAGES:
        sabine.open_platform(page.format(slug=place.slug))
        wrong += find_violations(sabine)

    assert wrong == [], "\n".join(wrong)


def test_the_menus_open_and_close_by_keyboard(sabine):
    resume_session(sabine)
    open_console(sabine)
    sabine.page.set_viewport_size({"width": 360, "height": 740})
    menu = sabine.page.get_by_role("button", name="Menu")

    menu.focus()
    sabine.page.keyboard.press("Enter")
    expect(sabine.page.get_by_role("link", name="Settings")).to_be_visible()
    sabine.page.keyboard.press("Escape")

    expect(sabine.page.get_by_role("link", name="Settings")).to_be_hidden()
    expect(menu).to_be_focused()
