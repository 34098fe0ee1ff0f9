"""What does a worker process load?

Start one master per process, at least two for each lane: a killed child takes its master along.

    dramatiq workers.main --queues codes --processes 1 --threads 8
    dramatiq workers.main --queues notices --processes 1 --threads 4
    dramatiq workers.main --queues bulk --processes 1 --threads 4

SIGTERM lets every thread finish the message in its hands; allow 30 seconds.
"""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    django.setup()

    # These need the settings, which the line above has read.
    from tenants import pooling
    from tenants.checks import refuse_unsafe_settings
    from workers.actors import broker, deliver, housekeeping

    refuse_unsafe_settings()
    pooling.wait_until_safe()
except ImproperlyConfigured as refusal:
    sys.exit(str(refusal))

__all__ = ["broker", "deliver", "housekeeping"]
