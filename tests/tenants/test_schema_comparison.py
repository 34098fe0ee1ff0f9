"""Tests that the schema comparison reads everything that is defined, and none of PostgreSQL's own bookkeeping."""

import pytest
from django.db import connection

from tenants.context import use_business
from tenants.models import Business
from tests.schema_comparison import schema_contents
from tests.tenants.test_schema_snapshots import EVERYTHING


@pytest.fixture
def scratch_business(db_or_committed_db) -> Business:
    """A business whose schema has one object of every kind."""
    business = Business(name="Workshop", schema_name="t_" + "a" * 24)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {business.schema_name}")
    _execute_in_schema(business, EVERYTHING)
    return business


@pytest.mark.parametrize(
    "definition",
    [
        "ALTER TABLE plain ALTER COLUMN title SET (n_distinct = -0.5)",
        "ALTER TABLE plain SET (fillfactor = 80)",
        "CREATE RULE quiet AS ON DELETE TO plain DO INSTEAD NOTHING",
        "CREATE TABLE heir () INHERITS (plain)",
        "ALTER TABLE plain DISABLE TRIGGER touched",
        "COMMENT ON COLUMN plain.price IS 'in euros'",
    ],
)
def test_all_objects_of_a_schema_are_compared(scratch_business, definition):
    before = schema_contents(scratch_business)
    _execute_in_schema(scratch_business, definition)
    assert schema_contents(scratch_business) != before


def test_postgresql_s_own_bookkeeping_is_not_compared(committed_db, scratch_business):
    _execute_in_schema(scratch_business, "CREATE RULE quiet AS ON DELETE TO plain DO INSTEAD NOTHING")
    _execute_in_schema(scratch_business, "CREATE TABLE heir () INHERITS (plain)")
    _execute_in_schema(scratch_business, "DROP RULE quiet ON plain; DROP TABLE heir; DROP TRIGGER touched ON plain")
    before, notes = schema_contents(scratch_business), _query_table_statistics(scratch_business)

    _execute_in_schema(scratch_business, "VACUUM (FREEZE, ANALYZE) plain")
    # As PostgreSQL 15.20 does by itself.
    _execute_in_schema(
        scratch_business, "UPDATE pg_attribute SET attoptions = '{pg_attver=1}' WHERE attrelid = 'plain'::regclass"
    )

    assert all(old != new for old, new in zip(notes, _query_table_statistics(scratch_business), strict=True))
    assert schema_contents(scratch_business) == before


def _query_table_statistics(business: Business) -> tuple:
    with use_business(business), connection.cursor() as cursor:
        cursor.execute("SELECT relhasrules, relhassubclass, reltuples FROM pg_class WHERE oid = 'plain'::regclass")
        return cursor.fetchone()


def _execute_in_schema(business: Business, statements: str) -> None:
    with use_business(business), connection.cursor() as cursor:
        cursor.execute(statements)
