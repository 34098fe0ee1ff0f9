"""Signing a client in with a passkey."""

from datetime import datetime
from typing import Any, NoReturn

from django.db import transaction
from webauthn import generate_authentication_options, verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.structs import AuthenticationCredential, UserVerificationRequirement

from portal.access import services as access
from portal.access.services import BrowserTokens, NewSession
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.passkeys.kinds import PasskeyEvent, RefusalReason
from portal.passkeys.models import Passkey
from portal.passkeys.services.challenges import (
    CHALLENGE_LIFETIME,
    ChallengePurpose,
    InvalidChallenge,
    PasskeyChallenge,
    issue_challenge,
    redeem_challenge,
)
from portal.passkeys.services.relying_parties import RelyingParty
from portal.passkeys.services.responses import MALFORMED_RESPONSE, MAX_RESPONSE_LENGTH
from tenants.models import Business

# A public key whose private half nobody has, so that an unknown passkey takes the same steps as a known one.
DECOY_PUBLIC_KEY = bytes.fromhex(
    "a5010203262001215820092538744ab9655856cc0271e345cfe072c92f4ee86bec8f699661dfb765"
    "9a9f225820b21aee6e6228838687be7abf7b80bc8f77b52215b097cbc91d0cf69750c7eeb2"
)


class PasskeyRejected(Exception):
    """The passkey signs nobody in here. Nothing says why: it is the same for unknown and wrong ones."""


def begin_sign_in(
    *, business: Business, relying_party: RelyingParty, browser_secret: str, now: datetime
) -> dict[str, Any]:
    """Return what a browser needs to offer the passkeys it has, and the state to send back. It names no passkey."""
    challenge = issue_challenge(business=business, purpose=ChallengePurpose.SIGN_IN, holder=browser_secret, now=now)
    options = generate_authentication_options(
        rp_id=relying_party.host,
        challenge=challenge.value,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return {"state": challenge.state, "publicKey": options_to_json_dict(options)}


def sign_in_with_passkey(
    *,
    business: Business,
    relying_party: RelyingParty,
    browser_secret: str,
    challenge_state: str,
    passkey_response: str,
    browser: BrowserTokens,
    now: datetime,
) -> NewSession:
    """Verify what a passkey signed, and sign its client in. Raises PasskeyRejected."""
    try:
        challenge = redeem_challenge(
            business=business, purpose=ChallengePurpose.SIGN_IN, holder=browser_secret, state=challenge_state, now=now
        )
    except InvalidChallenge as error:
        raise PasskeyRejected from error
    credential = _parse_response(passkey_response)
    passkey = Passkey.objects.exclude_demo().filter(credential_id=credential.raw_id, host=relying_party.host).first()
    verified = _verify_response(credential, challenge, passkey, relying_party)
    if passkey is None or not _has_user_handle(credential, passkey):
        raise PasskeyRejected
    # A counter that doesn't go up belongs to a copy. Authenticators without one always say 0.
    if max(passkey.sign_count, verified.new_sign_count) and verified.new_sign_count <= passkey.sign_count:
        _refuse(passkey, RefusalReason.OLD_COUNTER, now=now)
    return _open_session(passkey, verified, browser=browser, now=now)


def _parse_response(passkey_response: str) -> AuthenticationCredential:
    if len(passkey_response) > MAX_RESPONSE_LENGTH:
        raise PasskeyRejected
    try:
        return parse_authentication_credential_json(passkey_response)
    except MALFORMED_RESPONSE as error:
        raise PasskeyRejected from error


def _verify_response(
    credential: AuthenticationCredential,
    challenge: PasskeyChallenge,
    passkey: Passkey | None,
    relying_party: RelyingParty,
) -> VerifiedAuthentication:
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=relying_party.host,
            expected_origin=relying_party.origin,
            credential_public_key=bytes(passkey.public_key) if passkey else DECOY_PUBLIC_KEY,
            # Judged by the caller: only a right signature says whose counter it is.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except MALFORMED_RESPONSE as error:
        raise PasskeyRejected from error


def _has_user_handle(credential: AuthenticationCredential, passkey: Passkey) -> bool:
    """Return whether the passkey says that it belongs to its client; one that is discoverable always says so."""
    return credential.response.user_handle == bytes(passkey.user_handle)


@transaction.atomic
def _record_refusal(passkey: Passkey, reason: RefusalReason, *, now: datetime) -> None:
    fields = {"client_id": passkey.client_id, "subject_id": passkey.pk, "actor": Entry.Actor.CLIENT}
    activity.record_event(PasskeyEvent.REFUSED, at=now, **fields, device=passkey.device, reason=reason.value)


def _refuse(passkey: Passkey, reason: RefusalReason, *, now: datetime) -> NoReturn:
    """Let staff see on the timeline why a real passkey was refused; the page doesn't say. Raises PasskeyRejected."""
    _record_refusal(passkey, reason, now=now)
    raise PasskeyRejected


def _open_session(
    passkey: Passkey, verified: VerifiedAuthentication, *, browser: BrowserTokens, now: datetime
) -> NewSession:
    clients = access.query_signing_in_clients(passkey.address, browser.browser_digest)
    client = clients.filter(pk=passkey.client_id).first()
    if client is None:
        _refuse(passkey, RefusalReason.NO_ACCESS, now=now)
    with transaction.atomic():
        new_session = access.open_session(
            client=client,
            address=passkey.address,
            was_code_sent=False,
            browser=browser,
            remember_me=False,
            passkey_id=passkey.pk,
            now=now,
        )
        # The counter decides which of two concurrent answers was first, and a passkey that was removed has none.
        unchanged = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count)
        if not unchanged.update(
            sign_count=verified.new_sign_count, is_backed_up=verified.credential_backed_up, used_at=now
        ):
            raise PasskeyRejected
    return new_session
