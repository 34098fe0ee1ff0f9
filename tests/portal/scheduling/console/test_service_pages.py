"""Tests of the pages about services."""

import uuid

import pytest
from django.utils import timezone

from portal.scheduling.models import DepositKind, LocationKind, QuestionKind, ResourceKind, Service
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

PAGE = "/console/acme/calendar/services/"


@pytest.fixture
def browser(staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


@pytest.fixture
def service(acme):
    """A massage that Mona gives."""
    with use_business(acme):
        return create_service(create_calendar(), price_amount=4500)


def test_every_field_of_a_service_can_be_set(acme, browser):
    with use_business(acme):
        calendar, room = create_calendar(), create_resource()
        device = create_resource("Laser", ResourceKind.EQUIPMENT)

    answer = save_form(
        browser,
        f"{PAGE}new/",
        name="Massage",
        description="Back and neck",
        duration="1 h 30 min",
        buffer_before="5",
        buffer_after="10 min",
        price="60,00",
        deposit_kind="percent",
        deposit="25",
        location_kind="video",
        location="https://meet.example.com/room",
        capacity="4",
        calendars=[str(calendar.pk)],
        rooms=[str(room.pk)],
        equipment=[str(device.pk)],
        colour="teal",
        visibility="clients",
        acceptance="new",
        start_interval="30",
        policy_text="Cancel a day ahead.",
        **{"questions-0-label": "Any pain?", "questions-0-kind": "choice", "questions-0-choices": "Yes\nNo\nYes"},
    )

    assert answer.status_code == 302
    with use_business(acme):
        found = Service.objects.get()
        assert (found.duration, found.buffer_before, found.buffer_after) == (90, 5, 10)
        assert (found.price_amount, found.price_currency) == (6000, "EUR")
        assert (found.deposit_kind, found.deposit_value) == (DepositKind.PERCENT, 25)
        assert (found.location_kind, found.location) == (LocationKind.VIDEO, "https://meet.example.com/room")
        assert (found.capacity, found.colour, found.visibility) == (4, "teal", "clients")
        assert (found.acceptance, found.start_interval, found.policy_text) == ("new", 30, "Cancel a day ahead.")
        assert [*found.calendars.all()] == [calendar]
        assert {*found.resources.all()} == {room, device}
        question = found.questions.get()
        assert (question.label, question.kind, question.choices) == ("Any pain?", QuestionKind.CHOICE, ["Yes", "No"])


def test_saving_a_service_unchanged_changes_nothing(acme, browser, service):
    with use_business(acme):
        service.questions.create(label="Any pain?", kind=QuestionKind.CHOICE, choices=["Yes", "No"])
        before = Service.objects.values().get()

    assert save_form(browser, f"{PAGE}{service.pk}/").status_code == 302

    with use_business(acme):
        assert Service.objects.values().get() == before
        assert service.questions.get().choices == ["Yes", "No"]


def test_a_price_follows_the_exponent_of_its_currency(acme, browser, service):
    with use_business(acme):
        Service.objects.update(price_currency="JPY", price_amount=5000)
    path = f"{PAGE}{service.pk}/"

    assert read_form(browser.get(path))["price"] == ["5000"]
    assert save_form(browser, path, price="50.00").status_code == 422
    assert save_form(browser, path, price="6,000").status_code == 302
    with use_business(acme):
        assert Service.objects.get().price_amount == 6000


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": "x" * 400}, "at most 80 characters"),
        ({"price": "-5"}, "Enter an amount of zero or more, such as 45.00."),
        ({"duration": "2 days"}, "Enter at most 1 day."),
        ({"deposit_kind": "amount", "deposit": "50"}, "The deposit can’t be more than the price."),
        ({"location_kind": "video", "location": "javascript:alert(1)"}, "beginning with https://"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"calendars": [str(uuid.uuid4())]}, "is not one of the available choices"),
        ({"rooms": ["nothing"]}, "is not one of the available choices"),
        ({"questions-0-label": "Why?", "questions-0-kind": "choice"}, "Enter at least two answers."),
        ({"questions-TOTAL_FORMS": "nothing"}, "ManagementForm"),
    ],
)
def test_what_a_service_can_not_be_is_said_beside_the_field(acme, browser, service, typed, error):
    answer = save_form(browser, f"{PAGE}{service.pk}/", **typed)

    assert answer.status_code == 422
    assert error in answer.content.decode()


def test_a_question_is_removed_by_clearing_its_text(acme, browser, service):
    with use_business(acme):
        service.questions.create(label="Any pain?")

    save_form(browser, f"{PAGE}{service.pk}/", **{"questions-0-label": ""})

    with use_business(acme):
        assert not service.questions.exists()


def test_a_question_of_another_service_is_left_alone(acme, browser, service):
    with use_business(acme):
        foreign = create_service(name="Yoga").questions.create(label="Mat?")

    save_form(browser, f"{PAGE}{service.pk}/", **{"questions-0-label": "Mine", "questions-0-id": str(foreign.pk)})

    with use_business(acme):
        foreign.refresh_from_db()
        assert (foreign.label, foreign.service.name) == ("Mat?", "Yoga")
        assert service.questions.get().label == "Mine"


def test_the_second_of_two_tabs_is_told_and_may_replace_the_change(acme, browser, service):
    path = f"{PAGE}{service.pk}/"
    other_tab = read_form(browser.get(path)) | {"name": "Long massage"}
    save_form(browser, path, name="Short massage")

    answer = browser.post(path, other_tab)

    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.content.decode()
    assert browser.post(path, read_form(answer)).status_code == 302
    with use_business(acme):
        assert Service.objects.get().name == "Long massage"


def test_coming_appointments_outlive_the_archiving_of_their_service(acme, browser, service):
    with use_business(acme):
        book(build_query(service), at(10))

    answer = browser.post(f"{PAGE}{service.pk}/archival/", follow=True)

    assert "1 coming appointment stays as it is." in answer.content.decode()
    assert "1 archived service" in answer.content.decode()
    browser.post(f"{PAGE}{service.pk}/restoration/")
    with use_business(acme):
        assert Service.objects.get().archived_at is None


def test_an_archived_service_can_still_be_changed(acme, browser, service):
    with use_business(acme):
        Service.objects.update(archived_at=timezone.now())

    assert save_form(browser, f"{PAGE}{service.pk}/", name="Renamed").status_code == 302


def test_a_service_of_another_business_is_not_found(acme, globex, browser):
    with use_business(globex):
        foreign = create_service()

    for path in (f"{PAGE}{foreign.pk}/", f"{PAGE}{foreign.pk}/archival/"):
        assert browser.post(path, {"name": "Mine"}).status_code == 404
