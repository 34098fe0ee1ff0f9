"""End-to-end tests of a code, from the request to the mailbox and the timeline."""

import time
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from portal.clients.services.timeline import list_timeline_entries
from tenants.context import use_business
from tenants.models import Delivery, ProviderEvent
from tenants.nouns import registry
from tests.fakes.provider_faults import NO_FAULT, respond_with
from workers.actors.delivery_jobs import apply_events

ANA, MOBILE = "ana@example.com", "+447700900101"


@pytest.fixture
def list_timeline(acme, ana):
    """Return a function that lists the labels on Ana's timeline, oldest first."""

    def list_timeline() -> list[str]:
        with use_business(acme):
            return [
                str(registry.get_event_type_labels()[entry.event_type])
                for entry in reversed(list_timeline_entries(ana))
            ]

    return list_timeline


@pytest.fixture
def request_and_deliver_code(acme, ana, portal_client, outbox):
    """Return a function that requests a code, delivers it, and returns the browser and the delivery."""

    def request_and_deliver_code(identifier: str = ANA):
        browser = portal_client(acme)
        assert browser.post("/sign-in/", {"identifier": identifier}).headers["Location"] == "/sign-in/code/"
        outbox.deliver_due()
        return browser, Delivery.objects.latest("created_at")

    return request_and_deliver_code


def apply_provider_events() -> None:
    """Apply the stored provider events, as the workers do."""
    waiting = ProviderEvent.objects.filter(applied_at=None).order_by("received_at", "pk")
    apply_events.fn(event_ids=[str(event.pk) for event in waiting])


def test_timeline_from_code_request_to_sign_in(request_and_deliver_code, list_timeline, sendgrid, sendgrid_signer):
    browser, _delivery = request_and_deliver_code()
    [mail] = sendgrid.mails
    reported = {"delivery_id": mail["custom_args"]["delivery_id"], "email": ANA, "sg_message_id": "m.1"}

    for number, word in enumerate(["processed", "deferred", "delivered", "delivered"]):
        event = reported | {"event": word, "sg_event_id": uuid.uuid4().hex, "timestamp": int(time.time()) + 1 + number}
        assert sendgrid_signer.post([event]).status_code == 204
        apply_provider_events()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        browser.post("/sign-in/code/", {"code": mail["subject"].split()[0]})

    assert list_timeline() == [
        "Requested a code",
        "Code passed to the provider",
        "Delayed by the receiving server",
        "Delivered to the receiving server",
        "Signed in",
    ]


def test_the_next_provider_sends_the_same_code(request_and_deliver_code, list_timeline, sendgrid, smtp):
    sendgrid.stop_listening()

    browser, delivery = request_and_deliver_code()

    [mail] = smtp.mails
    assert browser.post("/sign-in/code/", {"code": mail["Subject"].split()[0]}).headers["Location"] == "/"
    assert (delivery.provider, list_timeline()) == (
        "smtp",
        ["Requested a code", "Code passed to the provider", "Signed in"],
    )


def test_sign_in_while_all_providers_are_briefly_unavailable(
    acme, request_and_deliver_code, list_timeline, outbox, sendgrid
):
    sendgrid.script.set_faults(respond_with(503), NO_FAULT)
    browser, delivery = request_and_deliver_code()
    assert sendgrid.accepted == []

    with time_machine.travel(delivery.due_at):
        outbox.deliver_due()
        [mail] = sendgrid.mails
        assert browser.post("/sign-in/code/", {"code": mail["subject"].split()[0]}).headers["Location"] == "/"

    assert list_timeline()[1:3] == ["Waiting for the provider", "Code passed to the provider"]


def test_a_lost_text_is_reported_and_replaced_by_a_mail(
    request_and_deliver_code, list_timeline, twilio, twilio_signer, outbox
):
    browser, _delivery = request_and_deliver_code(MOBILE)
    [text] = twilio.texts
    path = text["StatusCallback"].removeprefix(settings.PUBLIC_URL)
    status = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003", "To": MOBILE}
    assert twilio_signer.post(path, status).status_code == 204
    apply_provider_events()

    assert list_timeline() == ["Requested a code", "Code passed to the provider", "Not delivered"]
    browser.post("/sign-in/resend/", {"channel": "email"})
    outbox.deliver_due()
    assert browser.post("/sign-in/code/", {"code": outbox.code(ANA)}).headers["Location"] == "/"


def test_a_wrong_code_appears_on_the_timeline(request_and_deliver_code, list_timeline, sendgrid):
    browser, _delivery = request_and_deliver_code()
    wrong = f"{(int(sendgrid.mails[0]['subject'].split()[0]) + 1) % 1_000_000:06d}"

    browser.post("/sign-in/code/", {"code": wrong})

    assert list_timeline() == ["Requested a code", "Code passed to the provider", "Entered a wrong code"]
