"""Sending a code of a challenge: its message, outbox delivery and timeline entry."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ChallengePool, ChallengePurpose
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants import metrics
from tenants.combined_writes import insert_all
from tenants.models import Channel, Queue
from tenants.staff.staff_actor import StaffActor
from workers import queue

# Message data that marks codes requested by unrecognised browsers, which have limits of their own.
FOR_UNRECOGNISED_BROWSER = {"unrecognised_browser": True}


@dataclass(frozen=True)
class CodeDestination:
    """The channel the page shows, the channel used, and the address; nothing is sent to an empty one."""

    shown_channel: Channel
    channel: Channel
    address: str


def send_code(
    challenge: Challenge, destination: CodeDestination, *, language: str, now: datetime, staff: StaffActor | None = None
) -> None:
    """Save the next generation of a code with its delivery, and a new challenge with it. Call it in a transaction.

    `staff` names the member of staff who resends it.
    """
    is_new = challenge._state.adding
    challenge.sent_at.append(now)
    challenge.channels.append(destination.shown_channel)
    challenge.destinations.append(destination.address)
    event_type = (
        AccessEvent.CODE_RESENT_BY_STAFF if staff else AccessEvent.CODE_REQUESTED if is_new else AccessEvent.CODE_RESENT
    )
    message, entry = (
        _build_code_message(challenge, destination, language, now=now),
        _build_code_timeline_entry(event_type, challenge, destination, staff=staff, now=now),
    )
    delivery = messaging.build_delivery(
        message, queue=Queue.CODES, deadline=now + settings.LOGIN_CODE_LIFETIME, now=now
    )
    if is_new:
        insert_all(challenge, message, entry, delivery)
    else:
        challenge.save(update_fields=["sent_at", "channels", "destinations"])
        insert_all(message, entry, delivery)
    metrics.CODES_REQUESTED.inc()
    transaction.on_commit(lambda: queue.enqueue_delivery(queue=Queue.CODES, delivery_id=delivery.pk))


def _build_code_message(challenge: Challenge, destination: CodeDestination, language: str, *, now: datetime) -> Message:
    return messaging.build_message(
        AccessMessageKind.SIGN_IN_CODE
        if challenge.purpose == ChallengePurpose.SIGN_IN
        else AccessMessageKind.CONFIRM_CODE,
        channel=destination.channel,
        to=destination.address,
        client_id=challenge.client_id,
        language=language,
        subject_id=challenge.pk,
        data={"generation": len(challenge.sent_at) - 1}
        | (FOR_UNRECOGNISED_BROWSER if challenge.pool == ChallengePool.UNRECOGNISED else {}),
        now=now,
    )


def _build_code_timeline_entry(
    event_type: AccessEvent,
    challenge: Challenge,
    destination: CodeDestination,
    *,
    staff: StaffActor | None,
    now: datetime,
) -> Entry:
    return activity.build_entry(
        event_type,
        at=now,
        client_id=challenge.client_id,
        subject_id=challenge.pk,
        **activity.get_actor_fields(staff),
        channel=destination.channel,
        typed=challenge.identifier_masked,
        known=bool(challenge.address),
        sendable=bool(destination.address),
    )
