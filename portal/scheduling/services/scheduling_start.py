"""Set up a business's first service, so that it takes bookings at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.scheduling.models import Service, StaffCalendar
from portal.scheduling.services.calendar_setup import HoursOfWeek, add_calendar
from portal.scheduling.services.service_setup import ServiceNeeds, add_service
from tenants.business_locks import lock_business
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor


class SchedulingStarted(Exception):
    """The business has a service or a calendar already."""


def has_started() -> bool:
    """Return whether the business has a service or a calendar."""
    return Service.objects.exists() or StaffCalendar.objects.exists()


@transaction.atomic
def start_scheduling(
    *,
    business: Business,
    service_values: Mapping[str, Any],
    calendar_values: Mapping[str, Any],
    hours: HoursOfWeek,
    staff: StaffActor,
    now: datetime,
) -> Service:
    """Add a calendar with these hours, in the business's zone, and a service that is given there.

    Raises SchedulingStarted, so that a form that is sent twice counts once.
    """
    lock_business(business)
    if has_started():
        raise SchedulingStarted
    calendar = add_calendar(hours=hours, time_zone=business.time_zone, staff=staff, now=now, **calendar_values)
    return add_service(needs=ServiceNeeds(calendar_ids=[calendar.pk]), staff=staff, now=now, **service_values)
