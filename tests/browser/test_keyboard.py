"""A person signs in and out with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA

pytestmark = pytest.mark.browser


def test_signing_in_and_out_again(ana):
    press = ana.page.keyboard.press
    ana.open("/sign-in/")
    expect(ana.page.get_by_label("Email address or mobile number")).to_be_focused()
    ana.page.keyboard.type(ANA)
    press("Enter")
    ana.page.wait_for_url("**/code/")
    expect(ana.code_field).to_be_focused()
    ana.page.keyboard.type(ana.fetch_code(ANA))
    press("Tab")
    press("Space")
    expect(ana.page.get_by_label("Keep me signed in")).to_be_checked()
    press("Tab")
    press("Enter")
    ana.page.wait_for_url(ana.portal.url + "/")

    press("Tab")
    press("Enter")
    expect(ana.page).to_have_url(f"{ana.portal.url}/#main")
    ana.open("/")
    for _stop in ("skip", "mark", "sign out"):
        press("Tab")
    press("Enter")

    ana.page.wait_for_url("**/sign-in/")
