"""Migrates the public schema, the template and every business's schema, and finds missing migrations."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from tenants import schema_snapshots
from tenants.context import use_business, use_public
from tenants.models import Business

ADVISORY_LOCK_ID = 7_045_116_001
# The longest that a change waits for readers of its table: later queries of the portal queue behind it meanwhile.
LOCK_TIMEOUT = "3s"

Report = Callable[[str], None]


class MissingSchema(Exception):
    """A business has no schema; migrating it would write into the public schema."""


def migrate_all(*, report: Report, now: datetime) -> dict[str, Exception]:
    """Migrate the public schema, the template and every business, in this order; refresh the snapshot in between.

    Returns the errors by business: one that fails stays as it was before the failed migration, and the others
    continue. Running it again resumes where it stopped.
    """
    with use_public(), _migration_lock():
        _apply_migrations(settings.SHARED_APPS, "public schema", report)
        _ensure_schema(schema_snapshots.TEMPLATE_SCHEMA)
        migrate_business(schema_snapshots.build_template_business(), report=report)
        if schema_snapshots.refresh_schema_snapshot(now=now):
            report("schema snapshot: updated")
        return _migrate_businesses(report)


def list_outdated_businesses() -> list[Business]:
    """Return the businesses whose schema lacks a migration, oldest first."""
    businesses = list(Business.objects.order_by("created_at", "pk"))
    required = _list_required_migrations(tuple(settings.TENANT_APPS))
    return [business for business, applied in _iter_applied_by_business(businesses) if not required <= applied]


def find_missing_migration() -> str | None:
    """Describe the first migration that the public schema or the template lacks; None if both are up to date."""
    schemas: list[tuple[AbstractContextManager[object], str, list[str]]] = [
        (use_public(), "public schema", settings.SHARED_APPS),
        (use_business(schema_snapshots.build_template_business()), "template", settings.TENANT_APPS),
    ]
    for scope, label, installed_apps in schemas:
        with scope:
            applied = set(MigrationRecorder(connection).applied_migrations())
        if missing := _list_required_migrations(tuple(installed_apps)) - applied:
            return f"The {label} lacks {'.'.join(min(missing))}: run `manage.py migrate_businesses`."
    return None


def migrate_business(business: Business, *, report: Report) -> None:
    """Run the missing migrations in one schema, each in a transaction of its own. Raises MissingSchema."""
    with use_business(business):
        _check_schema(business.schema_name)
        _apply_migrations(settings.TENANT_APPS, _describe_business(business), report)


def _migrate_businesses(report: Report) -> dict[str, Exception]:
    failures: dict[str, Exception] = {}
    for business in list_outdated_businesses():
        try:
            migrate_business(business, report=report)
        except Exception as error:  # whatever it is, the next business must still be migrated
            failures[_describe_business(business)] = error
            report(f"{_describe_business(business)}: failed, {error}")
    return failures


def _describe_business(business: Business) -> str:
    return f"{business.name} ({business.schema_name})"


def _apply_migrations(installed_apps: list[str], label: str, report: Report) -> None:
    """Run the missing migrations in the current schema."""
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(targets := _list_migration_targets(installed_apps))
    if plan:
        with _lock_timeout():
            executor.migrate(targets, plan)
        report(f"{label}: {', '.join(f'{migration.app_label}.{migration.name}' for migration, _back in plan)}")


def _list_migration_targets(installed_apps: list[str]) -> list[tuple[str, str]]:
    labels = {app.label for app in apps.get_app_configs() if app.name in installed_apps}
    return [node for node in MigrationLoader(None).graph.leaf_nodes() if node[0] in labels]


@cache
def _list_required_migrations(installed_apps: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Return every migration of these apps that the code has."""
    graph = MigrationLoader(None).graph
    return frozenset(
        node for target in _list_migration_targets(list(installed_apps)) for node in graph.forwards_plan(target)
    )


def _iter_applied_by_business(businesses: list[Business]) -> Iterator[tuple[Business, set[tuple[str, str]]]]:
    """Yield each business with the migrations applied to its schema; an empty set if the schema is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relname = 'django_migrations' AND c.relkind = 'r'"
        )
        started = {name for (name,) in cursor.fetchall()}
        for business in businesses:
            yield (
                business,
                _list_applied_migrations(cursor, business.schema_name) if business.schema_name in started else set(),
            )


def _list_applied_migrations(cursor, schema: str) -> set[tuple[str, str]]:
    cursor.execute(sql.SQL("SELECT app, name FROM {}").format(sql.Identifier(schema, "django_migrations")))
    return set(cursor.fetchall())


def _check_schema(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        if cursor.fetchone() != (name,):
            raise MissingSchema(f"There is no schema {name}.")


def _ensure_schema(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _lock_timeout() -> Iterator[None]:
    """Limit the wait for a table lock; the command reports the business and retries it in the next run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@contextmanager
def _migration_lock() -> Iterator[None]:
    """Hold the lock that allows one migration run of the platform at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK_ID])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK_ID])
