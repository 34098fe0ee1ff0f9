"""The portal's home page and the conversation with the business that it leads to."""

from tests.browser.chat_thread_page import ChatThreadPage
from tests.browser.portal.portal_page import PortalPage


class PortalHomePage(PortalPage):
    """The portal's home page, with a card about messages."""

    path = "/"

    def start_conversation(self) -> ChatThreadPage:
        """Open the conversation to write the first message."""
        self.user.click_link("Write a message")
        return ChatThreadPage(self.user)

    def read_new_message(self) -> ChatThreadPage:
        """Open the conversation to read a new message."""
        self.user.click_link("Read and reply")
        return ChatThreadPage(self.user)

    def open_messages_tab(self) -> ChatThreadPage:
        """Open the conversation by the portal's navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name="Messages").click()
        return ChatThreadPage(self.user)
