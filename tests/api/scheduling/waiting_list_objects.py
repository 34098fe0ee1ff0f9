"""Clients who wait, and a time that one is offered, for the paths of the API."""

from datetime import datetime, timedelta
from uuid import uuid4

from portal.clients.models import Client
from portal.scheduling.models import (
    Appointment,
    CalendarEntry,
    OpeningHours,
    Service,
    StaffCalendar,
    WaitingListEntry,
    WaitingListOffer,
    WaitingState,
)


def create_entry(client: Client, now: datetime) -> WaitingListEntry:
    """Let a client wait for two weeks for a service of its own, which is given from nine to five, UTC."""
    calendar = StaffCalendar.objects.create(name="Wanda", time_zone="UTC", created_at=now)
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, starts_minute=540, ends_minute=1020) for weekday in range(7)
    )
    service = Service.objects.create(name="Waiting", duration=60, price_currency="GBP", created_at=now)
    service.calendars.add(calendar)
    days = {"from_on": now.date(), "until_on": now.date() + timedelta(days=13)}
    return WaitingListEntry.objects.create(client=client, service=service, created_at=now, updated_at=now, **days)


def create_offer(client: Client, now: datetime) -> tuple[WaitingListEntry, WaitingListOffer]:
    """Let a client wait, and offer them an hour in three days."""
    entry = create_entry(client, now)
    WaitingListEntry.objects.filter(pk=entry.pk).update(state=WaitingState.OFFERED)
    starts_at = (now + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    calendar = entry.service.calendars.get()
    busy = {"busy_from": times["starts_at"], "busy_until": times["ends_at"]}
    held = {"calendar": calendar, "service": entry.service, "seats_taken": 1, "created_at": now, **times, **busy}
    expires_at = now + timedelta(hours=4)
    hold = Appointment.objects.create(
        entry=CalendarEntry.objects.create(**held),
        service=entry.service,
        client=client,
        source="portal",
        hold_key=uuid4(),
        hold_expires_at=expires_at,
        created_at=now,
        updated_at=now,
        **times,
    )
    offer = WaitingListOffer.objects.create(
        entry=entry, appointment=hold, calendar=calendar, expires_at=expires_at, created_at=now, **times
    )
    return entry, offer
