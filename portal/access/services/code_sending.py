"""Sending a code of a challenge: its message, outbox delivery and timeline entry."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from portal.access.address_limits import Visitor
from portal.access.identifier_digests import digest_identifier
from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ChallengePool, ChallengePurpose
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.identifiers import Identifier
from portal.clients.models import ContactKind
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants import metrics, recipient_budgets
from tenants.keyed_digests import KeyedDigest
from tenants.models import Channel, Queue
from tenants.recipient_budgets import BudgetPool, Spender
from tenants.recipient_digests import find_mailbox
from tenants.staff.staff_actor import StaffActor
from workers import queue

# Message data that marks codes requested by unrecognised browsers, which have limits of their own.
FOR_UNRECOGNISED_BROWSER = {"unrecognised_browser": True}
# The reason of a code that is not sent because its address had too many messages, over all businesses.
RECIPIENT_LIMIT = "recipient-limit"


@dataclass(frozen=True)
class CodeDestination:
    """The channel the page shows, the channel used, and the address; nothing is sent to an empty one."""

    shown_channel: Channel
    channel: Channel
    address: str


def send_code(
    challenge: Challenge,
    destination: CodeDestination,
    *,
    visitor: Visitor,
    language: str,
    now: datetime,
    staff: StaffActor | None = None,
) -> bool:
    """Save the next generation of a code with its delivery, and a new challenge with it. Call it in a transaction.

    Returns False if the address had too many messages over all businesses: then staff read that it is not sent, and
    whoever asked for it must not be able to tell. `staff` names the member of staff who resends it.
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
    if not is_new:
        challenge.save(update_fields=["sent_at", "channels", "destinations"])
    may_send = recipient_budgets.spend(
        _list_counted_addresses(challenge, destination),
        _build_spender(visitor, delivery.business_id),
        *([challenge] if is_new else []),
        message,
        entry,
        delivery,
        now=now,
    )
    if not may_send:
        messaging.withhold_message(message, delivery, reason=RECIPIENT_LIMIT, now=now)
    metrics.CODES_REQUESTED.inc()
    transaction.on_commit(lambda: queue.enqueue_delivery(queue=Queue.CODES, delivery_id=delivery.pk))
    return may_send


def _list_counted_addresses(challenge: Challenge, destination: CodeDestination) -> set[KeyedDigest]:
    """Return the address that was typed, whether or not anybody has it, and the mailbox or number it goes to."""
    kind = ContactKind.EMAIL if destination.channel == Channel.EMAIL else ContactKind.PHONE
    others = {destination.address, find_mailbox(destination.address)} - {"", challenge.address}
    return {challenge.digest} | {digest_identifier(Identifier(kind, address)) for address in others}


def _build_spender(visitor: Visitor, business_id: uuid.UUID | None) -> Spender:
    network = visitor.network
    pool = BudgetPool(visitor.pool.value)
    return Spender(pool, network.network_digests, network.block_digests, visitor.has_waited, business_id)


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
