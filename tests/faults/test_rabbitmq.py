"""Does everything work as well with RabbitMQ in place of Redis as the queue?"""

import itertools
import os

import pytest

from config.local.home import Home
from config.local.rabbitmq import RabbitMQ
from config.local.rabbitmq import rabbitmq as find_rabbitmq
from tenants.models import Delivery
from tests.faults.plant import until
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


@pytest.fixture
def rung_for(plant, acme, client_of):
    """Return a function in which somebody new asks for a code and RabbitMQ hears of it: their address and browser.

    On a busy machine it may not hear in time; then the bell is the sweeper's to ring, and somebody else asks.
    """
    numbers = itertools.count()

    def ask() -> tuple[str, Visitor] | None:
        address = client_of(acme, f"client-{next(numbers)}@example.com")
        visitor, heard = Visitor(plant.port), bells_heard(plant)
        assert visitor.ask(address).status_code == 302
        return (address, visitor) if bells_heard(plant) > heard else None

    return lambda: until(ask, what="a bell that RabbitMQ hears")


def test_a_code_goes_from_the_sign_in_page_to_the_portal_over_amqp(plant, mailbox, rung_for):
    plant.start("web", "codes-1")

    ana, visitor = rung_for()
    # No sweeper runs: only the bell can have told the worker.
    until(lambda: mailbox.has(ana), what="a code")

    assert visitor.answer(mailbox.codes_of(ana)[0]).headers["Location"] == "/"
    assert visitor.open("/").status_code == 200


def test_the_bell_of_a_killed_worker_is_given_to_the_next_one(plant, mailbox, rung_for, doom):
    plant.start("web")
    ana, _visitor = rung_for()
    doom("before-claim", Delivery.objects.latest("created_at").pk)

    plant.run_module("doomed", "tests.faults.doomed_workers")

    # No sweeper runs: only RabbitMQ can have rung again.
    until(lambda: mailbox.has(ana), what="a code")
    assert not doom.left()
    assert len(mailbox.codes_of(ana)) == 1


def test_codes_come_while_rabbitmq_is_gone_and_bells_are_heard_once_it_is_back(
    plant, rabbitmq, mailbox, acme, client_of, rung_for
):
    plant.start("web", "codes-1", "sweep")
    numbers = itertools.count()

    def must_get_a_code(when: str) -> None:
        address = client_of(acme, f"{when.replace(' ', '-')}-{next(numbers)}@example.com")
        assert Visitor(plant.port).ask(address).status_code == 302
        until(lambda: mailbox.has(address), what=f"a code asked for {when}")

    must_get_a_code("before")
    kill(rabbitmq)
    for _code in range(3):
        must_get_a_code("while it is gone")

    start(rabbitmq)
    must_get_a_code("after")
    plant.kill("sweep")
    address, _visitor = rung_for()
    until(lambda: mailbox.has(address), what="a code without the sweeper")


def bells_heard(plant) -> float:
    """Return how many bells of the codes queue were heard so far."""
    return plant.number("portico_enqueues_total", queue="codes", outcome="enqueued")


def start(server: RabbitMQ) -> None:
    """Start a server and wait for it."""
    server.start()
    server.wait()


def kill(server: RabbitMQ) -> None:
    """End a server as a power cut would."""
    server.process.kill()
    server.names.kill()
