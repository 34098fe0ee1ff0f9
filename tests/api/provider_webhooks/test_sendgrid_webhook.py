"""P1: the SendGrid webhook stores signed events and refuses everything else."""

import json
import uuid
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from tenants.models import DeliveryState, ProviderEvent, UnreadableEvent, UnreadableReason

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


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
    ("body", "reason"),
    [
        (b"", UnreadableReason.NOT_JSON),
        (b"{", UnreadableReason.NOT_JSON),
        (b"[" * 100_000, UnreadableReason.NOT_JSON),
        (b"\xff\xfe[]", UnreadableReason.NOT_JSON),
        (b"null", UnreadableReason.NOT_AN_OBJECT),
        (b"1", UnreadableReason.NOT_AN_OBJECT),
        (b'"text"', UnreadableReason.NOT_AN_OBJECT),
        (b"[1]", UnreadableReason.NOT_AN_OBJECT),
        (b"[null]", UnreadableReason.NOT_AN_OBJECT),
        (b"[[]]", UnreadableReason.NOT_AN_OBJECT),
        (b"[" + b"9" * 5_000 + b"]", UnreadableReason.NOT_AN_OBJECT),
        (b"{}", UnreadableReason.UNKNOWN_EVENT),
    ],
    ids=lambda value: repr(value[:40]),
)
def test_a_signed_call_that_says_nothing_is_accepted_and_kept_for_operators(sendgrid_signer, body, reason):
    assert sendgrid_signer.post(None, body=body).status_code == 204
    assert not ProviderEvent.objects.exists()
    assert UnreadableEvent.objects.values_list("provider", "reason", "count").get() == ("sendgrid", reason, 1)


@pytest.mark.parametrize(
    "odd",
    [
        {"sg_event_id": 7},
        {"sg_event_id": ""},
        {"sg_event_id": None},
        {"sg_event_id": "x" * 121},
        {"sg_event_id": "a\0b"},
        {"sg_event_id": "\ud800"},
        {"sg_event_id": ["x"]},
        {"timestamp": "1790000000"},
        {"timestamp": "1790000000.5"},
        {"timestamp": 1_790_000_000.5},
        {"timestamp": 1_790_000_000_000},
        {"timestamp": "soon"},
        {"timestamp": True},
        {"timestamp": 10**30},
        {"timestamp": -5},
        {"timestamp": None},
        {"timestamp": {}},
        {"timestamp": float("inf")},
        {"timestamp": float("nan")},
        {"event": "Bounce "},
        {"event": "bounce", "reason": {"a": 1}},
        {"event": "bounce", "reason": None, "type": 5, "status": ["x"]},
        {"category": ["a", "b"], "unique_args": None},
        {"email": "\ud800\0", "sg_message_id": "\0"},
    ],
    ids=repr,
)
def test_an_odd_field_costs_neither_its_own_event_nor_the_others(sendgrid_signer, odd):
    events = [build_sendgrid_event(), build_sendgrid_event(**odd), build_sendgrid_event()]

    answers = [sendgrid_signer.post(events).status_code for _again in range(2)]

    stored = sorted(str(delivery_id) for delivery_id in ProviderEvent.objects.values_list("delivery_id", flat=True))
    assert (answers, stored) == ([204, 204], sorted(event["delivery_id"] for event in events))
    assert not UnreadableEvent.objects.exists()


@pytest.mark.parametrize("element", ["not an object", None, 7, [], {"event": ["delivered"]}, {"event": "new-one"}, {}])
def test_an_element_that_cannot_be_used_costs_no_other(sendgrid_signer, element):
    before, after = build_sendgrid_event(), build_sendgrid_event()

    answer = sendgrid_signer.post([before, element, after])

    stored = {str(delivery_id) for delivery_id in ProviderEvent.objects.values_list("delivery_id", flat=True)}
    assert (answer.status_code, stored) == (204, {before["delivery_id"], after["delivery_id"]})
    assert UnreadableEvent.objects.get().count == 1


@pytest.mark.parametrize("delivery_id", ["7", 7, ["x"], None, "not-a-uuid"])
def test_an_event_with_an_invalid_delivery_id_is_kept_for_operators(sendgrid_signer, delivery_id):
    assert sendgrid_signer.post([build_sendgrid_event(event="bounce", delivery_id=delivery_id)]).status_code == 204
    assert not ProviderEvent.objects.exists()
    assert UnreadableEvent.objects.get().reason == UnreadableReason.NO_DELIVERY


@pytest.mark.parametrize(
    ("timestamp", "happened_at"),
    [
        (1_790_000_000, datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        ("1790000000", datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        (1_790_000_000.5, datetime(2026, 9, 21, 14, 13, 20, 500_000, tzinfo=UTC)),
        (1_790_000_000_000, datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        ("soon", NOW),
        (4_000_000_000, NOW),
        (0, NOW),
        (None, NOW),
    ],
)
def test_a_time_is_read_whatever_its_type(sendgrid_signer, time_machine, timestamp, happened_at):
    time_machine.move_to(NOW, tick=False)

    sendgrid_signer.post([build_sendgrid_event(timestamp=timestamp)])

    assert ProviderEvent.objects.get().happened_at == happened_at


def test_elements_that_look_alike_are_counted_in_one_row_without_what_they_say(sendgrid_signer):
    for number in range(3):
        sendgrid_signer.post(
            [
                {"event": "levitated", "email": f"ana{number}@example.com", "ana@example.com": number},
                {"event": "Ana P."},
            ]
        )

    rows = list(UnreadableEvent.objects.values())
    assert sorted((row["event"], row["fields"], row["count"]) for row in rows) == [
        ("levitated", "event:str email:str", 3),
        ("other", "event:str", 3),
    ]
    assert "ana" not in str(rows).lower()


def test_operators_can_list_what_was_not_understood(sendgrid_signer, capsys):
    call_command("unreadable_events")
    sendgrid_signer.post([{"event": "levitated", "timestamp": "7"}, None])
    call_command("unreadable_events")

    output = capsys.readouterr().out
    assert "Everything that providers reported was understood." in output
    assert "1 ×  sendgrid: the event is unknown (levitated)  event:str timestamp:str" in output
    assert "1 ×  sendgrid: the element is no JSON object  NoneType" in output


def test_a_body_beyond_the_limit_is_refused(sendgrid_signer, settings):
    body = b"[" + b" " * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b"]"

    assert sendgrid_signer.post(None, body=body).status_code == 413


def test_other_mail_of_the_account_and_opens_and_clicks_are_ignored(sendgrid_signer):
    foreign = build_sendgrid_event()
    del foreign["delivery_id"]

    answer = sendgrid_signer.post([foreign, build_sendgrid_event(event="open"), build_sendgrid_event(event="click")])

    assert (answer.status_code, ProviderEvent.objects.count(), UnreadableEvent.objects.count()) == (204, 0, 0)


def test_an_empty_batch_is_accepted(sendgrid_signer):
    assert sendgrid_signer.post([]).status_code == 204


def test_only_post_is_allowed(client):
    assert client.get("/hooks/sendgrid/", headers={"host": "localhost"}).status_code == 405


def test_a_portal_has_no_hooks(acme, sendgrid_signer, portal_client):
    body = json.dumps([build_sendgrid_event()]).encode()
    headers = sendgrid_signer.headers(body)

    answer = portal_client(acme).post("/hooks/sendgrid/", body, content_type="application/json", headers=headers)

    assert (answer.status_code, ProviderEvent.objects.count()) == (404, 0)


def test_a_byte_of_no_encoding_costs_no_event_of_its_batch(sendgrid_signer):
    odd = json.dumps(build_sendgrid_event(event="bounce", reason="REASON")).encode().replace(b"REASON", b"gr\xfc\xdfe")
    body = b"[" + odd + b"," + json.dumps(build_sendgrid_event()).encode() + b"]"

    assert sendgrid_signer.post(None, body=body).status_code == 204
    assert ProviderEvent.objects.count() == 2
    assert not UnreadableEvent.objects.exists()


def test_a_deeply_nested_element_costs_no_event_of_its_batch(sendgrid_signer):
    deep = b'{"event": "bounce", "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    good = [json.dumps(build_sendgrid_event(reason=reason)).encode() for reason in ('a "], [{', "b\\")]
    body = b"[" + b", ".join([good[0], deep, good[1]]) + b"]"

    assert sendgrid_signer.post(None, body=body).status_code == 204
    assert ProviderEvent.objects.count() == 2
    assert UnreadableEvent.objects.values_list("reason", "count").get() == (UnreadableReason.TOO_DEEP, 1)
