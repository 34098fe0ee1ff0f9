"""How much slower is the client list with a hundred thousand clients than with a hundred, and what does a console page ask?

Whole requests of a member of staff, in this process: the list as it opens and each of its parts as somebody
types, pages and sorts. Both businesses hold people drawn from the same names and are asked in turn; a search
looks for somebody who is there: by full name, by last name, by the end of a phone number, and misspelt. Then
the statements of every page of the console that is opened by reading, in the large business, counted as in item 2.
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

from bench import crowds
from bench.report import Finding, at_most
from bench.turns import in_turn
from bench.wire import statements
from portal.clients.models import Client
from tenants.context import use_business
from tenants.models import Business, Person

FEW, MANY = "few", "many"
SIZES = {FEW: 100, MANY: 100_000}
ROUNDS = 25
MOST_STATEMENTS = 12
PAGE = re.compile(r"console/<slug:business>/((?:[\w-]+/|<uuid:pk>/)*)")
PART = {"hx-request": "true"}


def measure() -> list[Finding]:
    """Make both businesses, open everything in turn, then count."""
    businesses = {slug: crowds.gather(slug, number) for slug, number in SIZES.items()}
    browser = Browser(headers={"host": settings.PLATFORM_HOST})
    browser.force_login(Person.objects.get(email="owner@example.com"))
    sought = {slug: _sought(business) for slug, business in businesses.items()}
    opened = _compare("list, opened", browser, {slug: [{}] for slug in SIZES}, {})
    found = [_compare(f"search, {what}", browser, {s: sought[s][what] for s in SIZES}, PART) for what in sought[MANY]]
    overall = {slug: [query for queries in sought[slug].values() for query in queries] for slug in SIZES}
    searched = _compare("search, all of these", browser, overall, PART, limit=1.5)
    return [opened, searched, *found, *_statements(browser, businesses[MANY])]


def _sought(business: Business) -> dict[str, list[dict[str, str]]]:
    """Return what people type who look for five clients of a business."""
    with use_business(business):
        names = list(Client.objects.order_by("-created_at").values_list("name", flat=True)[5:55:10])
        numbers = list(Client.objects.order_by("-created_at").values_list("search", flat=True)[5:55:10])
    last = [name.split()[1] for name in names]
    typed = {
        "full name": names,
        "last name": last,
        "phone number": ["0" + re.findall(r"\+49(\d+)", text)[0] for text in numbers],
        "end of a number": [re.findall(r"\+49(\d+)", text)[0][-6:] for text in numbers],
        "misspelt": [f"{name[:3]}{name[4]}{name[3]}{name[5:]}" for name in last],
    }
    return {what: [{"q": words} for words in texts] for what, texts in typed.items()}


def _compare(
    what: str, browser: Browser, queries: dict[str, list], headers: dict, *, limit: float | None = None
) -> Finding:
    """Ask both businesses in turn, and compare the median request."""
    asks = [partial(_ask, browser, slug, queries[slug], headers) for slug in SIZES]
    for ask in asks:
        ask()
    few, many = ([took for turn in turns for took in turn] for turns in in_turn(ROUNDS, *asks))
    shown = [f"{median(times) * 1000:.1f} ms" for times in (many, few)]
    target = at_most(limit or 1.5) if limit or not headers else None
    return Finding(
        f"{what}, p50", f"{shown[0]} at 100,000", f"{shown[1]} at 100", median(many) / median(few), target=target
    )


def _ask(browser: Browser, slug: str, queries: list[dict[str, str]], headers: dict) -> list[float]:
    taken = []
    for query in queries:
        began = time.perf_counter()
        answer = browser.get(f"/console/{slug}/clients/", query, headers=headers)
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200
        assert b"console/" in answer.content, "nobody was found"
    return taken


def _statements(browser: Browser, business: Business) -> Iterator[Finding]:
    """Count the statements of each page that a member of staff opens by reading."""
    with use_business(business):
        key = str(Client.objects.values_list("pk", flat=True)[0])
    counted = {
        path: _count(partial(browser.get, f"/console/{MANY}/{path.replace('<uuid:pk>', key)}")) for path in _pages()
    }
    pages = {path: number for path, number in counted.items() if number is not None}
    dearest = sorted(pages, key=lambda path: -pages[path])[:3]
    named = ", ".join(f"/{path.replace('<uuid:pk>', '…')}: {pages[path]}" for path in dearest)
    yield Finding(
        f"dearest of {len(pages)} console pages", named, "", pages[dearest[0]], "statements", at_most(MOST_STATEMENTS)
    )
    for what, query in (
        ("list", {}),
        ("list, found", {"q": "berg"}),
        ("list, narrowed", {"can": "yes", "sort": "-seen"}),
    ):
        number = _count(partial(browser.get, f"/console/{MANY}/clients/", query)) or 0
        yield Finding(f"clients: {what}", "", "", number, "statements", at_most(MOST_STATEMENTS))


def _pages() -> list[str]:
    """Return the console's pages below a business that need no key, or none but a client's."""
    found = (PAGE.fullmatch(route) for route in _routes(get_resolver("config.urls_platform").url_patterns))
    paths = {match[1] for match in found if match}
    return sorted(path for path in paths if "<" not in path or path.startswith("clients/<uuid:pk>/"))


def _routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)


def _count(open_page: Callable) -> int | None:
    """Return what a page costs the second time it is opened, or None where it isn't one to read."""
    if open_page().status_code != 200:
        return None
    cache.clear()
    with statements() as seen:
        open_page()
    return len(seen.work)
