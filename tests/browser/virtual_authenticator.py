"""A virtual authenticator of Chromium: a device that keeps passkeys, and whose user agrees to everything."""

from tests.browser.browser_user import BrowserUser


def add_virtual_authenticator(user: BrowserUser, *, agrees: bool = True) -> None:
    """Add an authenticator to the browser; without `agrees`, nobody touches it."""
    session = user.context.new_cdp_session(user.page)
    session.send("WebAuthn.enable")
    authenticator = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options = authenticator | {"hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": agrees}})
