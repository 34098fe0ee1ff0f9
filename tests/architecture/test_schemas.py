"""Tests that models are in the schema their path says, and every business's schema equals its migrations."""

import io
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tenants import schema_snapshots
from tenants.models import Business, SchemaSnapshot
from tenants.schema_migrations import migrate_business
from tests.schema_comparison import schema_contents, schema_differences

pytestmark = pytest.mark.django_db

RUNBOOK = Path(__file__).parents[2] / "docs" / "operations.md"


def _query_rows(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def _list_tables(schema):
    return {name for (name,) in _query_rows(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")}


def _list_app_labels(installed_apps):
    return {app.label for app in apps.get_app_configs() if app.name in installed_apps}


def test_every_portal_app_is_a_business_s_and_every_other_one_is_shared():
    assert all(app.startswith("portal.") for app in settings.TENANT_APPS)
    assert not any(app.startswith("portal") for app in settings.SHARED_APPS)
    assert set(settings.INSTALLED_APPS) == {*settings.SHARED_APPS, *settings.TENANT_APPS}
    assert not set(settings.SHARED_APPS) & set(settings.TENANT_APPS)


def test_no_table_name_exists_both_in_public_and_in_a_business(acme):
    assert _list_tables("public") & _list_tables(acme.schema_name) == {"django_migrations"}


def test_every_table_is_where_the_path_of_its_model_says(acme):
    places = {"public": settings.SHARED_APPS, acme.schema_name: settings.TENANT_APPS}
    for schema, installed_apps in places.items():
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label in _list_app_labels(installed_apps)
        ]
        assert {model._meta.db_table for model in models} == _list_tables(schema) - {"django_migrations"}


def test_a_business_made_from_the_snapshot_is_identical_to_a_migrated_one(acme, globex):
    migrated = Business(name="Migrated", schema_name="t_" + "0" * 24)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {migrated.schema_name}")
    migrate_business(migrated, report=lambda line: None)

    assert schema_contents(migrated)["columns"]
    for other in (schema_snapshots.build_template_business(), acme, globex):
        assert schema_differences(migrated, other) == []


def test_the_stored_snapshot_matches_the_template():
    assert SchemaSnapshot.objects.get().statements == schema_snapshots.dump_schema(
        schema_snapshots.build_template_business()
    )


def test_no_foreign_key_leaves_or_enters_a_business_s_schema():
    crossing = _query_rows(
        "SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = conrelid JOIN pg_class b ON b.oid = confrelid"
        " WHERE contype = 'f' AND a.relnamespace <> b.relnamespace"
    )
    assert crossing == []


def test_extensions_live_in_public_only():
    homes = _query_rows("SELECT extnamespace::regnamespace::text, extname FROM pg_extension WHERE extname <> 'plpgsql'")
    assert {home for home, _name in homes} <= {"public"}


def test_the_runbook_lists_every_extension_for_those_who_create_them_by_hand():
    listed = re.findall(r"^CREATE EXTENSION IF NOT EXISTS (\w+) SCHEMA public;$", RUNBOOK.read_text(), re.MULTILINE)
    installed = _query_rows("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")
    assert sorted(listed) == sorted(name for (name,) in installed)


# A key of several columns begins with the UUID of what its row is part of.
# A digest is 256 bits wide.
WIDE = ("UUIDField", "BigAutoField", "OneToOneField", "CompositePrimaryKey", "BinaryField")


def test_keys_are_uuids_or_64_bits_wide_except_in_tables_of_one_row():
    narrow = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.pk.get_internal_type() not in WIDE
        and model._meta.app_label not in ("auth", "contenttypes", "sessions", "account", "mfa", "usersessions")
    }
    assert narrow == {
        "tenants.SchemaSnapshot",
        "tenants.Platform",
        "branding.PortalSettings",
        "branding.Logo",
        "embeds.AllowedWebsites",
        "intake.ContactFormSettings",
        "scheduling.SchedulingSettings",
    }


def test_every_model_is_as_its_migrations_say():
    call_command("makemigrations", "--check", "--dry-run", interactive=False, stdout=io.StringIO())
