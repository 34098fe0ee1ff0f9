"""What does a worker process load?

Start one master per process, at least two for each lane: a killed child takes its master along.

    dramatiq workers.main --queues codes --processes 1 --threads 8
    dramatiq workers.main --queues notices --processes 1 --threads 4
    dramatiq workers.main --queues bulk --processes 1 --threads 4

SIGTERM lets every thread finish the message in its hands; allow 30 seconds.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from workers.actors import broker, deliver, housekeeping  # noqa: E402

__all__ = ["broker", "deliver", "housekeeping"]
