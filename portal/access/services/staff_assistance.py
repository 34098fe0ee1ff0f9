"""What can staff do for somebody who waits for a code in a browser of their own?

An attempt belongs to the browser that began it. Staff can have another code sent to where
this one goes, and an owner can be shown one to hand over: neither opens another browser.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.access import address_limits, codes
from portal.access.models import Challenge, ChallengePurpose
from portal.access.services.challenges import ResendRefused, resend_destination
from portal.access.services.contacts import notify_addresses, sign_in_identifiers
from portal.access.services.destinations import advisory_lock_key
from portal.access.services.sending import DeliveryRoute, send_code
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client
from portal.messaging.models import MessageKind
from portal.profile import services as profiles
from tenants.models import Business, Channel
from tenants.staff.actor import Staff

# Staff need not sit out the client's wait; this is for the finger that slips.
RESEND_COOLDOWN = timedelta(seconds=20)


class ChannelUnavailable(Exception):
    """Nothing on file can receive a code by that channel."""


class ClientMismatch(Exception):
    """The client may not sign in with the address of this attempt, so no code for it can be theirs."""


class ChallengeExpired(Exception):
    """The attempt ends before a code handed over now would: the client has to begin another."""


def open_challenges(*, now: datetime):
    """Return the attempts to sign in that may still be answered."""
    still = {"closed_at": None, "verified_at": None, "expires_at__gt": now}
    return Challenge.objects.exclude_demo().filter(
        purpose=ChallengePurpose.SIGN_IN, failures__lt=settings.LOGIN_MAX_GUESSES, **still
    )


@transaction.atomic
def resend_code_for_client(
    *, business: Business, challenge_id: uuid.UUID, channel: Channel, staff: Staff, language: str, now: datetime
) -> Challenge:
    """Send one more code for an open attempt, within the budgets that hold for clients.

    Raises Challenge.DoesNotExist, ResendRefused, RateLimitExceeded and NoWay.
    """
    challenge = open_challenges(now=now).select_for_update(of=("self",)).get(pk=challenge_id)
    profile = profiles.get_with_advisory_lock(advisory_lock_key(business, bytes(challenge.identifier_digest)))
    if len(challenge.sent_at) >= settings.LOGIN_MAX_SENDS:
        raise ResendRefused(retry_at=None)
    if challenge.sent_at[-1] + RESEND_COOLDOWN > now:
        raise ResendRefused(retry_at=challenge.sent_at[-1] + RESEND_COOLDOWN)
    past = address_limits.recent_challenges(digest=bytes(challenge.identifier_digest), now=now)
    address_limits.check_send_limit(past, is_recognised_browser=challenge.is_recognised_browser, now=now)
    destination = resend_destination(business, challenge, channel, profile, b"", now=now)
    if not destination:
        raise ChannelUnavailable
    send_code(challenge, DeliveryRoute(channel, channel, destination), language=language, now=now, staff=staff)
    return challenge


@transaction.atomic
def issue_code(*, challenge_id: uuid.UUID, client: Client, staff: Staff, now: datetime) -> tuple[str, datetime]:
    """Return a code for one open attempt and until when it works, and tell the client. Nobody else can sign in with it.

    Asked for again, the earlier one is dead. Raises Challenge.DoesNotExist, NotTheirs and TooLate.
    """
    challenge = open_challenges(now=now).select_for_update(of=("self",)).get(pk=challenge_id)
    if not can_use_challenge(client, challenge):
        raise ClientMismatch
    until = now + settings.LOGIN_CODE_LIFETIME
    if challenge.expires_at < until:
        raise ChallengeExpired
    challenge.code_issued_at, challenge.code_issued_to = _next_instant(challenge.code_issued_at, now), client
    code = _derive_issued_code(challenge)
    challenge.save(update_fields=["code_issued_at", "code_issued_to"])
    facts = activity.actor_fields(staff) | {"typed": challenge.identifier_masked}
    activity.record(EventType.CODE_ISSUED, at=now, client=client, subject_id=challenge.pk, **facts)
    notify_addresses(client, sign_in_identifiers(client), MessageKind.CODE_ISSUED, now=now)
    return code, until


def can_use_challenge(client: Client, challenge: Challenge) -> bool:
    """Tell whether a client may sign in with the address that was typed in an attempt."""
    contacts = client.contacts.filter(may_sign_in=True, value=challenge.address)
    return bool(challenge.address) and client.status == Client.Status.ACTIVE and contacts.exists()


def _next_instant(last: datetime | None, now: datetime) -> datetime:
    """Return an instant later than the last one, since a code is derived from it: by no clock do two come out alike."""
    return max(now, last + datetime.resolution) if last else now


def _derive_issued_code(challenge: Challenge) -> str:
    try:
        return codes.derive_issued_code(challenge)
    except codes.CodeKeyRetired as error:
        # An attempt whose key is gone can't be answered any more, whatever is typed.
        raise ChallengeExpired from error
