"""Exceptions to the weekly hours: days off, other hours, extra hours, and public holidays."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import HoursException
from portal.scheduling.services.setup_changes import record_setup_event
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
def add_public_holidays(*, holidays: Sequence[tuple[date, str]], country: str, staff: StaffActor, now: datetime) -> int:
    """Close all calendars on public holidays, each once however often it is asked; return how many are new."""
    rows = [
        HoursException(starts_on=day, ends_on=day, label=name[:80], holiday_country=country) for day, name in holidays
    ]
    present = set(HoursException.objects.filter(holiday_country=country).values_list("starts_on", flat=True))
    new = [row for row in rows if row.starts_on not in present]
    HoursException.objects.bulk_create(new, ignore_conflicts=True)
    for row in new:
        record_setup_event(SchedulingEvent.EXCEPTION_ADDED, row, staff=staff, now=now, **_describe(row))
    return len(new)


def _describe(exception: HoursException) -> dict[str, Any]:
    return {
        "starts_on": exception.starts_on.isoformat(),
        "ends_on": exception.ends_on.isoformat(),
        "is_closed": exception.starts_minute is None,
        "calendar": exception.calendar.name if exception.calendar else "",
    }
