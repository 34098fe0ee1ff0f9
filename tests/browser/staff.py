"""What staff do in a browser: sign in, open the console, add an authenticator."""

from django.conf import settings

from tests.browser.browser_user import BrowserUser
from tests.factories import create_session

SIGN_IN = "/staff/sign-in/"


def sign_in(user: BrowserUser, email: str = "") -> None:
    """Sign in with a code by mail."""
    user.open_platform(SIGN_IN)
    sign_in_with_code(user, email or user.person.email)


def resume_session(user: BrowserUser) -> None:
    """Set the cookie of an existing session, where signing in isn't what is tested."""
    name, key = settings.SESSION_COOKIE_NAME, create_session(user.person)
    user.context.add_cookies([{"name": name, "value": key, "url": settings.PUBLIC_URL}])


def open_console(user: BrowserUser, path: str = "") -> None:
    """Open a page of the console of the user's business."""
    user.open_platform(f"/console/{user.portal.slug}/{path}")


def sign_in_with_code(user: BrowserUser, email: str) -> None:
    """Request a code by mail, and enter it."""
    before = len(user.mails(email))
    user.page.get_by_label("Email address").fill(email)
    user.click_button("Email me a code")
    user.page.get_by_label("Code").wait_for()
    code = user.fetch_code(email)
    assert len(user.mails(email)) > before
    user.page.get_by_label("Code").fill(code)
    user.click_button("Sign in")


def add_virtual_authenticator(user: BrowserUser) -> None:
    """Add a virtual authenticator that stores passkeys to the browser."""
    session = user.context.new_cdp_session(user.page)
    session.send("WebAuthn.enable")
    authenticator = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = authenticator | {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
