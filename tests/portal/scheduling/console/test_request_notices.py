"""From the notice of a request staff confirm with one tap; reading the notice, or a scanner, confirms nothing."""

import re

import pytest
from django.test import Client as Browser

from portal.messaging.models import Notification
from portal.scheduling.models import Appointment, AppointmentState
from tenants.context import use_business
from tests.factories import create_member
from tests.portal.messaging.messaging_steps import deliver_due

CONSOLE = "http://localhost:8000/console/acme/"


@pytest.fixture
def person(acme):
    """An owner of Acme."""
    return create_member(acme, "owner").person


@pytest.fixture
def owner(practice, platform_client, person):
    """The browser of the owner."""
    return platform_client(person)


@pytest.fixture
def link(owner, person, practice, outbox):
    """The path that the mail about a request links to."""
    practice.request(10)
    mail = next(mail for mail in deliver_due(outbox) if mail["to"] == person.email)
    found = re.search(rf"{CONSOLE}(notifications/\S+/)", mail["text"])
    assert found, mail["text"]
    return f"/console/acme/{found[1]}"


def get_appointment(acme):
    """Return the only appointment."""
    with use_business(acme):
        return Appointment.objects.get()


def test_the_mail_leads_to_the_request_with_its_answers_in_order(acme, owner, link):
    page = owner.get(link, follow=True).content.decode()

    confirm = page.index(f'action="/console/acme/calendar/appointments/{get_appointment(acme).pk}/confirmation/"')
    assert confirm < page.index('/refusal/">') < page.index('/refusal/#propose">')
    assert confirm < page.index("Move")


def test_one_tap_confirms(acme, owner, link):
    path = f"/console/acme/calendar/appointments/{get_appointment(acme).pk}/confirmation/"
    owner.post(path)

    assert get_appointment(acme).state == AppointmentState.CONFIRMED


def test_opening_the_mail_s_links_changes_nothing(acme, owner, link):
    appointment = get_appointment(acme)
    path = f"/console/acme/calendar/appointments/{appointment.pk}/confirmation/"
    for browser in (Browser(headers={"host": "localhost:8000"}), owner):
        browser.get(link, follow=True)
        browser.head(link)
        assert browser.get(path).status_code in (302, 405)

    assert get_appointment(acme).state == AppointmentState.REQUESTED
    assert get_appointment(acme).version == appointment.version


def test_a_scanner_that_opens_the_link_does_not_mark_it_read(acme, link):
    answer = Browser(headers={"host": "localhost:8000"}).get(link)

    assert answer.status_code == 302
    assert "/sign-in/" in answer.headers["Location"] or "login" in answer.headers["Location"]
    with use_business(acme):
        assert not Notification.objects.exclude(read_at=None).exists()


def test_the_notification_in_the_console_leads_to_the_same_page(acme, owner, practice):
    appointment = practice.request(10)
    listing = owner.get("/console/acme/notifications/").content.decode()
    path = re.search(r'href="(/console/acme/notifications/[0-9a-f-]+/)"', listing)[1]

    assert owner.get(path).headers["Location"] == f"/console/acme/calendar/appointments/{appointment.pk}/"
