"""The messages of one conversation and the form below them, as the portal and the console show them."""

from playwright.sync_api import Locator, expect

from tests.browser.page_object import PageObject


class ChatThreadPage(PageObject):
    """The thread on a client's or a member of staff's page."""

    @property
    def message_field(self) -> Locator:
        """The field for a new message."""
        return self.page.get_by_label("Your message")

    @property
    def messages(self) -> Locator:
        """The texts of all messages, the oldest first."""
        return self.page.locator(".thread-message-text")

    def send(self, text: str) -> None:
        """Send a message, and wait until it is the last one of the thread."""
        self.message_field.fill(text)
        self.user.click_button("Send")
        expect(self.messages.last).to_have_text(text)

    def send_empty_message(self) -> None:
        """Submit the form without a message."""
        self.user.click_button("Send")
