"""The platform's pages on which staff sign in and add a passkey."""

from typing import Self

from playwright.sync_api import Locator

from tests.browser.browser_user import BrowserUser
from tests.browser.page_object import PageObject


class StaffSignInPage(PageObject):
    """The page on which staff sign in, by code or by passkey."""

    @classmethod
    def open(cls, user: BrowserUser) -> Self:
        """Open the sign-in page."""
        user.open_platform("/staff/sign-in/")
        return cls(user)

    @property
    def code_field(self) -> Locator:
        """The field for the code."""
        return self.page.get_by_label("Code")

    def request_code(self, email: str) -> None:
        """Request a code by mail, and wait for the page on which it is entered."""
        self.page.get_by_label("Email address").fill(email)
        self.user.click_button("Email me a code")
        self.code_field.wait_for()

    def enter_code(self, code: str) -> None:
        """Enter a code and submit it."""
        self.code_field.fill(code)
        self.user.click_button("Sign in")

    def sign_in_with_passkey(self) -> None:
        """Sign in with the passkey that the browser's authenticator holds."""
        self.user.click_button("Sign in with a passkey")


class StaffPasskeyPage(PageObject):
    """The page on which staff add a passkey to their account."""

    @classmethod
    def open(cls, user: BrowserUser) -> Self:
        """Open the page."""
        user.open_platform("/staff/security/passkeys/new/")
        return cls(user)

    @property
    def recovery_codes_heading(self) -> Locator:
        """The heading above the recovery codes, which are shown after the first passkey."""
        return self.page.get_by_role("heading", name="Recovery codes")

    def add_passkey(self) -> None:
        """Add a passkey of the browser's authenticator."""
        self.user.click_button("Add a passkey")

    def sign_out(self) -> StaffSignInPage:
        """Sign out, which leads to the sign-in page."""
        self.user.click_button("Sign out")
        return StaffSignInPage(self.user)
