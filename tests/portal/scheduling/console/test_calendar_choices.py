"""The console's calendar shows rooms, people and colours as its reader chooses, and finds free times."""

import re

import pytest

from portal.scheduling import services
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.console.test_calendar import MONDAY, get_page
from tests.portal.scheduling.scheduling_rows import NOW, at

FREE_TIMES = "/console/acme/calendar/free-times/"


@pytest.fixture
def room_service(practice):
    """A service that needs the sauna, beside the massages, which need no room."""
    with use_business(practice.business):
        sauna = rows.create_resource("Sauna")
        return rows.create_service(practice.calendar, name="Steam bath", resources=(sauna,)), sauna


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_by_room_it_shows_only_what_takes_one(practice, room_service, staff_client, view):
    practice.book(10)
    practice.book(12, service=room_service[0])
    page = get_page(staff_client(), view=view, resource="all")

    assert "12:00" in page
    assert "10:00 <span" not in page
    assert "10:00 Ana" not in page


def test_each_room_has_a_column_of_its_own(practice, room_service, staff_client):
    service, sauna = room_service
    with use_business(practice.business):
        rows.create_resource("Attic")
    practice.book(12, service=service)
    columns = re.findall(
        r'<section class="calendar-column" aria-label="(\w+)">(.*?)</section>', get_page(staff_client(), resource="all")
    )

    assert [name for name, _content in columns] == ["Attic", "Sauna"]
    assert ["Ana Pereira" in content for _name, content in columns] == [False, True]
    assert 'aria-label="Attic"' not in get_page(staff_client(), resource=sauna.pk)


def test_a_room_that_is_gone_is_said_to_be(practice, staff_client):
    page = get_page(staff_client(), resource="6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10")
    assert "There is no such room or equipment in use." in page


def test_links_keep_what_was_chosen(practice, room_service, staff_client):
    page = get_page(staff_client(), resource="all", colours="state", calendar=practice.calendar.pk)
    chosen = f"calendar={practice.calendar.pk}&amp;resource=all&amp;colours=state"
    assert f"?view=week&amp;day={MONDAY}&amp;{chosen}" in page


def test_colours_stand_for_services_or_for_states(practice, staff_client):
    practice.book(10)
    practice.request(12)
    by_service, by_state = get_page(staff_client()), get_page(staff_client(), colours="state")

    assert re.findall(r'<li class="tag-(\w+)">([^<]+)<', by_service) == [("blue", "Massage")]
    legend = re.findall(r'<li class="tag-(\w+)">([^<]+)<', by_state)
    assert legend == [("green", "Confirmed"), ("amber", "Waiting for an answer")]
    assert re.search(r"calendar-block tag-amber is-requested", by_state)


def test_a_group_in_which_somebody_waits_has_the_colour_of_requests(practice, staff_client):
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=5)
    practice.book(10, service=yoga)
    assert "calendar-block tag-green is-group" in get_page(staff_client(), colours="state")
    with use_business(practice.business):
        other = ClientFactory(name="Bo Lind")
    practice.request(10, service=yoga, client=other)
    assert "calendar-block tag-amber is-group" in get_page(staff_client(), colours="state")


def test_a_group_beyond_its_seats_is_marked_as_overbooked(practice, staff_client, staff):
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=2)
        booking = services.StaffBooking(rows.build_query(yoga, practice.calendar), at(10), ignores_warnings=True)
        for name in ("Ana", "Bo", "Cem"):
            services.book_for_client(booking, client=ClientFactory(name=name), staff=staff, now=NOW)
    assert re.search(r"is-group is-overbooked .*?Overbooked", get_page(staff_client()))


def test_the_next_free_times_of_a_service_lead_to_a_booking(practice, staff_client):
    query = {"service": practice.service.pk, "calendar": practice.calendar.pk, "day": MONDAY}
    practice.book(9)
    page = " ".join(staff_client().get(FREE_TIMES, query).content.decode().split())
    booking = f"?service={practice.service.pk}&amp;day={MONDAY}&amp;time=%s&amp;calendar={practice.calendar.pk}"

    assert booking % "10%3A00" in page
    assert booking % "09%3A00" not in page


def test_who_may_only_look_finds_free_times_without_links(practice, staff_client):
    query = {"service": practice.service.pk, "calendar": "", "day": MONDAY}
    page = staff_client("read-only").get(FREE_TIMES, query).content.decode()
    assert "09:00" in page
    assert "appointments/new" not in page


@pytest.mark.parametrize("query", [{"service": "x"}, {"service": ""}, {"day": "never"}, {"calendar": "x"}])
def test_what_no_free_times_can_be_found_for_is_said_at_its_field(practice, staff_client, query):
    typed = {"service": practice.service.pk, "calendar": "", "day": MONDAY} | query
    answer = staff_client().get(FREE_TIMES, typed)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
