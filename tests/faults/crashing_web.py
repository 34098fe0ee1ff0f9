"""A web server that kills itself, with all its processes, instead of enqueuing a job."""

import os
import signal

from config.wsgi import application
from workers.queue import enqueueing

__all__ = ["application"]


def _die(*_args: object, **_row_ids: object) -> bool:
    os.killpg(0, signal.SIGKILL)
    return False


enqueueing.enqueue = _die
