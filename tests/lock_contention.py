"""Runs an action in a second connection while the test's transaction holds its locks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from django.db import connection, transaction

from tenants.context import use_business
from tenants.models import Business

BLOCKED_SESSIONS = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@contextmanager
def run_blocked(
    action: Callable[[], object],
    *,
    business: Business | None = None,
    once_blocked: Callable[[], object] = lambda: None,
) -> Iterator[list]:
    """Run the block in a transaction, start the action in another connection, and commit once it waits for our locks.

    Before that, `once_blocked` runs in our transaction; if it needs what the action has locked, that is a deadlock.
    After the block, the list it was given holds the action's result or its exception. Requires `committed_db`.
    """
    results: list = []

    def run_action() -> None:
        try:
            results.append(_run_in_business(business, action))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = Thread(target=run_action)
    with transaction.atomic():
        yield results
        thread.start()
        while not _is_waiting_for_lock():
            assert thread.is_alive(), results
        once_blocked()
    thread.join()


def _run_in_business(business: Business | None, action: Callable[[], object]) -> object:
    if business is None:
        return action()
    with use_business(business):
        return action()


def _is_waiting_for_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({BLOCKED_SESSIONS})")
        return cursor.fetchone()[0]
