"""The portal works without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA, FAMILY, WRONG_CODE

pytestmark = pytest.mark.browser


@pytest.fixture
def no_script(open_browser, portal):
    """A browser that runs no scripts."""
    return open_browser(portal, java_script_enabled=False)


def test_signing_in_with_a_wrong_turn_and_a_second_code(no_script):
    no_script.request_code(ANA)
    no_script.enter_code(WRONG_CODE)
    expect(no_script.page.get_by_role("alert")).to_contain_text("isn't right")
    expect(no_script.page.get_by_text("You can request a new code at")).to_be_visible()
    no_script.click_button("Resend code")
    expect(no_script.page.get_by_role("alert")).to_contain_text("can't be sent yet")

    no_script.portal.backdate(timedelta(minutes=3))
    no_script.open("/sign-in/")
    no_script.click_button("Resend code")
    no_script.enter_code(no_script.fetch_code(ANA))

    expect(no_script.page.get_by_role("heading", level=1)).to_contain_text("Ana")
    no_script.click_link("Your details")
    no_script.click_button("Deutsch")
    expect(no_script.page.get_by_role("heading", level=1)).to_have_text("Ihre Daten")
    no_script.click_button("Abmelden")
    no_script.page.wait_for_url("**/sign-in/")


def test_choosing_among_those_who_share_a_mailbox(no_script):
    no_script.request_code(FAMILY)
    no_script.enter_code(no_script.fetch_code(FAMILY))
    no_script.click_button("Jonas Brandt")

    expect(no_script.page.get_by_role("heading", level=1)).to_contain_text("Jonas")


def test_changing_an_address(no_script):
    new = "ana.pereira@example.org"
    no_script.resume_session()
    no_script.open("/account/")
    no_script.click_link(f"Change {ANA}")
    no_script.page.get_by_label("Email address").fill(new)
    no_script.click_button("Send me a code")
    no_script.code_field.fill(no_script.fetch_code(new))
    no_script.click_button("Confirm")

    expect(no_script.page.get_by_text(new).first).to_be_visible()
