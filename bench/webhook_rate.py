"""Webhooks that a worker delivers per second of its CPU.

A thousand clients of each of four businesses change, and each business has one endpoint. The whole work of the program
is counted: whose turn it is, the building of the events with what the API shows of each client, their signatures, a
connection with TLS for each webhook, and the log. The receiver speaks TLS on loopback in a process of its own, whose
CPU is not counted.
"""

import time
from statistics import median

from django.utils import timezone

from bench import measured_programs, sample_businesses, webhook_sink
from bench.benchmark_report import Measurement, at_least
from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookEndpoint
from tenants.context import use_business
from tenants.models import WebhookDelivery

ROUNDS = 3
CLIENTS = 1_000
WARM_UP = 500


def run_benchmark() -> list[Measurement]:
    """Measure a worker with enough to do."""
    with webhook_sink.run_sink_process() as (url, trusting):
        env = measured_programs.build_environment_variables(**trusting)
        for slug in sample_businesses.SLUGS:
            _add_endpoint(slug, url)
        rate = median(_measure_webhooks_per_cpu_second(env) for _round in range(ROUNDS))
        for slug in sample_businesses.SLUGS:
            _remove_endpoints(slug)
    return [
        Measurement("webhooks sent", f"{1000 / rate:.2f} ms each", "", rate, "/s of CPU", at_least(300)),
    ]


def _add_endpoint(slug: str, url: str) -> None:
    business = sample_businesses.get_business(slug)
    with use_business(business):
        endpoints.add_endpoint(business=business, url=url, staff=None, now=timezone.now())


def _remove_endpoints(slug: str) -> None:
    with use_business(sample_businesses.get_business(slug)):
        for endpoint in WebhookEndpoint.objects.all():
            endpoints.remove_endpoint(endpoint=endpoint, staff=None, now=timezone.now())


def _change_clients(slug: str) -> None:
    """Record a change of each of some clients, which adds as many webhooks."""
    with use_business(sample_businesses.get_business(slug)):
        client_ids = [str(pk) for pk in Client.objects.order_by("pk").values_list("pk", flat=True)[:CLIENTS]]
        activity.record_same_event(
            ClientEvent.CHANGED, client_ids=f"{{{','.join(client_ids)}}}", at=timezone.now(), subject_id=client_ids[0]
        )


def _measure_webhooks_per_cpu_second(env: dict[str, str]) -> float:
    for slug in sample_businesses.SLUGS:
        _change_clients(slug)
    total = WebhookDelivery.objects.count()
    with measured_programs.run_workers("webhooks", env=env) as [worker]:
        before, began = _wait_until_pending_count(total - WARM_UP), measured_programs.cpu_seconds(worker)
        after = _wait_until_pending_count(0)
        used = measured_programs.cpu_seconds(worker) - began
    return (before - after) / used


def _wait_until_pending_count(count: int, *, timeout: float = 300) -> int:
    """Wait until at most `count` webhooks are pending, and return how many are."""
    deadline = time.monotonic() + timeout
    while (pending := WebhookDelivery.objects.count()) > count:
        assert time.monotonic() < deadline, f"{pending} webhooks are still pending"
        time.sleep(0.1)
    return pending
