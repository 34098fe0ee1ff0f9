"""Tests of the console's home page: its numbers and its recent activity."""

from datetime import timedelta

import pytest

from portal.access.kinds import AccessEvent
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.home.greetings import build_greeting
from portal.messaging.kinds import MessagingEvent
from tenants.context import use_business
from tenants.nouns import registry
from tests.factories import ClientFactory

PAGE = "/console/acme/"


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (4, "Good evening, Ana"),
        (5, "Good morning, Ana"),
        (11, "Good morning, Ana"),
        (12, "Good afternoon, Ana"),
        (17, "Good afternoon, Ana"),
        (18, "Good evening, Ana"),
    ],
)
def test_a_greeting_follows_the_hour_of_the_day(hour, expected):
    assert build_greeting("Ana Pereira", hour=hour) == expected
    assert build_greeting("", hour=hour) == expected.removesuffix(", Ana")


def get_page_text(browser):
    return " ".join(browser.get(PAGE).content.decode().split())


def test_home_without_clients_and_failures_has_texts_of_its_own(acme, staff_client):
    text = get_page_text(staff_client())
    assert "Your client list is empty. Add your clients so that they can sign in." in text
    assert "Everybody who tried could sign in during the last 24 hours." in text


def test_clients_who_failed_to_sign_in_are_counted_once_and_lead_to_sign_in_support(acme, ana, staff_client, now):
    with use_business(acme):
        dora = ClientFactory(name="Dora Demo", is_demo=True)
        for event_type in (AccessEvent.CHALLENGE_LOCKED, MessagingEvent.BOUNCED):
            activity.record_event(event_type, at=now, client=ana)
            activity.record_event(event_type, at=now, client=dora)
        activity.record_event(MessagingEvent.FAILED, at=now - timedelta(hours=25), client=ClientFactory())

    text = get_page_text(staff_client())
    assert '<p class="statistic-value">1</p> <p class="text-muted"> <a href="/console/acme/sign-in-help/">' in text
    assert "client had problems in the last 24 hours</a>" in text
    assert '<p class="statistic-value">2</p> <p class="text-muted"> active clients who can sign in </p>' in text


def test_recent_activity_leaves_out_routine_steps_only(acme, ana, staff_client, now):
    with use_business(acme):
        for event_type in registry.list_routine_event_types():
            activity.record_event(event_type, at=now, client=ana)
        activity.record_event(ClientEvent.NOTE_ADDED, at=now, client=ana)
        Entry.objects.create(event_type="scheduling.booked", at=now - timedelta(hours=1), client=ana)

    answer = staff_client().get(PAGE)
    assert [str(label) for _entry, label in answer.context["recent_activity"]] == ["Note added", "scheduling.booked"]
