"""Serve Prometheus metrics on a port of their own, never on the public one."""

import signal
from threading import Event
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from prometheus_client import REGISTRY, CollectorRegistry, make_wsgi_app
from prometheus_client.multiprocess import MultiProcessCollector

from tenants import metrics  # noqa: F401  (makes the directory the collector reads)
from tenants.metrics_collector import DatabaseCollector


class QuietRequestHandler(WSGIRequestHandler):
    """Serves scrapes without a log line for each, and drops slow connections."""

    timeout = 10

    def log_message(self, *args: object) -> None:
        """Log nothing."""


class Command(BaseCommand):
    help = "Serve Prometheus metrics on METRICS_HOST:METRICS_PORT until stopped."

    def handle(self, **options: object) -> None:
        """Serve the metrics of all processes and of the database until a signal stops the command."""
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            # A flag, because wsgiref catches every exception during a request, KeyboardInterrupt too.
            signal.signal(number, lambda *_: stopping.set())
        with _make_metrics_server() as server:
            self.stdout.write(f"Metrics at http://{settings.METRICS_HOST}:{server.server_port}/metrics")
            while not stopping.is_set():
                server.handle_request()


def build_metrics_registry() -> CollectorRegistry:
    """Return a registry of all metrics: those of all processes with PROMETHEUS_MULTIPROC_DIR, else of this one."""
    if not settings.METRICS_DIR:
        REGISTRY.register(DatabaseCollector())
        return REGISTRY
    every = CollectorRegistry()
    MultiProcessCollector(every)
    every.register(DatabaseCollector())
    return every


def _make_metrics_server() -> WSGIServer:
    address = settings.METRICS_HOST, settings.METRICS_PORT
    try:
        server = make_server(*address, make_wsgi_app(build_metrics_registry()), handler_class=QuietRequestHandler)
    except OSError as error:
        raise CommandError(
            f"Metrics can't use {address[0]}:{address[1]}: {error.strerror}. Set METRICS_PORT."
        ) from None
    server.timeout = 0.5  # the longest that stopping may take, in seconds
    return server
