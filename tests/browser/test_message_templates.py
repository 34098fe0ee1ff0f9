"""Staff change the text of a mail in a browser and preview it, on accessible pages."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility_checks import WCAG, find_accessibility_violations
from tests.browser.console.message_template_pages import MessageTemplatesPage

pytestmark = pytest.mark.browser


def test_a_mail_template_can_be_previewed_saved_and_reset(sabine):
    sabine.set_session_cookie()
    templates_page = MessageTemplatesPage.open(sabine)
    assert find_accessibility_violations(sabine, rules=WCAG) == []
    template_page = templates_page.open_template("English", "You sent a client a message")
    expect(template_page.preview_heading).to_contain_text("new messages")
    template_page.subject_field.fill("News from {business}")
    for _preview in range(2):
        template_page.update_preview()
        expect(template_page.preview_heading).to_have_text("News from Acme Physiotherapy")
    assert find_accessibility_violations(sabine, rules=WCAG) == []

    template_page.save()

    expect(sabine.locate_text("now uses your text.")).to_be_visible()
    template_page.reset()
    expect(template_page.subject_field).to_have_value("{count} new messages from {business}")


def test_notification_preferences_are_accessible(sabine):
    sabine.set_session_cookie()
    sabine.open_console("settings/notifications/")
    assert find_accessibility_violations(sabine, rules=WCAG) == []
