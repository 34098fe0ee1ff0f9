"""Command that sends webhooks."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from portal.integrations.webhooks.worker import WebhookWorker
from tenants import database_clock, pooling


class Command(BaseCommand):
    """Runs a webhook worker until SIGTERM or Ctrl-C."""

    help = "Send the webhooks of all businesses. Runs until stopped; any number may run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send until stopped."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        pooling.wait_for_session_pooling(pause=stop.wait)
        WebhookWorker(clock=database_clock.now).run_until_stopped(stop)
