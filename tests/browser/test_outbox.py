"""A person finds their code in the demo's outbox."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.pages import ANA, MOBILE

pytestmark = pytest.mark.browser


def test_a_code_arrives_while_one_looks_and_is_copied_into_the_portal(open_browser, portal, outbox):
    user = open_browser(portal, permissions=["clipboard-read", "clipboard-write"])
    user.open_platform("/dev/outbox/")
    expect(user.page.get_by_role("heading", name="Nothing sent yet")).to_be_visible()
    phones = user.page
    user.page = user.context.new_page()
    user.request_code(ANA)
    code = user.fetch_code(ANA)

    phones.bring_to_front()
    expect(phones.get_by_role("heading", name=f"{code} is your sign-in code")).to_be_visible()
    expect(phones.frame_locator("iframe >> nth=0").get_by_text(code)).to_be_visible()
    phones.get_by_role("button", name="Copy code").click()
    expect(phones.get_by_role("button", name="Copied")).to_be_visible()

    user.page.bring_to_front()
    user.code_field.press("Control+V")
    user.code_field.press("Enter")
    user.page.wait_for_url(portal.url + "/")


def test_a_text_looks_like_a_text_and_one_persons_messages_can_be_chosen(ana):
    for identifier in (ANA, MOBILE):
        ana.request_code(identifier)
        ana.fetch_code(identifier)
    ana.open_platform("/dev/outbox/")
    expect(ana.page.locator("article")).to_have_count(2)

    ana.page.get_by_role("navigation", name="Filter").get_by_role("link", name=MOBILE).click()

    expect(ana.page.locator("article")).to_have_count(1)
    expect(ana.page.locator(".text-message")).to_contain_text(f"@{ana.portal.host} #")


def test_the_front_page_leads_to_both(ana):
    ana.open_platform("/")
    ana.page.locator("main").get_by_role("link", name="outbox").click()

    expect(ana.page).to_have_url(f"{settings.PUBLIC_URL}/dev/outbox/")
