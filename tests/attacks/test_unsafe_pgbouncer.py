"""T5: a pooler in transaction mode, which would mix businesses, is detected before it does harm."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection, connections

from config.health import TTL_SECONDS, ReadinessCheck
from config.local.state_dir import PROJECT_ROOT
from tenants import pooling
from tests.attacks import pgbouncer_server

pytestmark = pytest.mark.faults
PROGRAMS = {
    "the web server": ["-c", "import config.wsgi"],
    "a worker": ["-c", "import workers.main"],
    "the sweeper": ["manage.py", "sweep"],
    "a migration": ["manage.py", "migrate_businesses"],
    "a new business": ["manage.py", "create_business", "Evil", "--slug=evil", "--owner=e@example.com"],
    "a command about one business": ["manage.py", "suspend_business", "--business=acme"],
}


@pytest.fixture(scope="module")
def pgbouncer():
    """The real thing, or a word on why this isn't tried."""
    if pgbouncer_server.find_binary() is None:
        pytest.skip("PgBouncer is not installed, and only root may install it: poolers were NOT tried.")


@pytest.fixture
def connect_through_pooler(pgbouncer, db, tmp_path, monkeypatch):
    """Return a function that puts a pooler between PostgreSQL and whatever connects from now on."""
    plain = connection.get_connection_params()

    def connect_through_pooler(port):
        own = plain | {"host": "127.0.0.1", "port": port}
        monkeypatch.setattr(type(connections["default"]), "get_connection_params", lambda _self: dict(own))

    return connect_through_pooler


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("in_turn", [False, True], ids=["newest first", "in turn"])
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_a_pooler_that_forgets_the_schema_is_refused(connect_through_pooler, tmp_path, mode, size, in_turn):
    with pgbouncer_server.run_pgbouncer(tmp_path, mode=mode, size=size, in_turn=in_turn) as port:
        connect_through_pooler(port)
        for _time in range(10):
            with pytest.raises(pooling.UnsafePooler, match="session mode"):
                pooling.assert_session_pooling()


def test_a_pooler_in_session_mode_is_accepted(connect_through_pooler, tmp_path):
    with pgbouncer_server.run_pgbouncer(tmp_path, mode="session") as port:
        connect_through_pooler(port)
        for _time in range(10):
            pooling.assert_session_pooling()


def test_readiness_ends_when_a_pooler_changes_its_mode(connect_through_pooler, tmp_path):
    readiness_check = ReadinessCheck()
    for mode, is_ready in (("session", True), ("transaction", False), ("session", True)):
        with pgbouncer_server.run_pgbouncer(tmp_path, mode=mode) as port:
            connect_through_pooler(port)
            readiness_check._checked_at -= TTL_SECONDS
            assert (readiness_check.get_unreadiness_reason(TTL_SECONDS) is None, readiness_check.is_verified) == (
                is_ready,
                is_ready,
            ), mode


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_program_starts_behind_a_pooler_that_forgets_the_schema(pgbouncer, db, tmp_path, program):
    with pgbouncer_server.run_pgbouncer(tmp_path, mode="transaction") as port:
        ended = run_behind_pooler(PROGRAMS[program], port, tmp_path)

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "pool_mode = session" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_pooling_check_is_necessary(pgbouncer, committed_db, acme, globex, tmp_path):
    """Without it, this is what a pooler in transaction mode does: one business reads another's clients."""
    from portal.clients.models import Client
    from tenants.context import use_business
    from tests.factories import ClientFactory

    for business in (acme, globex):
        with use_business(business):
            ClientFactory(name=business.name)
    parameters = connection.get_connection_params()
    with pgbouncer_server.run_pgbouncer(tmp_path, mode="transaction", size=1) as port:
        own = {name: parameters[name] for name in ("dbname", "user") if name in parameters}
        lines = [psycopg.connect(host="127.0.0.1", port=port, autocommit=True, **own) for _one in (acme, globex)]
        for line, business in zip(lines, (acme, globex), strict=True):
            line.execute(f"SET search_path TO {business.schema_name}")
        [[name]] = lines[0].execute(f"SELECT name FROM {Client._meta.db_table}").fetchall()
        for line in lines:
            line.close()

    assert name == globex.name


def run_behind_pooler(command, port, folder):
    pooler_url = urlsplit(os.environ["DATABASE_URL"])._replace(netloc=f"postgres@127.0.0.1:{port}").geturl()
    env = os.environ | {"DATABASE_URL": pooler_url, "STATIC_ROOT": str(configured.STATIC_ROOT)}
    return subprocess.run(
        [sys.executable, *command], env=env, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=100, check=False
    )
