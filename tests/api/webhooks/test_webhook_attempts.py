"""Tests of the log of webhooks, and their replays, in the business API."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.integrations.models import WebhookAttempt, WebhookEvent
from portal.integrations.webhooks.worker import WebhookWorker
from tenants.context import use_business
from tenants.models import WebhookDelivery
from tests.factories import ClientFactory
from tests.fakes.webhook_sink import WebhookSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink():
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def program(api_program):
    return api_program(["webhooks:manage"], role="manager")


@pytest.fixture
def path(program, sink, settings):
    """The path of a webhook at the sink."""
    settings.DEMO = True
    return f"webhooks/{program.post('webhooks/', {'url': sink.url}).json()['id']}/"


@pytest.fixture
def change_client(acme, ana, now):
    """Return a function that records a change of Ana's and returns the event's id."""

    def change_client(event_type=ClientEvent.CHANGED, at=now):
        with use_business(acme):
            return str(activity.record_event(event_type, at=at, client=ana).pk)

    return change_client


@pytest.fixture
def send(now):
    """Return a function that sends what is due a minute from now."""
    return WebhookWorker(clock=lambda: now + timedelta(minutes=1)).send_all_due


def test_an_attempt_is_listed_and_read_with_what_was_sent_and_answered(program, path, change_client, send, ana):
    event_id = change_client()
    send()
    [listed] = program.get(path + "attempts/").json()["items"]
    assert {name: listed[name] for name in ("event_id", "event_type", "number", "succeeded", "status", "error")} == {
        "event_id": event_id,
        "event_type": "client.updated",
        "number": 1,
        "succeeded": True,
        "status": 200,
        "error": "",
    }
    assert listed["outcome"] == "Received (200)."
    shown = program.get(f"{path}attempts/{listed['id']}/").json()
    assert listed.items() <= shown.items()
    assert json.loads(shown["request_body"])["data"]["client_id"] == str(ana.pk)
    assert shown["answer_body"] == "fine"


def test_the_log_is_filtered(program, path, change_client, send, sink):
    sink.answer = lambda request: 500 if b"client.archived" in request.body else 200
    changed, archived = change_client(), change_client(ClientEvent.ARCHIVED)
    while send():
        pass

    def list_events(query):
        return [each["event_id"] for each in program.get(f"{path}attempts/?{query}").json()["items"]]

    assert list_events("succeeded=true") == [changed]
    assert list_events("succeeded=false") == [archived]
    assert list_events("event_type=client.archived") == [archived]
    assert list_events(f"event_id={changed}") == [changed]
    assert sorted(list_events("")) == sorted([changed, archived])
    assert program.get(path + "attempts/?succeeded=perhaps").status_code == 422
    assert program.get(path + "attempts/?state=failed").json()["errors"][0]["code"] == "unknown_field"


def test_the_log_has_pages(acme, program, path, now):
    with use_business(acme):
        event = WebhookEvent.objects.create(id=uuid4(), event_type="webhook.test", at=now, body="", created_at=now)
        fields = {"endpoint_id": path.split("/")[1], "url": "", "duration_ms": 1, "succeeded": True, "status": 200}
        for number in range(1, 6):
            WebhookAttempt.objects.create(event=event, number=number, at=now + timedelta(seconds=number), **fields)
    numbers, cursor = [], ""
    while cursor is not None:
        page = program.get(f"{path}attempts/?limit=2&cursor={cursor}").json()
        numbers += [attempt["number"] for attempt in page["items"]]
        cursor = page["next_cursor"]
    assert numbers == [5, 4, 3, 2, 1]


def test_an_attempt_of_a_demo_client_is_not_shown(acme, program, path, change_client, send):
    change_client()
    send()
    [attempt] = program.get(path + "attempts/").json()["items"]
    with use_business(acme):
        WebhookEvent.objects.update(client=ClientFactory(is_demo=True))
    assert program.get(path + "attempts/").json()["items"] == []
    assert program.get(f"{path}attempts/{attempt['id']}/").status_code == 404


def test_an_attempt_of_another_webhook_is_not_found(program, path, change_client, send, sink):
    change_client()
    send()
    [attempt] = program.get(path + "attempts/").json()["items"]
    other = program.post("webhooks/", {"url": sink.url}).json()["id"]
    assert program.get(f"webhooks/{other}/attempts/{attempt['id']}/").status_code == 404


def test_an_event_is_sent_again(program, path, change_client, send):
    event_id = change_client()
    send()
    answer = program.post(path + "replays/", {"event_id": event_id})
    assert (answer.status_code, answer.json()) == (202, {"event_count": 1})
    assert str(WebhookDelivery.objects.get().event_id) == event_id


def test_all_events_since_an_instant_are_sent_again(program, path, change_client, send, now):
    change_client(at=now - timedelta(hours=2))
    recent = change_client(at=now - timedelta(minutes=30))
    while send():
        pass
    answer = program.post(path + "replays/", {"since": (now - timedelta(hours=1)).isoformat()})
    assert (answer.status_code, answer.json()) == (202, {"event_count": 1})
    assert str(WebhookDelivery.objects.get().event_id) == recent


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "", "one_required"),
        ({"event_id": str(uuid4()), "since": "2026-01-01T00:00:00Z"}, "", "one_required"),
        ({"event_id": "1"}, "event_id", "invalid"),
        ({"event_id": str(uuid4())}, "event_id", "not_found"),
        ({"since": "yesterday"}, "since", "invalid"),
        ({"since": "2026-07-01T12:00:00"}, "since", "naive"),
        ({"since": "0001-01-01T00:00:00+14:00"}, "since", "overflow"),
        ({"period": "day"}, "period", "unknown_field"),
    ],
)
def test_nothing_else_can_be_replayed(program, path, body, field, code):
    answer = program.post(path + "replays/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
