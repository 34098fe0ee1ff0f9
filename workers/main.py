"""The module that a dramatiq worker process loads: settings, broker and all actors.

Start one master per process, at least two for each queue: a killed child takes its master along.

    dramatiq workers.main --queues codes --processes 1 --threads 8
    dramatiq workers.main --queues notices --processes 1 --threads 4
    dramatiq workers.main --queues bulk --processes 1 --threads 4

SIGTERM lets every thread finish its current message; allow 30 seconds.
"""

import os
import signal
import sys
from threading import Event

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def wait_for_database() -> None:
    """Return once the database is reachable and its pooler safe; exit if SIGTERM comes first.

    The handler of dramatiq takes effect only after this module is loaded.
    """
    stop = Event()
    previous_handler = signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    try:
        pooling.wait_for_session_pooling(pause=stop.wait)
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
    if stop.is_set():
        sys.exit()


try:
    django.setup()

    # These need the settings, which the line above has read.
    from tenants import pooling
    from tenants.checks import exit_on_unsafe_settings
    from tenants.nouns.checks import exit_on_invalid_nouns
    from workers.actors import (
        broker,
        delivery_jobs,
        domain_rechecks,
        housekeeping,
        periodic_jobs,
        row_jobs,
        suppressions,
    )

    exit_on_unsafe_settings()
    exit_on_invalid_nouns()
    wait_for_database()
except ImproperlyConfigured as error:
    sys.exit(str(error))

__all__ = [
    "broker",
    "delivery_jobs",
    "domain_rechecks",
    "housekeeping",
    "periodic_jobs",
    "row_jobs",
    "suppressions",
]
