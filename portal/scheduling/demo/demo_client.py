"""The demo client's appointments, which take nobody's time, and their package."""

from datetime import datetime, timedelta

from portal.clients.models import Client
from portal.scheduling.demo.demo_business import build_appointment
from portal.scheduling.demo.sample_packages import use_package
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, Service, SessionPackage
from portal.scheduling.services.calendar_entries import EntryTime

# How many days from now the appointments are, and in which state.
APPOINTMENTS = (
    (-21, AppointmentState.DONE),
    (-7, AppointmentState.DONE),
    (3, AppointmentState.CONFIRMED),
    (10, AppointmentState.REQUESTED),
)


def seed_demo_client(client: Client, now: datetime) -> None:
    """Give the demo client past, coming and pending appointments, where the business has a service, and a package."""
    service = Service.objects.filter(archived_at=None).exclude(calendars=None).order_by("position", "name").first()
    if service is None:
        return
    appointments = []
    [calendar, *_others] = service.calendars.order_by("name", "pk")
    hour = now.replace(minute=0, second=0, microsecond=0)
    for days, state in APPOINTMENTS:
        entry_time = EntryTime(service, calendar.pk, hour + timedelta(days=days))
        entry = CalendarEntry.objects.create(
            calendar=calendar,
            service=service,
            capacity=1,
            seats_taken=1,
            is_active=False,
            created_at=now,
            **entry_time.build_fields(),
        )
        appointment: Appointment = build_appointment(entry, client, state, now)
        appointment.save(force_insert=True)
        appointments.append(appointment)
    if package := SessionPackage.objects.filter(archived_at=None, services=service).first():
        use_package(package, client, appointments, now)
