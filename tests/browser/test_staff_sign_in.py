"""Staff sign in with a browser, by code and by passkey, and their pages are accessible."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.console.console_home_page import ConsoleHomePage
from tests.browser.platform.staff_sign_in_pages import StaffPasskeyPage, StaffSignInPage

pytestmark = pytest.mark.browser

PATHS = (
    "/staff/security/",
    "/staff/security/app/",
    "/staff/security/passkeys/new/",
    "/staff/sessions/",
    "/console/{slug}/",
    "/console/{slug}/settings/",
    "/console/{slug}/settings/team/",
)
SHOW_WAIT = """([language, seconds]) => {
  document.documentElement.lang = language
  document.body.insertAdjacentHTML("beforeend", `<p id="wait" data-remaining="${seconds}"></p>`)
  document.dispatchEvent(new Event("htmx:load"))
}"""


def test_staff_sign_in_by_code_and_then_by_passkey(sabine):
    sabine.sign_in()
    expect(sabine.main_heading).to_contain_text("Good")
    sabine.add_virtual_authenticator()

    passkey_page = StaffPasskeyPage.open(sabine)
    passkey_page.add_passkey()
    expect(passkey_page.recovery_codes_heading).to_be_visible()
    passkey_page.sign_out().sign_in_with_passkey()

    expect(sabine.main_heading).to_contain_text("Good")
    assert sabine.url_path.startswith("/console/")


def test_staff_pages_are_accessible(sabine, portal):
    StaffSignInPage.open(sabine)
    problems = find_accessibility_violations(sabine)
    sabine.sign_in()
    for path in PATHS:
        sabine.open_platform(path.format(slug=portal.slug))
        problems += find_accessibility_violations(sabine)

    assert problems == [], "\n".join(problems)


def test_the_menu_opens_and_closes_by_keyboard(sabine):
    sabine.set_session_cookie()
    home_page = ConsoleHomePage.open(sabine)
    sabine.page.set_viewport_size({"width": 360, "height": 740})

    home_page.menu_button.focus()
    sabine.page.keyboard.press("Enter")
    expect(home_page.settings_link).to_be_visible()
    sabine.page.keyboard.press("Escape")

    expect(home_page.settings_link).to_be_hidden()
    expect(home_page.menu_button).to_be_focused()


@pytest.mark.parametrize(
    ("language", "seconds", "text"),
    [
        ("en", 3600, "60:00"),
        ("en", 3601, "1 hour 1 minute"),
        ("en", 7200, "2 hours"),
        ("de", 9000, "2 Stunden 30 Minuten"),
    ],
)
def test_a_wait_of_more_than_an_hour_is_shown_in_words(sabine, language, seconds, text):
    sabine.page.clock.install(time=0)
    sabine.page.clock.pause_at(1000)
    StaffSignInPage.open(sabine)

    sabine.page.evaluate(SHOW_WAIT, [language, seconds])

    expect(sabine.page.locator("#wait")).to_have_text(text)
