"""The pages by which somebody joins a team: the owner invites, the colleague accepts."""

from typing import Self

from tests.browser.browser_user import BrowserUser
from tests.browser.console.console_page import ConsolePage
from tests.browser.page_object import PageObject
from tests.browser.platform.staff_sign_in_pages import StaffSignInPage


class TeamPage(ConsolePage):
    """The settings page with the members of the team and open invitations."""

    path = "settings/team/"

    def invite(self, email: str) -> None:
        """Send an invitation."""
        self.page.get_by_label("Email address").fill(email)
        self.user.click_button("Send the invitation")


class TeamInvitationPage(PageObject):
    """The page that the link in an invitation opens."""

    @classmethod
    def open(cls, user: BrowserUser, path: str) -> Self:
        """Open the page at the link's path."""
        user.open_platform(path)
        return cls(user)

    def sign_in_to_accept(self) -> StaffSignInPage:
        """Go to the sign-in page, which leads back here."""
        self.user.click_link("Sign in to accept")
        return StaffSignInPage(self.user)

    def accept(self) -> None:
        """Accept the invitation, signed in."""
        self.user.click_button("Accept")
