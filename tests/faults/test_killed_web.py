"""Nothing is lost when the web server dies right after a commit."""

import json

import pytest
import requests

from portal.activity.models import Entry
from portal.messaging.kinds import MessagingEvent
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState, ProviderEvent
from tests.api.provider_webhooks.conftest import SendGridSigner
from tests.faults.http_browser import HttpBrowser
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

SIGNER = SendGridSigner()


@pytest.fixture
def processes(processes):
    """A cluster that accepts our signatures."""
    processes.env["SENDGRID_WEBHOOK_PUBLIC_KEY"] = SIGNER.public_key
    return processes


def test_a_code_is_sent_though_the_web_server_died_before_it_could_enqueue(
    processes, accepted_mails, acme, create_client_with_email
):
    ana = create_client_with_email(acme, "ana@example.com")
    processes.start("codes-1", "sweep")
    processes.run_web("tests.faults.crashing_web:application")

    with pytest.raises(requests.ConnectionError):
        HttpBrowser(processes.port).request_code(ana)

    assert not processes.is_running("web")
    wait_until(lambda: accepted_mails.has_recipient(ana), what="a code")
    assert len(accepted_mails.codes_of(ana)) == 1


def test_an_event_is_applied_though_the_web_server_died_right_after_storing_it(
    processes, accepted_mails, acme, create_client_with_email, request_code_directly
):
    delivery = send_code_and_wait(
        processes, accepted_mails, create_client_with_email(acme, "ana@example.com"), acme, request_code_directly
    )
    processes.run_web("tests.faults.crashing_web:application")

    with pytest.raises(requests.ConnectionError):
        post_event(processes, delivery)

    assert ProviderEvent.objects.get().delivery_id == delivery.pk
    wait_until(lambda: is_delivered(delivery), what="the event applied")
    assert ProviderEvent.objects.get().applied_at


def test_an_event_is_applied_once_though_a_worker_died_in_the_middle_of_it(
    processes, accepted_mails, acme, create_client_with_email, request_code_directly, crash_at
):
    delivery = send_code_and_wait(
        processes, accepted_mails, create_client_with_email(acme, "ana@example.com"), acme, request_code_directly
    )
    processes.kill("sweep")
    processes.start("web")
    assert post_event(processes, delivery).status_code == 204
    crash_at("event-taken", ProviderEvent.objects.get().pk)
    processes.run_module("crashing", "tests.faults.crashing_workers")
    wait_until(lambda: not crash_at.pending(), what="the death of the worker")
    assert not is_delivered(delivery)

    processes.start("sweep")
    wait_until(lambda: is_delivered(delivery), what="the event applied")
    with use_business(acme):
        assert Entry.objects.filter(event_type=MessagingEvent.DELIVERED).count() == 1


def send_code_and_wait(processes, accepted_mails, address, business, request_code_directly) -> Delivery:
    """Send a code and return its delivery once the provider accepted it."""
    processes.start("codes-1", "sweep")
    request_code_directly(business, address)
    wait_until(lambda: accepted_mails.has_recipient(address), what="a code")
    return wait_until(lambda: Delivery.objects.filter(state=DeliveryState.ACCEPTED).first(), what="it completed")


def post_event(processes, delivery: Delivery) -> requests.Response:
    """Post a delivery event as SendGrid does."""
    event = {"event": "delivered", "sg_event_id": "once", "timestamp": 1_800_000_000, "delivery_id": str(delivery.pk)}
    body = json.dumps([event]).encode()
    url = f"http://127.0.0.1:{processes.port}/hooks/sendgrid/"
    return requests.post(url, data=body, headers={"Host": "localhost", **SIGNER.headers(body)}, timeout=60)


def is_delivered(delivery: Delivery) -> bool:
    """Return whether the delivery is recorded as delivered."""
    delivery.refresh_from_db()
    return delivery.state == DeliveryState.DELIVERED
