"""A member of staff in a browser at the platform: signing in, and the console of their business."""

from django.conf import settings

from tenants.models import Person
from tests.browser.browser_user import BrowserUser
from tests.browser.platform.staff_sign_in_pages import StaffSignInPage
from tests.factories import create_session


class StaffUser(BrowserUser):
    """A member of staff with a browser; `person` is their account, once they have one."""

    person: Person

    def open_console(self, path: str = "") -> None:
        """Open a page of the console of the user's business."""
        self.open_platform(f"/console/{self.portal.slug}/{path}")

    def sign_in(self) -> None:
        """Sign in with a code by mail."""
        StaffSignInPage.open(self)
        self.sign_in_with_code(self.person.email)

    def sign_in_with_code(self, email: str) -> None:
        """Request a code by mail on the sign-in page at hand, and enter it."""
        before = len(self.list_mails(email))
        sign_in_page = StaffSignInPage(self)
        sign_in_page.request_code(email)
        code = self.fetch_code(email)
        assert len(self.list_mails(email)) > before
        sign_in_page.enter_code(code)

    def set_session_cookie(self) -> None:
        """Create a session of this person and set its cookie, where signing in isn't what is tested."""
        name, key = settings.SESSION_COOKIE_NAME, create_session(self.person)
        self.context.add_cookies([{"name": name, "value": key, "url": settings.PUBLIC_URL}])

    def add_virtual_authenticator(self) -> None:
        """Add a virtual authenticator that stores passkeys to the browser."""
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        authenticator = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        options = authenticator | {"hasUserVerification": True, "isUserVerified": True}
        options |= {"automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
