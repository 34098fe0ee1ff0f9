"""The portal's pages of a client's own account: details, contacts and devices."""

from playwright.sync_api import Locator

from tests.browser.portal.portal_page import PortalPage


class ClientAccountPage(PortalPage):
    """The page "Your details"."""

    path = "/account/"

    def change_contact(self, identifier: str) -> "AddressChangePage":
        """Begin to replace an email address or mobile number."""
        self.user.click_link(f"Change {identifier}")
        return AddressChangePage(self.user)

    def add_mobile_number(self) -> "AddressChangePage":
        """Begin to add a mobile number."""
        self.user.click_link("Add a mobile number")
        return AddressChangePage(self.user)

    def choose_language_and_time_zone(self, language: str, time_zone: str) -> None:
        """Choose the language of pages and emails and the time zone, by their codes, and save them."""
        self.page.get_by_label("Language of emails and pages").select_option(language)
        self.page.get_by_label("Time zone").select_option(time_zone)
        self.user.click_button("Save")


class AddressChangePage(PortalPage):
    """The page where a client enters a new email address or mobile number."""

    path = "/account/contact/"

    def request_code(self, identifier: str) -> "AddressChangeCodePage":
        """Request a code that is sent to the new address or number."""
        self.user.text_field.fill(identifier)
        self.user.click_button("Send me a code")
        return AddressChangeCodePage(self.user)


class AddressChangeCodePage(PortalPage):
    """The page where a client confirms a new address or number with a code."""

    def confirm(self, code: str) -> None:
        """Enter the code and submit it."""
        self.page.get_by_role("textbox", name="digit code").fill(code)
        self.user.click_button("Confirm")


class ClientSessionsPage(PortalPage):
    """The page "Devices", which lists where a client is signed in."""

    path = "/sessions/"

    @property
    def only_session_notice(self) -> Locator:
        """The sentence that the client is signed in nowhere else."""
        return self.page.get_by_text("You are signed in on this device only.")

    def sign_out_device(self, device: str) -> None:
        """Sign out one other device."""
        self.user.click_button(f"Sign out {device}")

    def sign_out_all_others(self) -> None:
        """Sign out every device but this one."""
        self.user.click_button("Sign out on all other devices")
