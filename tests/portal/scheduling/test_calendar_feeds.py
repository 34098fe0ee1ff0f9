"""A private feed holds its owner's appointments of a bounded time, and works until it is ended or its owner may not."""

import re
from datetime import timedelta

import icalendar
import pytest

from portal.cards import services as cards
from portal.clients import services as clients
from portal.scheduling import services
from portal.scheduling.models import Acceptance, CalendarFeed, SchedulingSettings, StaffCalendar
from tenants.context import use_business
from tests.factories import ClientFactory, create_member
from tests.portal.scheduling.appointment_steps import read_page
from tests.portal.scheduling.scheduling_rows import NOW, at, book, build_query, create_service

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(days=120)
BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)


@pytest.fixture
def address(browser) -> str:
    """The path of a feed that Ana has just made."""
    return find_address(browser.post("/appointments/feed/"))


@pytest.fixture
def program(acme, portal_client):
    """A calendar program, which has no session."""
    return portal_client(acme)


@pytest.fixture
def staff_feed(acme, mona, platform_client, time_machine):
    """Return a function that makes a feed for a member to whom Mona's calendar belongs, and returns its path."""
    time_machine.move_to(NOW, tick=False)
    person = create_member(acme, "staff").person

    def make_feed():
        with use_business(acme):
            StaffCalendar.objects.filter(pk=mona.pk).update(person_id=person.pk)
        return find_address(platform_client(person).post("/console/acme/calendar/feed/"))

    make_feed.person = person
    return make_feed


def find_address(page) -> str:
    """Return the path of the address that a page shows."""
    found = re.search(r"(/feeds/[\w-]{43}\.ics)</code>", page.content.decode())
    assert found, read_page(page)
    return found[1]


def read_events(answer) -> list[icalendar.Event]:
    """Return the events of a feed."""
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_feed_holds_what_is_agreed_or_asked_for(acme, program, address, book_at, staff):
    book_at(at(9))
    book_at(at(11), rules=BY_HAND, name="Facial")
    cancelled = book_at(at(13), name="Peeling")
    with use_business(acme):
        services.cancel_appointment(appointment_id=cancelled.pk, staff=staff, now=NOW)

    events = read_events(program.get(address))

    assert [(event["SUMMARY"], event["STATUS"], event["DTSTART"].dt) for event in events] == [
        ("Massage – Acme Physiotherapy", "CONFIRMED", at(9)),
        ("Facial – Acme Physiotherapy", "TENTATIVE", at(11)),
    ]


def test_a_feed_reaches_90_days_back_and_a_year_ahead(program, address, book_at):
    wide = SchedulingSettings(horizon=730)
    book_at(NOW - timedelta(days=91), now=BEFORE, name="Too old")
    book_at(NOW - timedelta(days=89), now=BEFORE, name="Old")
    book_at(at(9, days=350), rules=wide, name="Late")
    book_at(at(9, days=360), rules=wide, name="Too late")

    names = [str(event["SUMMARY"]).partition(" – ")[0] for event in read_events(program.get(address))]

    assert names == ["Old", "Late"]


def test_a_feed_with_too_much_holds_what_comes_first(program, address, book_at, monkeypatch):
    monkeypatch.setattr("portal.scheduling.calendar_feed_files.MAX_EVENTS", 2)
    book_at(at(9, days=-40), now=BEFORE, name="Past")
    for hour in (9, 11, 13):
        book_at(at(hour), name=f"At {hour}")

    names = [str(event["SUMMARY"]).partition(" – ")[0] for event in read_events(program.get(address))]

    assert names == ["At 9", "At 11"]


def test_a_feed_names_nobody_else_of_a_group(acme, program, address, book_at, ana):
    appointment = book_at(capacity=5, name="Yoga")
    with use_business(acme):
        ben = ClientFactory(name="Ben Marsh", email="ben@example.com")
        book(build_query(appointment.service), at(9), client=ben)

    feed = program.get(address)

    assert len(read_events(feed)) == 1
    assert "Marsh" not in feed.content.decode()


def test_a_program_that_has_the_feed_gets_it_again_only_once_it_changes(program, address, book_at):
    book_at(at(9))
    first = program.get(address)

    again = program.get(address, headers={"if-none-match": first["ETag"]})
    book_at(at(11))
    changed = program.get(address, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert len(read_events(changed)) == 2
    assert first["Cache-Control"] == "private, no-cache"
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert not first.cookies


def test_a_head_request_gets_the_headers_and_notes_nothing(acme, program, address):
    answer = program.head(address)

    assert (answer.status_code, answer.content) == (200, b"")
    with use_business(acme):
        assert CalendarFeed.objects.get().last_fetched_at is None


def test_the_page_says_when_the_feed_was_last_read(browser, program, address):
    assert "It has not been read yet." in read_page(browser.get("/appointments/feed/"))

    program.get(address)

    page = read_page(browser.get("/appointments/feed/"))
    assert "It was last read today at 09:00." in page
    assert "/feeds/" not in page


def test_a_new_address_ends_the_one_before_and_both_can_be_ended(acme, browser, program, address):
    second = find_address(browser.post("/appointments/feed/"))
    assert program.get(address).status_code == 404
    assert program.get(second).status_code == 200

    browser.post("/appointments/feed/revocation/")

    assert program.get(second).status_code == 404
    assert "Make an address" in read_page(browser.get("/appointments/feed/"))


def test_renewing_leaves_no_heap_of_old_feeds(acme, browser, address):
    for _again in range(5):
        browser.post("/appointments/feed/")

    with use_business(acme):
        assert CalendarFeed.objects.count() == 2


def test_only_a_digest_of_the_address_is_stored(acme, address):
    token = address.removeprefix("/feeds/").removesuffix(".ics")
    with use_business(acme):
        [row] = CalendarFeed.objects.values()
    assert token not in repr(row)


@pytest.mark.parametrize("change", [clients.archive_client, clients.block_client])
def test_the_feed_of_somebody_who_may_not_sign_in_is_not_found(acme, program, address, ana, staff, change):
    with use_business(acme):
        change(client=ana, staff=staff, now=NOW)

    assert program.get(address).status_code == 404


def test_a_merge_ends_the_feed_of_the_duplicate_only(acme, program, address, ana, staff):
    with use_business(acme):
        survivor = ClientFactory(name="Ana Pereira-Alt", email="ana.alt@example.com")
        token = services.create_feed(owner=survivor, now=NOW)
        cards.merge_clients(survivor=survivor, duplicate=ana, staff=staff, now=NOW)

    assert program.get(address).status_code == 404
    assert program.get(f"/feeds/{token}.ics").status_code == 200


def test_a_staff_feed_names_the_clients_and_shows_a_group_once(acme, program, staff_feed, book_at):
    appointment = book_at(at(9), capacity=5, name="Yoga")
    book_at(at(11), rules=BY_HAND)
    with use_business(acme):
        ben = ClientFactory(name="Ben Marsh", email="ben@example.com")
        book(build_query(appointment.service), at(9), client=ben)
        demo = ClientFactory(name="Demo", email="demo@example.com", is_demo=True)
        book(build_query(create_service(appointment.entry.calendar)), at(14), client=demo)

    events = read_events(program.get(staff_feed()))

    assert [(event["SUMMARY"], event["STATUS"]) for event in events] == [
        ("Yoga – Ana Pereira, Ben Marsh", "CONFIRMED"),
        ("Massage – Ana Pereira", "TENTATIVE"),
    ]


def test_a_staff_feed_ends_with_the_membership(acme, program, staff_feed):
    path = staff_feed()
    assert program.get(path).status_code == 200

    staff_feed.person.memberships.all().delete()

    assert program.get(path).status_code == 404


def test_a_staff_feed_ends_when_the_calendar_becomes_somebody_elses(acme, mona, program, staff_feed):
    path = staff_feed()
    other = create_member(acme, "staff").person
    with use_business(acme):
        StaffCalendar.objects.filter(pk=mona.pk).update(person_id=other.pk)

    assert program.get(path).status_code == 404


def test_somebody_without_a_calendar_gets_no_feed(acme, mona, staff_client):
    console = staff_client("staff")

    assert "You have no calendar here" in read_page(console.get("/console/acme/calendar/feed/"))
    assert console.post("/console/acme/calendar/feed/").status_code == 409
    with use_business(acme):
        assert not CalendarFeed.objects.exists()
