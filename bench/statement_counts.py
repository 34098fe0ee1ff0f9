"""SQL statements of each step of signing in.

Counted as PostgreSQL receives them, in the steady state, in this process. "In all" includes BEGIN, COMMIT and
`SET search_path`; "queries" leaves them out. The first sign-in of a browser also creates a message to the client.
tests/portal/access/test_query_counts.py asserts the same.
"""

from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client

from bench import sample_businesses
from bench.benchmark_report import Measurement, at_most
from portal.access import sign_in_codes
from portal.access.models import Challenge
from tenants.context import use_business
from tests.captured_statements import capture_statements

SLUG = sample_businesses.SLUGS[0]
CLIENT_EMAIL = sample_businesses.build_client_email(SLUG, sample_businesses.CLIENTS - 1)
UNKNOWN_EMAIL = "nobody@nowhere.example"


def run_benchmark() -> list[Measurement]:
    """Sign one client in twice, and count the statements of every step."""
    browser = Client(headers={"host": f"{SLUG}.localhost"})
    unknown_host = Client(headers={"host": "nowhere.localhost"})
    browser.get("/sign-in/"), unknown_host.get("/")
    first = _measure_sign_in(browser, "new browser")
    home = _measure_statements("home", lambda: browser.get("/"), limit=7)
    browser.post("/sign-out/")
    again = _measure_sign_in(browser, "known browser")
    browser.post("/sign-out/")
    unknown = _measure_statements(
        "code request, unknown person", lambda: browser.post("/sign-in/", {"identifier": UNKNOWN_EMAIL}), limit=8
    )
    return [*first, *again, unknown, home, *_count_host_statements(browser, unknown_host)]


def _measure_sign_in(browser: Client, label: str) -> list[Measurement]:
    request = _measure_statements(
        f"code request, {label}", lambda: browser.post("/sign-in/", {"identifier": CLIENT_EMAIL}), limit=8
    )
    code = _newest_code()
    return [
        request,
        _measure_statements(f"code entry, {label}", lambda: browser.post("/sign-in/code/", {"code": code}), limit=8),
    ]


def _count_host_statements(browser: Client, unknown_host: Client) -> list[Measurement]:
    known, unknown = "a known host, page without queries", "an unknown host"
    return [
        _measure_statements(known, lambda: browser.get("/no-such-page/"), limit=0),
        _measure_statements(unknown, lambda: unknown_host.get("/"), limit=0),
    ]


def _measure_statements(what: str, send_request: Callable[[], HttpResponse], *, limit: int) -> Measurement:
    with capture_statements() as captured:
        send_request()
    return Measurement(what, f"{len(captured.sent)} in all", "", len(captured.queries), "queries", at_most(limit))


def _newest_code() -> str:
    with use_business(sample_businesses.get_business(SLUG)):
        return sign_in_codes.derive_code(Challenge.objects.latest("created_at"), 0)
