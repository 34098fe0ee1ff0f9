"""Command that enqueues periodic jobs."""

import logging
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from tenants import database_clock
from tenants.connections import close_dead_connection
from workers.schedule import PeriodicTask, build_schedule

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 30


class Command(BaseCommand):
    """Enqueues periodic jobs when they are due, until SIGTERM or Ctrl-C."""

    help = "Enqueue the periodic jobs of workers/schedule.py and of the nouns. Runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --once for a Kubernetes CronJob."""
        parser.add_argument("--once", action="store_true", help="Enqueue every job once and exit.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Enqueue due jobs until stopped, also after database or broker were unreachable."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        tasks = build_schedule()
        self._run_due_tasks(tasks)
        while not once and not stop.wait(INTERVAL_SECONDS):
            self._run_due_tasks(tasks)

    def _run_due_tasks(self, tasks: list[PeriodicTask]) -> None:
        try:
            close_old_connections()
            close_dead_connection()
            for task in tasks:
                task.enqueue_if_due(database_clock.now())
        except (OperationalError, InterfaceError) as error:
            log.error("database unavailable: %s", type(error).__name__)
            connection.close()
