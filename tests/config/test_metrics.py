"""Do the numbers add up over all processes, and are they found on a port of their own alone?"""

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
from tenants.database_metrics import DatabaseCollector
from tenants.models import Channel, Delivery, DeliveryState, Platform, ProviderEvent, Queue

pytestmark = pytest.mark.slow

COUNT = "from tenants import metrics; metrics.CODES_REQUESTED.inc(3); metrics.BREAKER_OPEN.labels('sendgrid').set(1)"


def gauges() -> dict[str, float]:
    """Return what a scrape would read of the database."""
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    lines = generate_latest(registry).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def owe(business, *, queue=Queue.CODES, due: int, state=DeliveryState.QUEUED, **more) -> Delivery:
    """Owe a message that has been due for so many seconds."""
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


def test_an_idle_platform_waits_for_nothing(db):
    read = gauges()

    assert read["portico_database_up"] == 1
    assert {read[f'portico_queue_depth{{queue="{queue}"}}'] for queue in Queue} == {0}
    assert {read[f'portico_queue_age_seconds{{queue="{queue}"}}'] for queue in Queue} == {0}
    assert read['portico_businesses{status="active"}'] == 2


def test_a_lane_is_as_old_as_its_oldest_debt(acme, globex):
    owe(acme, due=40)
    owe(globex, due=90, state=DeliveryState.UNCLEAR)
    owe(globex, due=-600)
    owe(globex, due=900, state=DeliveryState.ACCEPTED, completed_at=timezone.now())
    owe(acme, due=7, queue=Queue.BULK)

    read = gauges()

    assert read['portico_queue_depth{queue="codes"}'] == 2
    assert 90 <= read['portico_queue_age_seconds{queue="codes"}'] < 100
    assert read['portico_queue_depth{queue="bulk"}'] == 1
    assert read['portico_queue_depth{queue="notices"}'] == 0


def test_events_that_nobody_applied_show(db):
    now = timezone.now()
    event = {"provider": "twilio", "delivery_id": uuid.uuid4(), "state": 60, "happened_at": now}
    ProviderEvent.objects.create(provider_event_id="1", received_at=now - timedelta(seconds=30), **event)
    ProviderEvent.objects.create(provider_event_id="2", received_at=now - timedelta(hours=1), applied_at=now, **event)

    read = gauges()

    assert read["portico_provider_events_pending"] == 1
    assert 30 <= read["portico_provider_events_age_seconds"] < 40


def test_an_attack_shows_for_as_long_as_it_lasts(acme, globex):
    now = timezone.now()
    for business, until in ((acme, now + timedelta(hours=1)), (globex, now - timedelta(hours=1))):
        business.attack_until = until
        business.save(update_fields=["attack_until"])
    Platform.objects.update_or_create(id=1, defaults={"attack_until": now - timedelta(seconds=1)})

    read = gauges()

    assert (read["portico_businesses_under_attack"], read["portico_platform_under_attack"]) == (1, 0)


def test_a_connection_that_ended_with_the_server_doesn_t_say_that_the_database_is_away(dead_connection):
    assert gauges()["portico_database_up"] == 1


def test_while_the_database_is_away_a_scrape_says_so_and_succeeds(monkeypatch, db):
    def away(*args):
        raise OperationalError

    monkeypatch.setattr("tenants.database_metrics._queue_metrics", away)
    monkeypatch.setattr("django.db.connection.close", lambda: None)

    assert gauges() == {"portico_database_up": 0}


def test_a_request_is_counted_by_route_and_never_by_what_a_visitor_makes_up(acme, portal_client):
    before = REGISTRY.get_sample_value("portico_http_requests_total", _sign_in("POST", "403")) or 0
    browser = portal_client(acme)
    for path in ("/made-up-1/", "/made-up-2/?q=3"):
        browser.get(path)
    browser.generic("MADEUP", "/sign-in/")
    Client(enforce_csrf_checks=True, headers={"host": "acme.localhost"}).post("/sign-in/")

    told = generate_latest(REGISTRY).decode()

    assert [made_up for made_up in ("made-up", "MADEUP", "acme") if made_up in told] == []
    assert 'route="none"' in told
    assert 'method="OTHER"' in told
    assert REGISTRY.get_sample_value("portico_http_requests_total", _sign_in("POST", "403")) == before + 1


def test_every_metric_is_ours_by_name_and_says_what_it_is():
    ours = [value for value in vars(metrics).values() if isinstance(value, Counter | Gauge | Histogram)]
    families = [family for metric in ours for family in metric.describe()]

    assert len({family.name for family in families}) >= 9
    for family in families:
        assert family.name.startswith("portico_")
        assert family.documentation.endswith(".")


def test_what_the_runbook_and_the_cluster_ask_for_is_counted(db):
    told = "\n".join([generate_latest(REGISTRY).decode(), *gauges()])
    files = [path for folder in ("docs", "k8s") for path in (settings.BASE_DIR / folder).rglob("*.*")]
    texts = [path for path in files if path.suffix in (".md", ".yaml", ".env")]
    asked = {name for path in texts for name in re.findall(r"\bportico_[a-z_]+", path.read_text())}

    assert asked
    assert {name for name in asked if name not in told} == set()


@pytest.fixture
def scrape(tmp_path, django_db_setup) -> Iterator[str]:
    """Serve the metrics of several processes as production does, and return what a scrape reads."""
    env = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "numbers"), "METRICS_PORT": "0"}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=env, check=True, timeout=100)
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


def test_one_port_tells_what_all_processes_counted_and_what_is_owed(scrape):
    assert 'portico_codes_total{stage="requested"} 6.0' in scrape
    assert 'portico_breaker_open{provider="sendgrid"} 1.0' in scrape
    assert 'portico_queue_age_seconds{queue="codes"}' in scrape


@pytest.mark.parametrize("host", ["localhost", "acme.localhost", "nobody.localhost"])
@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/-/metrics", "/prometheus/metrics"])
def test_the_public_port_has_no_metrics(db, host, path):
    assert Client(headers={"host": host}).get(path).status_code == 404


def test_a_port_that_is_taken_is_told_in_a_sentence(httpserver):
    env = os.environ | {"METRICS_PORT": str(httpserver.port)}
    done = subprocess.run(
        [sys.executable, "manage.py", "metrics"], env=env, capture_output=True, text=True, timeout=100
    )

    assert done.returncode == 1
    assert f"Metrics can't use 127.0.0.1:{httpserver.port}: Address already in use. Set METRICS_PORT." in done.stderr


def _sign_in(method: str, status: str) -> dict[str, str]:
    return {"route": "access:sign-in", "method": method, "status": status}
