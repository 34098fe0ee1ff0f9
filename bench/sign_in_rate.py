"""Sign-ins per second, and the response time of a code request, compared with django-allauth.

Portico against django-allauth 65's login by code in a small project of its own: the same
web server settings (2 processes), PostgreSQL, Redis for the limits and provider, sessions in the
database, another client each time who has signed in before. A sign-in is two POSTs. The
client learns the code from the email that reached the provider, so the figures include our whole
pipeline on the same cores: one process for the `codes` queue beside the web server, while
allauth sends within the request, over connections kept open. 32 people at a time; the CPU is
that of the web server's processes alone: what a sign-in costs where workers run on other
machines. Then, with a slow provider, ten people a round request a code one after the other; the quickest
tenth shows what a request takes while nothing else uses the core.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench import measured_programs, sample_businesses
from bench.benchmark_report import Measurement, at_least
from bench.fake_provider import FakeProvider
from bench.http_browser import HttpBrowser, KeepAliveConnection
from bench.measured_programs import cpu_seconds
from bench.timing_statistics import compute_percentile, run_alternately
from config.local.child_processes import ChildProcess
from tests.fakes.provider_faults import succeed_after

CONCURRENCY = 32
SECONDS = 6.0
ROUNDS = 5
REQUEST_ROUNDS = 12
REQUESTS_PER_ROUND = 10
PROVIDER_LATENCY = 0.150


@dataclass
class SignInSite:
    """One of the two sites: its server, its sign-in forms as (path, field), and the clients still to sign in."""

    web: ChildProcess
    port: int
    request_form: tuple[str, str]
    code_form: tuple[str, str]
    csrf_cookie: str
    clients: Iterator[tuple[str, str]]
    provider: FakeProvider

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def request_code(self, connection: KeepAliveConnection) -> float:
        """Request a code for the next client; return the seconds until the response."""
        return self._request_code(connection)[0]

    def sign_in(self, connection: KeepAliveConnection) -> None:
        """Sign the next client in."""
        _seconds, browser, email = self._request_code(connection)
        assert email.received.wait(30), "no code arrived"
        path, name = self.code_form
        response = browser.post(path, **{name: email.code})
        assert (response.status, response.location) == (302, "/"), response

    def _request_code(self, connection: KeepAliveConnection):
        with self._lock:
            slug, address = next(self.clients)
        browser = HttpBrowser(
            connection, f"{slug}.localhost", self.csrf_cookie, {"browser": sample_businesses.browser_token(address)}
        )
        email = self.provider.expect_email(address)
        path, name = self.request_form
        response = browser.post(path, **{name: address})
        assert response.status == 302, (response.status, self.port)
        return response.seconds, browser, email


def run_benchmark() -> list[Measurement]:
    """Measure both sites in turn, first with an instant provider, then with a slow one."""
    with ExitStack() as stack:
        ours, theirs = _start_sign_in_sites(stack)
        for site in (ours, theirs):
            _measure_rate(site, seconds=3)
        rounds = run_alternately(ROUNDS, lambda: _measure_rate(ours), lambda: _measure_rate(theirs))
        rates, costs = ([median(pair[index] for pair in side) for side in rounds] for index in (0, 1))
        for site in (ours, theirs):
            site.provider.script.set_faults(succeed_after(PROVIDER_LATENCY))
        rounds = run_alternately(REQUEST_ROUNDS, lambda: _response_times(ours), lambda: _response_times(theirs))
        times = [[wait for seconds in side for wait in seconds] for side in rounds]
        waits, best = [median(of) for of in times], [compute_percentile(of, 0.1) for of in times]
    return [
        Measurement(
            "sign-ins a second",
            f"{rates[0]:.0f} /s",
            f"{rates[1]:.0f} /s (allauth)",
            rates[0] / rates[1],
            target=at_least(1),
        ),
        Measurement(
            "CPU of the web server per sign-in",
            _format_ms(costs[0]),
            f"{_format_ms(costs[1])} (allauth)",
            costs[1] / costs[0],
        ),
        Measurement(
            f"code request, provider takes {PROVIDER_LATENCY * 1000:.0f} ms",
            _format_ms(waits[0]),
            f"{_format_ms(waits[1])} (allauth)",
            waits[1] / waits[0],
            target=at_least(20),
        ),
        Measurement(
            "the same, the quickest tenth", _format_ms(best[0]), f"{_format_ms(best[1])} (allauth)", best[1] / best[0]
        ),
    ]


def _start_sign_in_sites(stack: ExitStack) -> tuple[SignInSite, SignInSite]:
    """Start both sites, each with a provider of its own."""
    our_provider, their_provider = stack.enter_context(FakeProvider()), stack.enter_context(FakeProvider())
    env = measured_programs.build_environment_variables(TRUSTED_PROXY_COUNT="1", **our_provider.sendgrid_settings)
    our_web, our_port = stack.enter_context(measured_programs.run_server("config.wsgi:application", env))
    stack.enter_context(measured_programs.run_workers("codes-1", env=env))
    request_form, code_form = ("/sign-in/", "identifier"), ("/sign-in/code/", "code")
    ours = SignInSite(
        our_web, our_port, request_form, code_form, "csrf", sample_businesses.iter_clients(), our_provider
    )

    own = {
        "DATABASE_URL": measured_programs.fresh_database("bench_allauth"),
        "DJANGO_SETTINGS_MODULE": "bench.allauth_site.settings",
    }
    env = measured_programs.build_environment_variables(**own, **their_provider.sendgrid_settings)
    clients = list(sample_businesses.iter_clients())
    measured_programs.run_module(
        env, "bench.allauth_site.create_allauth_users", stdin="\n".join(address for _slug, address in clients)
    )
    their_web, their_port = stack.enter_context(
        measured_programs.run_server("bench.allauth_site.wsgi:application", env)
    )
    request_form, code_form = ("/accounts/login/code/", "email"), ("/accounts/login/code/confirm/", "code")
    return ours, SignInSite(their_web, their_port, request_form, code_form, "csrftoken", iter(clients), their_provider)


def _measure_rate(site: SignInSite, seconds: float = SECONDS) -> tuple[float, float]:
    """Return the sign-ins per second with CONCURRENCY threads, and the web server's CPU seconds for each."""
    began, spent = time.monotonic(), cpu_seconds(site.web)
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        threads = [pool.submit(_count_sign_ins_until, site, until=began + seconds) for _ in range(CONCURRENCY)]
    sign_ins = sum(thread.result() for thread in threads)
    return sign_ins / (time.monotonic() - began), (cpu_seconds(site.web) - spent) / sign_ins


def _count_sign_ins_until(site: SignInSite, until: float) -> int:
    connection = KeepAliveConnection(site.port)
    sign_ins = 0
    while time.monotonic() < until:
        site.sign_in(connection)
        sign_ins += 1
    connection.close()
    return sign_ins


def _response_times(site: SignInSite) -> list[float]:
    """Return the response times of code requests sent one after the other."""
    connection = KeepAliveConnection(site.port)
    seconds = [site.request_code(connection) for _ in range(REQUESTS_PER_ROUND)]
    connection.close()
    return seconds


def _format_ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
