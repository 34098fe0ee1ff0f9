"""The pages on which a business changes the texts of its mails."""

import re

from playwright.sync_api import FrameLocator, Locator

from tests.browser.console.console_page import ConsolePage


class MessageTemplatesPage(ConsolePage):
    """The settings page that lists every message template in every language."""

    path = "settings/message-templates/"

    def open_template(self, language: str, message: str) -> "MailTemplatePage":
        """Open the template of one message in one language."""
        self.page.get_by_role("link", name=re.compile(f"{language}.*{message}")).click()
        return MailTemplatePage(self.user)


class MailTemplatePage(ConsolePage):
    """The page that edits one mail's text and previews it."""

    @property
    def subject_field(self) -> Locator:
        """The field for the mail's subject."""
        return self.page.get_by_label("Subject")

    @property
    def preview_heading(self) -> Locator:
        """The heading of the previewed mail."""
        return self.preview.get_by_role("heading")

    @property
    def preview(self) -> FrameLocator:
        """The mail as it arrives."""
        return self.page.frame_locator("iframe[name=preview]")

    def update_preview(self) -> None:
        """Preview what was typed."""
        self.page.get_by_role("button", name="Preview").click()

    def save(self) -> None:
        """Save the business's own text."""
        self.user.click_button("Save")

    def reset(self) -> None:
        """Return to the standard text."""
        self.user.click_button("Reset to the standard text")
