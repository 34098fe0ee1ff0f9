"""Finds the deliveries that a provider's events are about.

Mostly the event names its delivery. A bounce that a mail server sends hours after it accepted the mail often doesn't:
then the provider's message id tells, or else the address, in every business that mailed it a short while ago.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tenants.models import Channel, Delivery, DeliveryState, EventMatch, ProviderEvent
from tenants.recipient_digests import digest_recipient

# Mail servers try for three days; what is reported later is about a later mail or about none of ours.
ADDRESS_MATCH_WINDOW = timedelta(days=4)
MESSAGE_ID = re.compile(r"[!-~]{1,300}")
SENT_STATES = (
    DeliveryState.SENDING,
    DeliveryState.UNCLEAR,
    DeliveryState.ACCEPTED,
    DeliveryState.DEFERRED,
    DeliveryState.DELIVERED,
    DeliveryState.BOUNCED,
)


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """What a provider reported about one message, before it is known which of our deliveries that was.

    `concerns_mailbox` says that the reason is the mailbox itself, whoever writes to it. `fields` describes the
    element that was received, without its values.
    """

    provider: str
    event_id: str
    state: DeliveryState
    reason: str
    happened_at: datetime
    delivery_id: UUID | None = None
    message_id: str = ""
    address: str = field(default="", repr=False)
    concerns_mailbox: bool = False
    fields: str = ""


def match_events(events: Sequence[ReportedEvent], *, now: datetime) -> list[tuple[ReportedEvent, list[ProviderEvent]]]:
    """Return each event with the rows to store for it, one for each delivery it is about."""
    by_message_id = _find_by_message_id([event for event in events if event.delivery_id is None])
    unmatched = [event for event in events if event.delivery_id is None and not _pick(by_message_id, event)]
    by_address = _find_by_address(unmatched, now=now)
    return [(event, list(_build_rows(event, by_message_id, by_address, now=now))) for event in events]


def _build_rows(
    event: ReportedEvent, by_message_id: dict[str, UUID], by_address: dict[bytes, list[Delivery]], *, now: datetime
) -> Iterator[ProviderEvent]:
    if event.delivery_id:
        yield _build_row(event, event.delivery_id, EventMatch.DELIVERY_ID, now=now)
    elif delivery_id := _pick(by_message_id, event):
        yield _build_row(event, delivery_id, EventMatch.MESSAGE_ID, now=now)
    else:
        for delivery in _choose_deliveries(_pick_by_address(by_address, event), event):
            row = _build_row(event, delivery.pk, EventMatch.ADDRESS, now=now)
            # One event is stored once for each business, whichever of its deliveries is the newest when it is repeated.
            row.provider_event_id = f"{event.event_id[:80]}:{delivery.business_id or 'staff'}"
            yield row


def _build_row(event: ReportedEvent, delivery_id: UUID, match: EventMatch, *, now: datetime) -> ProviderEvent:
    return ProviderEvent(
        provider=event.provider,
        provider_event_id=event.event_id,
        delivery_id=delivery_id,
        matched_by=match,
        state=event.state,
        reason=event.reason,
        happened_at=event.happened_at,
        received_at=now,
    )


def _find_by_message_id(events: Iterable[ReportedEvent]) -> dict[str, UUID]:
    wanted = {prefix for event in events for prefix in _list_id_prefixes(event.message_id)}
    if not wanted:
        return {}
    rows = Delivery.objects.filter(provider_message_id__in=wanted)
    return {name: pk for name, pk in rows.values_list("provider_message_id", "pk") if name}


def _pick(by_message_id: dict[str, UUID], event: ReportedEvent) -> UUID | None:
    found = (by_message_id.get(prefix) for prefix in _list_id_prefixes(event.message_id))
    return next((delivery_id for delivery_id in found if delivery_id), None)


def _list_id_prefixes(message_id: str) -> list[str]:
    """Return what an event's message id may begin with, the longest first.

    SendGrid's events add the server that handled the mail to the id with which the mail was accepted.
    """
    if not MESSAGE_ID.fullmatch(message_id):
        return []
    parts = message_id.split(".")[:8]
    return [prefix for end in range(len(parts), 0, -1) if 0 < len(prefix := ".".join(parts[:end])) <= 100]


def _may_match_address(event: ReportedEvent) -> bool:
    return event.state == DeliveryState.BOUNCED and bool(event.address)


def _find_by_address(events: Iterable[ReportedEvent], *, now: datetime) -> dict[bytes, list[Delivery]]:
    """Return the recent deliveries to each address, the newest first."""
    digests = {digest for event in events if _may_match_address(event) for digest in digest_recipient(event.address)}
    if not digests:
        return {}
    rows = Delivery.objects.filter(
        recipient_digest__in=digests,
        channel=Channel.EMAIL,
        state__in=SENT_STATES,
        created_at__gt=now - ADDRESS_MATCH_WINDOW,
    )
    found: dict[bytes, list[Delivery]] = {}
    for delivery in rows.order_by("-created_at"):
        found.setdefault(bytes(delivery.recipient_digest or b""), []).append(delivery)
    return found


def _pick_by_address(by_address: dict[bytes, list[Delivery]], event: ReportedEvent) -> list[Delivery]:
    if not _may_match_address(event):
        return []
    # Without doubles: with a single key both digests are the same.
    digests = dict.fromkeys(digest_recipient(event.address))
    found = [delivery for digest in digests for delivery in by_address.get(digest, [])]
    return sorted(found, key=lambda delivery: delivery.created_at, reverse=True)


def _choose_deliveries(deliveries: Sequence[Delivery], event: ReportedEvent) -> list[Delivery]:
    """Return the newest delivery of each business that was sent before the event, or at all if none was.

    Where several businesses mailed the address and the reason is not the mailbox itself, nobody can tell whose
    mail it was: none is returned.
    """
    deliveries = [one for one in deliveries if one.provider in ("", event.provider)]
    earlier = [one for one in deliveries if one.created_at <= event.happened_at]
    newest: dict[UUID | None, Delivery] = {}
    for delivery in [*earlier, *deliveries]:
        newest.setdefault(delivery.business_id, delivery)
    return list(newest.values()) if event.concerns_mailbox or len(newest) == 1 else []
