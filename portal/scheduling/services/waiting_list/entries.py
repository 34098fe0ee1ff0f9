"""Put clients on the waiting list, and take them off it."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.clients.models import Client
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentState, OfferState, WaitingListEntry, WaitingState
from portal.scheduling.services.appointment_locks import lock_client, lock_first
from portal.scheduling.services.expired_holds import delete_hold
from portal.scheduling.services.waiting_list.freed_times import offer_times_of
from portal.scheduling.services.waiting_list.preferences import WaitingPreferences, check_preferences
from portal.scheduling.services.waiting_list.waiting_events import change_entry, close_offer, record_waiting_event
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor

# For how many services one client can wait at once.
MAX_ENTRIES_PER_CLIENT = 10


class WaitingListFull(Exception):
    """The client waits for as many services as they may."""


class AlreadyWaiting(Exception):
    """The client waits for another time of this service already; `entry` is what for."""

    def __init__(self, entry: WaitingListEntry):
        super().__init__("already waiting")
        self.entry = entry


@transaction.atomic
def join_waiting_list(
    preferences: WaitingPreferences, *, client: Client, staff: StaffActor | None = None, now: datetime
) -> WaitingListEntry:
    """Put a client on the list, by staff or else by themselves; sent twice, it is the same entry.

    Raises InvalidPreferences, AlreadyWaiting and WaitingListFull.
    """
    check_preferences(preferences, today=get_today(now=now))
    lock_client(client.pk)
    on_list = list(WaitingListEntry.objects.on_list().filter(client=client).select_related("service", "calendar"))
    if same := next((entry for entry in on_list if entry.service_id == preferences.service.pk), None):
        if _has_same_preferences(same, preferences):
            return same
        raise AlreadyWaiting(same)
    if len(on_list) >= MAX_ENTRIES_PER_CLIENT:
        raise WaitingListFull
    entry = _create_entry(preferences, client, now=now)
    record_waiting_event(SchedulingEvent.WAITING_LIST_JOINED, entry, staff=staff, is_by_client=staff is None, now=now)
    # A time that fits may be free already.
    if calendar_ids := [preferences.calendar_id] if preferences.calendar_id else preferences.service.calendar_ids:
        offer_times_of(calendar_ids[0])
    return entry


@transaction.atomic
def leave_waiting_list(
    *, entry_id: UUID, client: Client | None = None, staff: StaffActor | None = None, now: datetime
) -> WaitingListEntry:
    """Take a client off the list, by staff or else by themselves; a time that is held for them is let go.

    Whoever is off it stays so. Raises WaitingListEntry.DoesNotExist, also for that of another client.
    """
    entry = lock_entry(entry_id)
    if client and entry.client_id != client.pk:
        raise WaitingListEntry.DoesNotExist
    if entry.is_on_list:
        withdraw_open_offer(entry, now=now)
        change_entry(entry, WaitingState.WITHDRAWN, staff=staff, is_by_client=staff is None, now=now)
    return entry


def end_overdue_entries(*, now: datetime) -> int:
    """End what nobody can be offered any more, as its last day is over; return how many there were."""
    overdue = WaitingListEntry.objects.filter(state=WaitingState.WAITING, until_on__lt=get_today(now=now))
    ids = list(overdue.order_by("until_on", "pk").values_list("pk", flat=True)[:500])
    return sum(_end(pk, now=now) for pk in ids)


def lock_entry(entry_id: UUID) -> WaitingListEntry:
    """Return an entry, whose client is locked with all that is theirs. Raises WaitingListEntry.DoesNotExist."""
    lock_client(WaitingListEntry.objects.values_list("client_id", flat=True).get(pk=entry_id))
    return WaitingListEntry.objects.select_related("client", "service", "calendar").get(pk=entry_id)


def withdraw_open_offer(entry: WaitingListEntry, *, now: datetime) -> None:
    """Take back what is offered to a client who is locked, and let its time go."""
    for offer in entry.offers.filter(state=OfferState.OPEN).select_related("entry__service"):
        release_offered_time(offer.appointment_id)
        close_offer(offer, OfferState.WITHDRAWN, now=now)


def release_offered_time(appointment_id: UUID | None) -> None:
    """Let the time of an offer go, if it is only held."""
    if appointment_id is None:
        return
    if hold := lock_first(Appointment.objects.filter(pk=appointment_id, state=AppointmentState.HELD)):
        delete_hold(hold)


def get_today(*, now: datetime) -> date:
    """Return the date by the business's clocks."""
    business = get_current_business()
    assert business, "a waiting list belongs to a business"
    return now.astimezone(ZoneInfo(business.time_zone)).date()


def _has_same_preferences(entry: WaitingListEntry, preferences: WaitingPreferences) -> bool:
    own = (entry.from_on, entry.until_on, entry.part_of_day, entry.calendar_id)
    return own == (preferences.from_on, preferences.until_on, preferences.part_of_day, preferences.calendar_id)


def _create_entry(preferences: WaitingPreferences, client: Client, *, now: datetime) -> WaitingListEntry:
    return WaitingListEntry.objects.create(
        client=client,
        service=preferences.service,
        calendar_id=preferences.calendar_id,
        from_on=preferences.from_on,
        until_on=preferences.until_on,
        part_of_day=preferences.part_of_day,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def _end(entry_id: UUID, *, now: datetime) -> int:
    """End one entry. One that was offered a time or has gone meanwhile is left."""
    try:
        entry = lock_entry(entry_id)
    except WaitingListEntry.DoesNotExist:
        return 0
    if entry.state != WaitingState.WAITING:
        return 0
    change_entry(entry, WaitingState.ENDED, now=now)
    return 1
