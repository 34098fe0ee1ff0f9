"""A client and the business exchange messages, each in a browser of their own, on accessible pages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import WCAG, find_accessibility_violations
from tests.browser.browser_user import BrowserUser

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(ana) -> BrowserUser:
    """Ana, signed in."""
    ana.set_session_cookie()
    ana.open("/")
    return ana


@pytest.fixture
def sabine(sabine) -> BrowserUser:
    """Sabine, signed in."""
    sabine.set_session_cookie()
    return sabine


def send_message(user: BrowserUser, text: str) -> None:
    """Write a message and wait until it stands there."""
    user.page.get_by_label("Your message").fill(text)
    user.click_button("Send")
    expect(user.page.locator(".thread-message-text").last).to_have_text(text)


def find_wcag_violations(user: BrowserUser) -> list[str]:
    """Return what is wrong with the page at hand, at every size, by day and by night."""
    return find_accessibility_violations(user, rules=WCAG)


def test_a_client_writes_staff_answer_and_both_read_it(ana, sabine):
    ana.click_link("Write a message")
    send_message(ana, "Is Tuesday at ten free?")
    assert find_wcag_violations(ana) == []
    ana.open("/")  # an open conversation would hear of the answer, and have read it

    sabine.open_console()
    sabine.page.get_by_role("link", name="Notifications: 1 new").click()
    assert find_wcag_violations(sabine) == []
    sabine.page.get_by_role("link", name=re.compile("New message.*Ana Pereira", re.DOTALL)).click()
    expect(sabine.page.locator(".thread-message-text")).to_have_text("Is Tuesday at ten free?")
    assert find_wcag_violations(sabine) == []
    send_message(sabine, "Yes, see you then.")
    expect(sabine.page.get_by_text("Unread")).to_be_visible()
    sabine.open_console("messages/")
    expect(sabine.page.get_by_role("link", name=re.compile("Ana Pereira"))).to_contain_text("Yes, see you then.")
    assert find_wcag_violations(sabine) == []

    ana.open("/")
    expect(ana.page.get_by_text("Yes, see you then.")).to_be_visible()
    assert find_wcag_violations(ana) == []
    ana.click_link("Read and reply")
    expect(ana.page.locator(".thread-message-text").last).to_have_text("Yes, see you then.")
    sabine.open_console("messages/")
    sabine.page.get_by_role("link", name=re.compile("Ana Pereira")).click()
    expect(sabine.page.get_by_text("Read", exact=True)).to_be_visible()


def test_open_pages_hear_of_each_other_and_keep_what_is_being_typed(ana, sabine):
    ana.click_link("Write a message")
    send_message(ana, "Are you there?")
    ana.page.get_by_label("Your message").fill("And another thi")
    sabine.open_console("messages/")
    sabine.page.get_by_role("link", name=re.compile("Ana Pereira")).click()
    send_message(sabine, "Yes, here.")

    expect(ana.page.locator(".thread-message-text").last).to_have_text("Yes, here.")
    expect(ana.page.get_by_label("Your message")).to_have_value("And another thi")
    expect(ana.page.get_by_role("status").filter(has_text="Yes, here.")).to_have_count(1)
    expect(sabine.page.get_by_text("Read", exact=True)).to_be_visible()


def test_a_client_writes_where_no_script_runs(open_browser, portal):
    no_script = open_browser(portal, java_script_enabled=False)
    no_script.set_session_cookie()
    no_script.open("/")
    no_script.page.get_by_role("navigation").get_by_role("link", name="Messages").click()
    no_script.click_button("Send")
    expect(no_script.page.get_by_text("Enter a message.")).to_be_visible()
    send_message(no_script, "No script here")
    expect(no_script.page).to_have_url(re.compile("#write$"))


def test_a_mail_is_put_into_other_words_and_seen_before_it_is_kept(sabine):
    sabine.open_console("settings/message-templates/")
    assert find_wcag_violations(sabine) == []
    sabine.page.get_by_role("link", name=re.compile("English.*You sent a client a message")).click()
    mail = sabine.page.frame_locator("iframe[name=preview]")
    expect(mail.get_by_role("heading")).to_contain_text("new messages")
    sabine.page.get_by_label("Subject").fill("News from {business}")
    for _twice in range(2):
        sabine.page.get_by_role("button", name="Preview").click()
        expect(mail.get_by_role("heading")).to_have_text("News from Acme Physiotherapy")
    assert find_wcag_violations(sabine) == []

    sabine.click_button("Save")

    expect(sabine.page.get_by_text("now uses your text.")).to_be_visible()
    sabine.click_button("Reset to the standard text")
    expect(sabine.page.get_by_label("Subject")).to_have_value("{count} new messages from {business}")
    sabine.open_console("settings/notifications/")
    assert find_wcag_violations(sabine) == []
