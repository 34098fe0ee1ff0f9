"""Which free times fit those who wait, in the order in which they joined the list."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from portal.clients.models import ClientStatus, Contact
from portal.scheduling.availability import Slot
from portal.scheduling.models import (
    Appointment,
    AppointmentState,
    SchedulingSettings,
    Service,
    WaitingListEntry,
    WaitingListOffer,
)
from portal.scheduling.models.appointment import OPEN_STATES
from portal.scheduling.services.schedules import query_services_with_needs
from portal.scheduling.services.slots import SlotQuery, build_booking_window, list_slots
from portal.scheduling.services.waiting_list.entries import get_today
from portal.scheduling.services.waiting_list.preferences import TakenTime, fits
from tenants.models import Business

# Whoever is offered a time has at least so long to answer.
SHORTEST_OFFER = timedelta(minutes=30)
# How many who wait are looked at in one go, those who came first.
MAX_ENTRIES = 500
ONE_DAY = timedelta(days=1)


class FreeTimeFinder:
    """Those who wait and can be offered a time, and the free times that fit each.

    What is free is read once for each service, until `forget_free_times` says that a time was taken.
    """

    def __init__(
        self, business: Business, rules: SchedulingSettings, *, calendar_id: UUID | None = None, now: datetime
    ):
        self.business, self.rules, self.now = business, rules, now
        self.zone = ZoneInfo(business.time_zone)
        closes_on = build_booking_window(business, rules, now=now).closes_at.astimezone(self.zone).date()
        self.entries = list(_query_entries(calendar_id, closes_on, now=now)[:MAX_ENTRIES])
        self._services = {row.pk: row for row in _query_services(self.entries)}
        self._taken = _list_taken_times(self.entries, now=now)
        self._slots: dict[UUID, list[Slot]] = {}

    def find(self, entry: WaitingListEntry) -> Iterator[Slot]:
        """Yield the free times that fit an entry, the earliest first; none that overlaps one it was offered before."""
        for slot in self._list_slots(entry.service_id):
            is_free = not any(taken.overlaps(slot) for taken in self._taken[entry.client_id, entry.service_id])
            if is_free and fits(entry, slot.starts_at, slot.calendar_ids, self.zone):
                yield slot

    def build_query(self, entry: WaitingListEntry) -> SlotQuery:
        """Return the query for times of an entry's service, in the calendar that it wants."""
        first_on = min(row.from_on for row in self.entries if row.service_id == entry.service_id)
        last_on = max(row.until_on for row in self.entries if row.service_id == entry.service_id)
        from_at = datetime.combine(first_on, time.min, self.zone)
        earliest_at = build_booking_window(self.business, self.rules, now=self.now).opens_at + SHORTEST_OFFER
        return SlotQuery(
            business=self.business,
            rules=self.rules,
            service=self._services[entry.service_id],
            from_at=max(from_at, earliest_at),
            until_at=datetime.combine(last_on + ONE_DAY, time.min, self.zone),
            calendar_id=entry.calendar_id,
        )

    def forget_free_times(self) -> None:
        """Read again what is free, and when clients have something else, as a time was taken."""
        self._slots.clear()
        self._taken = _list_taken_times(self.entries, now=self.now)

    def _list_slots(self, service_id: UUID) -> list[Slot]:
        if service_id not in self._slots:
            entry = next(row for row in self.entries if row.service_id == service_id)
            query = self.build_query(entry)
            anybody = SlotQuery(self.business, self.rules, query.service, query.from_at, query.until_at)
            self._slots[service_id] = list_slots(anybody, now=self.now)
        return self._slots[service_id]


def _query_entries(calendar_id: UUID | None, closes_on: date, *, now: datetime):
    """Return those who wait for a service that clients can book on days until then, and who can be told of a time."""
    reachable = Contact.objects.usable_for_sign_in().filter(client=OuterRef("client"))
    rows = WaitingListEntry.objects.waiting().filter(
        Exists(reachable),
        client__status=ClientStatus.ACTIVE,
        service__in=Service.objects.bookable_by(is_client=True).order_by(),
        from_on__lte=closes_on,
        until_on__gte=get_today(now=now),
    )
    if calendar_id:
        rows = rows.filter(Q(calendar=None) | Q(calendar=calendar_id), service__calendars=calendar_id)
    return rows.order_by("created_at", "pk")


def _query_services(entries: list[WaitingListEntry]):
    return query_services_with_needs().filter(pk__in={entry.service_id for entry in entries}) if entries else []


def _list_taken_times(entries: list[WaitingListEntry], *, now: datetime) -> dict[tuple[UUID, UUID], list[TakenTime]]:
    """Return when each client has or holds a time, and what an entry was offered before, by client and service."""
    found: dict[tuple[UUID, UUID], list[TakenTime]] = defaultdict(list)
    keys = {entry.pk: (entry.client_id, entry.service_id) for entry in entries}
    offers = WaitingListOffer.objects.filter(entry__in=keys, starts_at__gt=now)
    for entry_id, starts_at, ends_at in offers.values_list("entry_id", "starts_at", "ends_at") if entries else ():
        found[keys[entry_id]].append(TakenTime(starts_at, ends_at))
    own = Appointment.objects.filter(client__in={client_id for client_id, _service in keys.values()})
    is_theirs = Q(state__in=OPEN_STATES) | Q(state=AppointmentState.HELD, hold_expires_at__gt=now)
    coming = own.filter(is_theirs, ends_at__gt=now).values_list("client_id", "starts_at", "ends_at")
    for client_id, starts_at, ends_at in coming if entries else ():
        for key in keys.values():
            if key[0] == client_id:
                found[key].append(TakenTime(starts_at, ends_at))
    return found
