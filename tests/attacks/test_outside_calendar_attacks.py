"""What answers at the address of an outside calendar reaches nothing inside, costs little, and changes nothing."""

import gzip
import json

import pytest
from django.utils import timezone

from portal.activity.models import Entry
from portal.scheduling import services
from portal.scheduling.models import FetchError, OutsideCalendar
from portal.scheduling.outside_calendars.addresses import OwnFeed
from portal.scheduling.services import outside_calendar_fetches
from tenants.context import use_business
from tenants.roles import Role
from tenants.staff.staff_actor import StaffActor
from tenants.webhooks.downloads import DownloadLimits
from tests.factories import ClientFactory, create_member
from tests.fakes.calendar_server import CalendarServer
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.outside_calendars.calendar_steps import (
    MEETING,
    SECRET_PATH,
    add_outside,
    build_file,
    fetch,
    list_busy,
)
from tests.portal.scheduling.scheduling_rows import at

BOMB = [*MEETING, "RRULE:FREQ=SECONDLY"]
ENDLESS = ["DTSTART:19000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"]


@pytest.fixture
def server():
    with CalendarServer() as server:
        yield server


@pytest.fixture
def outside(acme, server):
    """Mona's private calendar, which was read once."""
    server.serve(build_file(MEETING))
    with use_business(acme):
        yield add_outside(rows.create_calendar(), server.origin + SECRET_PATH, make_staff_actor(acme))


def expect_failure(outside: OutsideCalendar, error: FetchError) -> None:
    """Read a calendar, and check that it fails and what was known stays."""
    read = fetch(outside)
    assert (read.last_error, list_busy(read)) == (error, [(at(10), at(12))])
    assert SECRET_PATH not in read.error_text


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("https://10.0.0.8/latest", FetchError.PRIVATE_ADDRESS),
        ("https://169.254.169.254/latest/meta-data/", FetchError.PRIVATE_ADDRESS),
        ("https://[::ffff:192.168.0.1]/", FetchError.PRIVATE_ADDRESS),
        ("file:///etc/passwd", FetchError.REDIRECTS),
        ("gopher://127.0.0.1:6379/_FLUSHALL", FetchError.REDIRECTS),
        ("http://[::1", FetchError.NO_HTTP),
        ("", FetchError.REDIRECTS),
    ],
)
def test_a_redirect_leads_nowhere_inside(outside, server, location, error):
    server.answer = lambda path, headers: (302, {"Location": location}, b"")

    expect_failure(outside, error)


def test_a_name_that_leads_inside_is_not_asked(outside, server, monkeypatch, settings):
    settings.DEMO = False
    seen = len(server.received)

    expect_failure(outside, FetchError.REDIRECTS)
    assert len(server.received) == seen


def test_a_redirect_is_followed_to_another_public_address(outside, server):
    moved = build_file(["DTSTART:20270111T150000Z", "DTEND:20270111T160000Z"])
    server.answer = lambda path, headers: (301, {"Location": "/new"}, b"") if path != "/new" else (200, {}, moved)

    read = fetch(outside)
    assert (read.last_error, list_busy(read)) == ("", [(at(16), at(17))])


def test_redirects_without_end_are_left(outside, server):
    seen = len(server.received)
    server.answer = lambda path, headers: (302, {"Location": path + "a"}, b"")

    expect_failure(outside, FetchError.REDIRECTS)
    assert len(server.received) - seen == 4


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (b"x" * (2 * 2**20 + 1), {}, FetchError.TOO_LARGE),
        (gzip.compress(b"0" * (50 * 2**20)), {"Content-Encoding": "gzip"}, FetchError.TOO_LARGE),
        (b"no gzip", {"Content-Encoding": "gzip"}, FetchError.NO_HTTP),
        (gzip.compress(build_file(MEETING))[:-9], {"Content-Encoding": "gzip"}, FetchError.UNREACHABLE),
        (build_file(MEETING), {"Content-Encoding": "br"}, FetchError.NO_HTTP),
        (
            b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 20_001 + b"END:VCALENDAR\n",
            {},
            FetchError.TOO_MANY_EVENTS,
        ),
        (b"\x00\xff" * 100, {}, FetchError.BROKEN_CALENDAR),
        (b"", {}, FetchError.BROKEN_CALENDAR),
    ],
)
def test_bombs_are_left_with_a_sentence_and_the_last_times_stay(outside, server, body, headers, error):
    server.answer = lambda path, sent: (200, headers, body)

    expect_failure(outside, error)


def test_a_packed_file_is_read(outside, server):
    later = build_file(["DTSTART:20270111T150000Z", "DTEND:20270111T160000Z"])
    server.answer = lambda path, sent: (200, {"Content-Encoding": "gzip"}, gzip.compress(later))

    assert list_busy(fetch(outside)) == [(at(16), at(17))]


@pytest.mark.parametrize("event", [BOMB, ENDLESS])
def test_a_series_that_takes_for_ever_is_given_up(outside, server, monkeypatch, event):
    monkeypatch.setattr("portal.scheduling.outside_calendars.busy_ranges.PARSER_SECONDS", 1)
    server.serve(build_file(event))

    expect_failure(outside, FetchError.TOO_COMPLEX)


def test_more_busy_times_than_are_stored_are_refused(outside, server, monkeypatch):
    monkeypatch.setattr(outside_calendar_fetches, "MAX_BUSY_TIMES", 2)
    server.serve(build_file([*MEETING, "RRULE:FREQ=DAILY;COUNT=3"]))

    expect_failure(outside, FetchError.TOO_MANY_EVENTS)


def test_a_body_that_drips_in_is_left_after_the_time(outside, server, monkeypatch):
    def drip(file):
        file.write(b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n")
        while not server.stop.wait(0.02):
            file.write(b"X-A:b\r\n")
            file.flush()

    monkeypatch.setattr(outside_calendar_fetches, "LIMITS", DownloadLimits(max_bytes=2**20, seconds=0.4))
    server.answer = lambda path, headers: drip

    expect_failure(outside, FetchError.TIMEOUT)


def test_a_file_that_ends_too_early_changes_nothing(outside, server):
    whole = build_file(["DTSTART:20270111T150000Z", "DTEND:20270111T160000Z"])
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(whole) + 10}\r\n\r\n".encode()
    server.answer = lambda path, headers: lambda file: file.write(head + whole)

    expect_failure(outside, FetchError.UNREACHABLE)


def test_our_own_feed_is_no_outside_calendar_on_whatever_host_it_is(acme, outside, server):
    token = create_feed()
    staff = make_staff_actor(acme)
    for address in (f"https://acme.example.com/feeds/{token}.ics", f"webcal://other.example.org/feeds/{token}.ics?a=1"):
        with pytest.raises(OwnFeed):
            services.add_outside_calendar(
                calendar=outside.calendar, name="Loop", address=address, staff=staff, now=timezone.now()
            )


def test_a_redirect_to_our_own_feed_is_left(acme, outside, server):
    token = create_feed()
    server.answer = lambda path, headers: (302, {"Location": f"/feeds/{token}.ics"}, b"")

    expect_failure(outside, FetchError.OWN_FEED)


def test_a_feed_of_another_business_is_an_outside_calendar(acme, globex, outside, server):
    with use_business(globex):
        token = create_feed()
    server.serve(build_file(MEETING))
    staff = make_staff_actor(acme)

    assert add_outside(outside.calendar, f"{server.origin}/feeds/{token}.ics", staff).last_error == ""


def test_the_address_is_in_no_log_no_timeline_and_no_header_of_others(acme, outside, server, capfd):
    server.answer = lambda path, headers: (500, {}, b"")
    fetch(outside)
    server.answer = lambda path, headers: (302, {"Location": "/elsewhere"}, b"")
    fetch(outside)

    out, err = capfd.readouterr()
    secret = SECRET_PATH.split("/")[1]
    assert secret not in out + err
    assert not any(secret in json.dumps(entry.data) for entry in Entry.objects.all())
    assert not any("referer" in headers for _path, headers in server.received)


def test_a_former_member_s_calendar_is_forgotten(acme, outside):
    person_id = make_staff_actor(acme).person_id
    outside.calendar.person_id = person_id
    outside.calendar.save()
    services.outside_calendars.delete_outside_calendars_of_member(person_id=person_id, now=timezone.now())

    assert not OutsideCalendar.objects.exists()


def make_staff_actor(business) -> StaffActor:
    """Return the owner of a business, who acts."""
    person = create_member(business, Role.OWNER).person
    return StaffActor(person_id=person.pk, name=person.name)


def create_feed() -> str:
    """Return the secret of a client's feed."""
    return services.create_feed(owner=ClientFactory(name="Ana"), now=timezone.now())
