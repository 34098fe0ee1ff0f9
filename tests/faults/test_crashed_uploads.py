"""An import loses and repeats no row when PostgreSQL crashes.

The chunks of a list don't wait for the disk when they are committed. A crash may take the last of them along.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from config.local.state_dir import PROJECT_ROOT
from tests.faults.insert_blocker import InsertBlocker
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

ROWS = 25_000
REQUEUE_STALLED = """
from django.utils import timezone
from portal.clients.uploads import services
from tenants.context import use_business
from tenants.models import Business
with use_business(Business.objects.get(hostnames__slug="acme")):
    services.requeue_stalled_uploads(now=timezone.now() + 2 * services.STALL_TIMEOUT)
"""


@pytest.fixture
def connect_to_acme(postgres, acme) -> Callable[[], psycopg.Connection]:
    """Return a function that connects to Acme's schema."""
    return lambda: psycopg.connect(
        postgres.connection_url, autocommit=True, options=f"-c search_path={acme.schema_name}"
    )


@pytest.fixture
def query_row(connect_to_acme):
    """Return a function that queries one row in Acme's schema."""

    def query_row(question: str) -> tuple:
        with connect_to_acme() as line:
            return line.execute(question).fetchone()

    return query_row


def run_manage(processes, *arguments: str) -> None:
    """Run one of Django's commands on the cluster's database."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT_ROOT, env=processes.env, check=True, capture_output=True
    )


def test_rows_lost_in_a_crash_are_written_again(processes, postgres, connect_to_acme, query_row, redis_db, tmp_path):
    processes.env["DATABASE_URL"] = postgres.connection_url
    people = tmp_path / "people.csv"
    people.write_text("Name,Email\n" + "".join(f"N {n},n{n}@example.com\n" for n in range(ROWS)))

    with closing(connect_to_acme()) as gate_connection:
        InsertBlocker(gate_connection, 1, table="clients_client", row=12_000)
        processes.start_program("import", sys.executable, "manage.py", "import_clients", "--business=acme", str(people))
        wait_until(lambda: query_row("SELECT count(*) FROM clients_importchunk WHERE is_written") > (1,), what="chunks")
        postgres.kill()
    wait_until(lambda: not processes.is_running("import"), what="the end of the command")
    postgres.start()
    postgres.wait_until_ready()
    written, rows = query_row("SELECT count(*), coalesce(sum(rows), 0) FROM clients_importchunk WHERE is_written")
    assert rows == written * 5_000 < ROWS
    assert query_row("SELECT count(*) FROM clients_client") == (rows,)

    processes.start("bulk")
    run_manage(processes, "shell", "-c", REQUEUE_STALLED)
    wait_until(lambda: query_row("SELECT state FROM clients_upload") == ("done",), what="the list taken over")
    assert query_row("SELECT count(*), count(DISTINCT name) FROM clients_client") == (ROWS, ROWS)
    assert query_row("SELECT count(*), count(DISTINCT value) FROM clients_contact") == (ROWS, ROWS)
    assert query_row("SELECT count(*), count(DISTINCT client_id) FROM activity_entry WHERE client_id IS NOT NULL") == (
        ROWS,
        ROWS,
    )
    assert query_row("SELECT counts ->> 'created' FROM clients_upload") == (str(ROWS),)
