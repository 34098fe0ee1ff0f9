"""Outside calendars keep their busy times from being booked, are read again and again, and survive every failure."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.messaging.models import Notification
from portal.scheduling import services
from portal.scheduling.calendar_events import build_uid
from portal.scheduling.models import FetchError, OutsideBusyTime, OutsideCalendar, SchedulingSettings
from portal.scheduling.services import outside_calendars
from portal.scheduling.services.outside_calendar_fetches import BATCH_SIZE, INTERVAL
from portal.scheduling.services.slots import SlotUnavailable
from tests.captured_statements import capture_statements
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.outside_calendars.calendar_steps import (
    MEETING,
    add_outside,
    build_file,
    fetch,
    later,
    list_busy,
)
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def outside(mona, address, server, staff):
    """Mona's private calendar, busy from ten to twelve on the Monday."""
    server.serve(build_file(MEETING), ETag='"one"')
    return add_outside(mona, address, staff)


def test_a_busy_time_is_neither_offered_nor_booked(mona, outside):
    query = rows.build_query(rows.create_service(mona))
    starts = rows.list_starts(query)

    assert at(9) in starts
    assert at(12) in starts
    assert not [start for start in starts if at(9) < start < at(12)]
    with pytest.raises(SlotUnavailable):
        rows.book(query, at(10, 30))


def test_another_s_calendar_is_as_free_as_before(mona, outside):
    ben = rows.create_calendar("Ben")
    assert at(10) in rows.list_starts(rows.build_query(rows.create_service(mona, ben)))


def test_a_calendar_that_is_switched_off_or_removed_keeps_no_time(mona, outside, staff):
    query = rows.build_query(rows.create_service(mona))
    services.change_outside_calendar(outside=outside, is_active=False, staff=staff, now=NOW)
    assert at(10) in rows.list_starts(query)

    services.change_outside_calendar(outside=outside, is_active=True, staff=staff, now=NOW)
    assert at(10) not in rows.list_starts(query)

    services.remove_outside_calendar(outside=outside, staff=staff, now=NOW)
    assert at(10) in rows.list_starts(query)
    assert not OutsideBusyTime.objects.exists()


def test_a_calendar_is_not_enqueued_again_and_again(outside, staff, monkeypatch, django_capture_on_commit_callbacks):
    enqueued = []
    monkeypatch.setattr(outside_calendars, "enqueue_row_job", lambda name, **ids: enqueued.append(ids["row_id"]))
    soon = NOW + timedelta(minutes=30)
    with django_capture_on_commit_callbacks(execute=True):
        services.request_fetch(outside=outside, now=soon)
        with pytest.raises(services.FetchedJustNow):
            services.request_fetch(outside=outside, now=soon + timedelta(seconds=20))
        for is_active in (False, True, False, True):
            services.change_outside_calendar(outside=outside, is_active=is_active, staff=staff, now=soon)
        services.change_outside_calendar(outside=outside, name="Home", staff=staff, now=soon)

    assert enqueued == [outside.pk]


def test_outside_calendars_add_no_statement(in_acme, mona, outside):
    rows.create_service(mona)
    found = list(services.query_services_with_needs())
    shared = {"business": in_acme, "rules": SchedulingSettings()}
    with capture_statements() as captured:
        services.list_slots_by_service(found, **shared, from_at=at(0), until_at=at(0, days=30), now=NOW)

    assert len(captured.queries) == 3


def test_a_daily_limit_counts_no_outside_time(server, address, staff):
    limited = rows.create_calendar(daily_limit=1)
    server.serve(build_file(MEETING))
    add_outside(limited, address, staff)

    assert at(12) in rows.list_starts(rows.build_query(rows.create_service(limited)))


def test_nothing_but_times_is_stored(outside):
    assert list_busy(outside) == [(at(10), at(12))]
    assert {field.name for field in OutsideBusyTime._meta.get_fields()} == {
        "id",
        "outside_calendar",
        "busy_from",
        "busy_until",
    }


def test_a_new_file_replaces_all_times(outside, server):
    server.serve(build_file(["DTSTART:20270111T150000Z", "DTEND:20270111T160000Z"]))
    read = fetch(outside, now=later(minutes=15))

    assert list_busy(read) == [(at(16), at(17))]
    assert read.last_ok_at == later(minutes=15)


def test_an_unchanged_file_is_not_sent_again(outside, server):
    server.answer = lambda path, headers: (304 if headers.get("if-none-match") == '"one"' else 500, {}, b"")
    read = fetch(outside, now=later(minutes=15))

    assert (read.last_error, read.last_ok_at) == ("", later(minutes=15))
    assert list_busy(read) == [(at(10), at(12))]


def test_an_unchanged_file_is_read_again_when_days_have_come_into_view_or_the_zone_has_changed(mona, outside, server):
    fetch(outside, now=later(days=20))
    assert "if-none-match" not in server.received[-1][1]

    mona.time_zone = "Asia/Kolkata"
    mona.save()
    fetch(outside, now=later(days=20, minutes=15))
    assert "if-none-match" not in server.received[-1][1]
    fetch(outside, now=later(days=20, minutes=30))
    assert server.received[-1][1]["if-none-match"] == '"one"'


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, FetchError.NOT_FOUND),
        (410, FetchError.NOT_FOUND),
        (401, FetchError.REFUSED),
        (403, FetchError.REFUSED),
        (500, FetchError.SERVER_ERROR),
        (503, FetchError.SERVER_ERROR),
        (204, FetchError.BROKEN_CALENDAR),
        (304, FetchError.BROKEN_CALENDAR),
    ],
)
def test_a_failure_keeps_the_last_times_and_says_why(outside, server, status, error):
    OutsideCalendar.objects.update(etag="")
    outside.etag = ""
    server.answer = lambda path, headers: (status, {}, b"")
    read = fetch(outside, now=later(minutes=15))

    assert (read.last_error, read.failing_since) == (error, later(minutes=15))
    assert read.error_text == error.label
    assert list_busy(read) == [(at(10), at(12))]


def test_a_page_for_people_is_no_calendar(outside, server):
    server.serve(b"<html>Please sign in</html>")
    assert fetch(outside).last_error == FetchError.BROKEN_CALENDAR


def test_a_calendar_that_fails_is_tried_less_and_less_often_and_at_once_again_when_it_works(outside, server):
    server.answer = lambda path, headers: (500, {}, b"")
    pauses, now = [], NOW
    for _attempt in range(12):
        read = fetch(outside, now=now)
        pauses.append(read.next_fetch_at - now)
        now = read.next_fetch_at

    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(minutes=19)
    assert timedelta(hours=6) <= pauses[-1] < timedelta(hours=6, minutes=4)
    server.serve(build_file(MEETING))
    read = fetch(outside, now=now)
    assert (read.failures, read.failing_since, read.last_error) == (0, None, "")
    assert read.next_fetch_at - now < timedelta(minutes=19)


def test_staff_are_told_once_of_a_calendar_that_fails_for_a_day(outside, server, staff):
    server.answer = lambda path, headers: (500, {}, b"")
    told = Notification.objects.filter(kind="outside-calendar", person_id=staff.person_id)
    fetch(outside, now=later(hours=1))
    fetch(outside, now=later(hours=24))
    assert not told.exists()

    fetch(outside, now=later(hours=25))
    fetch(outside, now=later(hours=26))
    notification = told.get()
    assert notification.subject == "Private · Mona"
    assert notification.path == f"calendar/staff/{outside.calendar_id}/"
    server.serve(build_file(MEETING))
    assert fetch(outside, now=later(hours=27)).staff_notified_at is None


def test_a_calendar_is_stale_when_it_was_not_read_for_two_hours(outside):
    assert not outside.is_stale(later(hours=2))
    assert outside.is_stale(later(hours=2, minutes=1))


def test_calendars_that_are_due_are_enqueued_once_and_no_more_than_a_batch_of_one_business(mona, outside):
    fields = {"address": "", "next_fetch_at": NOW, "created_at": NOW}
    OutsideCalendar.objects.bulk_create(
        OutsideCalendar(calendar=mona, name=f"{number}", **fields) for number in range(BATCH_SIZE + 5)
    )

    due = [services.enqueue_due_outside_calendars(now=later(minutes=1)) for _run in range(3)]

    assert due == [BATCH_SIZE, 5, 0]


def test_a_calendar_is_due_after_a_quarter_of_an_hour_and_not_with_all_others(outside):
    assert INTERVAL <= outside.next_fetch_at - NOW < INTERVAL + timedelta(minutes=3)


def test_what_was_copied_from_our_own_feeds_is_not_counted_twice(mona, address, server, staff):
    own = rows.book(rows.build_query(rows.create_service(mona)), at(14))
    times = ["DTSTART:20270111T130000Z", "DTEND:20270111T140000Z"]
    copied = [[f"UID:{build_uid(pk)}", *times] for pk in (own.pk, own.entry_id)]
    foreign = [f"UID:{build_uid('0e0a9b1c-1f3d-4c6b-9a55-6f8f3e0f2b11')}", "DTSTART:20270111T080000Z", "DURATION:PT1H"]
    server.serve(build_file(*copied, foreign))

    # The appointments of another business that the same person works for count.
    assert list_busy(add_outside(mona, address, staff)) == [(at(9), at(10))]


def test_all_day_and_floating_events_are_on_the_wall_of_the_staff_calendar_over_the_clock_change(
    address, server, staff
):
    calendar = rows.create_calendar()
    server.serve(
        build_file(
            ["DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270329"],
            ["DTSTART:20270329T090000", "DTEND:20270329T100000"],
            [
                "DTSTART;TZID=Europe/Berlin:20270327T200000",
                "DTEND;TZID=Europe/Berlin:20270327T210000",
                "RRULE:FREQ=DAILY;COUNT=3",
            ],
        )
    )
    outside = add_outside(calendar, address, staff)

    # The night before the 28th, clocks in Berlin go forward: that day has 23 hours.
    assert list_busy(outside) == [
        (datetime(2027, 3, 27, 19, tzinfo=UTC), datetime(2027, 3, 27, 20, tzinfo=UTC)),
        (datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (datetime(2027, 3, 29, 7, tzinfo=UTC), datetime(2027, 3, 29, 8, tzinfo=UTC)),
        (datetime(2027, 3, 29, 18, tzinfo=UTC), datetime(2027, 3, 29, 19, tzinfo=UTC)),
    ]
