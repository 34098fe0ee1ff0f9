"""Liveness and readiness are reported truthfully, and nothing is served behind an unsafe pooler."""

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config import health
from tenants import pooling
from tenants.context import use_business, use_public
from tenants.schema_snapshots import build_template_business

HOSTS = ["localhost", "acme.localhost", "nobody.localhost", "ACME.localhost.:8000", "203.0.113.9", "a b/c"]


@pytest.fixture
def browser_before_readiness(monkeypatch) -> Client:
    """A browser at a process that has not verified its database yet."""
    monkeypatch.setattr(health, "readiness", health.ReadinessCheck())
    return Client()


@pytest.fixture
def unreachable_database(monkeypatch):
    """A database that is unreachable."""
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "9")


@pytest.fixture
def leaky_pooler(monkeypatch):
    """A pooler that forgets the schema between two statements."""

    def raise_unsafe_pooler():
        raise pooling.UnsafePooler("Set the pooler to session mode.")

    monkeypatch.setattr(pooling, "assert_session_pooling", raise_unsafe_pooler)


@pytest.mark.parametrize("host", HOSTS)
def test_liveness_answers_on_every_host(browser_before_readiness, host, unreachable_database):
    answer = browser_before_readiness.get("/livez", headers={"host": host})

    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.parametrize("host", HOSTS)
def test_readiness_answers_on_every_host(browser_before_readiness, host, db):
    answer = browser_before_readiness.get("/readyz", headers={"host": host})

    assert (answer.status_code, answer.content) == (200, b"ready\n")


def test_readiness_fails_without_a_database_and_says_so(browser_before_readiness, unreachable_database):
    answer = browser_before_readiness.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"The database can't be reached.\n")
    assert answer["Retry-After"] == "3"


def test_readiness_recovers_with_the_database(monkeypatch, db):
    readiness = health.ReadinessCheck()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "PORT", "9")
        assert readiness.get_unreadiness_reason(now=100) == health.DATABASE_UNREACHABLE

    assert readiness.get_unreadiness_reason(now=101) == health.DATABASE_UNREACHABLE, (
        "the answer is good for three seconds"
    )
    assert readiness.get_unreadiness_reason(now=104) is None


def test_readiness_replaces_a_dead_connection(browser_before_readiness, dead_connection):
    answer = browser_before_readiness.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.parametrize(
    ("place", "label"), [(use_public, "public schema"), (lambda: use_business(build_template_business()), "template")]
)
def test_readiness_fails_with_a_missing_migration(browser_before_readiness, db, place, label):
    app = "tenants" if label == "public schema" else "clients"
    with place(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = '0001_initial'", [app])

    answer = browser_before_readiness.get("/readyz")

    assert answer.status_code == 503
    assert answer.content.decode() == f"The {label} lacks {app}.0001_initial: run `manage.py migrate_businesses`.\n"


def test_readiness_ignores_migrations_of_newer_code(browser_before_readiness, db):
    with use_public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tenants', '9999_later', %s)", [timezone.now()]
        )

    assert browser_before_readiness.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/static/portal.css", "/hooks/sendgrid/", "/readyz"])
def test_nothing_is_served_behind_an_unsafe_pooler(browser_before_readiness, leaky_pooler, path):
    answer = browser_before_readiness.get(path, headers={"host": "acme.localhost"})

    assert (answer.status_code, answer.content) == (503, b"Set the pooler to session mode.\n")


def test_readiness_fails_when_the_pooler_becomes_unsafe(monkeypatch, db):
    readiness = health.ReadinessCheck()
    assert readiness.get_unreadiness_reason(now=100) is None
    assert readiness.is_verified

    monkeypatch.setattr(
        pooling, "assert_session_pooling", lambda: (_ for _ in ()).throw(pooling.UnsafePooler("Leaky."))
    )

    assert readiness.get_unreadiness_reason(now=104) == "Leaky."
    assert not readiness.is_verified


def test_requests_do_not_check_a_verified_pooler_again(browser_before_readiness, acme, monkeypatch):
    browser_before_readiness.get("/", headers={"host": "localhost"})
    monkeypatch.setattr(pooling, "assert_session_pooling", lambda: pytest.fail("asked again"))

    assert browser_before_readiness.get("/", headers={"host": "localhost"}).status_code == 200
