"""Response time of a sign-in page beside 200 slow senders and 200 slow readers, compared with an idle server.

The page of one business is requested every few milliseconds, each time over a new connection, in
turn: while nobody else is connected, while 200 others send a form to another
business at one byte a second, and while 200 others leave a file unread that is larger than
what the kernel keeps for a connection. Each of them comes from a network of its own. The web
server waits for them longer than a turn lasts.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from statistics import median

from bench import measured_programs, sample_businesses
from bench.benchmark_report import Measurement, at_most
from bench.http_browser import HttpBrowser, KeepAliveConnection
from bench.timing_statistics import compute_percentile, run_alternately
from tests.attacks.slow_connections import open_slow_readers, open_slow_senders, send_one_byte_each

CONNECTIONS = 200
ROUNDS = 5
PAGES_PER_ROUND = 300
# Until the kernel's buffers are full.
PAGES_BEFORE = 100
PAUSE_SECONDS = 0.005
UNREAD_FILE = "slow-readers.bin"
UNREAD_BYTES = 4 * 2**20
TIMEOUTS = {"REQUEST_BODY_TIMEOUT": "600", "UPLOAD_TIMEOUT": "600", "RESPONSE_STALL_TIMEOUT": "600"}


def run_benchmark() -> list[Measurement]:
    """Measure the page in turn: alone, beside senders, beside readers."""
    file = Path(os.environ["STATIC_ROOT"]) / UNREAD_FILE
    file.write_bytes(bytes(UNREAD_BYTES))
    try:
        return _measure_sites()
    finally:
        file.unlink()


def _measure_sites() -> list[Measurement]:
    host = f"{sample_businesses.SLUGS[0]}.localhost"
    env = measured_programs.build_environment_variables(TRUSTED_PROXY_COUNT="1", **TIMEOUTS)
    with measured_programs.run_server("config.wsgi:application", env) as (_server, port):

        def build_measurement(connections: Callable[[], AbstractContextManager]) -> Callable[[], list[float]]:
            def measure() -> list[float]:
                with connections():
                    _request_pages(port, PAGES_BEFORE)
                    return _request_pages(port, PAGES_PER_ROUND)

            return measure

        alone, senders, readers = run_alternately(
            ROUNDS,
            build_measurement(nullcontext),
            build_measurement(lambda: _keep_sending(port, host)),
            build_measurement(lambda: open_slow_readers(port, CONNECTIONS, f"/static/{UNREAD_FILE}", host=host)),
        )
    return [
        measurement
        for what, rounds in (("senders", senders), ("readers", readers))
        for measurement in _compare(what, rounds, alone)
    ]


def _compare(what: str, loaded: Sequence[list[float]], alone: Sequence[list[float]]) -> list[Measurement]:
    name = f"sign-in page beside {CONNECTIONS} slow {what}"
    seconds, idle_seconds = ([each for one in rounds for each in one] for rounds in (loaded, alone))
    slow, idle = (compute_percentile(of, 0.99) for of in (seconds, idle_seconds))
    slow_median, idle_median = median(seconds), median(idle_seconds)
    return [
        Measurement(f"{name}, p99", _format_ms(slow), f"{_format_ms(idle)} idle", slow / idle, target=at_most(1.5)),
        Measurement(
            "the same, median", _format_ms(slow_median), f"{_format_ms(idle_median)} idle", slow_median / idle_median
        ),
    ]


@contextmanager
def _keep_sending(port: int, host: str) -> Iterator[None]:
    """Have slow senders send one byte a second each while the block lasts."""
    ended = threading.Event()
    with open_slow_senders(port, CONNECTIONS, host=host) as senders:
        thread = threading.Thread(target=_send_every_second, args=(senders, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _send_every_second(senders: Sequence[socket.socket], ended: threading.Event) -> None:
    while not ended.wait(1):
        send_one_byte_each(senders)


def _request_pages(port: int, count: int) -> list[float]:
    """Return the response times of a business's sign-in page, each over a connection of its own."""
    seconds = []
    for _ in range(count):
        time.sleep(PAUSE_SECONDS)
        began = time.perf_counter()
        connection = KeepAliveConnection(port)
        response = HttpBrowser(connection, f"{sample_businesses.SLUGS[1]}.localhost", "csrf").get("/sign-in/")
        seconds.append(time.perf_counter() - began)
        connection.close()
        assert response.status == 200, response.status
    return seconds


def _format_ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
