"""The pages for a person whose code does not arrive."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA

pytestmark = pytest.mark.browser


def test_the_list_leads_to_the_card_and_back_to_the_code(ana):
    ana.request_code(ANA)
    ana.click_link("Didn’t get a code?")
    steps = ana.page.locator("main ol > li")
    expect(steps).to_have_count(5)
    expect(steps.nth(1)).to_contain_text("Wait 3 minutes")
    expect(steps.nth(4)).to_contain_text("hello@acme-physio.example")

    ana.click_link("Instructions for your IT department")
    assert ana.path == "/sign-in/allow-list/"
    ana.click_link("Back to the list")
    ana.click_link("Back to the code")

    assert ana.heading == "Enter your code"


def test_the_card_is_copied_with_one_press_and_says_so(open_browser, portal):
    user = open_browser(portal, permissions=["clipboard-read", "clipboard-write"])
    user.open("/sign-in/allow-list/")
    user.page.get_by_role("button", name="Copy the instructions").click()

    expect(user.page.get_by_role("status")).to_have_text("Copied")
    assert "portal@localhost" in user.page.evaluate("navigator.clipboard.readText()")


def test_without_a_clipboard_the_card_is_selected_instead(open_browser, portal):
    user = open_browser(portal)
    user.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    user.open("/sign-in/allow-list/")
    user.page.get_by_role("button", name="Copy the instructions").click()

    expect(user.page.get_by_role("status")).to_contain_text("Selected")
    assert "portal@localhost" in user.page.evaluate("getSelection().toString()")


def test_printed_checklist_has_no_buttons(open_browser, portal):
    user = open_browser(portal, color_scheme="dark")
    user.open("/sign-in/allow-list/")
    user.page.emulate_media(media="print")

    for fact in ("portal@localhost", "s1._domainkey.localhost", "Subject: 123456 is your sign-in code"):
        expect(user.page.get_by_text(fact).first).to_be_visible()
    for furniture in ("button", "nav", "footer", "header"):
        expect(user.page.locator(furniture).filter(visible=True)).to_have_count(0)
    assert user.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert user.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
