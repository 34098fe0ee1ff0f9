"""The pages about the portal: its address, branding and domain."""

from playwright.sync_api import Locator

from tests.browser.console.console_page import ConsolePage
from tests.browser.console.impersonation_pages import ImpersonatedPortalPage


class PortalSettingsPage(ConsolePage):
    """The page "Client Portal"."""

    path = "portal/"

    @property
    def heading(self) -> Locator:
        """The page's heading."""
        return self.page.get_by_role("heading", name="Client Portal", exact=True)

    @property
    def slug_field(self) -> Locator:
        """The field for the part of the address that the business chooses."""
        return self.page.get_by_label("Your portal’s address")

    @property
    def copy_button(self) -> Locator:
        """The button that copies the portal's address."""
        return self.page.get_by_role("button", name="Copy")

    def edit_address(self) -> None:
        """Begin to edit the address in its place."""
        self.page.get_by_role("link", name="Edit").click()

    def save_address(self) -> None:
        """Save the edited address."""
        self.user.click_button("Done")

    def view_as_demo_client(self) -> ImpersonatedPortalPage:
        """View the portal as the demo client, in a new tab that the user goes on with."""
        self.user.open_new_tab("View as Demo Client")
        return ImpersonatedPortalPage(self.user)


class PortalBrandingPage(ConsolePage):
    """The page with the portal's colour and texts, and a preview of them."""

    path = "portal/branding/"

    @property
    def preview(self) -> Locator:
        """The preview of the portal."""
        return self.page.get_by_role("region", name="Preview")

    @property
    def previewed_welcome(self) -> Locator:
        """The part of the preview that has the portal's colour."""
        return self.preview.locator(".preview-welcome")

    def locate_in_preview(self, text: str) -> Locator:
        """Locate a text in the preview."""
        return self.preview.get_by_text(text)

    def write_welcome(self, text: str) -> None:
        """Write the welcome text."""
        self.page.get_by_label("Welcome text").fill(text)

    def choose_colour(self, colour: str) -> None:
        """Choose the brand colour, such as "#ffe680"."""
        self.page.get_by_label("Colour").fill(colour)

    def save(self) -> None:
        """Save colour and texts."""
        self.user.click_button("Save")


class CustomDomainPage(ConsolePage):
    """The page on which a business adds a domain of its own."""

    path = "portal/domain/"

    def locate_domain(self, domain: str) -> Locator:
        """Locate the heading above the state of a domain."""
        return self.page.get_by_role("heading", name=domain)

    def add_domain(self, domain: str) -> None:
        """Add a domain."""
        self.page.get_by_label("Domain", exact=True).fill(domain)
        self.user.click_button("Add domain")
