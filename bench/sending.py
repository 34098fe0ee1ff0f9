"""How much of a worker's CPU does one mail take?

First a notice's whole way through a worker process: pick up the bell, claim the row, render
three templates, call the provider over TLS, settle, write the timeline; the CPU is that of
the worker and its master. Then the call to the provider alone, the same mail through our
pooled provider and through SendGrid's SDK as it comes, in turn. The provider speaks TLS on
loopback in a process of its own, whose CPU is not counted.
"""

import json
import time

from bench import businesses, ground, mail, provider
from bench.report import Finding, at_least
from tenants.models import Delivery, Lane
from workers import queue

JOBS = 3_000
WARM_UP = 500
SLUG = businesses.SLUGS[0]


def measure() -> list[Finding]:
    """Let a worker send, then a process that does nothing else."""
    with provider.apart() as sending:
        whole = _whole_jobs(ground.environment(**sending))
        pooled, sdk = json.loads(ground.python(ground.environment(**sending), "bench.one_mail"))
    return [
        Finding("whole jobs", f"{1000 / whole:.2f} ms each", "", whole, "/s of CPU", at_least(300)),
        Finding(
            "the call alone",
            f"{1000 / pooled:.2f} ms each",
            f"{1000 / sdk:.1f} ms each (SDK)",
            pooled,
            "/s of CPU",
            at_least(300),
        ),
        Finding("the call alone, against the SDK", f"{pooled:.0f} /s of CPU", f"{sdk:.0f} /s of CPU", pooled / sdk),
    ]


def owe_and_ring(count: int, *, ring: Lane) -> None:
    """Owe so many notices, and ring in one lane for each."""
    mail.owe(businesses.by_slug(SLUG), SLUG, Lane.NOTICES, count)
    for delivery_id in Delivery.objects.filter(lane=Lane.NOTICES, settled_at=None).values_list("pk", flat=True):
        queue.ring(lane=ring, delivery_id=delivery_id)


def until_owed(count: int, *, within: float = 300) -> int:
    """Wait until so few notices are owed, and return how few."""
    deadline = time.monotonic() + within
    while (owed := Delivery.objects.filter(lane=Lane.NOTICES, settled_at=None).count()) > count:
        assert time.monotonic() < deadline, f"{owed} notices are still owed"
        time.sleep(0.1)
    return owed


def _whole_jobs(env: dict[str, str]) -> float:
    owe_and_ring(JOBS, ring=Lane.NOTICES)
    with ground.working("notices", env=env) as [worker]:
        before, began = until_owed(JOBS - WARM_UP), ground.cpu_of(worker)
        after = until_owed(0)
        spent = ground.cpu_of(worker) - began
    mail.forget(Lane.NOTICES)
    return (before - after) / spent
