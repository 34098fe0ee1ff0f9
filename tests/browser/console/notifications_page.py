"""A member of staff's notifications, each of which leads to what it tells of."""

import re

from tests.browser.console.console_page import ConsolePage
from tests.browser.console.conversation_pages import StaffConversationPage
from tests.browser.console.signin_support_pages import SupportTicketPage


class NotificationsPage(ConsolePage):
    """The page "Notifications"."""

    path = "notifications/"

    def open_new_message(self, client_name: str) -> StaffConversationPage:
        """Open the conversation with a new message of a client."""
        pattern = re.compile(f"New message.*{client_name}", re.DOTALL)
        self.page.get_by_role("link", name=pattern).click()
        return StaffConversationPage(self.user)

    def open_ticket_answer(self) -> SupportTicketPage:
        """Open the ticket that support has answered."""
        self.page.get_by_text("Answered: ticket of").click()
        return SupportTicketPage(self.user)
