"""Record what becomes of somebody who waits, and of the times they are offered."""

from datetime import datetime
from typing import Any

from portal.activity import services as activity
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import OfferState, WaitingListEntry, WaitingListOffer, WaitingState
from tenants.staff.staff_actor import StaffActor

EVENT_BY_STATE = {
    WaitingState.BOOKED: SchedulingEvent.WAITING_LIST_BOOKED,
    WaitingState.WITHDRAWN: SchedulingEvent.WAITING_LIST_LEFT,
    WaitingState.ENDED: SchedulingEvent.WAITING_LIST_ENDED,
}
EVENT_BY_ANSWER = {
    OfferState.DECLINED: SchedulingEvent.OFFER_DECLINED,
    OfferState.EXPIRED: SchedulingEvent.OFFER_EXPIRED,
    OfferState.WITHDRAWN: SchedulingEvent.OFFER_WITHDRAWN,
}


def record_waiting_event(
    event_type: SchedulingEvent,
    entry: WaitingListEntry,
    *,
    offer: WaitingListOffer | None = None,
    staff: StaffActor | None = None,
    is_by_client: bool = False,
    now: datetime,
) -> None:
    """Add an entry to the timeline, by staff, by the client, or else by the system."""
    about: dict[str, Any] = {"service": entry.service.name}
    if offer:
        about |= {"starts_at": offer.starts_at.isoformat(), "offer_id": str(offer.pk)}
    actor = activity.get_actor_fields(staff) if staff or is_by_client else {}
    activity.record_event(event_type, client_id=entry.client_id, subject_id=entry.pk, at=now, **about, **actor)


def change_entry(
    entry: WaitingListEntry,
    state: WaitingState,
    *,
    staff: StaffActor | None = None,
    is_by_client: bool = False,
    now: datetime,
) -> None:
    """Save an entry, whose client is locked, in another state; record it where the client is off the list by it."""
    entry.state, entry.updated_at = state, now
    entry.save(update_fields=["state", "updated_at"])
    if event_type := EVENT_BY_STATE.get(state):
        record_waiting_event(event_type, entry, staff=staff, is_by_client=is_by_client, now=now)


def close_offer(
    offer: WaitingListOffer,
    state: OfferState,
    *,
    staff: StaffActor | None = None,
    is_by_client: bool = False,
    now: datetime,
) -> None:
    """Save what became of an open offer, whose client is locked, and record it. What held the time is not touched."""
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at"])
    if event_type := EVENT_BY_ANSWER.get(state):
        record_waiting_event(event_type, offer.entry, offer=offer, staff=staff, is_by_client=is_by_client, now=now)
