"""How much memory do the processes hold once they have worked?

Resident memory (RSS) of the larger granian worker after a thousand people opened the sign-in
page, asked for a code and opened the next page, and of the larger worker process after 10,000
jobs, each a mail rendered and sent over TLS. RSS counts what processes share in full for each;
their fair share of it (PSS) is given beside it.
"""

from concurrent.futures import ThreadPoolExecutor

import psutil

from bench import businesses, ground, mail, provider
from bench.browser import Browser, Line
from bench.report import Finding, at_most
from bench.sending import owe_and_ring, until_owed
from config.local.processes import Process
from tenants.models import Lane

JOBS = 10_000
PEOPLE_EACH = 125
AT_ONCE = 8
MB = 2**20


def measure() -> list[Finding]:
    """Have a worker do its jobs and a web server answer, and weigh both."""
    with provider.apart() as sending:
        env = ground.environment(TRUSTED_PROXY_COUNT="1", **sending)
        owe_and_ring(JOBS, ring=Lane.CODES)
        with ground.working("codes-1", env=env) as [worker]:
            until_owed(0)
            job = _weigh(f"worker process after {JOBS:,} jobs", worker, limit=160)
        mail.forget(Lane.NOTICES)
        with ground.serving("config.wsgi:application", env) as (server, port):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(_visit, [port] * AT_ONCE, range(AT_ONCE)))
            web = _weigh(f"web process after {AT_ONCE * PEOPLE_EACH * 3:,} requests", server, limit=180)
    return [web, job]


def _visit(port: int, turn: int) -> None:
    line = Line(port)
    people = list(businesses.everybody())[turn::AT_ONCE]
    for slug, address in people[:PEOPLE_EACH]:
        browser = Browser(line, f"{slug}.localhost", "csrf")
        assert browser.get("/sign-in/").status == 200
        assert browser.post("/sign-in/", identifier=address).status == 302
        assert browser.get("/sign-in/code/").status == 200
    line.close()


def _weigh(what: str, program: Process, *, limit: int) -> Finding:
    """Weigh the heaviest of a program's processes."""
    master = psutil.Process(program.pid)
    weights = [process.memory_full_info() for process in [master, *master.children(recursive=True)]]
    heaviest = max(weights, key=lambda weight: weight.rss)
    shares = f"{heaviest.rss / MB:.0f} MB RSS, {getattr(heaviest, 'pss', 0) / MB:.0f} MB PSS"
    return Finding(what, shares, "", heaviest.rss / MB, "MB", at_most(limit))
