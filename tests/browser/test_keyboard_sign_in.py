"""A person signs in and out with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_states import ANA
from tests.browser.portal.client_sign_in_pages import ClientSignInPage, SignInCodePage

pytestmark = pytest.mark.browser


def test_a_client_can_sign_in_and_out_by_keyboard(ana):
    press = ana.page.keyboard.press
    expect(ClientSignInPage.open(ana).identifier_field).to_be_focused()
    ana.page.keyboard.type(ANA)
    press("Enter")
    ana.page.wait_for_url("**/code/")
    code_page = SignInCodePage(ana)
    expect(code_page.code_field).to_be_focused()
    ana.page.keyboard.type(ana.fetch_code(ANA))
    press("Tab")
    press("Space")
    expect(code_page.keep_signed_in_checkbox).to_be_checked()
    press("Tab")
    press("Enter")
    ana.wait_for_home_page()

    press("Tab")
    press("Enter")
    expect(ana.page).to_have_url(f"{ana.portal.url}/#main")
    ana.open("/")
    for _stop in ("skip link", "logo", "sign out"):
        press("Tab")
    press("Enter")

    ana.page.wait_for_url("**/sign-in/")
