"""What becomes of somebody who wants the same row while we hold it?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from django.db import connection, transaction

from tenants.context import use_business
from tenants.models import Business

WAITS = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@contextmanager
def waiting_behind_us(deed: Callable[[], object], *, business: Business | None = None) -> Iterator[list]:
    """Do something in a transaction while another connection is held up by it; what came of theirs is in the list after.

    The test has to have asked for `committed_db`.
    """
    came_of_it: list = []

    def other() -> None:
        try:
            came_of_it.append(_inside(business, deed))
        except Exception as error:
            came_of_it.append(error)
        finally:
            connection.close()

    thread = Thread(target=other)
    with transaction.atomic():
        yield came_of_it
        thread.start()
        while not _somebody_waits():
            assert thread.is_alive(), came_of_it
    thread.join()


def _inside(business: Business | None, deed: Callable[[], object]) -> object:
    if business is None:
        return deed()
    with use_business(business):
        return deed()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({WAITS})")
        return cursor.fetchone()[0]
