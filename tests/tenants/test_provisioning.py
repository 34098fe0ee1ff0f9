"""Tests that a new business is created at once and whole, or not at all."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from portal.branding.models import PortalSettings
from portal.clients.models import Client
from tenants import hostnames, schema_migrations, schema_snapshots
from tenants.context import use_business
from tenants.hostnames import SlugRejected, change_slug, resolve_host
from tenants.models import Business, Membership, Person, PortalHostname, SchemaSnapshot
from tenants.provisioning import create_business, drop_business
from tenants.validators import InvalidBusiness
from tests.factories import ClientFactory
from tests.schema_comparison import schema_differences

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _create_initech(**fields):
    return create_business(
        **({"name": "Initech", "slug": "initech", "owner_email": "o@initech.test"} | fields), now=NOW
    )


def _list_created_objects():
    """Return all that a creation could leave behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%'")
        schemas = set(cursor.fetchall())
    people = set(Person.objects.values_list("email", flat=True))
    return schemas, set(Business.objects.all()), set(PortalHostname.objects.all()), people, Membership.objects.count()


def test_a_new_business_is_live_at_once(acme):
    business = _create_initech(country="DE", currency="EUR", time_zone="Europe/Berlin", language="de")

    assert resolve_host("initech.localhost").business == business
    assert [(m.person.email, m.role) for m in business.memberships.all()] == [("o@initech.test", "owner")]
    assert schema_differences(acme, business) == []
    with use_business(business):
        assert PortalSettings.objects.count() == 1
        ClientFactory(email="ana@example.com")
    assert connection.schema_name == "public"


def test_an_unknown_host_that_becomes_a_business_is_found_at_once(db_or_committed_db):
    assert resolve_host("initech.localhost") is None
    _create_initech()
    assert resolve_host("initech.localhost")


def test_no_migration_runs_for_a_new_business(db_or_committed_db, monkeypatch):
    monkeypatch.setattr(schema_migrations, "MigrationExecutor", None)
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migrate", None)
    assert _create_initech()


@pytest.mark.parametrize(
    "slug",
    ["admin", "pg_x", "xn--a", "a','b", "a" * 64, "Acme", "acme", "-a-", "ab", "", "a b", "acme\n", "ａcme", "acme."],
)
def test_a_rejected_slug_leaves_nothing_behind(acme, slug):
    before = _list_created_objects()
    with pytest.raises(SlugRejected):
        _create_initech(slug=slug)
    assert _list_created_objects() == before


def test_a_former_slug_of_another_business_is_rejected(acme):
    change_slug(business=acme, slug="acme-berlin", now=NOW)
    with pytest.raises(SlugRejected):
        _create_initech(slug="acme")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": " \t "},
        {"name": "x" * 121},
        {"name": "\u202e\u3164"},
        {"owner_email": "nobody"},
        {"owner_email": "a@example.com\nBcc: b@example.com"},
        {"country": "de"},
        {"country": "419"},
        {"currency": "EURO"},
        {"time_zone": "Berlin"},
        {"time_zone": "../../etc/passwd"},
        {"language": "tlh"},
    ],
)
def test_an_invalid_field_is_rejected_with_a_sentence(db_or_committed_db, fields):
    before = _list_created_objects()
    with pytest.raises(InvalidBusiness) as refusal:
        _create_initech(**fields)
    assert str(refusal.value).endswith(".")
    assert _list_created_objects() == before


@pytest.mark.parametrize(
    "name", ["x" * 120, "Møller & Søn", "株式会社ポルティコ", "Zoë’s 👩‍⚕️ Praxis", "#panic() {{ 7*7 }}"]
)
def test_a_name_in_any_script_is_accepted(db_or_committed_db, name):
    assert _create_initech(name=f"  {name} ").name == name


def test_an_existing_person_becomes_owner_without_a_second_account(globex):
    business = _create_initech(owner_email="Owner@Globex.test")
    assert set(Person.objects.get(email="owner@globex.test").memberships.values_list("business", flat=True)) == {
        globex.pk,
        business.pk,
    }


def test_a_failed_creation_leaves_nothing_behind(committed_db):
    SchemaSnapshot.objects.update(statements=[*SchemaSnapshot.objects.get().statements, "SELECT 1/0"])
    before = _list_created_objects()
    with pytest.raises(DatabaseError):
        _create_initech()
    assert _list_created_objects() == before
    assert connection.schema_name == "public"
    assert Business.objects.count() == 2


def test_before_the_first_migration_creation_fails_with_a_sentence(db_or_committed_db):
    SchemaSnapshot.objects.all().delete()
    with pytest.raises(schema_snapshots.MissingSchemaSnapshot, match="migrate_businesses"):
        _create_initech()


def test_a_dropped_business_leaves_nothing_behind(db_or_committed_db):
    before = _list_created_objects()
    drop_business(business=_create_initech(owner_email="owner@acme.test"))
    assert _list_created_objects() == before


def _run_concurrently(count, act):
    """Run `act(number)` in `count` threads that start together; return what each returned or raised."""
    outcomes, barrier = {}, threading.Barrier(count)

    def run_and_close(number):
        barrier.wait()
        try:
            outcomes[number] = act(number)
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run_and_close, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(outcomes.values())


def test_of_eight_concurrent_requests_for_one_slug_one_succeeds(committed_db):
    schemas, *_rest = _list_created_objects()
    outcomes = _run_concurrently(
        8, lambda number: _create_initech(name=f"Initech {number}", owner_email=f"o{number}@initech.test")
    )

    [winner] = [outcome for outcome in outcomes if isinstance(outcome, Business)]
    assert all(isinstance(outcome, SlugRejected) for outcome in outcomes if outcome is not winner)
    assert _list_created_objects()[0] - schemas == {(winner.schema_name,)}
    hostnames.invalidate_host_cache()
    assert resolve_host("initech.localhost").business == winner


def test_one_new_owner_may_create_several_businesses_at_once(committed_db):
    outcomes = _run_concurrently(6, lambda number: _create_initech(slug=f"initech-{number}"))
    assert all(isinstance(outcome, Business) for outcome in outcomes), outcomes
    assert Person.objects.get(email="o@initech.test").memberships.count() == 6
    for number, business in enumerate(outcomes):
        with use_business(business):
            assert not Client.objects.exists(), number


def test_the_snapshot_can_t_change_while_a_business_is_created(committed_db):
    def update_snapshot(_number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            SchemaSnapshot.objects.update(fingerprint="new")

    with transaction.atomic():
        schema_snapshots.lock_current_snapshot()
        [outcome] = _run_concurrently(1, update_snapshot)
    assert "lock timeout" in str(outcome)
    assert _run_concurrently(1, update_snapshot) == [None]
