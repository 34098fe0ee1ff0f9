"""A web server that kills itself, with all its processes, instead of enqueuing a job."""

import os
import signal

from config.wsgi import application
from workers import queue
from workers.queue import enqueueing

__all__ = ["application"]


def _kill_process(*_args: object, **_row_ids: object) -> bool:
    os.killpg(0, signal.SIGKILL)
    return False


# A delivery is enqueued through the module's function, another job through the package's.
queue.enqueue_job = enqueueing.enqueue_job = _kill_process
