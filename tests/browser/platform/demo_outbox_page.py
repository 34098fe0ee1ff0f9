"""The platform's page with every message of the demo."""

from typing import Self

from playwright.sync_api import Locator

from tests.browser.browser_user import BrowserUser
from tests.browser.page_object import PageObject


class DemoOutboxPage(PageObject):
    """The demo outbox, which shows each message as it looks on its recipient's phone."""

    @classmethod
    def open(cls, user: BrowserUser) -> Self:
        """Open the outbox."""
        user.open_platform("/dev/outbox/")
        return cls(user)

    @property
    def messages(self) -> Locator:
        """All messages that are shown."""
        return self.page.get_by_role("article")

    @property
    def text_messages(self) -> Locator:
        """The contents that are shown as text messages."""
        return self.page.locator(".text-message")

    @property
    def empty_notice(self) -> Locator:
        """The heading shown while there is no message."""
        return self.page.get_by_role("heading", name="Nothing sent yet")

    @property
    def business_filters(self) -> Locator:
        """The links that show one business's messages, while no recipient can be chosen."""
        return self.page.get_by_role("navigation", name="Filter").get_by_role("link")

    @property
    def copy_button(self) -> Locator:
        """The button that copies a message's code."""
        return self.page.get_by_role("button", name="Copy code")

    @property
    def copied_button(self) -> Locator:
        """The button that has copied a code."""
        return self.page.get_by_role("button", name="Copied")

    def locate_in_newest_mail(self, text: str) -> Locator:
        """Locate a text in the content of the newest mail."""
        return self.messages.first.frame_locator("iframe").get_by_text(text)

    def locate_mail_subject(self, subject: str) -> Locator:
        """Locate a mail's subject."""
        return self.page.get_by_role("heading", name=subject)

    def filter_by_recipient(self, address: str) -> None:
        """Show only the messages to one address."""
        self.page.get_by_role("navigation", name="Filter").get_by_role("link", name=address).click()
