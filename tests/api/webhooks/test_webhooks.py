"""Tests of webhooks in the business API."""

import pytest
from standardwebhooks import Webhook

from portal.activity.models import Entry
from portal.integrations.kinds import IntegrationEvent
from portal.integrations.models import IdempotentRequest
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookEndpoint
from tenants.context import use_business
from tenants.models import WebhookDelivery, WebhookStream
from tests.factories import create_member

pytestmark = pytest.mark.django_db

URL = "https://hooks.example.com/portico"


@pytest.fixture
def program(api_program):
    return api_program(["webhooks:manage"], role="manager")


@pytest.fixture
def webhook(program):
    """A webhook that the program has created."""
    return program.post("webhooks/", {"url": URL}).json()


def test_a_webhook_is_created_read_changed_and_deleted(program):
    created = program.post("webhooks/", {"url": URL, "description": "CRM", "event_types": ["client.created"]})
    assert created.status_code == 201, created.content
    webhook = created.json()
    assert webhook.pop("secret").startswith("whsec_")
    assert webhook == {
        "id": webhook["id"],
        "url": URL,
        "description": "CRM",
        "event_types": ["client.created"],
        "is_enabled": True,
        "disabled_reason": "",
        "failing_since": None,
        "created_at": webhook["created_at"],
    }
    path = f"webhooks/{webhook['id']}/"
    assert program.get("webhooks/").json() == {"items": [webhook]}
    assert program.get(path).json() == webhook
    changed = webhook | {"event_types": [], "description": ""}
    assert program.patch(path, {"event_types": [], "description": ""}).json() == changed
    assert program.get(path).json() == changed
    assert program.delete(path).status_code == 204
    assert program.get("webhooks/").json() == {"items": []}


def test_the_secret_is_in_no_other_answer(program, webhook):
    secret = webhook["secret"]
    path = f"webhooks/{webhook['id']}/"
    for answer in (program.get("webhooks/"), program.get(path), program.patch(path, {"description": "CRM"})):
        assert secret not in answer.content.decode()


def test_the_secret_is_what_webhooks_are_signed_by(acme, program, webhook, now):
    with use_business(acme):
        [stored] = endpoints.list_signing_secrets(WebhookEndpoint.objects.get(), now=now)
    assert stored == webhook["secret"]
    Webhook(webhook["secret"])


def test_whoever_made_the_key_is_on_the_timeline(acme, program, webhook):
    program.patch(f"webhooks/{webhook['id']}/", {"description": "CRM"})
    program.post(f"webhooks/{webhook['id']}/secret/", None)
    program.delete(f"webhooks/{webhook['id']}/")
    with use_business(acme):
        found = Entry.objects.filter(event_type__startswith="integrations.webhook").order_by("at", "pk")
        recorded = {(entry.event_type, entry.actor_name.endswith(" (Sync)")) for entry in found}
    assert recorded == {
        (IntegrationEvent.WEBHOOK_ADDED, True),
        (IntegrationEvent.WEBHOOK_CHANGED, True),
        (IntegrationEvent.WEBHOOK_SECRET_REPLACED, True),
        (IntegrationEvent.WEBHOOK_REMOVED, True),
    }


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "url", "required"),
        ({"url": URL, "secret": "x"}, "secret", "unknown_field"),
        ({"url": URL, "is_enabled": False}, "is_enabled", "read_only_field"),
        ({"url": "http://example.com/"}, "url", "scheme"),
        ({"url": "https://10.0.0.1/"}, "url", "private_address"),
        ({"url": "https://example.com:25/"}, "url", "port"),
        ({"url": "https://example.com/" + "x" * 500}, "url", "max_length"),
        ({"url": "https://example.com/\0"}, "url", "null_characters_not_allowed"),
        ({"url": URL, "event_types": ["client.sneezed"]}, "event_types", "invalid_choice"),
        ({"url": URL, "event_types": "client.created"}, "event_types", "not_a_list"),
        ({"url": URL, "description": "x" * 101}, "description", "max_length"),
    ],
)
def test_a_wrong_field_is_named(program, body, field, code):
    answer = program.post("webhooks/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_a_wrong_url_of_a_change_is_named(program, webhook):
    answer = program.patch(f"webhooks/{webhook['id']}/", {"url": "https://127.0.0.1:99/"})
    assert answer.json()["errors"][0]["field"] == "url"


def test_the_eleventh_webhook_is_refused(program):
    for _number in range(endpoints.MAX_ENDPOINTS):
        assert program.post("webhooks/", {"url": URL}).status_code == 201
    answer = program.post("webhooks/", {"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_switching_a_webhook_off_and_on(program, webhook):
    path = f"webhooks/{webhook['id']}/"
    off = program.patch(path, {"is_enabled": False}).json()
    assert (off["is_enabled"], off["disabled_reason"]) == (False, "staff")
    assert not WebhookStream.objects.exists()
    on = program.patch(path, {"is_enabled": True}).json()
    assert (on["is_enabled"], on["disabled_reason"]) == (True, "")
    assert WebhookStream.objects.filter(pk=webhook["id"]).exists()


def test_a_change_of_what_somebody_changed_meanwhile_is_refused(program, webhook):
    path = f"webhooks/{webhook['id']}/"
    seen = program.get(path)["ETag"]
    assert program.patch(path, {"description": "CRM"}, **{"If-Match": seen}).status_code == 200
    answer = program.patch(path, {"description": "ERP"}, **{"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert program.get(path).json()["description"] == "CRM"


def test_a_replaced_secret_signs_beside_the_old_one_for_a_day(acme, program, webhook, now):
    answer = program.post(f"webhooks/{webhook['id']}/secret/", None)
    assert answer["Cache-Control"] == "no-store"
    with use_business(acme):
        endpoint = WebhookEndpoint.objects.get()
        expires_at = endpoint.previous_secret_expires_at
        assert endpoints.list_signing_secrets(endpoint, now=now) == [answer.json()["secret"], webhook["secret"]]
        assert endpoints.list_signing_secrets(endpoint, now=expires_at) == [answer.json()["secret"]]


def test_a_creation_that_is_sent_again_is_done_once_and_tells_the_same_secret(acme, program):
    first, again = (program.post("webhooks/", {"url": URL}, **{"Idempotency-Key": "crm"}) for _time in range(2))
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    with use_business(acme):
        assert WebhookEndpoint.objects.count() == 1


def test_no_secret_is_stored_as_text(acme, program):
    secret = program.post("webhooks/", {"url": URL}, **{"Idempotency-Key": "crm"}).json()["secret"]
    with use_business(acme):
        assert secret not in IdempotentRequest.objects.get().body
        assert secret not in WebhookEndpoint.objects.get().secret


def test_an_answer_whose_encryption_key_is_gone_is_a_conflict(program, settings):
    program.post("webhooks/", {"url": URL}, **{"Idempotency-Key": "crm"})
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key" * 5, []
    answer = program.post("webhooks/", {"url": URL}, **{"Idempotency-Key": "crm"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_test_is_sent(program, webhook):
    answer = program.post(f"webhooks/{webhook['id']}/tests/", None)
    assert answer.status_code == 202
    assert str(WebhookDelivery.objects.get().event_id) == answer.json()["event_id"]


def test_nothing_is_sent_to_a_webhook_that_is_switched_off(program, webhook):
    path = f"webhooks/{webhook['id']}/"
    program.patch(path, {"is_enabled": False})
    for answer in (
        program.post(path + "tests/", None),
        program.post(path + "replays/", {"since": "2026-01-01T00:00:00Z"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_owners_are_mailed_by_which_key_a_webhook_was_added_or_its_url_changed(acme, program, outbox):
    owner = create_member(acme, "owner").person
    webhook = program.post("webhooks/", {"url": URL}).json()
    path = f"webhooks/{webhook['id']}/"
    program.patch(path, {"description": "CRM"})
    program.patch(path, {"url": "https://elsewhere.example.org/portico"})
    outbox.deliver_due()

    mails = [mail for mail in outbox.sent() if mail["to"] == owner.email]
    assert {mail["subject"] for mail in mails} == {
        f"New webhook for {acme.name}",
        f"New address of a webhook of {acme.name}",
    }
    assert len(mails) == 2
    assert all("Manager of Acme (Sync)" in mail["text"] for mail in mails)
    assert webhook["secret"] not in str(mails)


def test_a_key_may_do_no_more_than_who_made_it(api_program):
    assert api_program(["webhooks:manage"], role="staff").get("webhooks/").json()["code"] == "forbidden"


def test_another_business_s_webhook_is_not_found(api_program, globex, webhook):
    stranger = api_program(business=globex)
    path = f"webhooks/{webhook['id']}/"
    for answer in (
        stranger.get(path),
        stranger.patch(path, {"description": "mine"}),
        stranger.delete(path),
        stranger.post(path + "secret/", None),
        stranger.post(path + "tests/", None),
        stranger.get(path + "attempts/"),
        stranger.post(path + "replays/", {"since": "2026-01-01T00:00:00Z"}),
    ):
        assert answer.status_code == 404
