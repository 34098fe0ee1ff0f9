"""Does every statement reach the schema that is meant, in the transaction that is meant, whatever failed before it?"""

import pytest
from django.db import DataError, InternalError, ProgrammingError, connection, transaction
from psycopg import sql

from portal.clients.models import Client
from portal.profile.models import Profile
from tenants.context import use_business
from tests.statements import capture_statements

pytestmark = pytest.mark.usefixtures("committed_db")


def where() -> str:
    """Ask PostgreSQL itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def step_aside(business) -> None:
    """Work in a business, then fail."""
    with use_business(business):
        where()
        raise ZeroDivisionError


def fail() -> None:
    with connection.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("SELECT 1 / %s", [0])


def test_begin_and_the_path_travel_with_the_statement_they_precede(acme):
    where()
    with capture_statements() as captured, use_business(acme), transaction.atomic():
        where()

    assert [statement.split()[0] for statement in captured.sent] == ["BEGIN", "SET", "SELECT", "COMMIT"]
    assert captured.round_trips == 2


def test_a_business_that_follows_itself_is_not_named_again(acme):
    with use_business(acme):
        where()
    with capture_statements() as captured, use_business(acme):
        where()

    assert [statement.split()[0] for statement in captured.sent] == ["SELECT"]


def test_a_statement_that_fails_takes_its_path_along_and_the_next_one_is_told_again(acme, globex):
    with use_business(acme):
        assert where() == acme.schema_name
    with use_business(globex):
        fail()
        assert where() == globex.schema_name


def test_what_a_rollback_undid_is_told_again(acme, globex):
    with use_business(globex):
        where()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        step_aside(acme)
    with use_business(acme):
        assert where() == acme.schema_name


def test_what_a_savepoint_undid_is_told_again(acme, globex):
    with transaction.atomic(), use_business(globex):
        where()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            step_aside(acme)
        with use_business(acme):
            assert where() == acme.schema_name
        assert where() == globex.schema_name


def test_a_transaction_whose_first_statement_fails_takes_no_other(acme):
    with use_business(acme), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError):
            cursor.execute("SELECT nonsense FROM nowhere")
        with pytest.raises(InternalError, match="aborted"):
            cursor.execute("SELECT 1")
        transaction.set_rollback(True)

    with use_business(acme):
        assert where() == acme.schema_name


def test_a_cursor_works_where_its_thread_is_now(acme, globex):
    with connection.cursor() as cursor:
        for business in (acme, globex):
            with use_business(business):
                cursor.execute("SELECT current_schema()")
                assert cursor.fetchone() == (business.schema_name,)


def _many() -> str:
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE profile_profile SET postal_address = %s", [["London"], ["Berlin"]])
        cursor.execute("SELECT welcome FROM profile_profile WHERE postal_address = 'Berlin'")
        return cursor.fetchone()[0]


def _copy() -> str:
    with connection.cursor() as cursor, cursor.copy("COPY profile_profile (welcome) TO STDOUT") as rows:
        return b"".join(rows).decode().strip()


def _named() -> str:
    return next(Profile.objects.values_list("welcome", flat=True).iterator(chunk_size=1))


def _composed() -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT welcome FROM {}").format(sql.Identifier("profile_profile")))
        return cursor.fetchone()[0]


@pytest.mark.parametrize("ask", [_many, _copy, _named, _composed])
def test_every_way_to_execute_works_in_the_schema_that_is_meant(acme, globex, ask):
    for business in (acme, globex):
        with use_business(business):
            Profile.objects.update(welcome=business.name, postal_address="")

    with use_business(acme), transaction.atomic():
        assert ask() == acme.name
    with use_business(globex):
        assert Profile.objects.get().postal_address == ""


def test_an_open_transaction_is_not_forgotten(acme):
    connection.set_autocommit(False)
    try:
        where()
        with pytest.raises(ProgrammingError, match="under way"):
            connection.set_autocommit(True)
    finally:
        connection.rollback()
        connection.set_autocommit(True)


def test_what_is_committed_without_autocommit_stays(acme, now):
    with use_business(acme):
        connection.set_autocommit(False)
        try:
            Client.objects.create(name="Ana Pereira", created_at=now)
            connection.commit()
            Client.objects.create(name="Bo Lind", created_at=now)
            connection.rollback()
        finally:
            connection.set_autocommit(True)
        assert list(Client.objects.values_list("name", flat=True)) == ["Ana Pereira"]
