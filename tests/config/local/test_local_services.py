"""Tests that our own PostgreSQL and Redis start, restart and stop."""

import os
import signal

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.local.errors import CommandError
from config.local.local_services import LocalServices
from config.local.postgres import PostgresServer
from config.local.redis_server import RedisServer
from config.local.state_dir import StateDir

pytestmark = pytest.mark.slow

# Longer than a unix socket's path may be, with what shells and URLs stumble over.
ODD = "a home/with spaces & 'quotes'/" + "deep/" * 20


@pytest.fixture
def state_dir(tmp_path) -> StateDir:
    """A home below a directory closed to everybody else, at an odd and very long path."""
    (tmp_path / "closed").mkdir(mode=0o700)
    return StateDir(tmp_path / "closed" / ODD)


@pytest.fixture
def postgres_server(state_dir):
    """A PostgreSQL of the test's own."""
    server = PostgresServer(state_dir)
    server.start()
    server.wait_until_ready()
    yield server
    server.kill()


def test_postgresql_requires_a_password(postgres_server):
    with psycopg.connect(postgres_server.connection_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    wrong = postgres_server.connection_url.replace(postgres_server.password, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_postgresql_keeps_its_data_after_a_power_cut(postgres_server):
    with psycopg.connect(postgres_server.connection_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    postgres_server.kill()
    postgres_server.start()
    postgres_server.wait_until_ready()

    with psycopg.connect(postgres_server.connection_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_redis_requires_a_password(state_dir):
    server = RedisServer(state_dir)
    server.start()
    try:
        server.wait_until_ready()
        with redis.Redis.from_url(server.connection_url) as client:
            assert client.ping()
        with (
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
    finally:
        server.kill()


def test_servers_named_in_the_environment_are_used(state_dir, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://there/db")
    monkeypatch.setenv("REDIS_URL", "redis://there/0")
    monkeypatch.delenv("BROKER_URL", raising=False)

    services = LocalServices(state_dir)

    assert services.started_servers == []
    assert services.server_urls == {
        "DATABASE_URL": "postgres://there/db",
        "REDIS_URL": "redis://there/0",
        "BROKER_URL": "redis://there/0",
    }
    assert os.environ.get("BROKER_URL") is None


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_killed_server_restarts_at_the_same_address(state_dir, monkeypatch, name):
    for setting in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(setting, raising=False)
    ours = LocalServices(state_dir, durable=False)
    ours.start()
    try:
        assert ours.restart_stopped(now=1.0) == []

        before, server = ours.server_urls, getattr(ours, name)
        os.kill(server.process.pid, signal.SIGKILL)
        psutil.Process(server.process.pid).wait(5)
        assert ours.restart_stopped(now=2.0) == [name]
        # PostgreSQL's children may hold its memory a moment longer; whoever looks every second starts it once more.
        for later in range(4, 600, 2):
            try:
                server.wait_until_ready()
                break
            except CommandError:
                ours.restart_stopped(now=later)
        else:
            pytest.fail("it never came back")

        assert ours.server_urls == before
        assert ours.restart_stopped(now=600) == []
        assert server.process.is_running()
    finally:
        ours.stop()
