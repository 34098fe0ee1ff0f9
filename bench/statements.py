"""How many SQL statements does each step cost?

Counted on the wire, in the steady state, in this process. `all` are those that reach
PostgreSQL; `of work` leaves out BEGIN, COMMIT and `SET search_path`. A browser that signs in
for the first time also owes its owner a notice. tests/portal/access/test_statements.py
asserts the same.
"""

from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client

from bench import businesses
from bench.report import Finding, at_most
from bench.wire import statements
from portal.access import codes
from portal.access.models import Challenge
from tenants.context import use_business

SLUG = businesses.SLUGS[0]
ANA = businesses.address(SLUG, businesses.CLIENTS - 1)
NOBODY = "nobody@nowhere.example"


def measure() -> list[Finding]:
    """Sign one client in twice, and count the statements of every step."""
    browser = Client(headers={"host": f"{SLUG}.localhost"})
    nowhere = Client(headers={"host": "nowhere.localhost"})
    browser.get("/sign-in/"), nowhere.get("/")
    first = _sign_in(browser, "first time here")
    home = _count("home", lambda: browser.get("/"), most=6)
    browser.post("/sign-out/")
    again = _sign_in(browser, "browser known")
    browser.post("/sign-out/")
    unknown = _count("ask, person unknown", lambda: browser.post("/sign-in/", {"identifier": NOBODY}), most=8)
    return [*first, *again, unknown, home, *_hosts(browser, nowhere)]


def _sign_in(browser: Client, who: str) -> list[Finding]:
    ask = _count(f"ask, {who}", lambda: browser.post("/sign-in/", {"identifier": ANA}), most=8)
    code = _newest_code()
    return [ask, _count(f"answer, {who}", lambda: browser.post("/sign-in/code/", {"code": code}), most=8)]


def _hosts(browser: Client, nowhere: Client) -> list[Finding]:
    known, unknown = "a known host, page asked for none", "an unknown host"
    return [
        _count(known, lambda: browser.get("/no-such-page/"), most=0),
        _count(unknown, lambda: nowhere.get("/"), most=0),
    ]


def _count(what: str, do: Callable[[], HttpResponse], *, most: int) -> Finding:
    with statements() as seen:
        do()
    return Finding(what, f"{len(seen.sent)} in all", "", len(seen.work), "of work", at_most(most))


def _newest_code() -> str:
    with use_business(businesses.by_slug(SLUG)):
        return codes.derive(Challenge.objects.latest("created_at"), 0)
