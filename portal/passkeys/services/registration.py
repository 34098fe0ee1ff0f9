"""Adding a passkey to a signed-in client's account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from webauthn import generate_registration_options, verify_registration_response
from webauthn.helpers import options_to_json_dict, parse_registration_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from portal.access import services as access
from portal.access.models import ClientSession
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.passkeys.kinds import PasskeyEvent, PasskeyMessageKind
from portal.passkeys.models import MAX_CREDENTIAL_ID_LENGTH, MAX_PUBLIC_KEY_LENGTH, Passkey
from portal.passkeys.services.challenges import (
    CHALLENGE_LIFETIME,
    ChallengePurpose,
    InvalidChallenge,
    PasskeyChallenge,
    issue_challenge,
    redeem_challenge,
)
from portal.passkeys.services.notices import record_and_notify
from portal.passkeys.services.relying_parties import RelyingParty
from portal.passkeys.services.responses import MALFORMED_RESPONSE, MAX_RESPONSE_LENGTH
from tenants.models import Business

MAX_PASSKEYS = 10
# So that nobody buries the notice of a passkey among those of others, or has a client texted again and again.
MAX_ADDED_PER_DAY = 10
ADDING_PERIOD = timedelta(days=1)


class PasskeyNotAdded(Exception):
    """What the browser sent is no new passkey for this portal, or came too late."""


@dataclass
class TooManyPasskeys(Exception):
    """The client has as many passkeys as anybody may have, or added as many in a day as anybody may add.

    `again_at` is when they may add another one, without removing one first.
    """

    again_at: datetime | None


def check_may_add_passkey(client: Client, *, now: datetime) -> None:
    """Check that a client has fewer than MAX_PASSKEYS and added fewer than MAX_ADDED_PER_DAY within a day.

    Raises TooManyPasskeys.
    """
    if Passkey.objects.filter(client=client).count() >= MAX_PASSKEYS:
        raise TooManyPasskeys(again_at=None)
    added = Entry.objects.filter(client=client, event_type=PasskeyEvent.ADDED, at__gt=now - ADDING_PERIOD)
    latest = list(added.order_by("-at").values_list("at", flat=True)[:MAX_ADDED_PER_DAY])
    if len(latest) >= MAX_ADDED_PER_DAY:
        raise TooManyPasskeys(again_at=latest[-1] + ADDING_PERIOD)


def begin_registration(
    *, business: Business, session: ClientSession, relying_party: RelyingParty, now: datetime
) -> dict[str, Any]:
    """Return what a browser needs to make a passkey, and the state to send back with it. Raises TooManyPasskeys."""
    check_may_add_passkey(session.client, now=now)
    challenge = issue_challenge(
        business=business, purpose=ChallengePurpose.REGISTRATION, holder=str(session.pk), now=now
    )
    options = generate_registration_options(
        rp_id=relying_party.host,
        rp_name=relying_party.name,
        user_id=session.client_id.bytes,
        user_name=session.address,
        user_display_name=session.client.name,
        challenge=challenge.value,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=bytes(passkey.credential_id))
            for passkey in Passkey.objects.filter(client=session.client_id, host=relying_party.host)
        ],
    )
    return {"state": challenge.state, "publicKey": options_to_json_dict(options)}


def add_passkey(
    *,
    business: Business,
    session: ClientSession,
    relying_party: RelyingParty,
    challenge_state: str,
    passkey_response: str,
    device: str,
    now: datetime,
) -> Passkey:
    """Add the passkey that a browser made, and notify the client.

    `device` is the label of the browser. Raises PasskeyNotAdded and TooManyPasskeys.
    """
    try:
        challenge = redeem_challenge(
            business=business,
            purpose=ChallengePurpose.REGISTRATION,
            holder=str(session.pk),
            state=challenge_state,
            now=now,
        )
    except InvalidChallenge as error:
        raise PasskeyNotAdded from error
    credential, verified = _verify_response(passkey_response, challenge, relying_party)
    passkey = _build_passkey(credential, verified, session=session, host=relying_party.host, device=device, now=now)
    try:
        return _save_passkey(passkey, session=session, now=now)
    except IntegrityError as error:
        # The same passkey was added before.
        raise PasskeyNotAdded from error


def _verify_response(
    passkey_response: str, challenge: PasskeyChallenge, relying_party: RelyingParty
) -> tuple[RegistrationCredential, VerifiedRegistration]:
    if len(passkey_response) > MAX_RESPONSE_LENGTH:
        raise PasskeyNotAdded
    try:
        credential = parse_registration_credential_json(passkey_response)
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=relying_party.host,
            expected_origin=relying_party.origin,
            require_user_verification=True,
        )
    except MALFORMED_RESPONSE as error:
        raise PasskeyNotAdded from error
    if (
        len(verified.credential_id) > MAX_CREDENTIAL_ID_LENGTH
        or len(verified.credential_public_key) > MAX_PUBLIC_KEY_LENGTH
    ):
        raise PasskeyNotAdded
    return credential, verified


def _build_passkey(
    credential: RegistrationCredential,
    verified: VerifiedRegistration,
    *,
    session: ClientSession,
    host: str,
    device: str,
    now: datetime,
) -> Passkey:
    return Passkey(
        client_id=session.client_id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        user_handle=session.client_id.bytes,
        host=host,
        address=session.address,
        device=device,
        transports=[transport.value for transport in credential.response.transports or []],
        sign_count=verified.sign_count,
        is_backup_eligible=verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        is_backed_up=verified.credential_backed_up,
        created_at=now,
    )


@transaction.atomic
def _save_passkey(passkey: Passkey, *, session: ClientSession, now: datetime) -> Passkey:
    # Locked, so that concurrent requests don't exceed the maximum, and that no address is replaced or taken away and no
    # session ends meanwhile.
    client = Client.objects.active().select_for_update(no_key=True).filter(pk=passkey.client_id).first()
    if client is None or not access.lock_live_session(session, now=now):
        raise PasskeyNotAdded
    check_may_add_passkey(client, now=now)
    passkey.save(force_insert=True)
    record_and_notify(PasskeyEvent.ADDED, PasskeyMessageKind.ADDED, passkey, client=client, now=now)
    return passkey
