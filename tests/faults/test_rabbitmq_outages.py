"""Everything works with RabbitMQ as the broker instead of Redis."""

import itertools
import os

import pytest

from config.local.rabbitmq import RabbitMQServer, find_or_install_rabbitmq
from config.local.state_dir import StateDir
from tenants.models import Delivery
from tests.faults.http_browser import HttpBrowser
from tests.faults.process_cluster import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.rabbitmq]


@pytest.fixture(scope="module")
def rabbitmq(tmp_path_factory) -> RabbitMQServer:
    """A RabbitMQ that may be killed."""
    server = find_or_install_rabbitmq(StateDir(tmp_path_factory.mktemp("rabbitmq")), os.environ)
    if isinstance(server, str):
        pytest.skip(server)
    start_server(server)
    yield server
    kill_server(server)


@pytest.fixture
def processes(processes, rabbitmq):
    """A cluster that uses RabbitMQ as its broker."""
    processes.env["BROKER_URL"] = rabbitmq.connection_url
    return processes


@pytest.fixture
def request_enqueued_code(processes, acme, create_client_with_email):
    """Return a function that requests a code for a new client, enqueued in RabbitMQ, and returns address and browser.

    On a busy machine enqueuing may time out; then the sweeper enqueues, and another client requests a code.
    """
    numbers = itertools.count()

    def request_code_once() -> tuple[str, HttpBrowser] | None:
        address = create_client_with_email(acme, f"client-{next(numbers)}@example.com")
        browser, enqueued_before = HttpBrowser(processes.port), count_enqueued(processes)
        assert browser.request_code(address).status_code == 302
        return (address, browser) if count_enqueued(processes) > enqueued_before else None

    return lambda: wait_until(request_code_once, what="a message in RabbitMQ")


def test_a_code_goes_from_the_sign_in_page_to_the_portal_over_amqp(processes, accepted_mails, request_enqueued_code):
    processes.start("web", "codes-1")

    ana, browser = request_enqueued_code()
    # No sweeper runs: only the message can have woken the worker.
    wait_until(lambda: accepted_mails.has_recipient(ana), what="a code")

    assert browser.submit_code(accepted_mails.codes_of(ana)[0]).headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_the_message_of_a_killed_worker_is_redelivered(processes, accepted_mails, request_enqueued_code, crash_at):
    processes.start("web")
    ana, _browser = request_enqueued_code()
    crash_at("before-claim", Delivery.objects.latest("created_at").pk)

    processes.run_module("crashing", "tests.faults.crashing_workers")

    # No sweeper runs: only RabbitMQ can have redelivered the message.
    wait_until(lambda: accepted_mails.has_recipient(ana), what="a code")
    assert not crash_at.pending()
    assert len(accepted_mails.codes_of(ana)) == 1


def test_codes_are_sent_while_rabbitmq_is_down_and_messages_arrive_once_it_is_back(
    processes, rabbitmq, accepted_mails, acme, create_client_with_email, request_enqueued_code
):
    processes.start("web", "codes-1", "sweep")
    numbers = itertools.count()

    def assert_code_arrives(when: str) -> None:
        address = create_client_with_email(acme, f"{when.replace(' ', '-')}-{next(numbers)}@example.com")
        assert HttpBrowser(processes.port).request_code(address).status_code == 302
        wait_until(lambda: accepted_mails.has_recipient(address), what=f"a code asked for {when}")

    assert_code_arrives("before")
    kill_server(rabbitmq)
    for _code in range(3):
        assert_code_arrives("while it is gone")

    start_server(rabbitmq)
    assert_code_arrives("after")
    processes.kill("sweep")
    address, _browser = request_enqueued_code()
    wait_until(lambda: accepted_mails.has_recipient(address), what="a code without the sweeper")


def count_enqueued(processes) -> float:
    """Return how many messages were enqueued in the codes queue so far."""
    return processes.read_metric("portico_enqueues_total", queue="codes", outcome="enqueued")


def start_server(server: RabbitMQServer) -> None:
    """Start a server and wait for it."""
    server.start()
    server.wait_until_ready()


def kill_server(server: RabbitMQServer) -> None:
    """Kill a server."""
    server.process.kill()
    server.epmd.kill()
