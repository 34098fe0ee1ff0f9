"""What nouns declare of their work in the background."""

from dataclasses import dataclass
from datetime import timedelta

from tenants.queues import Queue


@dataclass(frozen=True)
class PeriodicJob:
    """A job that runs at an interval for every business. It may run late, or twice; one worker at a time runs it there.

    `run` is the path of a function that is called inside each business, with the keyword argument `now`. `is_quick`
    lets one job go through all businesses; otherwise each business has a job of its own. Either takes ten minutes at
    most.
    """

    name: str
    run: str
    interval: timedelta
    is_quick: bool = False


@dataclass(frozen=True)
class RowJob:
    """A job about one row, which a noun enqueues after its commit with `workers.queue.enqueue_row_job`.

    `run` is the path of a function that is called inside the business with the row's id and the keyword argument
    `clock`, a function that returns the time. It may run late, again, or when the row is gone, but never twice at
    once. If it returns True, it is enqueued again: there is more to do. One that waits longer than `max_age` is
    dropped, and one that takes longer than `time_limit` is aborted.

    A job that fails three times in a row for the same reason is stopped. `on_stop` is then called inside the business
    with the row's id and `now`; it tells those who wait for the row, and returns what staff call the row, or None if
    the row is gone. Staff are then notified, with a link to the row's page `url_name` in the console. `on_resume`,
    called alike, makes the row ready to be processed again, at an operator's request.
    """

    name: str
    run: str
    queue: Queue
    max_age: timedelta
    time_limit: timedelta
    on_stop: str = ""
    on_resume: str = ""
    url_name: str = ""
