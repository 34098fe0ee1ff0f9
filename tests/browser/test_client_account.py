"""What a signed-in client can do in a browser: end sessions, change contacts, language and time zone."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA, MOBILE

pytestmark = pytest.mark.browser
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"


def test_a_lost_phone_is_signed_out_from_a_computer(open_browser, portal):
    computer, phone = open_browser(portal), open_browser(portal, user_agent=IPHONE)
    computer.sign_in(ANA)
    phone.sign_in(ANA)
    computer.click_link("Devices")

    computer.click_button("Sign out Safari on iPhone")

    expect(computer.page.get_by_text("You are signed in on this device only.")).to_be_visible()
    phone.open("/")
    assert phone.path == "/sign-in/"


def test_all_others_are_signed_out_at_once(open_browser, portal):
    first_browser, second_browser, third_browser = open_browser(portal), open_browser(portal), open_browser(portal)
    for user in (first_browser, second_browser, third_browser):
        user.sign_in(ANA)
    first_browser.click_link("Devices")

    first_browser.click_button("Sign out on all other devices")

    expect(first_browser.page.get_by_text("You are signed in on this device only.")).to_be_visible()
    for user in (second_browser, third_browser):
        user.open("/")
        assert user.path == "/sign-in/"


def test_an_address_is_changed_with_a_fresh_code_and_both_are_notified(ana, outbox):
    new = "ana.pereira@example.org"
    ana.resume_session()
    ana.open("/")
    ana.click_link("Your details")
    ana.click_link(f"Change {ANA}")
    ana.page.get_by_label("Email address").fill(new)
    ana.click_button("Send me a code")
    ana.code_field.fill(ana.fetch_code(new))
    ana.click_button("Confirm")

    expect(ana.page.get_by_text(new).first).to_be_visible()
    assert ANA not in ana.text
    outbox.deliver_due()
    changes = [message["to"] for message in outbox.sent() if "changed" in message["subject"]]
    assert sorted(changes) == sorted([ANA, new])

    ana.click_button("Sign out")
    ana.sign_in(new)


def test_a_mobile_is_added_and_signs_in(ana):
    ana.resume_session()
    ana.open("/account/")
    ana.click_link("Add a mobile number")
    ana.page.get_by_role("textbox").fill("+44 7700 900199")
    ana.click_button("Send me a code")
    ana.code_field.fill(ana.fetch_code("+447700900199"))
    ana.click_button("Confirm")
    expect(ana.page.get_by_text("+44 7700 900199").first).to_be_visible()

    ana.click_button("Sign out")
    ana.sign_in("+447700900199")


def test_on_a_phone_addresses_and_names_stay_whole(open_browser, portal):
    user = open_browser(portal, size=(360, 780))
    user.resume_session()
    user.open("/account/")
    assert count_lines(user.page.locator("main").get_by_text(ANA).first) == 1

    user.page.set_viewport_size({"width": 320, "height": 640})
    # "Acme" on one line and "Physiotherapy" on the next.
    assert count_lines(user.page.locator("header").get_by_text("Acme Physiotherapy")) == 2


def count_lines(text) -> int:
    """Count the lines that an inline text takes."""
    return text.evaluate(
        """(element) => {
          const range = document.createRange()
          range.selectNodeContents(element)
          return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size
        }"""
    )


def test_language_and_time_zone_are_remembered_for_every_browser(open_browser, portal):
    first_browser, third_browser = open_browser(portal), open_browser(portal)
    first_browser.resume_session()
    first_browser.open("/account/")
    first_browser.page.get_by_label("Language of emails and pages").select_option("de")
    first_browser.page.get_by_label("Time zone").select_option("America/New_York")
    first_browser.click_button("Save")
    expect(first_browser.page.get_by_role("button", name="Speichern")).to_be_visible()

    third_browser.request_code(MOBILE)
    third_browser.enter_code(third_browser.fetch_code(MOBILE))

    expect(third_browser.page.get_by_role("button", name="Abmelden")).to_be_visible()
