"""A client and the business exchange messages, each in a browser of their own, on accessible pages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility_checks import WCAG, find_accessibility_violations
from tests.browser.browser_user import BrowserUser
from tests.browser.console.console_home_page import ConsoleHomePage
from tests.browser.console.conversation_pages import StaffInboxPage
from tests.browser.portal.portal_home_page import PortalHomePage
from tests.browser.portal_visitor import PortalVisitor
from tests.browser.staff_user import StaffUser

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(ana) -> PortalVisitor:
    """Ana's browser. She is signed in and at the portal's home page."""
    ana.set_session_cookie()
    ana.open("/")
    return ana


@pytest.fixture
def sabine(sabine) -> StaffUser:
    """Sabine's browser. She is signed in."""
    sabine.set_session_cookie()
    return sabine


def find_wcag_violations(user: BrowserUser) -> list[str]:
    """Return what WCAG forbids on the page at hand, at every size, in light and dark mode."""
    return find_accessibility_violations(user, rules=WCAG)


def test_client_and_staff_exchange_messages_and_see_what_was_read(ana, sabine):
    PortalHomePage(ana).start_conversation().send("Is Tuesday at ten free?")
    assert find_wcag_violations(ana) == []
    # An open conversation would receive the answer, and have read it.
    ana.open("/")

    notifications_page = ConsoleHomePage.open(sabine).open_notifications(count=1)
    assert find_wcag_violations(sabine) == []
    conversation = notifications_page.open_new_message("Ana Pereira")
    expect(conversation.messages).to_have_text("Is Tuesday at ten free?")
    assert find_wcag_violations(sabine) == []
    conversation.send("Yes, see you then.")
    expect(conversation.unread_mark).to_be_visible()
    inbox = StaffInboxPage.open(sabine)
    expect(inbox.locate_conversation("Ana Pereira")).to_contain_text("Yes, see you then.")
    assert find_wcag_violations(sabine) == []

    ana.open("/")
    expect(ana.locate_text("Yes, see you then.")).to_be_visible()
    assert find_wcag_violations(ana) == []
    thread = PortalHomePage(ana).read_new_message()
    expect(thread.messages.last).to_have_text("Yes, see you then.")
    conversation = StaffInboxPage.open(sabine).open_conversation("Ana Pereira")
    expect(conversation.read_mark).to_be_visible()


def test_open_conversations_update_live_and_keep_the_draft(ana, sabine):
    thread = PortalHomePage(ana).start_conversation()
    thread.send("Are you there?")
    thread.message_field.fill("And another thi")
    conversation = StaffInboxPage.open(sabine).open_conversation("Ana Pereira")
    conversation.send("Yes, here.")

    expect(thread.messages.last).to_have_text("Yes, here.")
    expect(thread.message_field).to_have_value("And another thi")
    expect(ana.locate_status("Yes, here.")).to_have_count(1)
    expect(conversation.read_mark).to_be_visible()


def test_a_client_can_send_a_message_without_javascript(open_portal_browser, portal):
    no_script = open_portal_browser(portal, java_script_enabled=False)
    no_script.set_session_cookie()
    thread = PortalHomePage.open(no_script).open_messages_tab()
    thread.send_empty_message()
    expect(no_script.locate_text("Enter a message.")).to_be_visible()
    thread.send("No script here")
    expect(no_script.page).to_have_url(re.compile("#write$"))
