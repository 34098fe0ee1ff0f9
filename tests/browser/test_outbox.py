"""Is the demo's outbox a place where a person finds their code?"""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.pages import ANA, MOBILE

pytestmark = pytest.mark.browser


def test_a_code_arrives_while_one_looks_and_is_copied_into_the_portal(visit, place, outbox):
    visitor = visit(place, permissions=["clipboard-read", "clipboard-write"])
    visitor.open_platform("/dev/outbox/")
    expect(visitor.page.get_by_role("heading", name="Nothing sent yet")).to_be_visible()
    phones = visitor.page
    visitor.page = visitor.context.new_page()
    visitor.ask(ANA)
    code = visitor.fetch_code(ANA)

    phones.bring_to_front()
    expect(phones.get_by_role("heading", name=f"{code} is your sign-in code")).to_be_visible()
    expect(phones.frame_locator("iframe >> nth=0").get_by_text(code)).to_be_visible()
    phones.get_by_role("button", name="Copy code").click()
    expect(phones.get_by_role("button", name="Copied")).to_be_visible()

    visitor.page.bring_to_front()
    visitor.code_field.press("Control+V")
    visitor.code_field.press("Enter")
    visitor.page.wait_for_url(place.url + "/")


def test_a_text_looks_like_a_text_and_one_persons_messages_can_be_chosen(ana):
    for identifier in (ANA, MOBILE):
        ana.ask(identifier)
        ana.fetch_code(identifier)
    ana.open_platform("/dev/outbox/")
    expect(ana.page.locator("article")).to_have_count(2)

    ana.page.get_by_role("navigation", name="Filter").get_by_role("link", name=MOBILE).click()

    expect(ana.page.locator("article")).to_have_count(1)
    expect(ana.page.locator(".text-message")).to_contain_text(f"@{ana.place.host} #")


def test_the_front_page_leads_to_both(ana):
    ana.open_platform("/")
    ana.page.locator("main").get_by_role("link", name="outbox").click()

    expect(ana.page).to_have_url(f"{settings.PUBLIC_URL}/dev/outbox/")
