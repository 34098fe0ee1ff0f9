"""T6, T7: a job runs in its own business and in no other."""

import uuid
from contextlib import suppress

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.utils import timezone

from portal.clients.models import Client
from portal.messaging.models import Message
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, BusinessStatus, Delivery
from tests.portal.access.sign_in_steps import ANA

pytestmark = pytest.mark.slow


@pytest.fixture
def run_actors():
    """A queue with our middleware and a single worker thread, and the actors that jobs are tried with."""
    import dramatiq
    from dramatiq.brokers.stub import StubBroker

    from workers.dramatiq_middleware import build_middleware
    from workers.tenancy import business_scoped_actor

    broker = StubBroker(middleware=build_middleware())
    broker.emit_after("process_boot")
    once = {"queue_name": "tries", "max_retries": 0, "broker": broker}
    seen: list[tuple[str, str]] = []

    @business_scoped_actor(**once)
    def record_current_schema() -> None:
        seen.append(("look", connection.schema_name))
        Client.objects.create(name="written by a job", created_at=timezone.now())

    @business_scoped_actor(**once)
    def raise_in_job() -> None:
        seen.append(("fail", connection.schema_name))
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    @dramatiq.actor(**once)
    def record_schema_outside_business() -> None:
        seen.append(("public", connection.schema_name))
        Business.objects.count()

    @dramatiq.actor(**once)
    def close_connection() -> None:
        connection.close()

    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=20)
    worker.start()
    actors = {
        "look": record_current_schema,
        "fail": raise_in_job,
        "public": record_schema_outside_business,
        "hang up": close_connection,
    }

    def run_actor(actor, **row_ids):
        broker.enqueue(actors[actor].message(**row_ids))
        broker.join("tries", timeout=100_000, fail_fast=False)
        worker.join()
        return len(broker.dead_letters)

    run_actor.seen = seen
    yield run_actor
    run_actor("hang up")
    worker.stop()
    broker.close()


def test_a_job_after_a_failed_one_runs_in_its_own_schema(committed_db, acme, globex, run_actors):
    run_actors("fail", business_id=str(acme.pk))
    run_actors("public")
    run_actors("look", business_id=str(globex.pk))
    run_actors("fail", business_id=str(globex.pk))
    run_actors("look", business_id=str(acme.pk))
    run_actors("public")

    a, g = acme.schema_name, globex.schema_name
    assert run_actors.seen == [
        ("fail", a),
        ("public", "public"),
        ("look", g),
        ("fail", g),
        ("look", a),
        ("public", "public"),
    ]
    for business in (acme, globex):
        with use_business(business):
            assert Client.objects.count() == 1


def test_a_job_of_an_unknown_or_closed_business_is_a_dead_letter(committed_db, acme, run_actors):
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.CLOSED)
    named = ["", None, "acme", ["x"], {}, 0, str(uuid.uuid4()), str(acme.pk)]

    assert run_actors("look") == 1
    assert [run_actors("look", business_id=name) for name in named] == list(range(2, len(named) + 2))
    assert run_actors.seen == []


def test_a_job_runs_after_a_slug_change_of_its_business(committed_db, acme, run_actors):
    hostnames.change_slug(business=acme, slug="acme-new", now=timezone.now())

    assert run_actors("look", business_id=str(acme.pk)) == 0
    assert run_actors.seen == [("look", acme.schema_name)]


def test_no_message_of_a_closed_business_is_sent_whether_code_or_notice(acme, same_name_clients, open_visitor, outbox):
    visitor = open_visitor(acme)
    visitor.request_code()
    visitor.submit_code(visitor.code())
    open_visitor(acme).request_code()
    with use_business(acme):
        assert set(Message.objects.values_list("kind", flat=True)) == {"sign-in-code", "new-browser"}
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.CLOSED)
    outbox.deliver_due()

    assert outbox.sent() == []


def test_a_message_is_loaded_from_its_own_business(acme, globex, same_name_clients, open_visitor, outbox):
    for business in (acme, globex):
        open_visitor(business).request_code()
    outbox.deliver_due()

    assert {message["business"] for message in outbox.sent(ANA)} == {"acme", "globex"}
    for message in outbox.sent(ANA):
        assert f"{message['business']}.localhost" in message["text"]
        assert ("Acme" in message["text"]) == (message["business"] == "acme")


def test_a_delivery_that_names_a_message_of_another_business_sends_nothing(
    acme, globex, same_name_clients, open_visitor, outbox
):
    open_visitor(acme).request_code()
    Delivery.objects.update(business=globex)
    with suppress(ObjectDoesNotExist):
        outbox.deliver_due()

    assert outbox.sent() == []
