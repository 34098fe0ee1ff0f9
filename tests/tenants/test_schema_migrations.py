"""Tests that one command brings every schema up to date, whatever state they are in."""

import io
from datetime import UTC, datetime

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from tenants import schema_migrations, schema_snapshots
from tenants.context import use_business
from tenants.models import Business, SchemaSnapshot
from tenants.nouns import registry
from tenants.provisioning import create_business
from tenants.schema_migrations import list_outdated_businesses, migrate_all
from tests.schema_comparison import schema_differences

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
Recorded = MigrationRecorder.Migration


def _run_migrate_command():
    output = io.StringIO()
    call_command("migrate_businesses", stdout=output)
    return output.getvalue()


def _unrecord_migration(business, app, name):
    """Delete the record of a migration in a business's schema."""
    with use_business(business):
        assert Recorded.objects.filter(app=app, name=name).delete()[0]


def _undo_newest_migration(business):
    """Undo the timeline's newest migration."""
    _unrecord_migration(business, "activity", "0002_append_only_trigger")
    with use_business(business), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER activity_entry_append_only ON activity_entry")
        cursor.execute("DROP FUNCTION activity_entry_append_only()")


def _public_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return set(cursor.fetchall())


def test_up_to_date_schemas_run_no_migration(acme, globex, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        assert _run_migrate_command() == "Every schema is up to date.\n"


def test_an_outdated_business_is_migrated(acme, globex):
    _undo_newest_migration(acme)
    assert list_outdated_businesses() == [acme]

    assert "Acme Physiotherapy" in _run_migrate_command()

    assert list_outdated_businesses() == []
    with use_business(acme), pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        Entry.objects.create(event_type=AccessEvent.SIGNED_IN, at=NOW).delete()


def test_a_failed_business_is_named_and_does_not_stop_the_others(acme, globex):
    _unrecord_migration(acme, "clients", "0001_initial")  # so its tables are in the way
    _undo_newest_migration(globex)

    with pytest.raises(CommandError) as failure:
        _run_migrate_command()

    assert "Acme Physiotherapy" in str(failure.value)
    assert "Globex" not in str(failure.value)
    assert list_outdated_businesses() == [acme]


def test_once_the_cause_is_fixed_the_next_run_resumes(acme):
    _unrecord_migration(acme, "clients", "0001_initial")
    with pytest.raises(CommandError):
        _run_migrate_command()
    with use_business(acme):
        Recorded.objects.create(app="clients", name="0001_initial", applied=NOW)

    assert _run_migrate_command() == "Every schema is up to date.\n"


def test_a_business_without_its_schema_fails_and_leaves_public_alone(db):
    tables = _public_tables()
    lost = Business.objects.create(name="Lost", created_at=NOW)

    failures = migrate_all(report=lambda line: None, now=NOW)

    assert list(failures) == [f"Lost ({lost.schema_name})"]
    assert _public_tables() == tables


def test_a_new_migration_reaches_the_template_the_snapshot_and_the_next_business(db):
    with use_business(schema_snapshots.build_template_business()), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clients_client ADD COLUMN shoe_size integer NOT NULL DEFAULT 42")
        Recorded.objects.create(app="clients", name="0002_clients_wear_shoes", applied=NOW)
    before = SchemaSnapshot.objects.get().fingerprint

    assert schema_snapshots.refresh_schema_snapshot(now=NOW)
    assert not schema_snapshots.refresh_schema_snapshot(now=NOW)

    assert SchemaSnapshot.objects.get().fingerprint != before
    business = create_business(name="Initech", slug="initech", owner_email="o@initech.test", now=NOW)
    assert schema_differences(schema_snapshots.build_template_business(), business) == []


def test_a_table_locked_for_long_is_left_for_the_next_run(committed_db, monkeypatch):
    acme = Business.objects.get(hostnames__slug="acme")
    _undo_newest_migration(acme)
    with psycopg.connect(_build_database_url()) as reader:
        reader.execute(f"LOCK TABLE {acme.schema_name}.activity_entry IN ACCESS EXCLUSIVE MODE")
        with monkeypatch.context() as patch:
            patch.setattr(schema_migrations, "LOCK_TIMEOUT", "50ms")
            failures = migrate_all(report=lambda line: None, now=NOW)

    assert [str(error).partition("\n")[0] for error in failures.values()] == ["canceling statement due to lock timeout"]
    assert migrate_all(report=lambda line: None, now=NOW) == {}


def test_a_business_s_schema_records_its_own_migrations_only(acme):
    with use_business(acme):
        apps = set(Recorded.objects.values_list("app", flat=True))
    assert apps == {noun.label for noun in registry.list_noun_configs() if any(noun.get_models())}


def test_only_one_migration_runs_at_a_time(db):
    with psycopg.connect(_build_database_url(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [schema_migrations.ADVISORY_LOCK_ID])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate_all(report=lambda line: None, now=NOW)


def _build_database_url():
    parameters = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: parameters[name] for name in ("dbname", "host", "port", "user", "password") if parameters.get(name)}
    )
