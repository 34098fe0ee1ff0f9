"""CPU time that a worker needs for one email, and while it has nothing to do.

First a notice's whole job in a worker process: fetch the message, claim the row, render
three templates, call the provider over TLS, complete the delivery, write the timeline; the CPU is that of
the worker and its master. Then the call to the provider alone, the same email through our
pooled provider and through SendGrid's SDK as its manual shows, in turn. The provider speaks TLS on
loopback in a process of its own, whose CPU is not counted. Whole jobs are compared with the SDK's call alone, and
measured in turn with it, since both change with the machine. Last, the CPU that a worker process and its master use
while no message arrives.
"""

import json
import time
from statistics import median

from bench import fake_provider, measured_programs, pending_deliveries, sample_businesses
from bench.benchmark_report import Measurement, at_least, at_most
from bench.timing_statistics import run_alternately
from tenants.models import Delivery, Queue
from workers import queue

ROUNDS = 3
JOBS = 1_500
WARM_UP = 500
STARTUP_SECONDS, IDLE_SECONDS = 15, 20
SLUG = sample_businesses.SLUGS[0]


def run_benchmark() -> list[Measurement]:
    """Measure a worker's whole jobs, then the provider's calls alone."""
    with fake_provider.run_provider_process() as sending:
        idle = _idle_percentage(measured_programs.build_environment_variables(**sending))
        env = measured_programs.build_environment_variables(**sending)
        jobs, calls = run_alternately(ROUNDS, lambda: _measure_jobs_per_cpu_second(env), lambda: _measure_calls(env))
    whole, pooled, sdk = median(jobs), *(median(side) for side in zip(*calls, strict=True))
    return [
        Measurement(
            "whole jobs, against the SDK's call",
            f"{1000 / whole:.2f} ms each",
            f"{1000 / sdk:.1f} ms each (SDK)",
            whole / sdk,
            target=at_least(5),
        ),
        Measurement(
            "the call alone",
            f"{1000 / pooled:.2f} ms each",
            f"{1000 / sdk:.1f} ms each (SDK)",
            pooled,
            "/s of CPU",
            at_least(300),
        ),
        Measurement("the call alone, against the SDK", f"{pooled:.0f} /s of CPU", f"{sdk:.0f} /s of CPU", pooled / sdk),
        Measurement("a worker process without work", f"{idle:.2f} % of a core", "", idle, "% of a core", at_most(1)),
    ]


def create_and_enqueue_deliveries(count: int, *, through: Queue) -> None:
    """Create `count` pending deliveries, and enqueue each in the given queue."""
    pending_deliveries.create_deliveries(sample_businesses.get_business(SLUG), SLUG, Queue.NOTICES, count)
    for delivery_id in Delivery.objects.filter(queue=Queue.NOTICES, completed_at=None).values_list("pk", flat=True):
        queue.enqueue_delivery(queue=through, delivery_id=delivery_id)


def wait_until_pending_count(count: int, *, timeout: float = 300) -> int:
    """Wait until at most `count` notices are pending, and return how many are."""
    deadline = time.monotonic() + timeout
    while (pending := Delivery.objects.filter(queue=Queue.NOTICES, completed_at=None).count()) > count:
        assert time.monotonic() < deadline, f"{pending} notices are still pending"
        time.sleep(0.1)
    return pending


def _measure_jobs_per_cpu_second(env: dict[str, str]) -> float:
    create_and_enqueue_deliveries(JOBS, through=Queue.NOTICES)
    with measured_programs.run_workers("notices", env=env) as [worker]:
        before, began = wait_until_pending_count(JOBS - WARM_UP), measured_programs.cpu_seconds(worker)
        after = wait_until_pending_count(0)
        used = measured_programs.cpu_seconds(worker) - began
    pending_deliveries.delete_deliveries(Queue.NOTICES)
    return (before - after) / used


def _measure_calls(env: dict[str, str]) -> tuple[float, float]:
    """Return how many emails our provider, and SendGrid's SDK, send per CPU second."""
    pooled, sdk = json.loads(measured_programs.run_module(env, "bench.provider_call_rate"))
    return pooled, sdk


def _idle_percentage(env: dict[str, str]) -> float:
    """Return the CPU of a worker and its master while they wait for messages, in percent of one core."""
    with measured_programs.run_workers("notices", env=env) as [worker]:
        time.sleep(STARTUP_SECONDS)
        began = measured_programs.cpu_seconds(worker)
        time.sleep(IDLE_SECONDS)
        return 100 * (measured_programs.cpu_seconds(worker) - began) / IDLE_SECONDS
