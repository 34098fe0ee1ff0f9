"""What a signed-in client can do in a browser: end sessions, change contacts, language and time zone."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_states import ANA, MOBILE
from tests.browser.portal.client_account_pages import ClientAccountPage, ClientSessionsPage

pytestmark = pytest.mark.browser
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


def test_signing_out_another_device_ends_its_session(open_portal_browser, portal):
    computer, phone = open_portal_browser(portal), open_portal_browser(portal, user_agent=IPHONE)
    computer.sign_in(ANA)
    phone.sign_in(ANA)
    computer.click_link("Devices")

    sessions_page = ClientSessionsPage(computer)
    sessions_page.sign_out_device("Safari on iPhone")

    expect(sessions_page.only_session_notice).to_be_visible()
    phone.open("/")
    assert phone.url_path == "/sign-in/"


def test_signing_out_all_other_devices_ends_their_sessions(open_portal_browser, portal):
    first_browser, second_browser, third_browser = (
        open_portal_browser(portal),
        open_portal_browser(portal),
        open_portal_browser(portal),
    )
    for user in (first_browser, second_browser, third_browser):
        user.sign_in(ANA)
    first_browser.click_link("Devices")

    sessions_page = ClientSessionsPage(first_browser)
    sessions_page.sign_out_all_others()

    expect(sessions_page.only_session_notice).to_be_visible()
    for user in (second_browser, third_browser):
        user.open("/")
        assert user.url_path == "/sign-in/"


def test_changing_the_email_address_takes_a_code_and_notifies_both_addresses(ana, outbox):
    new = "ana.pereira@example.org"
    ana.set_session_cookie()
    ana.open("/")
    ana.click_link("Your details")
    code_page = ClientAccountPage(ana).change_contact(ANA).request_code(new)
    code_page.confirm(ana.fetch_code(new))

    expect(ana.locate_text(new).first).to_be_visible()
    assert ANA not in ana.main_text
    outbox.deliver_due()
    changes = [message["to"] for message in outbox.sent() if "changed" in message["subject"]]
    assert sorted(changes) == sorted([ANA, new])

    ana.click_button("Sign out")
    ana.sign_in(new)


def test_an_added_mobile_number_can_sign_in(ana):
    ana.set_session_cookie()
    code_page = ClientAccountPage.open(ana).add_mobile_number().request_code("+44 7700 900199")
    code_page.confirm(ana.fetch_code("+447700900199"))
    expect(ana.locate_text("+44 7700 900199").first).to_be_visible()

    ana.click_button("Sign out")
    ana.sign_in("+447700900199")


def test_addresses_and_business_names_break_only_between_words(open_portal_browser, portal):
    user = open_portal_browser(portal, size=(360, 780))
    user.set_session_cookie()
    ClientAccountPage.open(user)
    assert count_rendered_lines(user.main.get_by_text(ANA).first) == 1

    user.page.set_viewport_size({"width": 320, "height": 640})
    # "Acme" on one line and "Physiotherapy" on the next.
    assert count_rendered_lines(user.page.locator("header").get_by_text("Acme Physiotherapy")) == 2


def count_rendered_lines(text) -> int:
    """Count the lines that an inline text takes."""
    return text.evaluate(
        """(element) => {
          const range = document.createRange()
          range.selectNodeContents(element)
          return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size
        }"""
    )


def test_language_and_time_zone_apply_in_every_browser(open_portal_browser, portal):
    first_browser, second_browser = open_portal_browser(portal), open_portal_browser(portal)
    first_browser.set_session_cookie()
    ClientAccountPage.open(first_browser).choose_language_and_time_zone("de", "America/New_York")
    expect(first_browser.locate_button("Speichern")).to_be_visible()

    second_browser.request_code(MOBILE)
    second_browser.enter_code(second_browser.fetch_code(MOBILE))

    expect(second_browser.locate_button("Abmelden")).to_be_visible()
