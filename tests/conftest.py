"""The fixtures and settings that every test starts from.

Two businesses stand ready, Acme and Globex. A test that asks for one of them, or for `db`,
is rolled back; one that asks for `committed_db` really commits, and the database is
renewed after it. Every test begins and ends in the public schema.
"""

import gc
import os
from collections.abc import Collection
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as examples
from whitenoise.base import WhiteNoise

from portal.access import network_limits
from portal.clients import models as clients
from portal.clients.services import update_search_text
from tenants import database_clock, hostnames
from tenants.context import get_current_business, use_business
from tenants.models import Business, Person
from tenants.staff import allauth_cache
from tests import database_setup, factories
from tests.missing_template_attributes import record_missing_template_attributes
from tests.sent_messages import SentMessages
from tests.streamed_responses import close_streamed_responses
from workers.queue import enqueueing

# How long an example takes to make up or to try says how busy the machine is, not whether anything is wrong.
examples.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("any machine")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


def pytest_configure(config):
    """Give each worker a Redis database of its own, before anything connects."""
    first = urlsplit(configured.REDIS_URL)
    number = int(first.path.strip("/") or 0) + int(WORKER.removeprefix("gw"))
    url = first._replace(path=f"/{number % 16}").geturl()
    if configured.BROKER_URL == configured.REDIS_URL:
        configured.BROKER_URL = url
    configured.REDIS_URL = os.environ["REDIS_URL"] = url
    # WhiteNoise warns of a missing folder; without the front end's build an empty one will do.
    Path(configured.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # Pages are tested without the built assets, which only exist after the front end's build.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    configured.STORAGES = configured.STORAGES | {"staticfiles": plain}


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for garbage neither while the tests are found nor, later, among what was found: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)  # what a request leaves behind is soon gone by itself
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes long and keeps the machine little busy: begun last, it would leave the others idle.

    What needs a browser follows in one piece, or Chromium would be started for each of its modules anew.
    """
    first = ("long", "faults", "rabbitmq", "browser")
    items.sort(
        key=lambda item: next((at for at, mark in enumerate(first) if item.get_closest_marker(mark)), len(first))
    )


@pytest.fixture(scope="session", autouse=True)
def _cached_static_files():
    """Every browser of a test loads the middleware anew; the static files it finds there are the same all day."""
    read, known = WhiteNoise.update_files_dictionary, {}

    def read_once(noise, *place):
        if place not in known:
            read(noise, *place)
            known[place] = dict(noise.files)
        noise.files |= known[place]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", read_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _sandbox_locks(tmp_path_factory):
    """Let the files that this worker's tests open wait for one another only."""
    configured.SANDBOX_LOCK_DIR = tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="session", autouse=True)
def _loaded_urlconfs():
    """Load all URLs first: what a URLconf has is decided when it is read, maybe without DEMO or with one noun alone."""
    import_module(configured.ROOT_URLCONF)
    import_module(configured.PORTAL_URLCONF)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Replace pytest-django's own set-up: it knows nothing of templates and businesses."""
    with django_db_blocker.unblock():
        name = database_setup.create_worker_database(WORKER)
    yield name
    with django_db_blocker.unblock():
        database_setup.drop_worker_database(name)


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker):
    """Let a test commit, from as many threads and processes as it likes; renew the database after it."""
    with django_db_blocker.unblock():
        yield
        database_setup.reset_worker_database(django_db_setup)


@pytest.fixture
def dead_connection(committed_db):
    """This thread's connection, on which PostgreSQL has hung up as it does when it restarts."""
    database_setup.terminate_own_connection()
    return connection


@pytest.fixture
def db_or_committed_db(request):
    """The database as the test wants it: `committed_db` if it asked for that, else rolled back."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")


@pytest.fixture
def acme(db_or_committed_db) -> Business:
    """Acme Physiotherapy, Berlin."""
    return Business.objects.get(hostnames__slug="acme")


@pytest.fixture
def globex(db_or_committed_db) -> Business:
    """Globex Legal, New York."""
    return Business.objects.get(hostnames__slug="globex")


@pytest.fixture
def ana(acme) -> clients.Client:
    """Ana Pereira, a client of Acme with an email address and a mobile number."""
    with use_business(acme):
        client = factories.ClientFactory(name="Ana Pereira", email="ana@example.com", mobile="+447700900101")
        update_search_text([client.pk])
        return client


@pytest.fixture
def portal_client():
    """Return a function that opens a browser at a business's portal. Its cookies go to every host alike."""
    return lambda business: Client(headers={"host": hostnames.get_portal_host(business)})


@pytest.fixture
def outbox(tmp_path, settings) -> SentMessages:
    """What the demo's provider sends during this test, in a folder of its own."""
    settings.DEMO_OUTBOX_DIR = str(tmp_path / "outbox")
    return SentMessages()


@pytest.fixture
def sign_in_client(portal_client, outbox):
    """Return a function that signs somebody in, as they would, and returns their browser."""

    def sign_in_client(business: Business, identifier: str) -> Client:
        browser = portal_client(business)
        browser.post("/sign-in/", {"identifier": identifier})
        outbox.deliver_due()
        answer = browser.post("/sign-in/code/", {"code": outbox.code(identifier)})
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return sign_in_client


@pytest.fixture
def now() -> datetime:
    """The instant a test passes to what it calls."""
    return timezone.now()


@pytest.fixture
def platform_client():
    """Return a function that opens a browser at the platform's own host, signed in as a person if one is given."""

    def platform_client(person: Person | None = None, **environ) -> Client:
        browser = Client(headers={"host": configured.PLATFORM_HOST}, **environ)
        if person:
            browser.cookies[configured.SESSION_COOKIE_NAME] = factories.create_session(person)
        return browser

    return platform_client


@pytest.fixture
def staff_client(acme, platform_client):
    """Return a function that opens a browser signed in as somebody with a role at a business, Acme unless told."""

    def staff_client(role: str = "owner", business: Business = acme, areas: Collection[str] = ()) -> Client:
        return platform_client(factories.create_member(business, role, areas=areas).person)

    return staff_client


@pytest.fixture(scope="session", autouse=True)
def _use_machine_clock_and_long_timeouts():
    """Tell the machine's time as the database's, so that a test moves both, and wait for Redis on a busy machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_clock, "_clock", database_clock.DatabaseClock(lambda: timedelta(0)))
        for module in (network_limits, enqueueing):
            patch.setattr(module, "TIMEOUT_SECONDS", 30.0)
        patch.setattr(allauth_cache, "TIMEOUT_SECONDS", 30.0)
        yield


@pytest.fixture(scope="session")
def _redis_connection():
    """One connection for all tests: to make one costs more than all that most of them ask of it."""
    with redis.Redis.from_url(configured.REDIS_URL) as server:
        yield server


@pytest.fixture
def redis_db(_redis_connection):
    """This worker's own Redis database, empty."""
    _redis_connection.flushdb()
    return _redis_connection


@pytest.fixture(autouse=True)
def _cleared_caches(redis_db):
    """Start each test with empty caches, limits and counters."""
    _clear_caches()


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker, _redis_connection):
    """The database for what the tests of one module share.

    It begins as every test does, and is undone after the last.
    """
    with django_db_blocker.unblock(), database_setup.rollback_afterwards():
        _redis_connection.flushdb()
        _clear_caches()
        yield


@pytest.fixture(autouse=True)
def _no_missing_template_attributes():
    """Fail a test in which a template asks an object of ours for an attribute it does not have."""
    with record_missing_template_attributes() as missing:
        yield
    assert not missing, f"Templates ask for what there is not: {', '.join(sorted(set(missing)))}"


@pytest.fixture(autouse=True)
def _closed_responses():
    """Close what a test did not read."""
    with close_streamed_responses():
        yield


@pytest.fixture(autouse=True)
def _no_schema_left_open():
    """Fail a test that leaves its thread in a business's schema."""
    assert (connection.schema_name, get_current_business()) == ("public", None)
    yield
    left_in = connection.schema_name
    connection.set_schema_to_public()
    assert left_in == "public", f"The test ended in schema {left_in}."


def _clear_caches() -> None:
    """Let this process remember nothing: no host, no limit, no queue that is away, no number of a factory."""
    hostnames.invalidate_host_cache()
    cache.clear()
    enqueueing._breaker.record_success()
    network_limits.memory_limiter.storage.reset()
    factories.reset_key_counters()
