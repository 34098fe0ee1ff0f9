"""Add, change and remove the calendars that staff keep elsewhere, and have them read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.scheduling.kinds import SchedulingEvent, SchedulingJob
from portal.scheduling.models import OutsideCalendar, StaffCalendar
from portal.scheduling.outside_calendars.addresses import clean_address
from portal.scheduling.services.setup_changes import apply_values, record_setup_event
from tenants.context import get_current_business
from tenants.deleted_rows import delete_row
from tenants.encryption import UndecryptableSecret, decrypt_text, encrypt_text
from tenants.staff.staff_actor import StaffActor
from workers.queue import enqueue_row_job

MAX_PER_CALENDAR = 5
# Staff can have a calendar read at once, but not without a pause.
SHORTEST_INTERVAL = timedelta(seconds=30)
# One that waits for its job is not enqueued again before that job has been dropped.
CLAIM = timedelta(minutes=10)


class TooManyOutsideCalendars(ValueError):
    """The staff calendar has as many outside calendars as it may."""


class OutsideCalendarExists(ValueError):
    """The staff calendar has one with this address already."""


class FetchedJustNow(Exception):
    """The calendar is being read already, or was a moment ago."""


@transaction.atomic
def add_outside_calendar(
    *, calendar: StaffCalendar, name: str, address: str, staff: StaffActor, now: datetime
) -> OutsideCalendar:
    """Let a staff calendar be busy whenever the calendar at an address is; it is read soon after.

    Raises InvalidDestination, OwnFeed, TooManyOutsideCalendars and OutsideCalendarExists.
    """
    url = clean_address(address)
    _require_new(calendar, url)
    if calendar.outside_calendars.count() >= MAX_PER_CALENDAR:
        raise TooManyOutsideCalendars
    outside = OutsideCalendar.objects.create(
        calendar=calendar, name=name, address=encrypt_text(url), created_at=now, next_fetch_at=now + CLAIM
    )
    _record(SchedulingEvent.OUTSIDE_CALENDAR_ADDED, outside, staff=staff, now=now)
    enqueue_fetch(outside.pk)
    return outside


@transaction.atomic
def change_outside_calendar(
    *, outside: OutsideCalendar, staff: StaffActor, now: datetime, **values: Any
) -> OutsideCalendar:
    """Change the name, the address or whether it counts. Raises InvalidDestination, OwnFeed, OutsideCalendarExists.

    What is known of a calendar stays until its new address was read.
    """
    outside = _lock(outside.pk)
    address = values.pop("address", "")
    changes: dict[str, Any] = apply_values(outside, values)
    if address and (url := clean_address(address)) != _read_address(outside):
        _require_new(outside.calendar, url)
        outside.address, outside.etag, outside.last_modified = encrypt_text(url), "", ""
        changes["has_new_address"] = True
    if not changes:
        return outside
    # A new name needs no reading, and a job that waits reads what the row has by then.
    is_unread = outside.is_active and ("has_new_address" in changes or "is_active" in changes.get("after", {}))
    if is_unread and not _was_enqueued(outside, now=now):
        outside.next_fetch_at = now + CLAIM
        enqueue_fetch(outside.pk)
    outside.save()
    _record(SchedulingEvent.OUTSIDE_CALENDAR_CHANGED, outside, staff=staff, now=now, **changes)
    return outside


@transaction.atomic
def remove_outside_calendar(*, outside: OutsideCalendar, staff: StaffActor, now: datetime) -> None:
    """Forget an outside calendar with its busy times. Raises OutsideCalendar.DoesNotExist if it is gone."""
    pk = outside.pk
    delete_row(outside)
    outside.pk = pk
    _record(SchedulingEvent.OUTSIDE_CALENDAR_REMOVED, outside, staff=staff, now=now)


@transaction.atomic
def request_fetch(*, outside: OutsideCalendar, now: datetime) -> None:
    """Have a calendar read at once. Raises FetchedJustNow, and OutsideCalendar.DoesNotExist if it is gone."""
    outside = _lock(outside.pk)
    was_fetched = outside.last_fetched_at and outside.last_fetched_at > now - SHORTEST_INTERVAL
    if not outside.is_active or was_fetched or _was_enqueued(outside, now=now):
        raise FetchedJustNow
    outside.next_fetch_at = now + CLAIM
    outside.save(update_fields=["next_fetch_at"])
    enqueue_fetch(outside.pk)


def delete_outside_calendars_of_member(*, person_id: UUID, now: datetime) -> None:
    """Forget the outside calendars of a former member of staff: what they do elsewhere is no longer our business."""
    OutsideCalendar.objects.filter(calendar__person_id=person_id).delete()


def enqueue_fetch(outside_calendar_id: UUID) -> None:
    """Have a calendar read by a worker once the transaction is committed."""
    business = get_current_business()
    assert business, "calendars belong to a business"
    ids = {"business_id": business.pk, "row_id": outside_calendar_id}
    transaction.on_commit(lambda: enqueue_row_job(SchedulingJob.FETCH_OUTSIDE_CALENDAR, **ids))


def _was_enqueued(outside: OutsideCalendar, *, now: datetime) -> bool:
    """Tell whether a job that reads the calendar was enqueued a moment ago."""
    return now - SHORTEST_INTERVAL < outside.next_fetch_at - CLAIM <= now


def _require_new(calendar: StaffCalendar, url: str) -> None:
    """Check that a staff calendar has no other one with this address, and keep it so. Raises OutsideCalendarExists."""
    StaffCalendar.objects.select_for_update(of=["self"], no_key=True).get(pk=calendar.pk)
    if any(_read_address(other) == url for other in calendar.outside_calendars.all()):
        raise OutsideCalendarExists


def _read_address(outside: OutsideCalendar) -> str:
    try:
        return decrypt_text(outside.address)
    except UndecryptableSecret:
        return ""


def _lock(pk: UUID) -> OutsideCalendar:
    rows = OutsideCalendar.objects.select_for_update(of=["self"], no_key=True)
    return rows.select_related("calendar").get(pk=pk)


def _record(
    event_type: SchedulingEvent, outside: OutsideCalendar, *, staff: StaffActor, now: datetime, **data: Any
) -> None:
    record_setup_event(event_type, outside, staff=staff, now=now, calendar=outside.calendar.name, **data)
