"""Does everything work as well with RabbitMQ in place of Redis as the queue?"""

import os

import pytest

from config.local.home import Home
from config.local.rabbitmq import RabbitMQ
from config.local.rabbitmq import rabbitmq as find_rabbitmq
from tenants.models import Delivery
from tests.faults.plant import PROMISED, until
from tests.faults.visitor import Visitor

pytestmark = [pytest.mark.faults, pytest.mark.rabbitmq]


@pytest.fixture(scope="module")
def rabbitmq(tmp_path_factory) -> RabbitMQ:
    """A RabbitMQ that may be killed."""
    server = find_rabbitmq(Home(tmp_path_factory.mktemp("rabbitmq")), os.environ)
    if isinstance(server, str):
        pytest.skip(server)
    start(server)
    yield server
    kill(server)


@pytest.fixture
def plant(plant, rabbitmq):
    """A plant that rings over AMQP."""
    plant.env["BROKER_URL"] = rabbitmq.url
    return plant


def test_a_code_goes_from_the_sign_in_page_to_the_portal_over_amqp(plant, mailbox, acme, client_of):
    ana = client_of(acme, "ana@example.com")
    plant.start("web", "codes-1")
    visitor = Visitor(plant.port)

    assert visitor.ask(ana).status_code == 302
    # No sweeper runs: only the bell can have told the worker.
    until(lambda: mailbox.has(ana), within=PROMISED, what="a code")

    assert visitor.answer(mailbox.codes_of(ana)[0]).headers["Location"] == "/"
    assert visitor.open("/").status_code == 200


def test_the_bell_of_a_killed_worker_is_given_to_the_next_one(plant, mailbox, acme, client_of, doom):
    ana = client_of(acme, "ana@example.com")
    plant.start("web")
    assert Visitor(plant.port).ask(ana).status_code == 302
    doom("before-claim", Delivery.objects.get().pk)

    plant.run_module("doomed", "tests.faults.doomed_workers")

    # No sweeper runs: only RabbitMQ can have rung again.
    until(lambda: mailbox.has(ana), within=30, what="a code")
    assert not doom.left()
    assert len(mailbox.codes_of(ana)) == 1


def test_codes_come_while_rabbitmq_is_gone_and_bells_are_heard_once_it_is_back(
    plant, rabbitmq, mailbox, acme, client_of
):
    plant.start("web", "codes-1", "sweep")
    numbers = iter(range(100))

    def must_get_a_code(when: str) -> None:
        address = client_of(acme, f"client-{next(numbers)}@example.com")
        assert Visitor(plant.port).ask(address).status_code == 302
        until(lambda: mailbox.has(address), within=PROMISED, what=f"a code asked for {when}")

    must_get_a_code("before")
    kill(rabbitmq)
    for _code in range(3):
        must_get_a_code("while it is gone")

    start(rabbitmq)
    must_get_a_code("after")


def start(server: RabbitMQ) -> None:
    """Start a server and wait for it."""
    server.start()
    server.wait()


def kill(server: RabbitMQ) -> None:
    """End a server as a power cut would."""
    server.process.kill()
    server.names.kill()
