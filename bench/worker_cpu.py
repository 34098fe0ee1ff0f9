"""CPU time that a worker needs for one email, and while it has nothing to do.

First a notice's whole job in a worker process: fetch the message, claim the row, render
three templates, call the provider over TLS, complete the delivery, write the timeline; the CPU is that of
the worker and its master. Then the call to the provider alone, the same email through our
pooled provider and through SendGrid's SDK as its manual shows, in turn. The provider speaks TLS on
loopback in a process of its own, whose CPU is not counted. Whole jobs are compared with the SDK's call alone, since
both change with the machine. Last, the CPU that a worker process and its master use while no message arrives.
"""

import json
import time

from bench import businesses, deliveries, environment, fake_provider
from bench.report import Measurement, at_least, at_most
from tenants.models import Delivery, Queue
from workers import queue

JOBS = 3_000
WARM_UP = 500
STARTUP_SECONDS, IDLE_SECONDS = 15, 20
SLUG = businesses.SLUGS[0]


def measure() -> list[Measurement]:
    """Measure a worker's whole jobs, then the provider's calls alone."""
    with fake_provider.run_in_process() as sending:
        idle = _idle_percentage(environment.build_variables(**sending))
        whole = _whole_jobs(environment.build_variables(**sending))
        pooled, sdk = json.loads(environment.run_module(environment.build_variables(**sending), "bench.provider_calls"))
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


def create_and_enqueue(count: int, *, through: Queue) -> None:
    """Create `count` pending deliveries, and enqueue each in the given queue."""
    deliveries.create_deliveries(businesses.get_business(SLUG), SLUG, Queue.NOTICES, count)
    for delivery_id in Delivery.objects.filter(queue=Queue.NOTICES, completed_at=None).values_list("pk", flat=True):
        queue.enqueue_delivery(queue=through, delivery_id=delivery_id)


def wait_until_pending(count: int, *, timeout: float = 300) -> int:
    """Wait until at most `count` notices are pending, and return how many are."""
    deadline = time.monotonic() + timeout
    while (pending := Delivery.objects.filter(queue=Queue.NOTICES, completed_at=None).count()) > count:
        assert time.monotonic() < deadline, f"{pending} notices are still pending"
        time.sleep(0.1)
    return pending


def _whole_jobs(env: dict[str, str]) -> float:
    create_and_enqueue(JOBS, through=Queue.NOTICES)
    with environment.run_workers("notices", env=env) as [worker]:
        before, began = wait_until_pending(JOBS - WARM_UP), environment.cpu_seconds(worker)
        after = wait_until_pending(0)
        used = environment.cpu_seconds(worker) - began
    deliveries.delete_deliveries(Queue.NOTICES)
    return (before - after) / used


def _idle_percentage(env: dict[str, str]) -> float:
    """Return the CPU of a worker and its master while they wait for messages, in percent of one core."""
    with environment.run_workers("notices", env=env) as [worker]:
        time.sleep(STARTUP_SECONDS)
        began = environment.cpu_seconds(worker)
        time.sleep(IDLE_SECONDS)
        return 100 * (environment.cpu_seconds(worker) - began) / IDLE_SECONDS
