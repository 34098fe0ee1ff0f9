"""Prometheus gauges that are read from the database with every scrape."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tenants import database_clock, job_runs
from tenants.connections import close_dead_connection
from tenants.models import (
    Business,
    BusinessStatus,
    Delivery,
    Platform,
    ProviderEvent,
    Queue,
    SmsStopReason,
    WebhookDelivery,
)
from tenants.models.delivery import PENDING
from tenants.nouns import registry
from tenants.sms_limits.stops import list_active_stops
from tenants.sms_limits.usage import compute_platform_cost
from tenants.webhooks import streams


class DatabaseCollector(Collector):
    """Collects what is pending, attack modes, texts and businesses at the time of the scrape."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing, so that registering runs no query."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge, or only `portico_database_up 0` while the database is unavailable."""
        now = database_clock.now()
        close_dead_connection()
        try:
            gauges = [
                *collect_queue_metrics(now),
                *_collect_provider_event_metrics(now),
                *_collect_webhook_metrics(now),
                *_collect_attack_metrics(now),
                *_collect_business_metrics(),
                *_collect_job_metrics(),
                *_collect_sms_metrics(now),
            ]
        except (OperationalError, InterfaceError):
            connection.close()
            gauges = []
        yield _build_gauge("database_up", "1 while the database answers.", bool(gauges))
        yield from gauges


def collect_queue_metrics(now: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield how many deliveries of each queue are due, and how long the oldest has waited."""
    due = Delivery.objects.filter(PENDING, completed_at=None, due_at__lte=now)
    rows = due.values("queue").annotate(depth=Count("pk"), oldest=Min("due_at"))
    queues = {row["queue"]: row for row in rows}
    depth = GaugeMetricFamily("portico_queue_depth", "Deliveries that are due and not completed.", labels=["queue"])
    age = GaugeMetricFamily("portico_queue_age_seconds", "How long the oldest of them has been due.", labels=["queue"])
    for queue in Queue.values:
        row = queues.get(queue)
        depth.add_metric([queue], row["depth"] if row else 0)
        age.add_metric([queue], (now - row["oldest"]).total_seconds() if row else 0)
    yield from (depth, age)


def _collect_provider_event_metrics(now: datetime) -> Iterator[GaugeMetricFamily]:
    pending = ProviderEvent.objects.filter(applied_at=None).aggregate(depth=Count("pk"), oldest=Min("received_at"))
    age = (now - pending["oldest"]).total_seconds() if pending["oldest"] else 0
    yield _build_gauge("provider_events_pending", "Provider events stored and not yet applied.", pending["depth"])
    yield _build_gauge("provider_events_age_seconds", "How long the oldest of them has waited.", age)


def _collect_webhook_metrics(now: datetime) -> Iterator[GaugeMetricFamily]:
    wait = streams.compute_longest_wait(now).total_seconds()
    pending = WebhookDelivery.objects.count()
    yield _build_gauge("webhooks_pending", "Webhooks of businesses that are still to be sent, or sent again.", pending)
    yield _build_gauge(
        "webhooks_wait_seconds", "How long an endpoint with due webhooks has waited for a worker, at most.", wait
    )


def _collect_attack_metrics(now: datetime) -> Iterator[GaugeMetricFamily]:
    platform = Platform.objects.filter(attack_until__gt=now).exists()
    businesses = Business.objects.filter(attack_until__gt=now).count()
    yield _build_gauge("platform_under_attack", "1 while the whole platform is in attack mode.", platform)
    yield _build_gauge("businesses_under_attack", "Businesses in attack mode.", businesses)


def _collect_business_metrics() -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily("portico_businesses", "Businesses by status.", labels=["status"])
    counted = dict(Business.objects.values_list("status").annotate(Count("pk")))
    for status in BusinessStatus.values:
        family.add_metric([status], counted.get(status, 0))
    yield family


def _collect_job_metrics() -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily("portico_jobs_stopped", "Jobs that failed again and again.", labels=["job"])
    counted = dict(job_runs.list_stopped_runs().order_by().values_list("job").annotate(Count("pk")))
    for job, count in (dict.fromkeys(registry.get_row_jobs(), 0) | counted).items():
        family.add_metric([job], count)
    yield family


def _collect_sms_metrics(now: datetime) -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily("portico_sms_stops", "Businesses some of whose texts are stopped.", labels=["reason"])
    businesses = Count("business", distinct=True)
    counted = dict(list_active_stops(now=now).order_by().values_list("reason").annotate(businesses))
    for reason in SmsStopReason.values:
        family.add_metric([reason], counted.get(reason, 0))
    yield family
    cost = compute_platform_cost(now=now)
    yield _build_gauge("sms_cost_cents", "What the texts of the last 24 hours cost, in US cents.", cost)
    yield _build_gauge("sms_budget_cents", "What they may cost: SMS_PLATFORM_BUDGET.", settings.SMS_PLATFORM_BUDGET)


def _build_gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"portico_{name}", documentation, value=float(value))
