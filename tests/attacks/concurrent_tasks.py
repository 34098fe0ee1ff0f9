"""Runs a task many times at the same moment, in threads."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from typing import Any

from django.db import connection

# PostgreSQL takes about 200 connections; each thread at work holds one.
MAX_CONNECTIONS = 40


def run_concurrently(
    task: Callable[[Any], Any], items: Iterable[Any], *, connections: int = MAX_CONNECTIONS
) -> list[Any]:
    """Run a task for each item, in threads that all start together; return the results in order."""
    items = list(items)
    start, slots = Barrier(len(items)), BoundedSemaphore(connections)

    def run_task(item: Any) -> Any:
        start.wait()
        with slots:
            try:
                return task(item)
            finally:
                connection.close()

    with ThreadPoolExecutor(len(items)) as executor:
        return list(executor.map(run_task, items))
