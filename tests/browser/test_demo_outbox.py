"""A person finds their code in the demo's outbox."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.page_states import ANA, MOBILE
from tests.browser.platform.demo_outbox_page import DemoOutboxPage
from tests.browser.portal.client_sign_in_pages import SignInCodePage

pytestmark = pytest.mark.browser


def test_a_new_code_appears_in_the_open_outbox_and_can_be_copied(open_portal_browser, portal, outbox):
    user = open_portal_browser(portal, permissions=["clipboard-read", "clipboard-write"])
    outbox_page = DemoOutboxPage.open(user)
    expect(outbox_page.empty_notice).to_be_visible()
    user.page = user.context.new_page()
    user.request_code(ANA)
    code = user.fetch_code(ANA)

    outbox_page.page.bring_to_front()
    expect(outbox_page.locate_mail_subject(f"{code} is your sign-in code")).to_be_visible()
    expect(outbox_page.locate_in_newest_mail(code)).to_be_visible()
    outbox_page.copy_button.click()
    expect(outbox_page.copied_button).to_be_visible()

    user.page.bring_to_front()
    SignInCodePage(user).paste_code()
    user.wait_for_home_page()


def test_outbox_can_be_filtered_by_recipient(ana):
    for identifier in (ANA, MOBILE):
        ana.request_code(identifier)
        ana.fetch_code(identifier)
    outbox_page = DemoOutboxPage.open(ana)
    expect(outbox_page.messages).to_have_count(2)

    outbox_page.filter_by_recipient(MOBILE)

    expect(outbox_page.messages).to_have_count(1)
    expect(outbox_page.text_messages).to_contain_text(f"@{ana.portal.host} #")


def test_landing_page_links_to_the_outbox(ana):
    ana.open_platform("/")
    ana.page.locator("main").get_by_role("link", name="outbox").click()

    expect(ana.page).to_have_url(f"{settings.PUBLIC_URL}/dev/outbox/")
