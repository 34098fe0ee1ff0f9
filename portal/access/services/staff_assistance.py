"""How staff help a client who is waiting for a code: resend it, or issue one in person.

A challenge belongs to the browser that opened it, so neither code works in another browser.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.access import address_limits, sign_in_codes
from portal.access.address_limits import get_visitor
from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ChallengePurpose
from portal.access.services.challenges import ResendRefused, find_resend_address
from portal.access.services.code_recipients import derive_advisory_lock_key
from portal.access.services.code_sending import CodeDestination, send_code
from portal.access.services.contacts import list_sign_in_identifiers, notify_addresses
from portal.activity import services as activity
from portal.branding import services as branding
from portal.clients.models import Client, ClientStatus
from tenants.models import Business, Channel
from tenants.staff.staff_actor import StaffActor

# Staff do not have to wait as clients do; this only prevents double clicks.
RESEND_COOLDOWN = timedelta(seconds=20)


class ChannelUnavailable(Exception):
    """No address on file can receive a code by that channel."""


class RecipientLimitReached(Exception):
    """The address had as many messages, over all businesses, as one address is sent."""


class ClientMismatch(Exception):
    """The client may not sign in with the address of the challenge."""


class ChallengeExpired(Exception):
    """The challenge ends before a code issued now would expire; the client has to open another."""


def list_open_challenges(*, now: datetime):
    """Return the sign-in challenges that still take a code."""
    open_filter = {"closed_at": None, "verified_at": None, "expires_at__gt": now}
    return Challenge.objects.exclude_demo().filter(
        purpose=ChallengePurpose.SIGN_IN, failures__lt=settings.LOGIN_MAX_GUESSES, **open_filter
    )


@transaction.atomic
def resend_code_for_client(
    *, business: Business, challenge_id: uuid.UUID, channel: Channel, staff: StaffActor, language: str, now: datetime
) -> Challenge:
    """Send another code for an open challenge on behalf of staff, within the rate limits of clients.

    Raises Challenge.DoesNotExist, ResendRefused, RateLimitExceeded, ChannelUnavailable and RecipientLimitReached.
    """
    challenge = list_open_challenges(now=now).select_for_update(of=("self",), no_key=True).get(pk=challenge_id)
    portal_settings = branding.get_portal_settings_with_advisory_lock(
        derive_advisory_lock_key(business, bytes(challenge.identifier_digest))
    )
    if len(challenge.sent_at) >= settings.LOGIN_MAX_SENDS:
        raise ResendRefused(retry_at=None)
    if challenge.sent_at[-1] + RESEND_COOLDOWN > now:
        raise ResendRefused(retry_at=challenge.sent_at[-1] + RESEND_COOLDOWN)
    recent = address_limits.list_recent_challenges(digest=challenge.digest, now=now)
    visitor = get_visitor(challenge, has_waited=True)
    address_limits.check_resend_limit(recent, visitor=visitor, now=now)
    destination = find_resend_address(
        business, challenge, channel, portal_settings, browser_digest=b"", visitor=visitor, now=now
    )
    if not destination:
        raise ChannelUnavailable
    code_destination = CodeDestination(channel, channel, destination)
    if not send_code(challenge, code_destination, visitor=visitor, language=language, now=now, staff=staff):
        raise RecipientLimitReached
    return challenge


@transaction.atomic
def issue_code(*, challenge_id: uuid.UUID, client: Client, staff: StaffActor, now: datetime) -> tuple[str, datetime]:
    """Issue a code for an open challenge that only this client can use; return it and its expiry. Notifies the client.

    It replaces a code that was issued earlier. Raises Challenge.DoesNotExist, ClientMismatch and ChallengeExpired.
    """
    challenge = list_open_challenges(now=now).select_for_update(of=("self",), no_key=True).get(pk=challenge_id)
    if not can_use_challenge(client, challenge):
        raise ClientMismatch
    expires_at = now + settings.LOGIN_CODE_LIFETIME
    if challenge.expires_at < expires_at:
        raise ChallengeExpired
    challenge.code_issued_at, challenge.code_issued_to = _compute_next_instant(challenge.code_issued_at, now), client
    code = _derive_issued_code(challenge)
    challenge.save(update_fields=["code_issued_at", "code_issued_to"])
    fields = activity.get_actor_fields(staff) | {"typed": challenge.identifier_masked}
    activity.record_event(AccessEvent.CODE_ISSUED, at=now, client=client, subject_id=challenge.pk, **fields)
    notify_addresses(client, list_sign_in_identifiers(client), AccessMessageKind.CODE_ISSUED, now=now)
    return code, expires_at


def can_use_challenge(client: Client, challenge: Challenge) -> bool:
    """Tell whether a client may sign in with the address of a challenge."""
    contacts = client.contacts.usable_for_sign_in().filter(value=challenge.address)
    return bool(challenge.address) and client.status == ClientStatus.ACTIVE and contacts.exists()


def _compute_next_instant(last: datetime | None, now: datetime) -> datetime:
    """Return `now`, or an instant later than the last one: codes are derived from it and must differ."""
    return max(now, last + datetime.resolution) if last else now


def _derive_issued_code(challenge: Challenge) -> str:
    try:
        return sign_in_codes.derive_issued_code(challenge)
    except sign_in_codes.CodeKeyRetired as error:
        # No code of a challenge works once its key is retired.
        raise ChallengeExpired from error
