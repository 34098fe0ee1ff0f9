"""Builds the tests' base database and gives each pytest-xdist worker a copy of it.

The base database (public schema, template schema, Acme and Globex) is built once and kept until something it
is built from changes. After a test that commits, the worker gets a new copy, which is faster and safer than
deleting what the test wrote.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from config.local.postgres import BINARIES
from tenants.provisioning import create_business

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["tenants/migrations/*.py", "portal/*/migrations/*.py", "tenants/*.py", "tests/database_setup.py"]
BASE_BUSINESSES = [
    {
        "name": "Acme Physiotherapy",
        "slug": "acme",
        "owner_email": "owner@acme.test",
        "country": "DE",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    },
    {
        "name": "Globex Legal",
        "slug": "globex",
        "owner_email": "owner@globex.test",
        "country": "US",
        "currency": "USD",
        "time_zone": "America/New_York",
    },
]
ADVISORY_LOCK_ID = 7_045_116_002

# The database that the settings name: the connection that creates and drops databases goes there.
_admin_url = os.environ["DATABASE_URL"]
_base_name = f"test_{settings.DATABASES['default']['NAME']}"


def create_worker_database(worker: str) -> str:
    """Create this worker's database, point Django to it and return its name."""
    name = f"{_base_name}_{worker}"
    with _admin_connection() as admin:
        if _read_digest(admin, _base_name) != (digest := _digest_migrations()):
            _build_base_database(admin, digest)
        _copy_database(admin, name)
    _switch_to_database(name)
    return name


def reset_worker_database(name: str) -> None:
    """Replace a worker's database with a new copy, whatever was committed, created or dropped in it."""
    connection.close()
    with _admin_connection() as admin:
        _copy_database(admin, name)


def drop_worker_database(name: str) -> None:
    """Drop a worker's database; the base database stays for the next run."""
    connection.close()
    with _admin_connection() as admin:
        _drop_database(admin, name)


@contextmanager
def rollback_afterwards() -> Iterator[None]:
    """Roll back whatever the block changes when it ends."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def temporary_database(name: str) -> Iterator[str]:
    """Create one more copy of the base database until the block ends; yield its URL."""
    with _admin_connection() as admin:
        _copy_database(admin, name)
    yield _build_database_url(name)
    with _admin_connection() as admin:
        _drop_database(admin, name)


def copy_database_to_server(url: str) -> None:
    """Copy all that is committed in this worker's database to an empty database on another server."""
    command = [BINARIES / "pg_dump", "--no-owner", "--no-privileges", os.environ["DATABASE_URL"]]
    dump = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    subprocess.run([BINARIES / "psql", *options, url], input=dump, check=True)


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Point Django to another database until the block ends."""
    previous = connection.settings_dict["NAME"]
    _switch_to_database(urlsplit(url).path.removeprefix("/"))
    try:
        yield
    finally:
        _switch_to_database(previous)


def terminate_own_connection() -> None:
    """Let PostgreSQL hang up on this thread's connection, as it does when it restarts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 10_000)", [backend]).fetchone() == (True,)


def _build_base_database(admin: psycopg.Connection, digest: str) -> None:
    _drop_database(admin, _base_name)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_base_name)))
    _switch_to_database(_base_name)
    call_command("migrate_businesses", verbosity=0)
    for fields in BASE_BUSINESSES:
        create_business(**fields, now=timezone.now())
    connection.close()
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(_base_name), sql.Literal(digest))
    admin.execute(comment)


def _copy_database(admin: psycopg.Connection, name: str) -> None:
    _drop_database(admin, name)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    admin.execute(create.format(sql.Identifier(name), sql.Identifier(_base_name)))


def _drop_database(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _switch_to_database(name: str) -> None:
    """Point this process, and every process it starts, to a database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = _build_database_url(name)


def _build_database_url(name: str) -> str:
    return urlsplit(_admin_url)._replace(path=f"/{name}").geturl()


def _digest_migrations() -> str:
    files = sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)})
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _read_digest(admin: psycopg.Connection, name: str) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    row = admin.execute(query, [name]).fetchone()
    return row[0] if row else None


@contextmanager
def _admin_connection() -> Iterator[psycopg.Connection]:
    """Connect to the database that the settings name, while no other worker creates or drops one."""
    with psycopg.connect(_admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK_ID])
        yield admin
