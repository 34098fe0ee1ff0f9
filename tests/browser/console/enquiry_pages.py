"""The enquiries that came by the contact form."""

from playwright.sync_api import Locator

from tests.browser.console.console_page import ConsolePage


class EnquiriesPage(ConsolePage):
    """The page that lists enquiries."""

    path = "enquiries/"

    def show_unread(self) -> None:
        """Show only unread enquiries."""
        self.user.open_console(f"{self.path}?show=unread")

    def open_enquiry(self, name: str) -> "EnquiryPage":
        """Open an enquiry by its author's name."""
        self.page.get_by_role("link", name=name).click()
        return EnquiryPage(self.user)


class EnquiryPage(ConsolePage):
    """The page of one enquiry and of what it says differently from the client's card."""

    @property
    def mark_unread_button(self) -> Locator:
        """The button that a read enquiry has."""
        return self.page.get_by_role("button", name="Mark as unread")

    @property
    def accept_name_button(self) -> Locator:
        """The button that accepts the suggested name."""
        return self.page.get_by_role("button", name="Change the name")

    def mark_read(self) -> None:
        """Mark the enquiry as read."""
        self.user.click_button("Mark as read")
