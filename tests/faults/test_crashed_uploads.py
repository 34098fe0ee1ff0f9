"""Is any row lost, or taken twice, when PostgreSQL crashes while a list is taken over?

The chunks of a list don't wait for the disk when they are committed. A crash may take the last of them along.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from config.local.home import PROJECT
from tests.faults.gate import Gate
from tests.faults.plant import until

pytestmark = pytest.mark.faults

ROWS = 25_000
RING = """
from django.utils import timezone
from portal.clients.uploads import services
from tenants.context import use_business
from tenants.models import Business
with use_business(Business.objects.get(hostnames__slug="acme")):
    services.requeue_stalled(now=timezone.now() + 2 * services.STALL_TIMEOUT)
"""


@pytest.fixture
def connect(postgres, acme) -> Callable[[], psycopg.Connection]:
    """Return a function that connects to Acme's schema."""
    return lambda: psycopg.connect(postgres.url, autocommit=True, options=f"-c search_path={acme.schema_name}")


@pytest.fixture
def ask(connect):
    """Return a function that asks Acme's schema for one row."""

    def ask(question: str) -> tuple:
        with connect() as line:
            return line.execute(question).fetchone()

    return ask


def manage(plant, *words: str) -> None:
    """Run one of Django's commands on the plant's database."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, env=plant.env, check=True, capture_output=True)


def test_what_a_crash_takes_along_is_written_again(plant, postgres, connect, ask, redis_db, tmp_path):
    plant.env["DATABASE_URL"] = postgres.url
    people = tmp_path / "people.csv"
    people.write_text("Name,Email\n" + "".join(f"N {n},n{n}@example.com\n" for n in range(ROWS)))

    with closing(connect()) as keeper:
        Gate(keeper, 1, table="clients_client", row=12_000)
        plant.run("import", sys.executable, "manage.py", "import_clients", "--business=acme", str(people))
        until(lambda: ask("SELECT count(*) FROM clients_importchunk WHERE is_written") > (1,), what="chunks")
        postgres.kill()
    until(lambda: not plant.is_running("import"), what="the end of the command")
    postgres.start()
    postgres.wait()
    written, rows = ask("SELECT count(*), coalesce(sum(rows), 0) FROM clients_importchunk WHERE is_written")
    assert rows == written * 5_000 < ROWS
    assert ask("SELECT count(*) FROM clients_client") == (rows,)

    plant.start("bulk")
    manage(plant, "shell", "-c", RING)
    until(lambda: ask("SELECT state FROM clients_upload") == ("done",), what="the list taken over")
    assert ask("SELECT count(*), count(DISTINCT name) FROM clients_client") == (ROWS, ROWS)
    assert ask("SELECT count(*), count(DISTINCT value) FROM clients_contact") == (ROWS, ROWS)
    assert ask("SELECT count(*), count(DISTINCT client_id) FROM activity_entry WHERE client_id IS NOT NULL") == (
        ROWS,
        ROWS,
    )
    assert ask("SELECT counts ->> 'created' FROM clients_upload") == (str(ROWS),)
