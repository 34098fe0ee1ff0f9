"""The pages for a person whose code does not arrive."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_states import ANA
from tests.browser.portal.allow_list_page import AllowListPage

pytestmark = pytest.mark.browser


def test_checklist_links_to_the_it_instructions_and_back_to_the_code(ana):
    ana.request_code(ANA)
    ana.click_link("Didn’t get a code?")
    steps = ana.page.locator("main ol > li")
    expect(steps).to_have_count(5)
    expect(steps.nth(1)).to_contain_text("Wait 3 minutes")
    expect(steps.nth(4)).to_contain_text("hello@acme-physio.example")

    ana.click_link("Instructions for your IT department")
    assert ana.url_path == "/sign-in/allow-list/"
    ana.click_link("Back to the list")
    ana.click_link("Back to the code")

    expect(ana.main_heading).to_have_text("Enter your code")


def test_copying_the_it_instructions_is_confirmed(open_portal_browser, portal):
    user = open_portal_browser(portal, permissions=["clipboard-read", "clipboard-write"])
    allow_list_page = AllowListPage.open(user)
    allow_list_page.copy_instructions()

    expect(allow_list_page.copy_status).to_have_text("Copied")
    assert "codes@localhost" in user.page.evaluate("navigator.clipboard.readText()")


def test_it_instructions_are_selected_where_there_is_no_clipboard(open_portal_browser, portal):
    user = open_portal_browser(portal)
    user.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    allow_list_page = AllowListPage.open(user)
    allow_list_page.copy_instructions()

    expect(allow_list_page.copy_status).to_contain_text("Selected")
    assert "codes@localhost" in user.page.evaluate("getSelection().toString()")


def test_printed_it_instructions_have_no_buttons(open_portal_browser, portal):
    user = open_portal_browser(portal, color_scheme="dark")
    AllowListPage.open(user)
    user.page.emulate_media(media="print")

    for fact in ("codes@localhost", "s1._domainkey.localhost", "Subject: 123456 is your sign-in code"):
        expect(user.locate_text(fact).first).to_be_visible()
    for element in ("button", "nav", "footer", "header"):
        expect(user.page.locator(element).filter(visible=True)).to_have_count(0)
    assert user.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert user.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
