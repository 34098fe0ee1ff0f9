"""Tests of the pages about rooms and equipment."""

import pytest

from portal.scheduling.models import Resource, ResourceKind
from tenants.context import use_business
from tests.portal.scheduling.console.page_forms import read_form, save_form
from tests.portal.scheduling.scheduling_rows import (
    at,
    book,
    build_query,
    create_calendar,
    create_resource,
    create_service,
)

PAGE = "/console/acme/calendar/resources/"


@pytest.fixture
def browser(staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


@pytest.fixture
def room(acme):
    """A room of Acme's."""
    with use_business(acme):
        return create_resource()


def test_a_device_is_added_in_use(acme, browser):
    browser.post(PAGE, {"name": "Laser", "kind": "equipment"})

    with use_business(acme):
        found = Resource.objects.get()
        assert (found.name, found.kind, found.is_active) == ("Laser", ResourceKind.EQUIPMENT, True)


@pytest.mark.parametrize("typed", [{"name": ""}, {"name": "x" * 400}, {"kind": "ship"}])
def test_a_room_that_can_not_be_is_refused(acme, browser, room, typed):
    assert browser.post(PAGE, {"name": "Room 2", "kind": "room"} | typed).status_code == 422
    assert save_form(browser, f"{PAGE}{room.pk}/", **typed).status_code == 422
    with use_business(acme):
        assert Resource.objects.get().name == "Room 1"


def test_appointments_keep_a_room_that_is_no_longer_used(acme, browser, room):
    with use_business(acme):
        book(build_query(create_service(create_calendar(), resources=(room,))), at(10))

    save_form(browser, f"{PAGE}{room.pk}/", is_active=None)

    assert "1 coming appointment stays as it is." in browser.get(PAGE).content.decode()
    with use_business(acme):
        assert room.reservations.filter(is_active=True).count() == 1


def test_the_second_of_two_tabs_is_told(acme, browser, room):
    path = f"{PAGE}{room.pk}/"
    other_tab = read_form(browser.get(path)) | {"name": "Blue room"}
    save_form(browser, path, name="Green room")

    assert browser.post(path, other_tab).status_code == 409
    with use_business(acme):
        assert Resource.objects.get().name == "Green room"


def test_a_room_of_another_business_is_not_found(globex, browser):
    with use_business(globex):
        foreign = create_resource()

    assert browser.post(f"{PAGE}{foreign.pk}/", {"name": "Mine", "kind": "room"}).status_code == 404
