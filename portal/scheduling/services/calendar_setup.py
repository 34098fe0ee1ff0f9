"""Add and change staff calendars, their weekly hours, and rooms and equipment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import OpeningHours, Resource, StaffCalendar
from portal.scheduling.services.setup_changes import apply_values, record_setup_event
from tenants.staff.staff_actor import StaffActor

UNIQUE_VIOLATION = "23505"

# A weekday, 0 on Monday, with the first and last minute of a span of hours.
HoursOfWeek = Iterable[tuple[int, int, int]]

WORKING_WEEK = [(weekday, 9 * 60, 17 * 60) for weekday in range(5)]


class CalendarExists(Exception):
    """The member of staff has a calendar already."""


def add_calendar(
    *, hours: HoursOfWeek = WORKING_WEEK, staff: StaffActor, now: datetime, **values: Any
) -> StaffCalendar:
    """Add a calendar with its weekly hours. Raises CalendarExists where the member of staff has one."""
    try:
        with transaction.atomic():
            calendar = StaffCalendar.objects.create(created_at=now, **values)
            OpeningHours.objects.bulk_create(_build_hours(calendar, hours))
            record_setup_event(SchedulingEvent.CALENDAR_ADDED, calendar, staff=staff, now=now)
    except IntegrityError as error:
        _raise_calendar_exists(error)
    return calendar


def change_calendar(*, calendar: StaffCalendar, staff: StaffActor, now: datetime, **values: Any) -> StaffCalendar:
    """Change what is given as keywords. Agreed appointments stay. Raises CalendarExists."""
    try:
        with transaction.atomic():
            calendar = StaffCalendar.objects.select_for_update(of=["self"], no_key=True).get(pk=calendar.pk)
            if changes := apply_values(calendar, values):
                calendar.save(update_fields=[*changes["after"]])
                record_setup_event(SchedulingEvent.CALENDAR_CHANGED, calendar, staff=staff, now=now, **changes)
    except IntegrityError as error:
        _raise_calendar_exists(error)
    return calendar


@transaction.atomic
def set_weekly_hours(*, calendar: StaffCalendar, hours: HoursOfWeek, staff: StaffActor, now: datetime) -> bool:
    """Replace the weekly hours of a calendar; False where they are the same."""
    calendar = StaffCalendar.objects.select_for_update(of=["self"], no_key=True).get(pk=calendar.pk)
    columns = ("weekday", "starts_minute", "ends_minute")
    before = [list(row) for row in calendar.opening_hours.values_list(*columns)]
    after = sorted(list(row) for row in hours)
    if before == after:
        return False
    calendar.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(_build_hours(calendar, [(row[0], row[1], row[2]) for row in after]))
    changes = {"before": {"hours": before}, "after": {"hours": after}}
    record_setup_event(SchedulingEvent.HOURS_CHANGED, calendar, staff=staff, now=now, **changes)
    return True


@transaction.atomic
def add_resource(*, staff: StaffActor, now: datetime, **values: Any) -> Resource:
    """Add a room or a piece of equipment."""
    resource = Resource.objects.create(created_at=now, **values)
    record_setup_event(SchedulingEvent.RESOURCE_ADDED, resource, staff=staff, now=now)
    return resource


@transaction.atomic
def change_resource(*, resource: Resource, staff: StaffActor, now: datetime, **values: Any) -> Resource:
    """Change what is given as keywords. Appointments keep what they have reserved."""
    resource = Resource.objects.select_for_update(of=["self"], no_key=True).get(pk=resource.pk)
    if changes := apply_values(resource, values):
        resource.save(update_fields=[*changes["after"]])
        record_setup_event(SchedulingEvent.RESOURCE_CHANGED, resource, staff=staff, now=now, **changes)
    return resource


def _build_hours(calendar: StaffCalendar, hours: HoursOfWeek) -> list[OpeningHours]:
    return [
        OpeningHours(calendar=calendar, weekday=weekday, starts_minute=starts, ends_minute=ends)
        for weekday, starts, ends in hours
    ]


def _raise_calendar_exists(error: IntegrityError) -> None:
    if getattr(error.__cause__, "sqlstate", "") == UNIQUE_VIOLATION:
        raise CalendarExists from error
    raise error
