"""Tests of what webhooks about appointments and services hold."""

import json

import pytest

from portal.activity.models import Entry
from portal.scheduling import services
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.webhook_data import build_appointments, build_client_packages, build_services
from portal.scheduling.webhook_event_types import WEBHOOK_EVENT_TYPES
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def appointment():
    """What somebody who has not signed in has booked."""
    calendar = rows.create_calendar()
    return rows.book(rows.build_query(rows.create_service(calendar), calendar), at(10), note="My knee hurts.")


def test_an_appointment_is_sent_as_it_is_by_now_without_what_was_typed(appointment):
    services.cancel_appointment(appointment_id=appointment.pk, now=NOW)
    entries = list(Entry.objects.filter(subject_id=appointment.pk))
    assert {entry.event_type for entry in entries} == {
        "scheduling.appointment-confirmed",
        "scheduling.appointment-cancelled",
    }
    built = build_appointments(entries)
    for entry in entries:
        assert built[entry.pk]["appointment_id"] == appointment.pk
        shown = built[entry.pk]["appointment"]
        assert (shown["state"], shown["version"], shown["starts_at"]) == ("cancelled", 1, at(10))
        assert (shown["service"]["name"], shown["staff"]["name"]) == ("Massage", "Mona")
    sent = json.dumps(list(built.values()), default=str)
    assert not any(typed in sent for typed in ("Ana", "ana@example.com", "knee"))


def test_an_appointment_that_is_gone_is_sent_as_its_id(appointment):
    entries = list(Entry.objects.filter(subject_id=appointment.pk))
    key = appointment.pk
    appointment.delete()
    assert list(build_appointments(entries).values()) == [{"appointment_id": key, "appointment": None}]


def test_a_service_is_sent_as_its_id(staff):
    service = rows.create_service()
    services.archive_service(service=service, staff=staff, now=NOW)
    entries = list(Entry.objects.filter(subject_id=service.pk))
    assert list(build_services(entries).values()) == [{"service_id": service.pk}]


def test_a_clients_package_is_sent_with_its_sums_and_without_the_note():
    package = packages.give(ClientFactory(), rows.create_service(), note="Owes us one")
    services.take_session(client_package=package, reason="Walked in", staff=packages.SABINE, now=NOW)
    entries = list(Entry.objects.filter(subject_id=package.pk))
    [first, second] = build_client_packages(entries).values()
    assert first == second
    assert first["client_package_id"] == package.pk
    assert (first["client_package"]["sessions_used"], first["client_package"]["sessions_left"]) == (1, 4)
    assert not any(typed in str(first) for typed in ("Owes", "Walked"))
    package.delete()
    assert [sent["client_package"] for sent in build_client_packages(entries).values()] == [None, None]


def test_every_event_of_an_appointment_is_one_of_a_webhook():
    sent = {str(event_type) for each in WEBHOOK_EVENT_TYPES for event_type in each.timeline_types}
    told = ("appointment-", "session-", "package-given", "client-package-")
    assert {event.value for event in SchedulingEvent if any(part in event.value for part in told)} <= sent
