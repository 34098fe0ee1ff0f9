"""Read when the calendars that staff keep elsewhere are busy; where that fails, what was read before stays."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.messaging.models import Notification
from portal.messaging.notifications import services as notifications
from portal.scheduling.kinds import SchedulingNotification
from portal.scheduling.models import Appointment, CalendarEntry, FetchError, OutsideBusyTime, OutsideCalendar
from portal.scheduling.outside_calendars.addresses import OwnFeed, require_other_feed
from portal.scheduling.outside_calendars.busy_ranges import OwnEvents, UnreadableCalendar, read_busy_ranges
from portal.scheduling.services.outside_calendars import CLAIM, enqueue_fetch
from portal.scheduling.services.scheduling_settings import get_scheduling_settings
from tenants.context import get_current_business
from tenants.encryption import UndecryptableSecret, decrypt_text
from tenants.sandbox.slots import SandboxBusy
from tenants.webhooks.downloads import Download, DownloadLimits, download_file

INTERVAL = timedelta(minutes=15)
# So that calendars which were added together are not always read together.
SPREAD_SECONDS = 180
LONGEST_PAUSE = timedelta(hours=6)
BUSY_PAUSE = timedelta(minutes=2)
# After so long without success staff are told.
NOTICE_AFTER = timedelta(hours=24)
# Of one business so many calendars are enqueued at a time, so that no other one's wait for all of them.
BATCH_SIZE = 50
LIMITS = DownloadLimits(max_bytes=2 * 2**20, seconds=15.0)
MAX_BUSY_TIMES = 10_000
HEADERS = {"User-Agent": "Portico-Calendars/1", "Accept": "text/calendar, */*;q=0.1"}
# Events reach beyond the last day that can be booked, so a file that has not changed need not be read every day.
PAST, MARGIN = timedelta(days=1), timedelta(days=14)
ERROR_BY_STATUS = {
    401: FetchError.REFUSED,
    403: FetchError.REFUSED,
    404: FetchError.NOT_FOUND,
    410: FetchError.NOT_FOUND,
}

BusyRanges = list[tuple[datetime, datetime]]


class FetchFailed(Exception):
    """A calendar could not be read; `error` says why."""

    def __init__(self, error: FetchError):
        super().__init__(error.value)
        self.error = error


@dataclass(frozen=True)
class FetchResult:
    """What was read: `ranges` is None where the file has not changed since it was read last."""

    ranges: BusyRanges | None
    download: Download
    known_until: datetime | None = None


def enqueue_due_outside_calendars(*, now: datetime) -> int:
    """Have the calendars read whose turn it is, those first that wait longest; return how many."""
    due = OutsideCalendar.objects.filter(is_active=True, calendar__is_active=True, next_fetch_at__lte=now)
    ids = list(due.order_by("next_fetch_at", "pk").values_list("pk", flat=True)[:BATCH_SIZE])
    OutsideCalendar.objects.filter(pk__in=ids).update(next_fetch_at=now + CLAIM)
    for pk in ids:
        enqueue_fetch(pk)
    return len(ids)


def fetch_outside_calendar(*, outside_calendar_id: UUID, clock: Callable[[], datetime]) -> None:
    """Read one calendar, and replace its busy times. Safe to repeat; no transaction is open while it waits."""
    found = OutsideCalendar.objects.select_related("calendar").filter(is_active=True, calendar__is_active=True)
    outside = found.filter(pk=outside_calendar_id).first()
    if outside is None:
        return
    try:
        result = _read_calendar(outside, now=clock())
    except SandboxBusy:
        OutsideCalendar.objects.filter(pk=outside.pk).update(next_fetch_at=clock() + BUSY_PAUSE)
    except FetchFailed as failure:
        _save_failure(outside, failure.error, now=clock())
    else:
        _save_result(outside, result, now=clock())


def record_fault(*, outside_calendar_id: UUID, now: datetime) -> str | None:
    """Note that a fault of ours kept a calendar from being read, and return its name."""
    outside = OutsideCalendar.objects.select_related("calendar").filter(pk=outside_calendar_id).first()
    if outside is None:
        return None
    _save_failure(outside, FetchError.FAILED, now=now)
    return outside.name


def is_read_again(notification: Notification) -> bool:
    """Tell whether the calendar of a notification is read again, or gone."""
    failing = OutsideCalendar.objects.filter(is_active=True).exclude(last_error="")
    return not failing.filter(pk__in=[notification.subject_id]).exists()


def _read_calendar(outside: OutsideCalendar, *, now: datetime) -> FetchResult:
    """Return when a calendar is busy. Raises FetchFailed and SandboxBusy."""
    business = get_current_business()
    assert business, "calendars belong to a business"
    needed_until = now + timedelta(days=get_scheduling_settings(business).horizon + 1)
    download = _download(outside, is_known=_is_known(outside, needed_until))
    if download.status == 304:
        return FetchResult(None, download)
    until_at = needed_until + MARGIN
    own = OwnEvents(settings.PORTAL_DOMAIN, _find_own_names)
    window: dict[str, Any] = {"from_at": now - PAST, "until_at": until_at, "time_zone": outside.calendar.time_zone}
    try:
        ranges = read_busy_ranges(download.body, own_events=own, **window)
    except UnreadableCalendar as error:
        raise FetchFailed(FetchError(str(error))) from error
    if len(ranges) > MAX_BUSY_TIMES:
        raise FetchFailed(FetchError.TOO_MANY_EVENTS)
    return FetchResult(ranges, download, known_until=until_at)


def _is_known(outside: OutsideCalendar, needed_until: datetime) -> bool:
    """Return whether the same file would mean the same busy times."""
    is_long_enough = outside.known_until is not None and outside.known_until >= needed_until
    return is_long_enough and outside.time_zone == outside.calendar.time_zone


def _download(outside: OutsideCalendar, *, is_known: bool) -> Download:
    """Return the file, or that it has not changed. Raises FetchFailed."""
    versions = {"If-None-Match": outside.etag, "If-Modified-Since": outside.last_modified} if is_known else {}
    headers = HEADERS | {name: value for name, value in versions.items() if value}
    try:
        url = decrypt_text(outside.address)
        download = download_file(url, headers=headers, limits=LIMITS, check_url=require_other_feed)
    except UndecryptableSecret as error:
        raise FetchFailed(FetchError.UNREADABLE_ADDRESS) from error
    except OwnFeed as error:
        raise FetchFailed(FetchError.OWN_FEED) from error
    if download.error:
        raise FetchFailed(FetchError(download.error))
    if download.status not in (200, 304) or (download.status == 304 and len(headers) == len(HEADERS)):
        raise FetchFailed(_choose_error(download.status or 0))
    return download


def _choose_error(status: int) -> FetchError:
    usual = FetchError.SERVER_ERROR if status >= 500 else FetchError.BROKEN_CALENDAR
    return ERROR_BY_STATUS.get(status, usual)


def _find_own_names(names: Collection[str]) -> set[str]:
    """Return which names of events are those of this business's appointments and calendar entries."""
    tables: list[QuerySet] = [Appointment.objects.all(), CalendarEntry.objects.all()]
    return {str(pk) for rows in tables for pk in rows.filter(pk__in=names).values_list("pk", flat=True)}


@transaction.atomic
def _save_result(outside: OutsideCalendar, result: FetchResult, *, now: datetime) -> None:
    current = _lock_unchanged(outside)
    if current is None:
        return
    if result.ranges is not None:
        current.busy_times.all().delete()
        OutsideBusyTime.objects.bulk_create(
            OutsideBusyTime(outside_calendar=current, busy_from=start, busy_until=end) for start, end in result.ranges
        )
        current.etag, current.last_modified = result.download.etag, result.download.last_modified
        current.time_zone, current.known_until = outside.calendar.time_zone, result.known_until
    current.last_error, current.failures, current.failing_since = "", 0, None
    current.staff_notified_at, current.last_ok_at, current.last_fetched_at = None, now, now
    current.next_fetch_at = now + INTERVAL + _spread(current)
    current.save()


@transaction.atomic
def _save_failure(outside: OutsideCalendar, error: FetchError, *, now: datetime) -> None:
    """Note a failure, try less and less often, and tell staff once when it has lasted too long."""
    current = _lock_unchanged(outside)
    if current is None:
        return
    current.last_error, current.last_fetched_at = error.value, now
    current.failing_since = current.failing_since or now
    current.failures = min(current.failures + 1, 100)
    pause = min(INTERVAL * 2 ** min(current.failures - 1, 10), LONGEST_PAUSE)
    current.next_fetch_at = now + pause + _spread(current)
    if current.staff_notified_at is None and now - current.failing_since >= NOTICE_AFTER:
        current.staff_notified_at = now
        _notify_staff(outside, now=now)
    current.save()


def _notify_staff(outside: OutsideCalendar, *, now: datetime) -> None:
    notifications.notify_staff(
        SchedulingNotification.OUTSIDE_CALENDAR_FAILING,
        subject=f"{outside.name} · {outside.calendar.name}",
        url_name="staff-calendar",
        pk=outside.calendar_id,
        subject_id=outside.pk,
        now=now,
    )


def _lock_unchanged(outside: OutsideCalendar) -> OutsideCalendar | None:
    """Return a calendar, locked; None where staff have removed or changed it while it was read."""
    rows = OutsideCalendar.objects.select_for_update(of=["self"], no_key=True)
    return rows.filter(pk=outside.pk, address=outside.address, is_active=True).first()


def _spread(outside: OutsideCalendar) -> timedelta:
    return timedelta(seconds=outside.pk.int % SPREAD_SECONDS)
