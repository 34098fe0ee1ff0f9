"""Tests of what webhooks about appointments and services hold."""

import json

import pytest

from portal.activity.models import Entry
from portal.scheduling import services
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.webhook_data import build_appointments, build_services
from portal.scheduling.webhook_event_types import WEBHOOK_EVENT_TYPES
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


def test_every_event_of_an_appointment_is_one_of_a_webhook():
    sent = {str(event_type) for each in WEBHOOK_EVENT_TYPES for event_type in each.timeline_types}
    assert {event.value for event in SchedulingEvent if "appointment-" in event.value} <= sent
