"""Do the tests see whatever somebody defines in a schema, and nothing that PostgreSQL notes for itself?"""

import pytest
from django.db import connection

from tenants.context import use_business
from tenants.models import Business
from tests.schema_comparison import schema_contents
from tests.tenants.test_schema_snapshots import EVERYTHING


@pytest.fixture
def workshop(any_db) -> Business:
    """A business whose schema has a bit of everything."""
    business = Business(name="Workshop", schema_name="t_" + "a" * 24)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {business.schema_name}")
    _execute(business, EVERYTHING)
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
def test_whatever_somebody_defines_is_seen(workshop, definition):
    before = schema_contents(workshop)
    _execute(workshop, definition)
    assert schema_contents(workshop) != before


def test_what_postgresql_notes_for_itself_is_not_seen(committed_db, workshop):
    _execute(workshop, "CREATE RULE quiet AS ON DELETE TO plain DO INSTEAD NOTHING")
    _execute(workshop, "CREATE TABLE heir () INHERITS (plain)")
    _execute(workshop, "DROP RULE quiet ON plain; DROP TABLE heir; DROP TRIGGER touched ON plain")
    before, notes = schema_contents(workshop), _own_notes(workshop)

    _execute(workshop, "VACUUM (FREEZE, ANALYZE) plain")
    # As PostgreSQL 15.20 does by itself.
    _execute(workshop, "UPDATE pg_attribute SET attoptions = '{pg_attver=1}' WHERE attrelid = 'plain'::regclass")

    assert all(old != new for old, new in zip(notes, _own_notes(workshop), strict=True))
    assert schema_contents(workshop) == before


def _own_notes(business: Business) -> tuple:
    with use_business(business), connection.cursor() as cursor:
        cursor.execute("SELECT relhasrules, relhassubclass, reltuples FROM pg_class WHERE oid = 'plain'::regclass")
        return cursor.fetchone()


def _execute(business: Business, statements: str) -> None:
    with use_business(business), connection.cursor() as cursor:
        cursor.execute(statements)
