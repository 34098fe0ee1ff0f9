"""Staff sign in with a browser, by code and by passkey, and their pages are accessible."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import find_violations
from tests.browser.staff import SIGN_IN, add_virtual_authenticator, open_console, resume_session, sign_in

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


def test_staff_sign_in_by_code_and_then_by_passkey(sabine, portal):
    sign_in(sabine)
    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")
    add_virtual_authenticator(sabine)

    sabine.open_platform("/staff/security/passkeys/new/")
    sabine.click_button("Add a passkey")
    expect(sabine.page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sabine.click_button("Sign out")
    sabine.click_button("Sign in with a passkey")

    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")
    assert sabine.path.startswith("/console/")


def test_the_pages_of_staff_are_for_everybody(sabine, portal):
    sabine.open_platform(SIGN_IN)
    problems = find_violations(sabine)
    sign_in(sabine)
    for page in PAGES:
        sabine.open_platform(page.format(slug=portal.slug))
        problems += find_violations(sabine)

    assert problems == [], "\n".join(problems)


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
