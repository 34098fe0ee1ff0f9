"""Nobody is delayed when Redis loses its data, restarts, hangs or is gone."""

import os
import signal
import time

import pytest
import redis

from config.local.redis_server import RedisServer
from config.local.state_dir import StateDir
from tests.faults.http_browser import HttpBrowser
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

# Without Redis, each process of the demo's web server counts for itself.
REQUESTS_PER_IP, WEB_PROCESSES = 10, 2
CONSUMERS = ("codes-1", "codes-2", "sweep")
# The promise speaks of a minute; what breaks within twenty seconds of absence would break within sixty.
OUTAGE_SECONDS = 20


@pytest.fixture
def redis_server(tmp_path):
    """A Redis that may be killed."""
    server = RedisServer(StateDir(tmp_path / "redis"))
    server.start()
    server.wait_until_ready()
    yield server
    server.kill()


@pytest.fixture
def processes(processes, redis_server):
    """A running cluster that uses this Redis for everything."""
    processes.env |= {"REDIS_URL": redis_server.connection_url, "BROKER_URL": redis_server.connection_url}
    processes.env["LOGIN_REQUESTS_PER_IP"] = f"{REQUESTS_PER_IP}/10 minutes"
    processes.start("web", "codes-1", "codes-2", "sweep")
    return processes


@pytest.fixture
def assert_code_arrives(processes, accepted_mails, acme, create_client_with_email):
    """Return a function that requests a code for a new client and waits for it."""
    numbers = iter(range(1000))

    def assert_code_arrives(when: str) -> None:
        address = create_client_with_email(acme, f"{when.replace(' ', '-')}-{next(numbers)}@example.com")
        assert HttpBrowser(processes.port).request_code(address).status_code == 302, when
        wait_until(lambda: accepted_mails.has_recipient(address), what=f"a code asked for {when}")

    return assert_code_arrives


def test_messages_that_redis_lost_are_enqueued_again(
    processes, redis_server, accepted_mails, acme, create_client_with_email
):
    people = [create_client_with_email(acme, f"client-{number}@example.com") for number in range(8)]
    for name in CONSUMERS:
        processes.send_signal(name, signal.SIGSTOP)
    for address in people:
        assert HttpBrowser(processes.port).request_code(address).status_code == 302

    connect_to_redis(redis_server).flushall()
    for name in CONSUMERS:
        processes.send_signal(name, signal.SIGCONT)

    wait_until(lambda: accepted_mails.codes().keys() == set(people), what="every code")
    assert all(len(codes) == 1 for codes in accepted_mails.codes().values())


def test_a_restart_of_redis_delays_no_code(processes, redis_server, assert_code_arrives):
    assert_code_arrives("before")
    redis_server.kill()
    assert_code_arrives("while it is down")
    redis_server.start()
    redis_server.wait_until_ready()
    assert_code_arrives("after")


def test_codes_are_sent_and_limits_hold_while_redis_is_down(
    processes, redis_server, accepted_mails, assert_code_arrives, acme, create_client_with_email
):
    redis_server.kill()
    started_at = time.monotonic()
    assert REQUESTS_PER_IP <= count_allowed_requests(processes, "203.0.113.1") <= REQUESTS_PER_IP * WEB_PROCESSES
    flooded = create_client_with_email(acme, "flooded@example.com")
    assert [HttpBrowser(processes.port).request_code(flooded).status_code for _ask in range(5)] == [302] * 4 + [429]
    while time.monotonic() - started_at < OUTAGE_SECONDS:
        assert_code_arrives("while it is gone")

    redis_server.start()
    redis_server.wait_until_ready()
    wait_until(lambda: count_heartbeats(redis_server) >= 2, what="both workers back at the queue")
    processes.kill("sweep")
    assert_code_arrives("without the sweeper")


def test_a_redis_that_hangs_delays_no_code(processes, redis_server, assert_code_arrives):
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    for _ in range(4):
        assert_code_arrives("while it hangs")
    os.kill(redis_server.process.pid, signal.SIGCONT)
    assert_code_arrives("afterwards")


def test_guesses_stay_counted_when_redis_forgets_everything(
    processes, redis_server, accepted_mails, acme, create_client_with_email
):
    ana = create_client_with_email(acme, "ana@example.com")
    browser = HttpBrowser(processes.port)
    browser.request_code(ana)
    wait_until(lambda: accepted_mails.has_recipient(ana), what="a code")
    code = accepted_mails.codes_of(ana)[0]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    assert [browser.submit_code(wrong).status_code for _ in range(3)] == [422] * 3
    connect_to_redis(redis_server).flushall()
    assert [browser.submit_code(wrong).status_code for _ in range(2)] == [422] * 2

    assert browser.submit_code(code).status_code in (409, 422)
    assert browser.get("/").status_code == 302


def count_allowed_requests(processes, ip: str) -> int:
    """Request codes from one IP address until one is refused, and return how many were allowed."""
    for number in range(REQUESTS_PER_IP * WEB_PROCESSES * 2):
        status = HttpBrowser(processes.port, ip=ip).request_code(f"stranger-{number}@example.org").status_code
        if status != 302:
            assert status == 429
            return number
    return number + 1


def count_heartbeats(server: RedisServer) -> int:
    """Return how many workers sent a heartbeat since Redis started."""
    return connect_to_redis(server).zcard("dramatiq:__heartbeats__")


def connect_to_redis(server: RedisServer) -> redis.Redis:
    """Return a connection to a server."""
    return redis.Redis.from_url(server.connection_url)
