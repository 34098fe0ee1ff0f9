"""Is anything lost when the web server dies right after it wrote something down?"""

import json

import pytest
import requests

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState, ProviderEvent
from tests.api.hooks.conftest import SendGridSigner
from tests.faults.plant import until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.faults

SIGNER = SendGridSigner()


@pytest.fixture
def plant(plant):
    """A plant that believes our signature."""
    plant.env["SENDGRID_WEBHOOK_PUBLIC_KEY"] = SIGNER.public_key
    return plant


def test_a_code_is_sent_though_the_web_server_died_before_it_could_ring(plant, mailbox, acme, client_of):
    ana = client_of(acme, "ana@example.com")
    plant.start("codes-1", "sweep")
    plant.run_web("tests.faults.doomed_web:application")

    with pytest.raises(requests.ConnectionError):
        Visitor(plant.port).ask(ana)

    assert not plant.is_running("web")
    until(lambda: mailbox.has(ana), what="a code")
    assert len(mailbox.codes_of(ana)) == 1


def test_an_event_is_applied_though_the_web_server_died_right_after_storing_it(plant, mailbox, acme, client_of, ask):
    delivery = sent(plant, mailbox, client_of(acme, "ana@example.com"), acme, ask)
    plant.run_web("tests.faults.doomed_web:application")

    with pytest.raises(requests.ConnectionError):
        tell(plant, delivery)

    assert ProviderEvent.objects.get().delivery_id == delivery.pk
    until(lambda: now_delivered(delivery), what="the event applied")
    assert ProviderEvent.objects.get().applied_at


def test_an_event_is_applied_once_though_a_worker_died_in_the_middle_of_it(plant, mailbox, acme, client_of, ask, doom):
    delivery = sent(plant, mailbox, client_of(acme, "ana@example.com"), acme, ask)
    plant.kill("sweep")
    plant.start("web")
    assert tell(plant, delivery).status_code == 204
    doom("event-taken", ProviderEvent.objects.get().pk)
    plant.run_module("doomed", "tests.faults.doomed_workers")
    until(lambda: not doom.left(), what="the death of the worker")
    assert not now_delivered(delivery)

    plant.start("sweep")
    until(lambda: now_delivered(delivery), what="the event applied")
    with use_business(acme):
        assert Entry.objects.filter(event_type=EventType.MESSAGE_DELIVERED).count() == 1


def sent(plant, mailbox, address, business, ask) -> Delivery:
    """Have a code sent by a plant at work, with nobody to hear of events."""
    plant.start("codes-1", "sweep")
    ask(business, address)
    until(lambda: mailbox.has(address), what="a code")
    return until(lambda: Delivery.objects.filter(state=DeliveryState.ACCEPTED).first(), what="it settled")


def tell(plant, delivery: Delivery) -> requests.Response:
    """Report a delivery the way SendGrid does."""
    event = {"event": "delivered", "sg_event_id": "once", "timestamp": 1_800_000_000, "delivery_id": str(delivery.pk)}
    body = json.dumps([event]).encode()
    url = f"http://127.0.0.1:{plant.port}/hooks/sendgrid/"
    return requests.post(url, data=body, headers={"Host": "localhost", **SIGNER.headers(body)}, timeout=60)


def now_delivered(delivery: Delivery) -> bool:
    """Say whether the delivery has learned that it arrived."""
    delivery.refresh_from_db()
    return delivery.state == DeliveryState.DELIVERED
