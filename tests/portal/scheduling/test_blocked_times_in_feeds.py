"""Blocked times are in the feed of whose calendar they block, and in no client's."""

import icalendar
import pytest

from portal.scheduling import services
from portal.scheduling.calendar_feed_files import build_feed_file
from portal.scheduling.models import CalendarFeed
from tests.portal.scheduling.scheduling_rows import NOW, at, create_calendar

pytestmark = pytest.mark.usefixtures("in_acme")


def read_events(owner, business, staff):
    """Return the events of the feed of a client or a calendar."""
    services.create_feed(owner=owner, staff=staff, now=NOW)
    feed = CalendarFeed.objects.select_related("client", "calendar").get()
    return icalendar.Calendar.from_ical(build_feed_file(feed, business, now=NOW).build()).walk("VEVENT")


@pytest.fixture
def own_calendar(staff):
    """The calendar of the owner of Acme, with an hour that is blocked and one without a title."""
    calendar = create_calendar(person_id=staff.person_id)
    for title, hour in (("Dentist", 10), ("", 14)):
        times = {"starts_at": at(hour), "ends_at": at(hour + 1)}
        services.block_time(calendar=calendar, title=title, staff=staff, now=NOW, **times)
    return calendar


def test_a_blocked_time_is_busy_in_the_feed_of_whose_calendar_it_is(in_acme, own_calendar, staff):
    events = read_events(own_calendar, in_acme, staff)

    found = [(str(event["SUMMARY"]), event["TRANSP"], event["DTSTART"].dt, event["DTEND"].dt) for event in events]
    assert found == [("Dentist", "OPAQUE", at(10), at(11)), ("Blocked time", "OPAQUE", at(14), at(15))]


def test_a_time_that_was_freed_is_gone_from_the_feed(in_acme, own_calendar, staff):
    services.unblock_time(entry_id=own_calendar.entries.earliest("starts_at").pk, staff=staff, now=NOW)

    assert [str(event["SUMMARY"]) for event in read_events(own_calendar, in_acme, staff)] == ["Blocked time"]


def test_a_client_s_feed_has_no_blocked_time(in_acme, ana, own_calendar):
    assert read_events(ana, in_acme, None) == []
