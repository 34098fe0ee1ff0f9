"""Tests that a webhook is added in the transaction of its change, for whoever wants it, and nobody else."""

import json

import pytest
from django.db import transaction

from portal.access.kinds import AccessEvent
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.events import get_types_by_timeline_type, load_events
from portal.messaging.conversations import services as conversations
from portal.messaging.kinds import MessagingEvent
from tenants.context import use_business
from tenants.models import WebhookDelivery
from tenants.nouns import registry
from tests.factories import ClientFactory


def list_added_events():
    return [str(event_id) for event_id in WebhookDelivery.objects.order_by("pk").values_list("event_id", flat=True)]


def build_body(acme, event_id, now):
    with use_business(acme):
        [event] = load_events([event_id], now=now).values()
        return json.loads(event.body)


def test_a_change_adds_a_webhook(endpoint, change_client, ana):
    event_id = change_client()

    [delivery] = WebhookDelivery.objects.all()
    assert (str(delivery.event_id), delivery.object_id, delivery.endpoint_id) == (event_id, ana.pk, endpoint.pk)


def test_a_change_that_is_rolled_back_adds_none(endpoint, change_client):
    with transaction.atomic():
        change_client()
        transaction.set_rollback(True)

    assert not WebhookDelivery.objects.exists()


def test_without_an_endpoint_nothing_is_added(acme, change_client):
    change_client()

    assert not WebhookDelivery.objects.exists()


def test_an_endpoint_that_is_switched_off_gets_nothing(acme, endpoint, change_client, clock):
    with use_business(acme):
        endpoints.change_endpoint(
            endpoint=endpoint,
            business=acme,
            url=endpoint.url,
            description="",
            event_types=[],
            is_enabled=False,
            staff=None,
            now=clock(),
        )
    change_client()

    assert not WebhookDelivery.objects.exists()


def test_an_endpoint_gets_only_the_types_that_it_asks_for(acme, sink, change_client, clock):
    with use_business(acme):
        endpoints.add_endpoint(business=acme, url=sink.url, event_types=["client.archived"], staff=None, now=clock())
    change_client()
    archived = change_client(event_type=ClientEvent.ARCHIVED)

    assert list_added_events() == [archived]


def test_another_business_s_change_adds_none(endpoint, globex, clock):
    with use_business(globex):
        activity.record_event(ClientEvent.CHANGED, at=clock(), client=ClientFactory())

    assert not WebhookDelivery.objects.exists()


def test_a_demo_client_s_change_adds_none(acme, endpoint, change_client):
    with use_business(acme):
        demo = ClientFactory(is_demo=True)
    change_client(demo)

    assert not WebhookDelivery.objects.exists()


def test_thousands_of_entries_of_one_statement_are_all_added(acme, endpoint, clock):
    with use_business(acme):
        people = [ClientFactory() for _number in range(30)]
        client_ids = "{" + ",".join(str(client.pk) for client in people) + "}"
        activity.record_same_event(ClientEvent.ADDED, client_ids=client_ids, at=clock(), subject_id=people[0].pk)
        added = {str(pk) for pk in Entry.objects.filter(event_type=ClientEvent.ADDED).values_list("pk", flat=True)}

    assert set(list_added_events()) == added
    assert len(added) == 30


def test_the_body_has_the_ids_and_what_the_api_shows_of_the_client(acme, endpoint, change_client, ana, clock):
    body = build_body(acme, change_client(), clock())

    assert body["type"] == "client.updated"
    assert body["data"]["client_id"] == str(ana.pk)
    assert body["data"]["client"]["name"] == "Ana Pereira"
    assert {contact["value"] for contact in body["data"]["client"]["contacts"]} == {"ana@example.com", "+447700900101"}


def test_the_body_of_a_message_says_who_wrote_it_and_what(acme, endpoint, ana, clock):
    with use_business(acme):
        conversations.send_chat_message(client=ana, body="Is Friday free?", now=clock())
    body = build_body(acme, list_added_events()[-1], clock())

    assert body["type"] == "message.created"
    assert body["data"]["message"]["sender"] == "client"
    assert body["data"]["message"]["body"] == "Is Friday free?"


@pytest.mark.parametrize(("reason", "is_suppressed"), [("mailbox-unknown", True), ("mailbox-full", False)])
def test_a_bounce_says_whether_the_address_is_suppressed(acme, endpoint, change_client, clock, reason, is_suppressed):
    event_id = change_client(event_type=MessagingEvent.BOUNCED, channel="email", kind="invitation", reason=reason)

    delivery = build_body(acme, event_id, clock())["data"]["delivery"]
    assert (delivery["reason"], delivery["is_suppressed"]) == (reason, is_suppressed)


def test_an_event_stays_as_it_was_first_built(acme, endpoint, change_client, ana, clock):
    event_id = change_client()
    first = build_body(acme, event_id, clock())
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(name="Ana Maria Pereira")

    assert build_body(acme, event_id, clock()) == first


def test_a_client_added_by_staff_is_told_of(acme, endpoint, clock):
    with use_business(acme):
        clients.add_client(name="Bo", identifiers=[], staff=None, source="upload", now=clock())
    [event_id] = list_added_events()

    assert build_body(acme, event_id, clock())["type"] == "client.created"


def test_no_timeline_event_stands_for_two_types():
    declared = [str(each) for kind in registry.get_webhook_event_types().values() for each in kind.timeline_types]

    assert len(declared) == len(set(declared)) == len(get_types_by_timeline_type())


def test_no_webhook_is_sent_for_a_code():
    assert not {AccessEvent.CODE_REQUESTED, AccessEvent.CODE_SENT, AccessEvent.CODE_ISSUED} & {
        *get_types_by_timeline_type()
    }


def test_the_daily_job_finds_the_timeline_events_of_a_type_anew(acme, endpoint, clock):
    with use_business(acme):
        type(endpoint).objects.update(timeline_types=[])
        endpoints.refresh_endpoints(now=clock())
        endpoint.refresh_from_db()

    assert ClientEvent.ADDED in endpoint.timeline_types


def test_the_daily_job_encrypts_secrets_under_a_new_key(acme, endpoint, clock, settings):
    with use_business(acme):
        [secret] = endpoints.list_signing_secrets(endpoint, now=clock())
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
        endpoints.refresh_endpoints(now=clock())
        settings.SECRET_KEY_FALLBACKS = []
        endpoint.refresh_from_db()

        assert endpoints.list_signing_secrets(endpoint, now=clock()) == [secret]
    assert secret not in endpoint.secret
