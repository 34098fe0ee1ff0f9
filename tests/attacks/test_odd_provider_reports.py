"""P1, P4: whatever a provider signs is accepted, however odd it is, and whatever it did not sign is refused."""

import base64
import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.models import ProviderEvent, UnreadableEvent
from tests.api.provider_webhooks.conftest import post_as_provider
from workers.providers.twilio import build_callback_path, sign_delivery_id

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EVENTS = ["processed", "deferred", "delivered", "bounce", "blocked", "dropped", "open", "click", "spamreport", "new"]
FIELDS = ["event", "timestamp", "email", "sg_event_id", "sg_message_id", "delivery_id", "type", "status", "reason"]
DELIVERY_UUID = uuid.UUID("11111111-2222-4333-8444-555555555555")
DELIVERY_ID = str(DELIVERY_UUID)
text = st.text(st.characters(codec=None), max_size=30)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | text | st.sampled_from([*EVENTS, DELIVERY_ID, "m1.f"])
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3))
elements = st.dictionaries(st.sampled_from(FIELDS) | text, values, max_size=8) | values
likely_elements = st.builds(
    lambda event, fields: fields | {"event": event},
    st.sampled_from(EVENTS),
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=8),
)
many_examples = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
STATUS_FIELDS = ["MessageSid", "SmsSid", "MessageStatus", "SmsStatus", "ErrorCode", "To"]


@many_examples
@given(batch=st.lists(elements | likely_elements, max_size=6) | values)
def test_any_signed_json_is_accepted(sendgrid_signer, batch):
    body = json.dumps(batch).encode()

    assert sendgrid_signer.post(None, body=body).status_code == 204


@many_examples
@given(batch=st.lists(elements | likely_elements, max_size=6))
def test_a_good_event_among_any_others_is_stored(sendgrid_signer, batch):
    good = {"event": "delivered", "delivery_id": DELIVERY_ID, "sg_event_id": "good", "timestamp": 1_790_000_000}

    sendgrid_signer.post([*batch, good, *batch])

    assert ProviderEvent.objects.filter(provider_event_id="good").count() == 1


@many_examples
@given(body=st.binary(max_size=200))
def test_any_signed_bytes_are_accepted(sendgrid_signer, body):
    assert sendgrid_signer.post(None, body=body).status_code == 204


@many_examples
@given(fields=st.dictionaries(st.sampled_from(STATUS_FIELDS) | st.text(max_size=10), st.text(max_size=30), max_size=6))
def test_any_signed_status_is_accepted(twilio_signer, fields):
    assert twilio_signer.post(build_callback_path(sign_delivery_id(DELIVERY_UUID)), fields).status_code == 204


@many_examples
@given(
    position=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7), end=st.sampled_from([b"", b"\r\n"])
)
def test_one_wrong_bit_is_refused_and_nothing_is_stored(sendgrid_signer, position, bit, end):
    body = json.dumps([{"event": "bounce", "delivery_id": DELIVERY_ID, "sg_event_id": "e"}]).encode() + end
    altered = bytearray(body)
    altered[position % len(body)] ^= 1 << bit

    answer = sendgrid_signer.post(None, body=bytes(altered), headers=sendgrid_signer.headers(body))

    assert (answer.status_code, ProviderEvent.objects.count(), UnreadableEvent.objects.count()) == (403, 0, 0)


def test_a_batch_without_its_last_line_end_is_refused(sendgrid_signer):
    body = b'[{"event":"delivered"}]\r\n'

    assert sendgrid_signer.post(None, body=body).status_code == 204
    assert sendgrid_signer.post(None, body=body.rstrip(), headers=sendgrid_signer.headers(body)).status_code == 403


@many_examples
@given(position=st.integers(min_value=0), replacement=st.binary(min_size=1, max_size=1))
def test_one_wrong_byte_in_a_signature_is_refused(sendgrid_signer, position, replacement):
    body = b"[]"
    headers = sendgrid_signer.headers(body)
    name = "X-Twilio-Email-Event-Webhook-Signature"
    signature = bytearray(base64.b64decode(headers[name]))
    place = position % len(signature)
    if signature[place : place + 1] == replacement:
        return
    signature[place : place + 1] = replacement
    headers[name] = base64.b64encode(bytes(signature)).decode()

    assert post_as_provider("/hooks/sendgrid/", body, "application/json", headers).status_code == 403
