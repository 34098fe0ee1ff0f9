"""The portal works without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.page_states import ANA, FAMILY, WRONG_CODE
from tests.browser.portal.client_account_pages import ClientAccountPage
from tests.browser.portal.client_sign_in_pages import AccountChooserPage
from tests.browser.portal_visitor import PortalVisitor

pytestmark = pytest.mark.browser


@pytest.fixture
def no_script(open_portal_browser, portal) -> PortalVisitor:
    """A browser that runs no scripts."""
    return open_portal_browser(portal, java_script_enabled=False)


def test_a_resent_code_signs_the_client_in_after_a_wrong_one(no_script):
    code_page = no_script.request_code(ANA)
    code_page.enter_code(WRONG_CODE)
    expect(no_script.alert).to_contain_text("isn’t right")
    expect(no_script.locate_text("You can request a new code at")).to_be_visible()
    code_page.resend_code()
    expect(no_script.alert).to_contain_text("can’t be sent yet")

    no_script.portal.backdate(timedelta(minutes=3))
    no_script.open("/sign-in/")
    code_page.resend_code()
    code_page.enter_code(no_script.fetch_code(ANA))

    expect(no_script.main_heading).to_contain_text("Ana")
    no_script.click_link("Your details")
    no_script.click_button("Deutsch")
    expect(no_script.main_heading).to_have_text("Ihre Daten")
    no_script.click_button("Abmelden")
    no_script.page.wait_for_url("**/sign-in/")


def test_an_account_of_a_shared_mailbox_can_be_chosen(no_script):
    no_script.request_code(FAMILY)
    no_script.enter_code(no_script.fetch_code(FAMILY))
    AccountChooserPage(no_script).choose_account("Jonas Brandt")

    expect(no_script.main_heading).to_contain_text("Jonas")


def test_the_email_address_can_be_changed(no_script):
    new = "ana.pereira@example.org"
    no_script.set_session_cookie()
    code_page = ClientAccountPage.open(no_script).change_contact(ANA).request_code(new)
    code_page.confirm(no_script.fetch_code(new))

    expect(no_script.locate_text(new).first).to_be_visible()
