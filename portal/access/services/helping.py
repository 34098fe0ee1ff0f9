"""What can staff do for somebody who waits for a code in a browser of their own?

An attempt belongs to the browser that began it. Staff can have another code sent to where
this one goes, and an owner can be shown one to hand over: neither opens another browser.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.access import budgets, codes
from portal.access.models import Challenge, Purpose
from portal.access.services.challenges import ResendRefused, resend_destination
from portal.access.services.contacts import tell, ways_in
from portal.access.services.destinations import lock_key
from portal.access.services.sending import Route, send_code
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client
from portal.messaging.models import Kind
from portal.profile import services as profiles
from tenants.models import Business, Channel
from tenants.staff.actor import Staff

# Staff need not sit out the client's wait; this is for the finger that slips.
BREATH = timedelta(seconds=20)


class NoWay(Exception):
    """Nothing on file can receive a code by that channel."""


class NotTheirs(Exception):
    """The client may not sign in with the address of this attempt, so no code for it can be theirs."""


class TooLate(Exception):
    """The attempt ends before a code handed over now would: the client has to begin another."""


def open_attempts(*, now: datetime):
    """Return the attempts to sign in that may still be answered."""
    still = {"closed_at": None, "proven_at": None, "expires_at__gt": now}
    return Challenge.objects.exclude_demo().filter(
        purpose=Purpose.SIGN_IN, failures__lt=settings.LOGIN_MAX_GUESSES, **still
    )


@transaction.atomic
def send_another(
    *, business: Business, challenge_id: uuid.UUID, channel: Channel, staff: Staff, language: str, now: datetime
) -> Challenge:
    """Send one more code for an open attempt, within the budgets that hold for clients.

    Raises Challenge.DoesNotExist, ResendRefused, BudgetSpent and NoWay.
    """
    challenge = open_attempts(now=now).select_for_update(of=("self",)).get(pk=challenge_id)
    profile = profiles.current_locking(lock_key(business, bytes(challenge.identifier_digest)))
    if len(challenge.sent_at) >= settings.LOGIN_MAX_SENDS:
        raise ResendRefused(retry_at=None)
    if challenge.sent_at[-1] + BREATH > now:
        raise ResendRefused(retry_at=challenge.sent_at[-1] + BREATH)
    past = budgets.recent(digest=bytes(challenge.identifier_digest), now=now)
    budgets.check_sends(past, recognised=challenge.recognised, now=now)
    destination = resend_destination(business, challenge, channel, profile, b"", now=now)
    if not destination:
        raise NoWay
    send_code(challenge, Route(channel, channel, destination), language=language, now=now, staff=staff)
    return challenge


@transaction.atomic
def hand_code(*, challenge_id: uuid.UUID, client: Client, staff: Staff, now: datetime) -> tuple[str, datetime]:
    """Return a code for one open attempt and until when it works, and tell the client. Nobody else can sign in with it.

    Asked for again, the earlier one is dead. Raises Challenge.DoesNotExist, NotTheirs and TooLate.
    """
    challenge = open_attempts(now=now).select_for_update(of=("self",)).get(pk=challenge_id)
    if not may_use(client, challenge):
        raise NotTheirs
    until = now + settings.LOGIN_CODE_LIFETIME
    if challenge.expires_at < until:
        raise TooLate
    challenge.handed_at, challenge.handed_to = _next_instant(challenge.handed_at, now), client
    code = _derive(challenge)
    challenge.save(update_fields=["handed_at", "handed_to"])
    facts = activity.actor_fields(staff) | {"typed": challenge.identifier_masked}
    activity.record(EventType.CODE_ISSUED, at=now, client=client, subject_id=challenge.pk, **facts)
    tell(client, ways_in(client), Kind.CODE_HANDED, now=now)
    return code, until


def may_use(client: Client, challenge: Challenge) -> bool:
    """Tell whether a client may sign in with the address that was typed in an attempt."""
    contacts = client.contacts.filter(may_sign_in=True, value=challenge.address)
    return bool(challenge.address) and client.status == Client.Status.ACTIVE and contacts.exists()


def _next_instant(last: datetime | None, now: datetime) -> datetime:
    """Return an instant later than the last one, since a code is derived from it: by no clock do two come out alike."""
    return max(now, last + datetime.resolution) if last else now


def _derive(challenge: Challenge) -> str:
    try:
        return codes.derive_handed(challenge)
    except codes.KeyRetired as error:
        # An attempt whose key is gone can't be answered any more, whatever is typed.
        raise TooLate from error
