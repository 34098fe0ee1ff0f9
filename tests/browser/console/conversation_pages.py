"""The conversations with clients: the inbox, and one conversation."""

import re

from playwright.sync_api import Locator

from tests.browser.chat_thread_page import ChatThreadPage
from tests.browser.console.console_page import ConsolePage


class StaffInboxPage(ConsolePage):
    """The page "Messages", which lists every conversation by its latest message."""

    path = "messages/"

    def locate_conversation(self, client_name: str) -> Locator:
        """Locate the link to a client's conversation."""
        return self.page.get_by_role("link", name=re.compile(client_name))

    def open_conversation(self, client_name: str) -> "StaffConversationPage":
        """Open a client's conversation."""
        self.locate_conversation(client_name).click()
        return StaffConversationPage(self.user)


class StaffConversationPage(ChatThreadPage):
    """The conversation with one client, on their card."""

    @property
    def unread_mark(self) -> Locator:
        """The mark of a message that the client has not read."""
        return self.page.get_by_text("Unread")

    @property
    def read_mark(self) -> Locator:
        """The mark of a message that the client has read."""
        return self.page.get_by_text("Read", exact=True)
