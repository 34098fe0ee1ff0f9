"""The portal's pages for signing in: request a code, enter it, choose an account."""

from playwright.sync_api import Locator

from tests.browser.portal.portal_page import PortalPage


class ClientSignInPage(PortalPage):
    """The sign-in page, where a visitor requests a code."""

    path = "/sign-in/"

    @property
    def identifier_field(self) -> Locator:
        """The field for an email address or mobile number."""
        return self.page.get_by_label("Email address or mobile number")

    def request_code(self, identifier: str) -> "SignInCodePage":
        """Request a code for an email address or mobile number; an empty one shows this page again."""
        self.identifier_field.fill(identifier)
        self.user.click_button("Send me a code")
        return SignInCodePage(self.user)


class SignInCodePage(PortalPage):
    """The page where a visitor enters the code that was sent."""

    path = "/sign-in/code/"

    @property
    def code_field(self) -> Locator:
        """The field for the code."""
        return self.page.get_by_role("textbox", name="digit code")

    @property
    def keep_signed_in_checkbox(self) -> Locator:
        """The choice to stay signed in when the browser is closed."""
        return self.page.get_by_label("Keep me signed in")

    @property
    def resend_button(self) -> Locator:
        """The button that sends another code, when the countdown is over."""
        return self.page.get_by_role("button", name="Resend code")

    def enter_code(self, code: str) -> None:
        """Enter a code and submit it."""
        self.code_field.fill(code)
        self.user.click_button("Sign in")

    def paste_code(self) -> None:
        """Paste a code from the clipboard and submit it."""
        self.code_field.press("Control+V")
        self.code_field.press("Enter")

    def resend_code(self) -> None:
        """Have another code sent."""
        self.user.click_button("Resend code")

    def request_text_message(self) -> None:
        """Have the code sent by text message instead of email."""
        self.user.click_button("Text me the code instead")


class AccountChooserPage(PortalPage):
    """The page where clients who share an email address say who is signing in."""

    def choose_account(self, name: str) -> None:
        """Sign in as one of the clients."""
        self.user.click_button(name)
