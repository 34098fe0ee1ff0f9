"""Viewing the portal as a client: the page that asks for a reason, and the portal as it is then seen."""

from typing import Self

from playwright.sync_api import Locator

from portal.clients.models import Client
from tests.browser.console.console_page import ConsolePage
from tests.browser.page_object import PageObject
from tests.browser.staff_user import StaffUser


class ImpersonationPage(ConsolePage):
    """The page that asks why staff want to view the portal as a client."""

    @classmethod
    def open_for(cls, user: StaffUser, client: Client) -> Self:
        """Open the page for one client."""
        user.open_console(f"portal/impersonation/{client.pk}/")
        return cls(user)

    def view_portal(self, *, reason: str) -> "ImpersonatedPortalPage":
        """Give a reason and view the portal, in a new tab that the user goes on with."""
        self.page.get_by_label("Reason").fill(reason)
        self.user.open_new_tab("View the portal")
        return ImpersonatedPortalPage(self.user)


class ImpersonatedPortalPage(PageObject):
    """The portal in a new tab, under the banner that says as whom staff view it."""

    @property
    def ended_heading(self) -> Locator:
        """The heading of the page after leaving the client's view."""
        return self.page.get_by_role("heading", name="You have left the client view")

    @property
    def read_only_heading(self) -> Locator:
        """The heading of the page that refuses a change."""
        return self.page.get_by_role("heading", name="Read only")

    def open_path(self, path: str) -> None:
        """Open another page of the portal."""
        self.page.goto(self.user.portal.url + path)

    def save(self) -> None:
        """Try to save the form at hand."""
        self.page.get_by_role("button", name="Save").click()

    def exit(self) -> None:
        """Leave the client's view."""
        self.page.get_by_role("button", name="Exit").click()

    def return_to_console(self) -> None:
        """Go back to the console from the page that says the view has ended."""
        self.page.get_by_role("link", name="Back to the console").click()
