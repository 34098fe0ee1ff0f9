"""Response times of the client list with 100,000 clients and with 100, and SQL statements of every console page.

Whole requests of a member of staff, in this process: the list as it opens, and each partial response as somebody
types, pages and sorts. Both businesses hold clients with names from the same lists and are requested in turn; a search
looks for an existing client by full name, by last name, by the end of a phone number, and misspelt. Then
the statements of every console page that a GET opens, in the large business, counted as in benchmark 2.
"""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from django.conf import settings
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver

from bench import large_businesses
from bench.benchmark_report import Measurement, at_most
from bench.timing_statistics import run_alternately
from portal.clients.models import Client
from tenants.context import use_business
from tenants.models import Business, Person
from tests.captured_statements import capture_statements

FEW, MANY = "few", "many"
SIZES = {FEW: 100, MANY: 100_000}
ROUNDS = 25
MAX_STATEMENTS = 12
PAGE = re.compile(r"console/<slug:business>/((?:[\w-]+/|<uuid:pk>/)*)")
PARTIAL = {"hx-request": "true"}


def run_benchmark() -> list[Measurement]:
    """Create both businesses, time the requests in turn, then count statements."""
    businesses = {slug: large_businesses.create_business_with_clients(slug, number) for slug, number in SIZES.items()}
    browser = Browser(headers={"host": settings.PLATFORM_HOST})
    browser.force_login(Person.objects.get(email="owner@example.com"))
    queries_of = {slug: _build_sample_searches(business) for slug, business in businesses.items()}
    opened = _compare_requests("list, opened", browser, {slug: [{}] for slug in SIZES}, {})
    found = [
        _compare_requests(f"search, {what}", browser, {s: queries_of[s][what] for s in SIZES}, PARTIAL)
        for what in queries_of[MANY]
    ]
    overall = {slug: [query for queries in queries_of[slug].values() for query in queries] for slug in SIZES}
    searched = _compare_requests("search, all of these", browser, overall, PARTIAL, limit=1.5)
    return [opened, searched, *found, *_measure_page_statements(browser, businesses[MANY])]


def _build_sample_searches(business: Business) -> dict[str, list[dict[str, str]]]:
    """Return the queries of staff who look for five clients of a business, by kind of search."""
    with use_business(business):
        names = list(Client.objects.order_by("-created_at").values_list("name", flat=True)[5:55:10])
        numbers = list(Client.objects.order_by("-created_at").values_list("search", flat=True)[5:55:10])
    last = [name.split()[1] for name in names]
    texts_by_kind = {
        "full name": names,
        "last name": last,
        "phone number": ["0" + re.findall(r"\+49(\d+)", text)[0] for text in numbers],
        "end of a number": [re.findall(r"\+49(\d+)", text)[0][-6:] for text in numbers],
        "misspelt": [f"{name[:3]}{name[4]}{name[3]}{name[5:]}" for name in last],
    }
    return {kind: [{"q": text} for text in texts] for kind, texts in texts_by_kind.items()}


def _compare_requests(
    what: str, browser: Browser, queries: dict[str, list], headers: dict, *, limit: float | None = None
) -> Measurement:
    """Request the list of both businesses in turn, and compare the median times."""
    measures = [partial(_time_requests, browser, slug, queries[slug], headers) for slug in SIZES]
    for measure_once in measures:
        measure_once()
    few, many = ([seconds for times in rounds for seconds in times] for rounds in run_alternately(ROUNDS, *measures))
    formatted = [f"{median(times) * 1000:.1f} ms" for times in (many, few)]
    target = at_most(limit or 1.5) if limit or not headers else None
    return Measurement(
        f"{what}, p50",
        f"{formatted[0]} at 100,000",
        f"{formatted[1]} at 100",
        median(many) / median(few),
        target=target,
    )


def _time_requests(browser: Browser, slug: str, queries: list[dict[str, str]], headers: dict) -> list[float]:
    times = []
    for query in queries:
        began = time.perf_counter()
        response = browser.get(f"/console/{slug}/clients/", query, headers=headers)
        times.append(time.perf_counter() - began)
        assert response.status_code == 200
        assert b"console/" in response.content, "the search found nobody"
    return times


def _measure_page_statements(browser: Browser, business: Business) -> Iterator[Measurement]:
    """Count the statements of each page that a GET opens."""
    with use_business(business):
        key = str(Client.objects.values_list("pk", flat=True)[0])
    counted = {
        path: _count_page_statements(partial(browser.get, f"/console/{MANY}/{path.replace('<uuid:pk>', key)}"))
        for path in _list_console_paths()
    }
    pages = {path: number for path, number in counted.items() if number is not None}
    costliest = sorted(pages, key=lambda path: -pages[path])[:3]
    named = ", ".join(f"/{path.replace('<uuid:pk>', '…')}: {pages[path]}" for path in costliest)
    yield Measurement(
        f"costliest of {len(pages)} console pages",
        named,
        "",
        pages[costliest[0]],
        "statements",
        at_most(MAX_STATEMENTS),
    )
    for what, query in (
        ("list", {}),
        ("list, found", {"q": "berg"}),
        ("list, narrowed", {"can": "yes", "sort": "-seen"}),
    ):
        number = _count_page_statements(partial(browser.get, f"/console/{MANY}/clients/", query)) or 0
        yield Measurement(f"clients: {what}", "", "", number, "statements", at_most(MAX_STATEMENTS))


def _list_console_paths() -> list[str]:
    """Return the paths of the console pages of a business that need no id, or a client's only."""
    found = (PAGE.fullmatch(route) for route in _iter_routes(get_resolver("config.urls_platform").url_patterns))
    paths = {match[1] for match in found if match}
    return sorted(path for path in paths if "<" not in path or path.startswith("clients/<uuid:pk>/"))


def _iter_routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _iter_routes(pattern.url_patterns, route)


def _count_page_statements(open_page: Callable) -> int | None:
    """Return the statements of a page's second request, or None if a GET doesn't open it."""
    if open_page().status_code != 200:
        return None
    cache.clear()
    with capture_statements() as captured:
        open_page()
    return len(captured.queries)
