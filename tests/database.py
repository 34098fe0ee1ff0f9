"""Where do the tests' databases come from, and how does one get back to how it began?

The standing database — public schema, template, Acme and Globex — is built once and kept
until something it is built from changes. Each worker has a copy of it, and a test that
commits gets the worker a new copy, which is faster and surer than tidying up.
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
SOURCES = ["tenants/migrations/*.py", "portal/*/migrations/*.py", "tenants/*.py", "tests/database.py"]
STANDING_BUSINESSES = [
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
LOCK = 7_045_116_002

# The database the settings named at first: from there databases are made and dropped.
_home_url = os.environ["DATABASE_URL"]
_standing = f"test_{settings.DATABASES['default']['NAME']}"


def set_up(worker: str) -> str:
    """Make this worker's database the one that Django uses, and return its name."""
    name = f"{_standing}_{worker}"
    with _alone() as admin:
        if _digest_of(admin, _standing) != (digest := _digest()):
            _build_standing(admin, digest)
        _copy(admin, name)
    _point_to(name)
    return name


def renew(name: str) -> None:
    """Bring a worker's database back to how it began, whatever was committed, created or dropped in it."""
    connection.close()
    with _alone() as admin:
        _copy(admin, name)


def tear_down(name: str) -> None:
    """Drop a worker's database; the standing one stays for the next run."""
    connection.close()
    with _alone() as admin:
        _drop(admin, name)


@contextmanager
def rollback_afterwards() -> Iterator[None]:
    """Undo whatever a block changes, when it ends."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def another(name: str) -> Iterator[str]:
    """Add a database that begins like the workers' own, for as long as the block lasts; give its address."""
    with _alone() as admin:
        _copy(admin, name)
    yield _url_of(name)
    with _alone() as admin:
        _drop(admin, name)


def copy_to(url: str) -> None:
    """Bring all that is committed in this worker's database to an empty one of another server."""
    whole = [BINARIES / "pg_dump", "--no-owner", "--no-privileges", os.environ["DATABASE_URL"]]
    dump = subprocess.run(whole, check=True, stdout=subprocess.PIPE).stdout
    told = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    subprocess.run([BINARIES / "psql", *told, url], input=dump, check=True)


@contextmanager
def working_on(url: str) -> Iterator[None]:
    """Work on another database than this worker's while the block lasts."""
    own = connection.settings_dict["NAME"]
    _point_to(urlsplit(url).path.removeprefix("/"))
    try:
        yield
    finally:
        _point_to(own)


def _build_standing(admin: psycopg.Connection, digest: str) -> None:
    _drop(admin, _standing)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_standing)))
    _point_to(_standing)
    call_command("migrate_businesses", verbosity=0)
    for facts in STANDING_BUSINESSES:
        create_business(**facts, now=timezone.now())
    connection.close()
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(_standing), sql.Literal(digest))
    admin.execute(comment)


def _copy(admin: psycopg.Connection, name: str) -> None:
    _drop(admin, name)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    admin.execute(create.format(sql.Identifier(name), sql.Identifier(_standing)))


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _point_to(name: str) -> None:
    """Send this process, and every process it starts, to a database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = _url_of(name)


def _url_of(name: str) -> str:
    return urlsplit(_home_url)._replace(path=f"/{name}").geturl()


def _digest() -> str:
    files = sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)})
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _digest_of(admin: psycopg.Connection, name: str) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    row = admin.execute(query, [name]).fetchone()
    return row[0] if row else None


@contextmanager
def _alone() -> Iterator[psycopg.Connection]:
    """Connect to the database the settings named, while no other worker makes or drops one."""
    with psycopg.connect(_home_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield admin
