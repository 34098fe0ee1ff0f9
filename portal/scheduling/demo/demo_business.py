"""A month of past appointments of a demo business, and those of the coming weeks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.scheduling.demo.sample_packages import create_package, use_package
from portal.scheduling.demo.sample_services import SAMPLES, create_calendars, create_services
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import (
    Appointment,
    AppointmentSource,
    AppointmentState,
    CalendarEntry,
    ResourceReservation,
    Service,
    SessionPackage,
    StaffCalendar,
)
from portal.scheduling.services.calendar_entries import EntryTime
from tenants.nouns.demo_business import DemoBusiness

PAST_DAYS, COMING_DAYS = 30, 21
HOURS = ((9, 13), (14, 18))
GROUP_HOUR, GROUP_WEEKDAY = 17, 1
# What becomes of appointments, as often as it is named.
PAST_STATES = [AppointmentState.DONE] * 12 + [AppointmentState.NO_SHOW]
COMING_STATES = [AppointmentState.CONFIRMED] * 7 + [AppointmentState.REQUESTED]
KNOWN_CLIENT = "ana@example.com"
# How much of the calendars is taken.
LOAD = 0.45


def seed_demo_business(demo_business: DemoBusiness) -> None:
    """Create the services and calendars of a demo business, with appointments of its clients."""
    sample = SAMPLES[demo_business.slug]
    calendars = create_calendars(demo_business, sample)
    services = create_services(demo_business, sample, calendars)
    random = demo_business.create_random("appointments")
    clients = list(Client.objects.exclude_unlisted().active().order_by("name", "pk"))
    times = list(_iter_times(demo_business, services, calendars, random))
    _create_appointments(times, clients, random, now=demo_business.now)
    package = create_package(services, demo_business.business.created_at)
    _let_known_client_use(package, now=demo_business.now)


def _let_known_client_use(package: SessionPackage, *, now: datetime) -> None:
    """Give the client whom the README names a package that their appointments use."""
    if known := Client.objects.filter(contacts__value=KNOWN_CLIENT).first():
        own = Appointment.objects.filter(client=known, service__in=package.services.all()).order_by("starts_at", "pk")
        use_package(package, known, list(own), now)


def _iter_times(
    demo_business: DemoBusiness, services: list[Service], calendars: list[StaffCalendar], random: Random
) -> Iterator[EntryTime]:
    """Yield times that don't overlap, each person's in a room of their own, and a class every Tuesday."""
    single = [service for service in services if not service.is_group]
    groups = [service for service in services if service.is_group]
    zone = ZoneInfo(demo_business.business.time_zone)
    today = demo_business.now.astimezone(zone).date()
    for offset in range(-PAST_DAYS, COMING_DAYS):
        day = today + timedelta(days=offset)
        if day.weekday() > 4:
            continue
        has_group = bool(groups) and day.weekday() == GROUP_WEEKDAY
        for number, calendar in enumerate(calendars):
            closes = GROUP_HOUR if has_group and number == 0 else 24
            yield from _iter_day(day, zone, single, calendar, number, random, closes)
        if has_group:
            yield EntryTime(groups[0], calendars[0].pk, _at(day, GROUP_HOUR, zone))


def _iter_day(
    day: date,
    zone: ZoneInfo,
    services: list[Service],
    calendar: StaffCalendar,
    number: int,
    random: Random,
    closes: int,
) -> Iterator[EntryTime]:
    """Yield the times of one person on one day."""
    for opens, until in HOURS:
        start, end = _at(day, opens, zone), _at(day, min(until, closes), zone)
        while True:
            service = random.choice(services)
            rooms = list(service.resources.order_by("name").values_list("pk", flat=True))
            taken = timedelta(minutes=service.duration + service.buffer_after)
            if start + taken > end:
                break
            if random.random() < LOAD:
                yield EntryTime(service, calendar.pk, start, tuple(rooms[number : number + 1]))
            start += timedelta(minutes=-(-taken.seconds // 900) * 15)


def _create_appointments(times: list[EntryTime], clients: list[Client], random: Random, *, now: datetime) -> None:
    rows = [_build_entry_rows(entry_time, clients, random, now) for entry_time in times]
    CalendarEntry.objects.bulk_create([entry for entry, _seats, _reservations in rows])
    ResourceReservation.objects.bulk_create([row for _entry, _seats, reservations in rows for row in reservations])
    appointments = [seat for _entry, seats, _reservations in rows for seat in seats]
    _share_with_known_client(appointments)
    Appointment.objects.bulk_create(appointments)
    Entry.objects.bulk_create([_build_event(appointment) for appointment in appointments])


def _share_with_known_client(appointments: list[Appointment]) -> None:
    """Give the client whom the README names a past, a coming and a pending appointment."""
    known = Client.objects.filter(contacts__value=KNOWN_CLIENT).first()
    for state in (AppointmentState.DONE, AppointmentState.CONFIRMED, AppointmentState.REQUESTED):
        found = (one for one in appointments if one.state == state and not one.service.is_group)
        if known and (appointment := next(found, None)):
            appointment.client = known


def _build_entry_rows(
    entry_time: EntryTime, clients: list[Client], random: Random, now: datetime
) -> tuple[CalendarEntry, list[Appointment], list[ResourceReservation]]:
    """Return one entry with the appointments of its clients and what it needs, not yet saved."""
    service = entry_time.service
    visitors = random.sample(clients, random.randint(3, service.capacity - 1) if service.is_group else 1)
    created_at = entry_time.starts_at - timedelta(days=random.randint(2, 20), minutes=random.randint(0, 600))
    created_at = min(created_at, now - timedelta(minutes=random.randint(5, 5000)))
    entry = CalendarEntry(
        calendar_id=entry_time.calendar_id,
        service=service,
        capacity=service.capacity,
        seats_taken=len(visitors),
        created_at=created_at,
        **entry_time.build_fields(),
    )
    seats = [build_appointment(entry, client, _choose_state(entry, random, now), created_at) for client in visitors]
    times = {"busy_from": entry.busy_from, "busy_until": entry.busy_until}
    return entry, seats, [ResourceReservation(entry=entry, resource_id=pk, **times) for pk in entry_time.resource_ids]


def build_appointment(
    entry: CalendarEntry, client: Client, state: AppointmentState, created_at: datetime
) -> Appointment:
    """Return a client's appointment that they booked in the portal, not yet saved."""
    service = entry.service
    assert service, "no appointment without a service"
    return Appointment(
        entry=entry,
        service=service,
        client=client,
        state=state,
        source=AppointmentSource.PORTAL,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        price_amount=service.price_amount,
        price_currency=service.price_currency,
        location=service.location,
        created_at=created_at,
        updated_at=created_at,
    )


def _choose_state(entry: CalendarEntry, random: Random, now: datetime) -> AppointmentState:
    return random.choice(PAST_STATES if entry.ends_at <= now else COMING_STATES)


def _build_event(appointment: Appointment) -> Entry:
    """Return the entry of the timeline that says that the client booked."""
    is_request = appointment.state == AppointmentState.REQUESTED
    event_type = SchedulingEvent.APPOINTMENT_REQUESTED if is_request else SchedulingEvent.APPOINTMENT_CONFIRMED
    return activity.build_entry(
        event_type,
        at=appointment.created_at,
        client_id=appointment.client_id,
        subject_id=appointment.pk,
        actor=Entry.Actor.CLIENT,
        service=appointment.service.name,
        starts_at=appointment.starts_at.isoformat(),
    )


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(0), zone)
    return midnight.replace(hour=hour) if hour < 24 else midnight + timedelta(days=1)
