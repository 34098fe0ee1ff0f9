"""A member of staff's notifications, each of which leads to what it tells of."""

import re

from tests.browser.console.console_page import ConsolePage
from tests.browser.console.conversations import ConversationPage
from tests.browser.console.signin_support import TicketPage


class NotificationsPage(ConsolePage):
    """The page "Notifications"."""

    path = "notifications/"

    def open_new_message(self, client_name: str) -> ConversationPage:
        """Open the conversation with a new message of a client."""
        pattern = re.compile(f"New message.*{client_name}", re.DOTALL)
        self.page.get_by_role("link", name=pattern).click()
        return ConversationPage(self.user)

    def open_ticket_answer(self) -> TicketPage:
        """Open the ticket that support has answered."""
        self.page.get_by_text("Answered: ticket of").click()
        return TicketPage(self.user)
