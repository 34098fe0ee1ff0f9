"""How long after somebody asked does the provider's call begin, on a quiet day and beside a flood?

From the moment the form is sent to the moment the mail has arrived at the provider: web
server, PostgreSQL, Redis, a worker of the `codes` lane, rendering and all. Then again while
another business owes 100,000 notices, which two threads of the `notices` lane and the sweeper
work off. One person at a time, at irregular moments. The quickest tenth tells what it takes
while nobody else wants the core.
"""

import random
import time
from contextlib import ExitStack
from statistics import median

from bench import businesses, ground, mail
from bench.browser import Browser, Line
from bench.provider import Provider
from bench.report import Finding, at_most
from bench.turns import percentile
from tenants.models import Lane

ASKS = 300
NOTICES = 100_000
FLOODED = businesses.SLUGS[-1]
PAUSES = (0.02, 0.12)


def measure() -> list[Finding]:
    """Ask on a quiet day, then beside the flood."""
    people = ((slug, address) for slug, address in businesses.everybody() if slug != FLOODED)
    with ExitStack() as stack:
        provider = stack.enter_context(Provider())
        env = ground.environment(TRUSTED_PROXY_COUNT="1", **provider.settings)
        _web, port = stack.enter_context(ground.serving("config.wsgi:application", env))
        stack.enter_context(ground.working("codes-1", "codes-2", env=env))
        _waits(port, provider, people, count=20)
        quiet = _waits(port, provider, people)
        mail.owe(businesses.by_slug(FLOODED), FLOODED, Lane.NOTICES, NOTICES)
        with ground.working("notices", "sweep", env=env):
            _until_it_floods(provider)
            busy = _waits(port, provider, people)
        mail.forget(Lane.NOTICES)
    return _findings(quiet, busy)


def _findings(quiet: list[float], busy: list[float]) -> list[Finding]:
    worst_quiet, worst_busy = percentile(quiet, 0.99), percentile(busy, 0.99)
    more = max(0.0, worst_busy - worst_quiet)
    return [
        Finding("ask → provider, median", _ms(median(quiet)), "", median(quiet) * 1000, "ms", at_most(50)),
        Finding("ask → provider, p99", _ms(worst_quiet), "", worst_quiet * 1000, "ms", at_most(150)),
        Finding(
            "ask → provider, the quickest tenth", _ms(percentile(quiet, 0.1)), "", percentile(quiet, 0.1) * 1000, "ms"
        ),
        Finding("beside 100,000 notices, median", _ms(median(busy)), "", median(busy) * 1000, "ms"),
        Finding("beside 100,000 notices, p99 more by", _ms(worst_busy), "", more * 1000, "ms", at_most(1000)),
    ]


def _waits(port: int, provider: Provider, people, count: int = ASKS) -> list[float]:
    line = Line(port)
    waits = []
    for _ in range(count):
        time.sleep(random.uniform(*PAUSES))
        slug, address = next(people)
        code = provider.expect(address)
        began = time.monotonic()
        assert Browser(line, f"{slug}.localhost", "csrf").post("/sign-in/", identifier=address).status == 302
        assert code.here.wait(30), "no code arrived"
        waits.append(code.at - began)
    line.close()
    return waits


def _until_it_floods(provider: Provider) -> None:
    before = provider.arrived.count
    deadline = time.monotonic() + 30
    while provider.arrived.count < before + 100:
        assert time.monotonic() < deadline, "the notices don't move"
        time.sleep(0.1)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
