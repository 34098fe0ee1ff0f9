"""The portal's pages of passkeys, and what a person does with them."""

from playwright.sync_api import Locator

from tests.browser.browser_user import BrowserUser
from tests.browser.portal.portal_page import PortalPage


class NewPasskeyPage(PortalPage):
    """The page "Add a passkey"."""

    path = "/passkeys/new/"

    def create_passkey(self) -> None:
        """Have the device make a passkey, and wait for the page that lists it."""
        self.user.click_button("Create the passkey")


class PasskeyOffer:
    """The offer of a passkey on the home page."""

    def __init__(self, user: BrowserUser) -> None:
        self._user = user

    @property
    def heading(self) -> Locator:
        """The heading of the offer."""
        return self._user.page.get_by_role("heading", name="Sign in faster next time")

    def dismiss(self) -> None:
        """Choose not to be offered a passkey again."""
        self._user.click_button("Not now")
