"""The portal's instructions for an IT department whose mail filter holds back codes."""

from playwright.sync_api import Locator

from tests.browser.portal.portal_page import PortalPage


class AllowListPage(PortalPage):
    """The page with the sender details to put on an allow list."""

    path = "/sign-in/allow-list/"

    @property
    def copy_status(self) -> Locator:
        """What the page announces after copying."""
        return self.page.get_by_role("status")

    def copy_instructions(self) -> None:
        """Copy the instructions, or select them where there is no clipboard."""
        self.page.get_by_role("button", name="Copy the instructions").click()
