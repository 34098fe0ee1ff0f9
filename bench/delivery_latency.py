"""Time from a code request to the provider's call, on an idle machine and beside 100,000 notices.

From the moment the form is sent to the moment the email has arrived at the provider: web
server, PostgreSQL, Redis, a worker of the `codes` queue and rendering included. Then again while
another business has 100,000 pending notices, which two threads of the `notices` queue and the sweeper
send. One person at a time, at irregular moments. The quickest tenth shows what it takes while
nothing else uses the core.
"""

import random
import time
from contextlib import ExitStack
from statistics import median

from bench import measured_programs, pending_deliveries, sample_businesses
from bench.benchmark_report import Measurement, at_most
from bench.fake_provider import FakeProvider
from bench.http_browser import HttpBrowser, KeepAliveConnection
from bench.timing_statistics import compute_percentile
from tenants.models import Queue

REQUESTS = 300
NOTICES = 100_000
BUSY_BUSINESS = sample_businesses.SLUGS[-1]
PAUSES = (0.02, 0.12)


def run_benchmark() -> list[Measurement]:
    """Measure while the workers are idle, then beside the notices."""
    clients = ((slug, address) for slug, address in sample_businesses.iter_clients() if slug != BUSY_BUSINESS)
    with ExitStack() as stack:
        provider = stack.enter_context(FakeProvider())
        env = measured_programs.build_environment_variables(TRUSTED_PROXY_COUNT="1", **provider.sendgrid_settings)
        _web, port = stack.enter_context(measured_programs.run_server("config.wsgi:application", env))
        stack.enter_context(measured_programs.run_workers("codes-1", "codes-2", env=env))
        _time_requests(port, provider, clients, count=20)
        idle = _time_requests(port, provider, clients)
        pending_deliveries.create_deliveries(
            sample_businesses.get_business(BUSY_BUSINESS), BUSY_BUSINESS, Queue.NOTICES, NOTICES
        )
        with measured_programs.run_workers("notices", "sweep", env=env):
            _wait_until_sending(provider)
            busy = _time_requests(port, provider, clients)
        pending_deliveries.delete_deliveries(Queue.NOTICES)
    return _build_measurements(idle, busy)


def _build_measurements(idle: list[float], busy: list[float]) -> list[Measurement]:
    idle_p99, busy_p99 = compute_percentile(idle, 0.99), compute_percentile(busy, 0.99)
    extra = max(0.0, busy_p99 - idle_p99)
    return [
        Measurement("request → provider, median", _format_ms(median(idle)), "", median(idle) * 1000, "ms", at_most(50)),
        Measurement("request → provider, p99", _format_ms(idle_p99), "", idle_p99 * 1000, "ms", at_most(150)),
        Measurement(
            "request → provider, the quickest tenth",
            _format_ms(compute_percentile(idle, 0.1)),
            "",
            compute_percentile(idle, 0.1) * 1000,
            "ms",
        ),
        Measurement("beside 100,000 notices, median", _format_ms(median(busy)), "", median(busy) * 1000, "ms"),
        Measurement("beside 100,000 notices, p99 more by", _format_ms(busy_p99), "", extra * 1000, "ms", at_most(1000)),
    ]


def _time_requests(port: int, provider: FakeProvider, clients, count: int = REQUESTS) -> list[float]:
    connection = KeepAliveConnection(port)
    times = []
    for _ in range(count):
        time.sleep(random.uniform(*PAUSES))
        slug, address = next(clients)
        email = provider.expect_email(address)
        began = time.monotonic()
        assert HttpBrowser(connection, f"{slug}.localhost", "csrf").post("/sign-in/", identifier=address).status == 302
        assert email.received.wait(30), "no code arrived"
        times.append(email.received_at - began)
    connection.close()
    return times


def _wait_until_sending(provider: FakeProvider) -> None:
    before = provider.requests.count
    deadline = time.monotonic() + 30
    while provider.requests.count < before + 100:
        assert time.monotonic() < deadline, "no notices are sent"
        time.sleep(0.1)


def _format_ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
