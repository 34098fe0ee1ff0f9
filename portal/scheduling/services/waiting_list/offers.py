"""Offer free times to those who wait: whoever joined first is asked first, and nobody twice about one time."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from portal.clients.models import ClientStatus
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import (
    AppointmentSource,
    CalendarEntry,
    OfferState,
    WaitingListEntry,
    WaitingListOffer,
    WaitingState,
)
from portal.scheduling.services.calendar_entries import ClientHasSeat, require_no_seat
from portal.scheduling.services.expired_holds import release_overdue_holds
from portal.scheduling.services.holds import HoldRequest, create_hold
from portal.scheduling.services.scheduling_settings import get_scheduling_settings
from portal.scheduling.services.seat_booking import lock_candidates, take_offered_seat
from portal.scheduling.services.slots import SlotQuery, SlotUnavailable
from portal.scheduling.services.waiting_list.entries import lock_entry
from portal.scheduling.services.waiting_list.free_times import FreeTimeFinder
from portal.scheduling.services.waiting_list.offer_notices import enqueue_offer_notice
from portal.scheduling.services.waiting_list.waiting_events import change_entry, record_waiting_event
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor

# What one run offers at most, and how many times that have gone since it tries for one entry; the next run goes on.
MAX_OFFERS, MAX_ATTEMPTS = 50, 3


# How many times are kept for one client at once; staff may offer more.
MAX_OPEN_OFFERS = 2


class EntryNotWaiting(Exception):
    """The client is off the list by now, has an offer or enough of them, or is archived or blocked."""


def offer_free_times(*, calendar_id: UUID | None = None, now: datetime) -> int:
    """Offer what is free to those whom it fits, be it in one calendar or in all; return how many offers were made."""
    business = get_current_business()
    assert business, "a waiting list belongs to a business"
    rules = get_scheduling_settings(business)
    if not (rules.is_on and rules.has_waiting_list):
        return 0
    finder = FreeTimeFinder(business, rules, calendar_id=calendar_id, now=now)
    made = 0
    for entry in finder.entries:
        if made < MAX_OFFERS and _offer_first_time(finder, entry, now=now):
            made += 1
            finder.forget_free_times()
    return made


@transaction.atomic
def offer_time(
    query: SlotQuery,
    starts_at: datetime,
    *,
    entry_id: UUID,
    latest_at: datetime | None = None,
    staff: StaffActor | None = None,
    now: datetime,
) -> WaitingListOffer:
    """Hold a free time for somebody who waits, and tell them; the offer ends at `latest_at` or the start at the latest.

    Raises EntryNotWaiting, SlotUnavailable, ClientHasSeat and WaitingListEntry.DoesNotExist.
    """
    entry = lock_entry(entry_id)
    lock_candidates(query)
    if not _can_be_offered(entry) or (staff is None and _has_enough_offers(entry)):
        raise EntryNotWaiting
    release_overdue_holds(query, starts_at, now=now)
    taken = take_offered_seat(query, starts_at, now=now)
    require_no_seat(taken, entry.client_id)
    ends_at = now + timedelta(minutes=query.rules.offer_lifetime)
    offer = _create_offer(entry, taken, query, expires_at=min(ends_at, latest_at or starts_at, starts_at), now=now)
    change_entry(entry, WaitingState.OFFERED, now=now)
    record_waiting_event(SchedulingEvent.OFFER_MADE, entry, offer=offer, staff=staff, now=now)
    enqueue_offer_notice(offer, now=now)
    return offer


def _can_be_offered(entry: WaitingListEntry) -> bool:
    """Tell whether an entry, whose client is locked, waits for a time that this client could book by themselves."""
    client = entry.client
    is_reachable = client.status == ClientStatus.ACTIVE and not client.is_demo
    return entry.state == WaitingState.WAITING and is_reachable and entry.service.is_bookable_by(is_client=True)


def _has_enough_offers(entry: WaitingListEntry) -> bool:
    """Tell whether as many times are kept for the client, for other services, as they may keep from others."""
    return WaitingListOffer.objects.filter(entry__client=entry.client, state=OfferState.OPEN).count() >= MAX_OPEN_OFFERS


def _offer_first_time(finder: FreeTimeFinder, entry: WaitingListEntry, *, now: datetime) -> bool:
    """Offer the first time that fits an entry and is still free; False where there is none."""
    for attempt, slot in enumerate(finder.find(entry)):
        if attempt == MAX_ATTEMPTS:
            break
        # Later than this, clients can't book the time either.
        latest_at = slot.starts_at - timedelta(minutes=finder.rules.notice)
        try:
            offer_time(finder.build_query(entry), slot.starts_at, entry_id=entry.pk, latest_at=latest_at, now=now)
        except (SlotUnavailable, ClientHasSeat):
            continue
        except (EntryNotWaiting, WaitingListEntry.DoesNotExist):
            break
        return True
    return False


def _create_offer(
    entry: WaitingListEntry, taken: CalendarEntry, query: SlotQuery, *, expires_at: datetime, now: datetime
) -> WaitingListOffer:
    """Hold the time that was taken, and save what is offered."""
    client = entry.client
    request = HoldRequest(
        key=uuid4(),
        source=AppointmentSource.PORTAL,
        client=client,
        time_zone=client.time_zone,
        language=client.language,
    )
    return WaitingListOffer.objects.create(
        entry=entry,
        appointment=create_hold(taken, query, request, expires_at=expires_at, now=now),
        calendar_id=taken.calendar_id,
        starts_at=taken.starts_at,
        ends_at=taken.ends_at,
        expires_at=expires_at,
        created_at=now,
    )
