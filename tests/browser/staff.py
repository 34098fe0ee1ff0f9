"""What do people who work at a business do with a browser?"""

from django.conf import settings

from tests.browser.visitor import Visitor
from tests.factories import create_session

SIGN_IN = "/staff/sign-in/"


def sign_in(visitor: Visitor, email: str = "") -> None:
    """Walk in by a code."""
    visitor.open_platform(SIGN_IN)
    ask_for_code(visitor, email or visitor.person.email)


def resume_session(visitor: Visitor) -> None:
    """Be signed in from before, where signing in isn't what is tested."""
    name, key = settings.SESSION_COOKIE_NAME, create_session(visitor.person)
    visitor.context.add_cookies([{"name": name, "value": key, "url": settings.PUBLIC_URL}])


def open_console(visitor: Visitor, path: str = "") -> None:
    """Open a page of the console of the visitor's place."""
    visitor.open_platform(f"/console/{visitor.place.slug}/{path}")


def ask_for_code(visitor: Visitor, email: str) -> None:
    """Have a code mailed, and type it."""
    had = len(visitor.mails(email))
    visitor.page.get_by_label("Email address").fill(email)
    visitor.press("Mail me a code")
    visitor.page.get_by_label("Code").wait_for()
    code = visitor.fetch_code(email)
    assert len(visitor.mails(email)) > had
    visitor.page.get_by_label("Code").fill(code)
    visitor.press("Sign in")


def give_authenticator(visitor: Visitor) -> None:
    """Put a phone that keeps passkeys into the visitor's hand."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    phone = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = phone | {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
