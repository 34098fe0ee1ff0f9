"""Exceptions to the weekly hours: days off, other hours, extra hours, and public holidays."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import HoursException, StaffCalendar
from portal.scheduling.services.setup_changes import record_setup_event, record_setup_events
from tenants.deleted_rows import delete_row
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def add_exception(*, staff: StaffActor, now: datetime, **values: Any) -> HoursException:
    """Add an exception to the hours of one calendar, or of all. Agreed appointments stay."""
    exception = HoursException.objects.create(**values)
    record_setup_event(SchedulingEvent.EXCEPTION_ADDED, exception, staff=staff, now=now, **_describe(exception))
    return exception


@transaction.atomic
def remove_exception(*, exception: HoursException, staff: StaffActor, now: datetime) -> None:
    """Remove an exception, so that the weekly hours hold again. Raises HoursException.DoesNotExist if it is gone."""
    described, pk = _describe(exception), exception.pk
    delete_row(exception)
    exception.pk = pk
    record_setup_event(SchedulingEvent.EXCEPTION_REMOVED, exception, staff=staff, now=now, **described)


@transaction.atomic
def add_public_holidays(
    *,
    holidays: Sequence[tuple[date, str]],
    country: str,
    calendar: StaffCalendar | None = None,
    staff: StaffActor,
    now: datetime,
) -> int:
    """Close one calendar, or all, on public holidays, each once however often it is asked; return how many are new."""
    place: dict[str, Any] = {"holiday_country": country, "calendar": calendar}
    rows = [HoursException(starts_on=day, ends_on=day, label=name[:80], **place) for day, name in holidays]
    present = set(HoursException.objects.filter(**place).values_list("starts_on", flat=True))
    new = [row for row in rows if row.starts_on not in present]
    HoursException.objects.bulk_create(new, ignore_conflicts=True)
    record_setup_events(SchedulingEvent.EXCEPTION_ADDED, [(row, _describe(row)) for row in new], staff=staff, now=now)
    return len(new)


def _describe(exception: HoursException) -> dict[str, Any]:
    return {
        "starts_on": exception.starts_on.isoformat(),
        "ends_on": exception.ends_on.isoformat(),
        "is_closed": exception.starts_minute is None,
        "calendar": exception.calendar.name if exception.calendar else "",
    }
