"""Tests that every statement runs in the wanted schema and transaction, whatever failed before."""

import socket
from threading import Thread

import psycopg
import pytest
from django.db import DataError, InternalError, OperationalError, ProgrammingError, connection, transaction
from psycopg import sql

from portal.branding.models import PortalSettings
from portal.clients.models import Client
from tenants.context import use_business
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.usefixtures("committed_db")


def current_schema() -> str:
    """Return the current schema as PostgreSQL reports it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def raise_in_business(business) -> None:
    """Run a statement in a business's schema, then raise."""
    with use_business(business):
        current_schema()
        raise ZeroDivisionError


def run_failing_statement() -> None:
    with connection.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("SELECT 1 / %s", [0])


def test_begin_and_the_search_path_are_sent_with_the_next_statement(acme):
    current_schema()
    with capture_statements() as captured, use_business(acme), transaction.atomic():
        current_schema()

    assert [statement.split()[0] for statement in captured.sent] == ["BEGIN", "SET", "SELECT", "COMMIT"]
    assert captured.round_trips == 2


def test_the_search_path_is_not_sent_twice_for_one_business(acme):
    with use_business(acme):
        current_schema()
    with capture_statements() as captured, use_business(acme):
        current_schema()

    assert [statement.split()[0] for statement in captured.sent] == ["SELECT"]


def test_after_a_failed_statement_the_search_path_is_sent_again(acme, globex):
    with use_business(acme):
        assert current_schema() == acme.schema_name
    with use_business(globex):
        run_failing_statement()
        assert current_schema() == globex.schema_name


def test_after_a_rollback_the_search_path_is_sent_again(acme, globex):
    with use_business(globex):
        current_schema()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise_in_business(acme)
    with use_business(acme):
        assert current_schema() == acme.schema_name


def test_after_a_savepoint_rollback_the_search_path_is_sent_again(acme, globex):
    with transaction.atomic(), use_business(globex):
        current_schema()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise_in_business(acme)
        with use_business(acme):
            assert current_schema() == acme.schema_name
        assert current_schema() == globex.schema_name


def test_a_transaction_whose_first_statement_fails_accepts_no_other(acme):
    with use_business(acme), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError):
            cursor.execute("SELECT nonsense FROM nowhere")
        with pytest.raises(InternalError, match="aborted"):
            cursor.execute("SELECT 1")
        transaction.set_rollback(True)

    with use_business(acme):
        assert current_schema() == acme.schema_name


def test_a_cursor_uses_the_current_schema_of_its_thread(acme, globex):
    with connection.cursor() as cursor:
        for business in (acme, globex):
            with use_business(business):
                cursor.execute("SELECT current_schema()")
                assert cursor.fetchone() == (business.schema_name,)


def _insert_many() -> str:
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE branding_portalsettings SET postal_address = %s", [["London"], ["Berlin"]])
        cursor.execute("SELECT welcome FROM branding_portalsettings WHERE postal_address = 'Berlin'")
        return cursor.fetchone()[0]


def _run_copy_statement() -> str:
    with connection.cursor() as cursor, cursor.copy("COPY branding_portalsettings (welcome) TO STDOUT") as rows:
        return b"".join(rows).decode().strip()


def _named_cursor() -> str:
    return next(PortalSettings.objects.values_list("welcome", flat=True).iterator(chunk_size=1))


def _execute_composed_sql() -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT welcome FROM {}").format(sql.Identifier("branding_portalsettings")))
        return cursor.fetchone()[0]


@pytest.mark.parametrize("execute", [_insert_many, _run_copy_statement, _named_cursor, _execute_composed_sql])
def test_every_way_to_execute_uses_the_wanted_schema(acme, globex, execute):
    for business in (acme, globex):
        with use_business(business):
            PortalSettings.objects.update(welcome=business.name, postal_address="")

    with use_business(acme), transaction.atomic():
        assert execute() == acme.name
    with use_business(globex):
        assert PortalSettings.objects.get().postal_address == ""


def test_an_open_transaction_is_not_abandoned(acme):
    connection.set_autocommit(False)
    try:
        current_schema()
        with pytest.raises(ProgrammingError, match="under way"):
            connection.set_autocommit(True)
    finally:
        connection.rollback()
        connection.set_autocommit(True)


def test_a_commit_without_autocommit_is_kept(acme, now):
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


def _wait_with_a_lock_until_lost(client_sockets: list[int]) -> None:
    """Take lock 1 and wait for lock 2, on a connection of this thread, until that connection is lost."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")
        client_sockets.append(connection.connection.fileno())
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_advisory_lock(2)")
    connection.close()


def test_a_program_that_is_killed_while_it_waits_for_a_lock_keeps_none(acme):
    """PostgreSQL reads nothing from a connection while a statement waits, so it has to look whether that still is."""
    client_sockets: list[int] = []
    parameters = connection.get_connection_params()
    with psycopg.connect(**parameters) as holder, psycopg.connect(**parameters) as other:
        holder.execute("SELECT pg_advisory_lock(2)")
        program = Thread(target=_wait_with_a_lock_until_lost, args=[client_sockets])
        program.start()
        waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 2 AND NOT granted"
        while not other.execute(waiting).fetchone():
            assert program.is_alive()

        # What the kernel does for a process that is killed.
        with socket.socket(fileno=socket.dup(client_sockets[0])) as client_socket:
            client_socket.shutdown(socket.SHUT_RDWR)

        other.execute("SET lock_timeout TO '30s'")
        assert other.execute("SELECT pg_advisory_lock(1)").fetchone()
    program.join()
