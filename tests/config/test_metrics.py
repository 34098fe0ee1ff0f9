"""Metrics are summed over all processes and served on a port of their own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tenants import metrics
from tenants.metrics_collector import DatabaseCollector
from tenants.models import Channel, Delivery, DeliveryState, Platform, ProviderEvent, Queue, WebhookDelivery
from tenants.webhooks import streams

pytestmark = pytest.mark.slow

COUNT_SCRIPT = (
    "from tenants import metrics; metrics.CODES_REQUESTED.inc(3); metrics.BREAKER_OPEN.labels('sendgrid').set(1)"
)


def scrape_gauges() -> dict[str, float]:
    """Return the gauges of a scrape by name."""
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    lines = generate_latest(registry).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def create_delivery(business, *, queue=Queue.CODES, due: int, state=DeliveryState.QUEUED, **more) -> Delivery:
    """Create a pending delivery that has been due for some seconds."""
    now = timezone.now()
    return Delivery.objects.create(
        business=business,
        message_id=uuid.uuid4(),
        queue=queue,
        channel=Channel.EMAIL,
        state=state,
        created_at=now - timedelta(hours=1),
        due_at=now - timedelta(seconds=due),
        deadline_at=now + timedelta(hours=1),
        **more,
    )


def test_on_an_idle_platform_all_queues_are_empty(db):
    values = scrape_gauges()

    assert values["portico_database_up"] == 1
    assert {values[f'portico_queue_depth{{queue="{queue}"}}'] for queue in Queue} == {0}
    assert {values[f'portico_queue_age_seconds{{queue="{queue}"}}'] for queue in Queue} == {0}
    assert values['portico_businesses{status="active"}'] == 2


def test_pending_webhooks_are_counted(acme, globex):
    now = timezone.now()
    for business, due_at in ((acme, now - timedelta(seconds=90)), (globex, now + timedelta(hours=1))):
        endpoint_id, ids = uuid.uuid4(), {"event_id": uuid.uuid4(), "object_id": uuid.uuid4()}
        streams.create_stream(business_id=business.pk, endpoint_id=endpoint_id)
        WebhookDelivery.objects.create(endpoint_id=endpoint_id, due_at=due_at, **ids)
    values = scrape_gauges()

    assert values["portico_webhooks_pending"] == 2
    assert 90 <= values["portico_webhooks_wait_seconds"] < 3600


def test_the_age_of_a_queue_is_that_of_its_oldest_pending_delivery(acme, globex):
    create_delivery(acme, due=40)
    create_delivery(globex, due=90, state=DeliveryState.UNCLEAR)
    create_delivery(globex, due=-600)
    create_delivery(globex, due=900, state=DeliveryState.ACCEPTED, completed_at=timezone.now())
    create_delivery(acme, due=7, queue=Queue.BULK)

    values = scrape_gauges()

    assert values['portico_queue_depth{queue="codes"}'] == 2
    assert 90 <= values['portico_queue_age_seconds{queue="codes"}'] < 100
    assert values['portico_queue_depth{queue="bulk"}'] == 1
    assert values['portico_queue_depth{queue="notices"}'] == 0


def test_pending_provider_events_are_counted(db):
    now = timezone.now()
    event = {"provider": "twilio", "delivery_id": uuid.uuid4(), "state": 60, "happened_at": now}
    ProviderEvent.objects.create(provider_event_id="1", received_at=now - timedelta(seconds=30), **event)
    ProviderEvent.objects.create(provider_event_id="2", received_at=now - timedelta(hours=1), applied_at=now, **event)

    values = scrape_gauges()

    assert values["portico_provider_events_pending"] == 1
    assert 30 <= values["portico_provider_events_age_seconds"] < 40


def test_attack_mode_is_reported_while_it_lasts(acme, globex):
    now = timezone.now()
    for business, until in ((acme, now + timedelta(hours=1)), (globex, now - timedelta(hours=1))):
        business.attack_until = until
        business.save(update_fields=["attack_until"])
    Platform.objects.update_or_create(id=1, defaults={"attack_until": now - timedelta(seconds=1)})

    values = scrape_gauges()

    assert (values["portico_businesses_under_attack"], values["portico_platform_under_attack"]) == (1, 0)


def test_a_dead_connection_does_not_report_the_database_as_down(dead_connection):
    assert scrape_gauges()["portico_database_up"] == 1


def test_a_scrape_succeeds_and_reports_the_database_as_down(monkeypatch, db):
    def raise_operational_error(*args):
        raise OperationalError

    monkeypatch.setattr("tenants.metrics_collector.collect_queue_metrics", raise_operational_error)
    monkeypatch.setattr("django.db.connection.close", lambda: None)

    assert scrape_gauges() == {"portico_database_up": 0}


def test_requests_are_counted_by_route_and_never_by_path(acme, portal_client):
    before = REGISTRY.get_sample_value("portico_http_requests_total", _build_sign_in_labels("POST", "403")) or 0
    browser = portal_client(acme)
    for path in ("/made-up-1/", "/made-up-2/?q=3"):
        browser.get(path)
    browser.generic("MADEUP", "/sign-in/")
    Client(enforce_csrf_checks=True, headers={"host": "acme.localhost"}).post("/sign-in/")

    text = generate_latest(REGISTRY).decode()

    assert [made_up for made_up in ("made-up", "MADEUP", "acme") if made_up in text] == []
    assert 'route="none"' in text
    assert 'method="OTHER"' in text
    assert REGISTRY.get_sample_value("portico_http_requests_total", _build_sign_in_labels("POST", "403")) == before + 1


def test_every_metric_has_our_prefix_and_a_description():
    metrics_of_ours = [value for value in vars(metrics).values() if isinstance(value, Counter | Gauge | Histogram)]
    families = [family for metric in metrics_of_ours for family in metric.describe()]

    assert len({family.name for family in families}) >= 9
    for family in families:
        assert family.name.startswith("portico_")
        assert family.documentation.endswith(".")


def test_every_metric_in_the_runbook_and_the_cluster_exists(db):
    text = "\n".join([generate_latest(REGISTRY).decode(), *scrape_gauges()])
    files = [path for folder in ("docs", "k8s") for path in (settings.BASE_DIR / folder).rglob("*.*")]
    texts = [path for path in files if path.suffix in (".md", ".yaml", ".env")]
    named = {name for path in texts for name in re.findall(r"\bportico_[a-z_]+", path.read_text())}

    assert named
    assert {name for name in named if name not in text} == set()


@pytest.fixture
def scrape_metrics(tmp_path, django_db_setup) -> Iterator[str]:
    """Serve the metrics of several processes as production does, and return what a scrape reads."""
    env = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "numbers"), "METRICS_PORT": "0"}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT_SCRIPT], env=env, check=True, timeout=100)
    command = [sys.executable, "-u", "manage.py", "metrics"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = re.search(r"http://127\.0\.0\.1:\d+/metrics", server.stdout.readline())[0]
            with urllib.request.urlopen(url, timeout=60) as answer:
                yield answer.read().decode()
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=100) == 0
        finally:
            server.kill()


def test_one_port_serves_the_sum_of_all_processes_and_the_queue_gauges(scrape_metrics):
    assert 'portico_codes_total{stage="requested"} 6.0' in scrape_metrics
    assert 'portico_breaker_open{provider="sendgrid"} 1.0' in scrape_metrics
    assert 'portico_queue_age_seconds{queue="codes"}' in scrape_metrics


@pytest.mark.parametrize("host", ["localhost", "acme.localhost", "nobody.localhost"])
@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/-/metrics", "/prometheus/metrics"])
def test_the_public_port_has_no_metrics(db, host, path):
    assert Client(headers={"host": host}).get(path).status_code == 404


def test_a_port_in_use_is_named_in_the_error(httpserver):
    env = os.environ | {"METRICS_PORT": str(httpserver.port)}
    done = subprocess.run(
        [sys.executable, "manage.py", "metrics"], env=env, capture_output=True, text=True, timeout=100
    )

    assert done.returncode == 1
    assert f"Metrics can't use 127.0.0.1:{httpserver.port}: Address already in use. Set METRICS_PORT." in done.stderr


def _build_sign_in_labels(method: str, status: str) -> dict[str, str]:
    return {"route": "access:sign-in", "method": method, "status": status}
