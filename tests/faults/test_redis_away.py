"""Does anybody notice when Redis forgets everything, starts again, hangs, or is gone?"""

import os
import signal
import time

import pytest
import redis

from config.local.home import Home
from config.local.redis_server import Redis
from tests.faults.plant import until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.faults

# Without Redis, each process of the demo's web server counts for itself.
ASKS_PER_NETWORK, WEB_PROCESSES = 10, 2
WHO_HEARS_BELLS = ("codes-1", "codes-2", "sweep")
# The promise speaks of a minute; what breaks within twenty seconds of absence would break within sixty.
ABSENCE = 20


@pytest.fixture
def redis_server(tmp_path):
    """A Redis that may be killed."""
    server = Redis(Home(tmp_path / "redis"))
    server.start()
    server.wait()
    yield server
    server.kill()


@pytest.fixture
def plant(plant, redis_server):
    """A plant at work that uses this Redis for everything."""
    plant.env |= {"REDIS_URL": redis_server.url, "BROKER_URL": redis_server.url}
    plant.env["LOGIN_REQUESTS_PER_IP"] = f"{ASKS_PER_NETWORK}/10 minutes"
    plant.start("web", "codes-1", "codes-2", "sweep")
    return plant


@pytest.fixture
def must_get_a_code(plant, mailbox, acme, client_of):
    """Return a function in which somebody new asks for a code at the web server and gets it in time."""
    numbers = iter(range(1000))

    def must_get_a_code(when: str) -> None:
        address = client_of(acme, f"{when.replace(' ', '-')}-{next(numbers)}@example.com")
        assert Visitor(plant.port).ask(address).status_code == 302, when
        until(lambda: mailbox.has(address), what=f"a code asked for {when}")

    return must_get_a_code


def test_bells_that_redis_forgot_are_rung_again(plant, redis_server, mailbox, acme, client_of):
    people = [client_of(acme, f"client-{number}@example.com") for number in range(8)]
    for name in WHO_HEARS_BELLS:
        plant.send(name, signal.SIGSTOP)
    for address in people:
        assert Visitor(plant.port).ask(address).status_code == 302

    connected(redis_server).flushall()
    for name in WHO_HEARS_BELLS:
        plant.send(name, signal.SIGCONT)

    until(lambda: mailbox.codes().keys() == set(people), what="every code")
    assert all(len(codes) == 1 for codes in mailbox.codes().values())


def test_a_restart_of_redis_delays_no_code(plant, redis_server, must_get_a_code):
    must_get_a_code("before")
    redis_server.kill()
    must_get_a_code("while it is down")
    redis_server.start()
    redis_server.wait()
    must_get_a_code("after")


def test_codes_come_and_limits_hold_while_redis_is_gone_and_bells_are_heard_once_it_is_back(
    plant, redis_server, mailbox, must_get_a_code, acme, client_of
):
    redis_server.kill()
    began = time.monotonic()
    assert ASKS_PER_NETWORK <= how_many_asks_pass(plant, "203.0.113.1") <= ASKS_PER_NETWORK * WEB_PROCESSES
    flooded = client_of(acme, "flooded@example.com")
    assert [Visitor(plant.port).ask(flooded).status_code for _ask in range(6)] == [302] * 5 + [429]
    while time.monotonic() - began < ABSENCE:
        must_get_a_code("while it is gone")

    redis_server.start()
    redis_server.wait()
    until(lambda: heartbeats(redis_server) >= 2, what="both workers back at the queue")
    plant.kill("sweep")
    must_get_a_code("without the sweeper")


def test_a_redis_that_hangs_delays_no_code(plant, redis_server, must_get_a_code):
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    for _ in range(4):
        must_get_a_code("while it hangs")
    os.kill(redis_server.process.pid, signal.SIGCONT)
    must_get_a_code("afterwards")


def test_guesses_stay_counted_when_redis_forgets_everything(plant, redis_server, mailbox, acme, client_of):
    ana = client_of(acme, "ana@example.com")
    visitor = Visitor(plant.port)
    visitor.ask(ana)
    until(lambda: mailbox.has(ana), what="a code")
    code = mailbox.codes_of(ana)[0]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    assert [visitor.answer(wrong).status_code for _ in range(3)] == [422] * 3
    connected(redis_server).flushall()
    assert [visitor.answer(wrong).status_code for _ in range(2)] == [422] * 2

    assert visitor.answer(code).status_code in (409, 422)
    assert visitor.open("/").status_code == 302


def how_many_asks_pass(plant, network: str) -> int:
    """Ask from one network until it is refused, and return how often it was not."""
    for number in range(ASKS_PER_NETWORK * WEB_PROCESSES * 2):
        status = Visitor(plant.port, network=network).ask(f"stranger-{number}@example.org").status_code
        if status != 302:
            assert status == 429
            return number
    return number + 1


def heartbeats(server: Redis) -> int:
    """Return how many brokers Redis has heard of since it started."""
    return connected(server).zcard("dramatiq:__heartbeats__")


def connected(server: Redis) -> redis.Redis:
    """Return a connection to a server."""
    return redis.Redis.from_url(server.url)
