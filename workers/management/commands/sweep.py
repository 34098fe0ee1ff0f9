"""Command that runs the sweeper."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from tenants import pooling
from workers.sweeper import Sweeper


class Command(BaseCommand):
    """Runs the sweeper until SIGTERM or Ctrl-C."""

    help = "Enqueue pending deliveries again, and send codes itself while the queue is unreachable. Runs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep until stopped."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        pooling.wait_for_session_pooling(pause=stop.wait)
        Sweeper().run_until_stopped(stop)
