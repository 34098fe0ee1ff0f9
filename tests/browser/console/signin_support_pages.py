"""Sign-in help: finding a client, the diagnosis of their sign-in, and tickets to support."""

from playwright.sync_api import Locator, expect

from tests.browser.console.console_page import ConsolePage


class SignInSupportPage(ConsolePage):
    """The page "Sign-in help", which looks up what a client entered."""

    path = "sign-in-help/"

    @property
    def similar_address_heading(self) -> Locator:
        """The heading that only a similar address is on file."""
        return self.page.get_by_role("heading", name="No exact match, but a similar address")

    def search(self, identifier: str) -> None:
        """Search for what the client says they entered."""
        self.page.get_by_label("What did the client enter?").fill(identifier)
        self.user.click_button("Search")

    def open_diagnosis(self, client_name: str) -> "SignInDiagnosisPage":
        """Open the diagnosis of a client that was found."""
        self.page.get_by_role("link", name=f"Where is the code? {client_name}").click()
        expect(self.user.main_heading).to_contain_text(client_name)
        return SignInDiagnosisPage(self.user)

    def contact_support(self) -> "SupportTicketPage":
        """Open a ticket about an identifier that no client has."""
        self.user.click_button("Contact support about this")
        return SupportTicketPage(self.user)


class SignInDiagnosisPage(ConsolePage):
    """The page that follows a client's sign-in and says what is wrong."""

    @property
    def summary(self) -> Locator:
        """The sentences on top that say what is wrong and what to do."""
        return self.page.locator(".diagnosis")

    def remove_suppression(self) -> None:
        """Ask the provider to send to the address again."""
        self.user.click_button("Remove and retry")

    def issue_code(self) -> "StaffIssuedCodePage":
        """Have a code shown that is read to the client in person."""
        self.user.click_button("Issue a code in person")
        return StaffIssuedCodePage(self.user)

    def contact_support(self) -> None:
        """Open a ticket about this client."""
        self.user.click_button("Contact support")


class StaffIssuedCodePage(ConsolePage):
    """The page that shows a staff-issued code, once."""

    @property
    def code(self) -> str:
        """The code."""
        return self.page.locator("#issued-code").inner_text()

    def finish(self) -> SignInDiagnosisPage:
        """Return to the diagnosis."""
        self.page.get_by_role("link", name="Done").click()
        return SignInDiagnosisPage(self.user)


class SupportTicketPage(ConsolePage):
    """The page of one ticket to support."""

    def close(self, *, resolution: str) -> None:
        """Close the ticket with a reason by its label."""
        self.page.get_by_label("Reason for closing").select_option(label=resolution)
        self.user.click_button("Close the ticket")


class SupportTicketListPage(ConsolePage):
    """The page that lists all tickets."""

    path = "sign-in-help/tickets/"

    @property
    def closed_badge(self) -> Locator:
        """The state of a closed ticket."""
        return self.page.get_by_text("closed", exact=True)
