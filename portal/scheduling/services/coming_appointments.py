"""How many appointments a change of the set-up leaves as they are."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from portal.scheduling.models import Appointment, HoursException, Resource, Service, StaffCalendar


def query_coming_in_calendar(calendar: StaffCalendar, *, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments of a calendar that are still to come."""
    return Appointment.objects.exclude_demo().coming(now).filter(entry__calendar=calendar)


def query_coming_of_service(service: Service, *, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments of a service that are still to come."""
    return Appointment.objects.exclude_demo().coming(now).filter(service=service)


def query_coming_in_resource(resource: Resource, *, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments to come that have reserved a room or a piece of equipment."""
    reserved = {"entry__reservations__resource": resource, "entry__reservations__is_active": True}
    return Appointment.objects.exclude_demo().coming(now).filter(**reserved)


def query_coming_on_days(exception: HoursException, zone: str, *, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments to come on the days of an exception, by the clocks of a zone."""
    first = datetime.combine(exception.starts_on, time.min, ZoneInfo(zone))
    until = datetime.combine(exception.ends_on + timedelta(days=1), time.min, ZoneInfo(zone))
    found = Appointment.objects.exclude_demo().coming(now).filter(starts_at__lt=until, ends_at__gt=first)
    return found.filter(entry__calendar=exception.calendar) if exception.calendar else found
