"""How do many people do something at the very same moment?"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from typing import Any

from django.db import connection

# PostgreSQL takes about 200 connections; each thread at work holds one.
CONNECTIONS = 40


def at_once(task: Callable[[Any], Any], things: Iterable[Any], *, connections: int = CONNECTIONS) -> list[Any]:
    """Run a task for each thing, in threads that all start together; return what came of each, in order."""
    things = list(things)
    start, seats = Barrier(len(things)), BoundedSemaphore(connections)

    def run(thing: Any) -> Any:
        start.wait()
        with seats:
            try:
                return task(thing)
            finally:
                connection.close()

    with ThreadPoolExecutor(len(things)) as crowd:
        return list(crowd.map(run, things))
