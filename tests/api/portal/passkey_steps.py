"""What a program does to add a passkey and to sign in with it, for tests."""

import json

from django.http import HttpResponse

from tests.api.portal.portal_programs import PortalProgram
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

SIGN_IN = "sign-in/passkey-challenges/"


def add_passkey(program: PortalProgram, authenticator: SoftwareAuthenticator) -> HttpResponse:
    """Make a passkey and add it to the account of whoever is signed in."""
    challenge = program.post("me/passkeys/challenges/", {})
    assert challenge.status_code == 201, challenge.content
    credential = json.loads(authenticator.create(challenge.json()["public_key"]))
    return program.post("me/passkeys/", {"state": challenge.json()["state"], "credential": credential})


def sign_in_with_passkey(program: PortalProgram, authenticator: SoftwareAuthenticator, **more: str) -> HttpResponse:
    """Sign in with the passkey of an authenticator."""
    challenge = program.post(SIGN_IN, {}).json()
    credential = json.loads(authenticator.get(challenge["public_key"]))
    return answer_passkey_challenge(program, challenge, credential, **more)


def answer_passkey_challenge(
    program: PortalProgram, challenge: dict[str, str], credential: object, **more: str
) -> HttpResponse:
    """Send what a passkey signed."""
    body = {"state": challenge["state"], "credential": credential} | more
    return program.post(f"{SIGN_IN}{challenge['id']}/answers/", body)
