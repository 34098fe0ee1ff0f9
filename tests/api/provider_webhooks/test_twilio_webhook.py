"""P1, P4: the Twilio webhook stores signed statuses and refuses everything else."""

import uuid

import pytest

from tenants.models import DeliveryState, ProviderEvent, UnreadableEvent
from workers.providers.twilio import build_callback_path, sign_delivery_id

pytestmark = pytest.mark.django_db

STATUS = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+447700900101", "AccountSid": "AC1"}


@pytest.fixture
def delivery_id() -> uuid.UUID:
    return uuid.uuid4()


@pytest.fixture
def callback_path(delivery_id) -> str:
    return build_callback_path(sign_delivery_id(delivery_id))


def test_a_signed_status_is_stored_and_gets_an_empty_answer(twilio_signer, delivery_id, callback_path):
    answer = twilio_signer.post(callback_path, STATUS)

    assert (answer.status_code, answer.content) == (204, b"")
    stored = ProviderEvent.objects.get()
    assert (stored.delivery_id, stored.state, stored.reason) == (delivery_id, DeliveryState.DELIVERED, "")


def test_a_repeated_status_changes_nothing_and_a_new_one_is_stored(twilio_signer, callback_path):
    for _ in range(3):
        twilio_signer.post(callback_path, STATUS)
    twilio_signer.post(callback_path, STATUS | {"MessageStatus": "sent"})

    assert ProviderEvent.objects.count() == 2


def test_a_failed_text_has_its_reason(twilio_signer, callback_path):
    twilio_signer.post(callback_path, STATUS | {"MessageStatus": "undelivered", "ErrorCode": "30003"})

    assert ProviderEvent.objects.values_list("state", "reason").get() == (DeliveryState.BOUNCED, "twilio-30003")


@pytest.mark.parametrize("code", ["", "x", "1" * 50, "٣٠٠٠٣", "-1", "3000 3"])
def test_an_invalid_error_code_is_not_stored(twilio_signer, callback_path, code):
    answer = twilio_signer.post(callback_path, STATUS | {"MessageStatus": "failed", "ErrorCode": code})

    assert (answer.status_code, ProviderEvent.objects.get().reason) == (204, "")


@pytest.mark.parametrize("signature", ["wrong", "A" * 28, "Ünicode", "=", "x" * 10_000])
def test_a_status_with_a_wrong_signature_is_refused(twilio_signer, callback_path, signature):
    assert twilio_signer.post(callback_path, STATUS, signature=signature).status_code == 403
    assert not ProviderEvent.objects.exists()


def test_a_status_without_a_signature_is_refused(client, callback_path, twilio_signer):
    assert client.post(callback_path, STATUS, headers={"host": "localhost"}).status_code == 403


def test_an_altered_status_is_refused(twilio_signer, callback_path):
    from twilio.request_validator import RequestValidator

    signature = RequestValidator("twilio-token").compute_signature(f"https://portico.example{callback_path}", STATUS)

    assert (
        twilio_signer.post(callback_path, STATUS | {"MessageStatus": "failed"}, signature=signature).status_code == 403
    )


def test_a_token_that_was_not_signed_is_refused(twilio_signer, delivery_id):
    for token in (delivery_id.hex, f"{delivery_id.hex}:forged", "x", ":", f"{uuid.uuid4().hex}:{'A' * 43}"):
        assert twilio_signer.post(f"/hooks/twilio/{token}/", STATUS).status_code == 403


def test_a_signature_for_one_delivery_is_refused_for_another(twilio_signer, callback_path):
    other = build_callback_path(sign_delivery_id(uuid.uuid4()))

    assert twilio_signer.post(callback_path, STATUS, signed_url=f"https://portico.example{other}").status_code == 403


def test_the_signature_covers_the_configured_url_and_not_the_requests_host(twilio_signer, callback_path):
    proxied = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "8080"}

    assert twilio_signer.post(callback_path, STATUS, **proxied).status_code == 204
    assert twilio_signer.post(callback_path, STATUS, signed_url=f"http://localhost{callback_path}").status_code == 403


def test_a_signature_for_the_url_with_its_port_is_accepted(twilio_signer, callback_path):
    assert (
        twilio_signer.post(callback_path, STATUS, signed_url=f"https://portico.example:443{callback_path}").status_code
        == 204
    )


def test_without_an_auth_token_every_status_is_refused(twilio_signer, callback_path, settings):
    settings.TWILIO_AUTH_TOKEN = ""

    assert twilio_signer.post(callback_path, STATUS).status_code == 403


@pytest.mark.parametrize("message_id", ["", "a b", "x" * 65, "a\0b", "é"])
def test_a_signed_status_without_a_valid_message_id_is_stored_once(twilio_signer, callback_path, message_id):
    answers = [
        twilio_signer.post(callback_path, STATUS | {"MessageSid": message_id}).status_code for _again in range(2)
    ]

    assert (answers, ProviderEvent.objects.count()) == ([204, 204], 1)


@pytest.mark.parametrize(
    "legacy",
    [
        {"SmsSid": "SM1", "SmsStatus": "delivered"},
        {"SmsMessageSid": "SM1", "SmsStatus": "delivered", "MessageStatus": ""},
        {"MessageSid": "SM1", "SmsStatus": "Delivered"},
        {"SmsStatus": "delivered"},
    ],
    ids=str,
)
def test_a_status_under_its_older_name_is_stored(twilio_signer, delivery_id, callback_path, legacy):
    assert twilio_signer.post(callback_path, legacy).status_code == 204
    stored = ProviderEvent.objects.get()
    assert (stored.delivery_id, stored.state) == (delivery_id, DeliveryState.DELIVERED)


@pytest.mark.parametrize("fields", [{"MessageStatus": "levitating"}, {"MessageStatus": "a\0b"}, {"MessageSid": "SM1"}])
def test_a_status_we_do_not_know_is_accepted_and_kept_for_operators(twilio_signer, callback_path, fields):
    assert twilio_signer.post(callback_path, fields).status_code == 204
    assert not ProviderEvent.objects.exists()
    assert UnreadableEvent.objects.values_list("provider", "count").get() == ("twilio", 1)


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data", "text/plain", "multipart/form-data; boundary=x"]
)
def test_a_body_of_another_kind_is_refused(client, callback_path, twilio_signer, content_type):
    answer = client.post(
        callback_path, b"\xff{}", content_type=content_type, headers={"host": "localhost", "X-Twilio-Signature": "x"}
    )

    assert answer.status_code == 403


def test_a_flood_of_fields_and_a_body_beyond_the_limit_are_refused(client, callback_path, twilio_signer, settings):
    form = {"content_type": "application/x-www-form-urlencoded", "headers": {"host": "localhost"}}

    assert client.post(callback_path, "a=1&" * 5_000, **form).status_code == 403
    assert client.post(callback_path, "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), **form).status_code == 413
