"""An import loses and repeats no row when its worker is killed."""

from collections import Counter
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, Upload
from portal.clients.uploads import services
from tenants import job_runs
from tenants.context import use_business
from tenants.models import JobRun
from tests.faults.insert_blocker import InsertBlocker
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

ROWS = 25_000


@pytest.fixture
def receive_list(committed_db, acme, redis_db) -> Callable[[int], Upload]:
    """Return a function that uploads a list of so many rows."""

    def receive_list(rows: int) -> Upload:
        lines = (f"N {n},n{n}@example.com,0151 {10_000_000 + n}\n" for n in range(rows))
        data = f"Name,Email,Phone\n{''.join(lines)}".encode()
        chunks = (data[start : start + 2**20] for start in range(0, len(data), 2**20))
        with use_business(acme):
            return services.receive_upload(chunks=chunks, name="x.csv", size=len(data), staff=None, now=timezone.now())

    return receive_list


@pytest.fixture
def block_inserts(committed_db, acme) -> Callable[..., InsertBlocker]:
    """Return a function that blocks inserts into a table of Acme's from a row on."""
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as gate_connection:
        gate_connection.execute(f"SET search_path TO {acme.schema_name}")
        yield lambda number, **place: InsertBlocker(gate_connection, number, **place)


def test_an_import_continues_without_losing_or_repeating_rows_after_a_worker_is_killed(
    processes, acme, receive_list, block_inserts
):
    upload = receive_list(ROWS)

    def has_reached(*, state: str, rows: int = 0) -> bool:
        with use_business(acme):
            upload.refresh_from_db()
        return upload.state == state and upload.rows_done >= rows

    def kill_and_replace(state: str, *, gate: InsertBlocker, rows: int = 1) -> None:
        """Kill the worker during a step, start a new one, and enqueue the upload again as the schedule would."""
        wait_until(lambda: has_reached(state=state, rows=rows), what=f"{state} begun")
        processes.kill_worker("bulk")
        assert has_reached(state=state), f"{state} was over before the kill"
        killed_at.append(upload.rows_done)
        wait_until(lambda: not processes.is_running("bulk"), what="the end of the worker's master")
        gate.release()
        processes.start("bulk")
        with use_business(acme):
            services.requeue_stalled_uploads(now=timezone.now() + 2 * services.STALL_TIMEOUT)

    killed_at: list[int] = []
    in_check = block_inserts(1, table="clients_uploadrow", row=12_000)
    early, late = (block_inserts(number, table="clients_client", row=row) for number, row in ((2, 12_000), (3, 22_000)))
    processes.start("bulk")
    with use_business(acme):
        services.map_columns(upload=upload, targets=upload.columns, now=timezone.now())
    kill_and_replace("checking", gate=in_check)
    wait_until(lambda: has_reached(state="checked"), what="the check")
    with use_business(acme):
        services.start_import(upload=upload, on_match="skip", staff=None, now=timezone.now())
    kill_and_replace("running", gate=early)
    kill_and_replace("running", gate=late, rows=killed_at[-1] + 1)
    wait_until(lambda: has_reached(state="done"), what="the list taken over")

    assert all(0 < rows < ROWS for rows in killed_at)
    with use_business(acme):
        assert upload.counts["created"] == upload.rows_done == ROWS
        assert Counter(Client.objects.values_list("name", flat=True)) == {f"N {n}": 1 for n in range(ROWS)}
        assert Contact.objects.count() == 2 * ROWS
        assert Entry.objects.filter(event_type=ClientEvent.ADDED).values("client").distinct().count() == ROWS
        assert Entry.objects.filter(event_type=ClientEvent.ADDED).count() == ROWS
        assert Entry.objects.filter(event_type=ClientEvent.IMPORT_COMPLETED).count() == 1


@pytest.mark.long
def test_a_list_that_costs_three_workers_their_life_ends_with_words(processes, acme, receive_list, block_inserts):
    """Each run is recorded before it begins, so that the third loss is known although nobody could report it."""
    # Few rows: PostgreSQL, which reads nothing while a statement waits, learns of the end behind those on their way.
    upload = receive_list(10)
    gate = block_inserts(1, table="clients_uploadrow", row=0)
    killed = set()

    def is_inserting() -> bool:
        found = gate.find_waiting_backends() - killed
        killed.update(found)
        return bool(found)

    with use_business(acme):
        services.map_columns(upload=upload, targets=upload.columns, now=timezone.now())
    for _death in range(job_runs.MAX_FAILURES):
        processes.start("bulk")
        wait_until(is_inserting, what="a worker in the middle of the check")
        processes.kill_worker("bulk")
        wait_until(lambda: not processes.is_running("bulk"), what="the end of the worker's master")
        # Its transaction keeps the list locked until PostgreSQL has noticed.
        wait_until(lambda: not gate.find_waiting_backends(), what="the end of the worker's transaction")
        with use_business(acme):
            services.requeue_stalled_uploads(now=timezone.now() + 2 * services.STALL_TIMEOUT)
    processes.start("bulk")

    def is_ended() -> bool:
        with use_business(acme):
            upload.refresh_from_db()
        return upload.state == "failed"

    wait_until(is_ended, what="the end of the list")
    gate.release()
    assert upload.failure == "check-failed"
    assert JobRun.objects.get().reason == job_runs.WORKER_LOST
    assert not JobRun.objects.exclude(lease_token=None).exists()
