"""A web server that is killed, with all its processes, in place of ringing any bell."""

import os
import signal

from config.wsgi import application
from workers import queue

__all__ = ["application"]


def _die(*_args: object, **_row_ids: object) -> bool:
    os.killpg(0, signal.SIGKILL)
    return False


queue.enqueue = _die
