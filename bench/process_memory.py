"""Resident memory of a web process and of a worker process after thousands of requests and jobs.

The memory (RSS) of the larger web process after a thousand people opened the sign-in
page, requested a code and opened the next page, and of the larger worker process after 10,000
jobs, each an email rendered and sent over TLS. RSS counts shared pages in full for each
process; the proportional share (PSS) is given too.
"""

from concurrent.futures import ThreadPoolExecutor

import psutil

from bench import fake_provider, measured_programs, pending_deliveries, sample_businesses
from bench.benchmark_report import Measurement, at_most
from bench.http_browser import HttpBrowser, KeepAliveConnection
from bench.worker_cpu import create_and_enqueue_deliveries, wait_until_pending_count
from config.local.child_processes import ChildProcess
from tenants.models import Queue

JOBS = 10_000
PEOPLE_PER_THREAD = 125
CONCURRENCY = 8
MB = 2**20


def run_benchmark() -> list[Measurement]:
    """Run a worker through its jobs and a web server through its requests, and measure both."""
    with fake_provider.run_provider_process() as sending:
        env = measured_programs.build_environment_variables(TRUSTED_PROXY_COUNT="1", **sending)
        create_and_enqueue_deliveries(JOBS, through=Queue.CODES)
        with measured_programs.run_workers("codes-1", env=env) as [worker]:
            wait_until_pending_count(0)
            job = _measure_process(f"worker process after {JOBS:,} jobs", worker, limit=160)
        pending_deliveries.delete_deliveries(Queue.NOTICES)
        with measured_programs.run_server("config.wsgi:application", env) as (server, port):
            with ThreadPoolExecutor(CONCURRENCY) as pool:
                list(pool.map(_request_codes, [port] * CONCURRENCY, range(CONCURRENCY)))
            web = _measure_process(
                f"web process after {CONCURRENCY * PEOPLE_PER_THREAD * 3:,} requests", server, limit=180
            )
    return [web, job]


def _request_codes(port: int, offset: int) -> None:
    connection = KeepAliveConnection(port)
    people = list(sample_businesses.iter_clients())[offset::CONCURRENCY]
    for slug, address in people[:PEOPLE_PER_THREAD]:
        browser = HttpBrowser(connection, f"{slug}.localhost", "csrf")
        assert browser.get("/sign-in/").status == 200
        assert browser.post("/sign-in/", identifier=address).status == 302
        assert browser.get("/sign-in/code/").status == 200
    connection.close()


def _measure_process(what: str, program: ChildProcess, *, limit: int) -> Measurement:
    """Measure the largest of a program's processes."""
    master = psutil.Process(program.pid)
    memory_infos = [process.memory_full_info() for process in [master, *master.children(recursive=True)]]
    largest = max(memory_infos, key=lambda info: info.rss)
    shares = f"{largest.rss / MB:.0f} MB RSS, {getattr(largest, 'pss', 0) / MB:.0f} MB PSS"
    return Measurement(what, shares, "", largest.rss / MB, "MB", at_most(limit))
