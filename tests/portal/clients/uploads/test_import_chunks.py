"""Several workers import one list, each row once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import parse_email
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, Tag, Upload
from portal.clients.uploads import import_chunks, services, upload_processing, upload_stopping
from portal.clients.uploads.row_import import import_chunk
from portal.clients.uploads.upload_locking import StaleUpload
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory
from tests.faults.process_cluster import wait_until
from tests.lock_contention import run_blocked

ROWS = 60
LIST = "Name,Email,Tags\n" + "".join(f"N{n:02},n{n}@example.com,VIP\n" for n in range(ROWS))

pytestmark = pytest.mark.usefixtures("committed_db", "in_acme")


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(upload_processing, "CHUNK_ROWS", 5)


@pytest.fixture
def check_and_start_import(upload_checked_list, now):
    """Return a function that checks a list and says yes to it."""

    def check_and_start_import(text: str = LIST, on_match: str = "skip") -> Upload:
        upload = upload_checked_list(text)
        services.start_import(upload=upload, on_match=on_match, staff=None, now=now)
        upload.refresh_from_db()
        return upload

    return check_and_start_import


@contextmanager
def other_transaction(statement: str, *given):
    """Have another connection's transaction do something and stay open until the block ends, then be killed."""
    parameters = connection.get_connection_params() | {"autocommit": False}
    with psycopg.connect(**parameters) as other:
        other.execute(f"SET search_path TO {connection.tenant.schema_name}")
        other.execute(statement, given)
        yield other
        other.rollback()


@contextmanager
def short_lock_timeout():
    """Fail instead of waiting for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout TO '100ms'")
        try:
            yield
        finally:
            cursor.execute("SET lock_timeout TO 0")


def is_waiting_for_lock() -> bool:
    """Tell whether any connection waits for another's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
        return bool(cursor.fetchone())


def assert_imported_once(upload: Upload) -> None:
    upload.refresh_from_db()
    assert (upload.state, upload.counts["created"], upload.rows_done) == ("done", ROWS, ROWS)
    assert Counter(Client.objects.exclude_demo().filter(source="upload").values_list("name", flat=True)) == {
        f"N{n:02}": 1 for n in range(ROWS)
    }
    assert Contact.objects.filter(source="upload").count() == ROWS
    assert Client.tags.through.objects.filter(client__source="upload").count() == ROWS
    assert Entry.objects.filter(event_type=ClientEvent.ADDED, subject_id=upload.pk).count() == ROWS
    assert Entry.objects.filter(event_type=ClientEvent.IMPORT_COMPLETED, subject_id=upload.pk).count() == 1


def test_several_threads_import_each_row_once(check_and_start_import):
    upload = check_and_start_import()

    upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None, helpers=3)

    assert_imported_once(upload)


def test_a_claimed_chunk_is_skipped_until_its_worker_dies(check_and_start_import):
    upload = check_and_start_import()
    next(upload_processing.run_upload_step(upload, clock=timezone.now))
    left = upload.import_chunks.filter(is_written=False).order_by("first").first()

    with other_transaction("SELECT 1 FROM clients_importchunk WHERE first = %s FOR UPDATE", left.first):
        while import_chunk(upload, now=timezone.now()):
            pass
        assert list(upload.import_chunks.filter(is_written=False)) == [left]

    upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
    assert_imported_once(upload)


def test_an_import_isn_t_done_while_a_chunk_is_being_written(check_and_start_import):
    upload = check_and_start_import()
    steps = upload_processing.run_upload_step(upload, clock=timezone.now)
    with (
        other_transaction("SELECT 1 FROM clients_upload WHERE id = %s FOR KEY SHARE", upload.pk),
        short_lock_timeout(),
        pytest.raises(OperationalError, match="lock timeout"),
    ):
        list(steps)
    assert Upload.objects.get(pk=upload.pk).state == "running"


def test_several_workers_import_one_upload_but_never_two_at_once(check_and_start_import):
    first, second = check_and_start_import(), check_and_start_import("Name,Email\nAna,ana@example.com\n")
    for upload in (first, second):
        import_chunks.split_into_chunks(upload, size=5)

    with other_transaction("SELECT 1 FROM clients_upload WHERE id = %s FOR KEY SHARE", second.pk), short_lock_timeout():
        assert import_chunk(second, now=timezone.now())
        with pytest.raises(OperationalError, match="lock timeout"):
            import_chunk(first, now=timezone.now())
    assert import_chunk(first, now=timezone.now())


def test_a_card_is_compared_again_after_a_concurrent_change(check_and_start_import, in_acme, now):
    clients.add_client(name="Ana", identifiers=[parse_email("ana@example.com")], now=now)
    upload = check_and_start_import("Name,Email,Language\nAna,ana@example.com,de\n", on_match="fill")
    import_chunks.split_into_chunks(upload, size=5)

    def import_chunk_in_thread() -> bool:
        with use_business(in_acme), closing(connection):
            return import_chunk(upload, now=now)

    with ThreadPoolExecutor(1) as thread:
        with other_transaction("UPDATE clients_client SET language = 'en' WHERE name = 'Ana'") as other:
            written = thread.submit(import_chunk_in_thread)
            wait_until(is_waiting_for_lock, what="the list waiting for the card")
            other.commit()
        assert written.result()
    assert Client.objects.get(name="Ana").language == "en"


def test_an_import_and_a_request_that_add_a_tag_to_the_same_cards_wait_for_one_another_in_no_circle(
    check_and_start_import, in_acme, now
):
    for number in (2, 1):
        ClientFactory(id=UUID(int=number), name="Ana", email=f"ana{number}@example.com")
    vip = Tag.objects.create(name="VIP")
    upload = check_and_start_import(
        "Name,Email,Tags\nAna,ana2@example.com,VIP\nAna,ana1@example.com,VIP\n", on_match="fill"
    )
    import_chunks.split_into_chunks(upload, size=5)

    def add_tag(number: int) -> None:
        selected = Client.objects.filter(pk=UUID(int=number))
        clients.tag_clients(clients=selected, tag=vip, staff=StaffActor(None, "Sam", None), now=now)

    written = {"business": in_acme, "once_blocked": lambda: add_tag(2)}
    with run_blocked(lambda: import_chunk(upload, now=now), **written) as results:
        add_tag(1)
    assert results == [True]
    assert vip.clients.count() == 2


@pytest.mark.parametrize(
    "gone", ["erased_at = now()", "merged_into_id = (SELECT id FROM clients_client WHERE name = 'Bo')"]
)
def test_a_client_erased_or_merged_after_classification_is_not_updated(check_and_start_import, in_acme, now, gone):
    clients.add_client(name="Bo", identifiers=[parse_email("bo@example.com")], now=now)
    ana = clients.add_client(name="ann", identifiers=[parse_email("ana@example.com")], now=now)
    upload = check_and_start_import("Name,Email,Note\nAnn,ana@example.com,secret\n", on_match="overwrite")
    import_chunks.split_into_chunks(upload, size=5)

    def import_chunk_in_thread() -> bool:
        with use_business(in_acme), closing(connection):
            return import_chunk(upload, now=now)

    with ThreadPoolExecutor(1) as thread:
        with other_transaction(f"UPDATE clients_client SET {gone}, name = '' WHERE name = 'ann'") as other:
            written = thread.submit(import_chunk_in_thread)
            wait_until(is_waiting_for_lock, what="the list waiting for the card")
            other.execute("DELETE FROM clients_contact WHERE client_id = %s", [ana.pk])
            other.commit()
        assert written.result()
    ana.refresh_from_db()
    assert (ana.name, ana.contacts.count(), ana.notes.count()) == ("", 0, 0)
    assert Client.objects.get(name="Ann").contacts.count() == 1, "the row is not lost either"


def test_an_import_is_stopped_without_waiting_for_its_writers_which_write_nothing_more(
    check_and_start_import, in_acme, now
):
    clients.add_client(name="Ana", identifiers=[parse_email("ana@example.com")], now=now)
    first = "".join(f"N{number},n{number}@example.com,de\n" for number in range(5))
    last = "Ana,ana@example.com,de\nCy,cy@example.com,de\n"
    upload = check_and_start_import(f"Name,Email,Language\n{first}{last}", on_match="fill")
    import_chunks.split_into_chunks(upload, size=5)
    assert import_chunk(upload, now=now)

    def import_chunk_in_thread() -> None:
        with use_business(in_acme), closing(connection), pytest.raises(StaleUpload):
            import_chunk(upload, now=now)

    with ThreadPoolExecutor(1) as thread:
        with other_transaction("SELECT 1 FROM clients_client WHERE name = 'Ana' FOR UPDATE"), short_lock_timeout():
            written = thread.submit(import_chunk_in_thread)
            wait_until(is_waiting_for_lock, what="the list waiting for the card")
            stopped = upload_stopping.stop_upload(upload_id=upload.pk, now=now)
        written.result()

    assert sorted(Client.objects.values_list("name", flat=True)) == ["Ana", "N0", "N1", "N2", "N3", "N4"]
    assert (stopped.state, stopped.counts["created"], stopped.counts["changed"]) == ("done", 5, 0)


def test_an_error_in_a_helper_thread_is_raised(in_acme):
    def fail_in_thread() -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), import_chunks.run_helper_threads(fail_in_thread, helpers=1):
        pass


def test_a_stale_worker_saves_no_progress(check_and_start_import, run_upload_job):
    late = check_and_start_import()
    run_upload_job(Upload.objects.get(pk=late.pk))

    with pytest.raises(StaleUpload):
        import_chunks.update_progress(late, now=timezone.now())
    with pytest.raises(StaleUpload):
        import_chunk(late, now=timezone.now())
    assert_imported_once(late)
