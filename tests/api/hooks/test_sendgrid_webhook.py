"""P1: the SendGrid webhook stores signed events and refuses everything else."""

import json
import uuid

import pytest

from tenants.models import DeliveryState, ProviderEvent

pytestmark = pytest.mark.django_db


def build_sendgrid_event(**fields) -> dict:
    return {
        "email": "ana@example.com",
        "timestamp": 1_790_000_000,
        "event": "delivered",
        "sg_event_id": uuid.uuid4().hex,
        "sg_message_id": "m.1",
        "delivery_id": str(uuid.uuid4()),
    } | fields


def test_a_signed_event_is_stored_and_gets_an_empty_answer(sendgrid_signer):
    delivery_id = uuid.uuid4()

    answer = sendgrid_signer.post([build_sendgrid_event(delivery_id=str(delivery_id))])

    assert (answer.status_code, answer.content) == (204, b"")
    stored = ProviderEvent.objects.get()
    assert (stored.delivery_id, stored.state, stored.provider) == (delivery_id, DeliveryState.DELIVERED, "sendgrid")


def test_the_same_event_again_changes_nothing(sendgrid_signer):
    event_data = build_sendgrid_event()

    answers = [sendgrid_signer.post([event_data, event_data]).status_code for _ in range(3)]

    assert (answers, ProviderEvent.objects.count()) == ([204] * 3, 1)


def test_no_personal_data_is_stored(sendgrid_signer):
    sendgrid_signer.post(
        [build_sendgrid_event(event="bounce", reason="550 5.1.1 <ana@example.com> unknown", type="bounce")]
    )

    [stored] = ProviderEvent.objects.values()
    assert stored["reason"] == "mailbox-unknown"
    assert "ana" not in str(stored)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Email-Event-Webhook-Timestamp": "1800000000"},
        {"X-Twilio-Email-Event-Webhook-Signature": "AAAA"},
        {"X-Twilio-Email-Event-Webhook-Signature": "!!!", "X-Twilio-Email-Event-Webhook-Timestamp": "1"},
        {"X-Twilio-Email-Event-Webhook-Signature": "AAA", "X-Twilio-Email-Event-Webhook-Timestamp": "1"},
        {"X-Twilio-Email-Event-Webhook-Signature": "Ünicode", "X-Twilio-Email-Event-Webhook-Timestamp": "１"},
        {"X-Twilio-Email-Event-Webhook-Signature": "", "X-Twilio-Email-Event-Webhook-Timestamp": ""},
    ],
    ids=str,
)
def test_an_event_without_a_good_signature_is_refused(sendgrid_signer, headers):
    assert sendgrid_signer.post([build_sendgrid_event()], headers=headers).status_code == 403
    assert not ProviderEvent.objects.exists()


def test_an_altered_event_is_refused(sendgrid_signer):
    event_data = json.dumps([build_sendgrid_event()]).encode()

    answer = sendgrid_signer.post(
        None, body=event_data.replace(b"delivered", b"processed"), headers=sendgrid_signer.headers(event_data)
    )

    assert (answer.status_code, ProviderEvent.objects.count()) == (403, 0)


def test_a_signature_for_another_time_is_refused(sendgrid_signer):
    event_data = json.dumps([build_sendgrid_event()]).encode()
    headers = sendgrid_signer.headers(event_data) | {"X-Twilio-Email-Event-Webhook-Timestamp": "1800000001"}

    assert sendgrid_signer.post(None, body=event_data, headers=headers).status_code == 403


@pytest.mark.parametrize("key", ["", "no key at all", "MFkw"])
def test_without_a_usable_key_every_event_is_refused(sendgrid_signer, settings, key):
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = key

    assert sendgrid_signer.post([build_sendgrid_event()]).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"1",
        b'"text"',
        b"{}",
        b"[1]",
        b"[null]",
        b"[[]]",
        b"[" * 100_000,
        b"[" + b"9" * 5_000 + b"]",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_an_invalid_signed_batch_is_a_bad_request_and_stores_nothing(sendgrid_signer, body):
    assert sendgrid_signer.post(None, body=body).status_code == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "invalid",
    [
        {"sg_event_id": 7},
        {"sg_event_id": ""},
        {"sg_event_id": "x" * 121},
        {"sg_event_id": "a\0b"},
        {"sg_event_id": "\ud800"},
        {"timestamp": "soon"},
        {"timestamp": True},
        {"timestamp": 10**30},
        {"timestamp": None},
        {"delivery_id": "7"},
        {"delivery_id": 7},
        {"delivery_id": ["x"]},
        {"event": ["delivered"]},
        {"event": "bounce", "reason": {"a": 1}},
    ],
    ids=str,
)
def test_an_invalid_event_does_not_affect_the_others(sendgrid_signer, invalid):
    before, after = build_sendgrid_event(), build_sendgrid_event()

    answer = sendgrid_signer.post([before, build_sendgrid_event(**invalid), after])

    stored = {str(event_data) for event_data in ProviderEvent.objects.values_list("delivery_id", flat=True)}
    assert (answer.status_code, stored) == (204, {before["delivery_id"], after["delivery_id"]})


def test_bytes_that_are_no_text_are_refused(sendgrid_signer):
    assert sendgrid_signer.post(None, body=b"\xff\xfe[]").status_code == 403


def test_a_body_beyond_the_limit_is_refused(sendgrid_signer, settings):
    body = b"[" + b" " * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b"]"

    assert sendgrid_signer.post(None, body=body).status_code == 413


def test_other_mail_of_the_account_and_opens_and_clicks_are_ignored(sendgrid_signer):
    foreign = build_sendgrid_event()
    del foreign["delivery_id"]

    answer = sendgrid_signer.post(
        [
            foreign,
            build_sendgrid_event(event="open"),
            build_sendgrid_event(event="click"),
            build_sendgrid_event(event="new-one"),
        ]
    )

    assert (answer.status_code, ProviderEvent.objects.count()) == (204, 0)


def test_an_empty_batch_is_accepted(sendgrid_signer):
    assert sendgrid_signer.post([]).status_code == 204


def test_only_post_is_allowed(client):
    assert client.get("/hooks/sendgrid/", headers={"host": "localhost"}).status_code == 405


def test_a_portal_has_no_hooks(acme, sendgrid_signer, portal_client):
    body = json.dumps([build_sendgrid_event()]).encode()
    headers = sendgrid_signer.headers(body)

    answer = portal_client(acme).post("/hooks/sendgrid/", body, content_type="application/json", headers=headers)

    assert (answer.status_code, ProviderEvent.objects.count()) == (404, 0)
