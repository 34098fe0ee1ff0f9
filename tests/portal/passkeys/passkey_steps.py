"""What a browser does to add a passkey and to sign in with it, as portal-passkeys.js does."""

from django.http import HttpResponse
from django.test import Client

from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator


def add_passkey(browser: Client, authenticator: SoftwareAuthenticator) -> HttpResponse:
    """Make a passkey and add it to the account of whoever is signed in."""
    options = browser.post("/passkeys/new/options/").json()
    return send_passkey(browser, "/passkeys/new/", options["state"], authenticator.create(options["publicKey"]))


def sign_in_with_passkey(browser: Client, authenticator: SoftwareAuthenticator) -> HttpResponse:
    """Sign in with the passkey of an authenticator."""
    options = browser.post("/passkeys/sign-in/options/").json()
    return send_passkey(browser, "/passkeys/sign-in/", options["state"], authenticator.get(options["publicKey"]))


def send_passkey(browser: Client, path: str, state: str, response: str) -> HttpResponse:
    """Send what a passkey signed."""
    return browser.post(path, {"challenge_state": state, "passkey_response": response})
