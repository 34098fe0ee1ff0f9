"""The console's home page and the header and navigation that every page of the console has."""

from playwright.sync_api import Locator

from tests.browser.console.console_page import ConsolePage
from tests.browser.console.notifications_page import NotificationsPage


class ConsoleHomePage(ConsolePage):
    """The console's home page."""

    path = ""

    @property
    def business_name(self) -> Locator:
        """The name of the business in the header."""
        return self.page.locator(".business-name")

    @property
    def menu_button(self) -> Locator:
        """The button that opens the navigation on narrow screens."""
        return self.page.get_by_role("button", name="Menu")

    @property
    def settings_link(self) -> Locator:
        """The navigation's link to the settings."""
        return self.page.get_by_role("link", name="Settings")

    def open_notifications(self, *, count: int) -> NotificationsPage:
        """Open the notifications by the header's link, which counts those that are new."""
        self.page.get_by_role("link", name=f"Notifications: {count} new").click()
        return NotificationsPage(self.user)
