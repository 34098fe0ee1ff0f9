"""T14: does every page of the console give each role what the matrix says, and is every page in it?

The first test finds a page that is not in the table, the second one whose door says something else than its row; then
each page has a test that tries every method as everybody and tells all that disagree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tenants.models import Business, Membership, Role
from tenants.provisioning import add_member
from tenants.staff.permissions import has_permission
from tests.attacks.console_routes import (
    ALLOWED_METHODS,
    BUSINESS_PATTERNS,
    CONSOLE,
    NOT_ALLOWED,
    NOT_FOUND,
    ROUTE_PERMISSIONS,
    SIGN_IN,
    STAFF_PATTERNS,
    STAFF_ROUTES,
    fill_route,
    fill_staff_route,
)
from tests.database import rollback_afterwards
from tests.factories import create_member, create_session

pytestmark = pytest.mark.slow

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Who tries the pages beside each role.
STRANGER, OUTSIDER, FORGER, CHOOSER = "stranger", "owner elsewhere", "owner, from another site", "staff of two"
LET_IN, AGAIN = {200, 204, 302, 400, 404, 409, 422}, "Please send that again"


def result(answer):
    """Return where an answer leads, without its query, or its status."""
    return answer.headers["Location"].partition("?")[0] if answer.status_code == 302 else answer.status_code


def shown(answer) -> int | str:
    """Return an answer's status; by name, the way to the door and the page for a form from another site."""
    if answer.streaming:  # a file is closed once it was read
        list(answer.streaming_content)
    elif AGAIN.encode() in answer.content:
        return f"{answer.status_code} {AGAIN}"
    return SIGN_IN if result(answer) == SIGN_IN else answer.status_code


def wanted_at(route: str) -> dict[str, dict[str, set[int | str]]]:
    """Return what each who tries a page may get, by method."""
    permission, taken = (
        ROUTE_PERMISSIONS[route][0],
        {*ALLOWED_METHODS[route], *(["HEAD"] if "GET" in ALLOWED_METHODS[route] else [])},
    )
    wanted = {}
    for role in Role:
        inside = LET_IN if has_permission(Membership(role=role), permission) else {403}
        wanted[role.value] = {method: inside if method in taken else {NOT_ALLOWED} for method in METHODS}
    wanted[STRANGER] = {method: {SIGN_IN} for method in ALLOWED_METHODS[route]}
    wanted[OUTSIDER] = {method: {NOT_FOUND} for method in ALLOWED_METHODS[route]}
    wanted[FORGER] = {"POST": {f"403 {AGAIN}"}} if "POST" in taken else {}
    return wanted


@pytest.fixture(scope="module")
def sessions(module_db) -> dict[str, str]:
    """Everybody's session, by name: they sign in once for all routes. A stranger has none."""
    acme, globex = (Business.objects.get(hostnames__slug=slug) for slug in ("acme", "globex"))
    people = {role.value: create_member(acme, role).person for role in Role}
    people[OUTSIDER] = create_member(globex, Role.OWNER, billing=True, documents=True).person
    people[FORGER] = people[Role.OWNER]
    # With one place alone the page to choose would lead straight on.
    people[CHOOSER] = create_member(acme, Role.STAFF).person
    add_member(business=globex, email=people[CHOOSER].email, role=Role.STAFF, now=timezone.now())
    return {name: create_session(person) for name, person in people.items()}


@contextmanager
def browsing(sessions: dict[str, str], name: str) -> Iterator[Client]:
    """Open a browser for one of them; nobody after them finds what they changed."""
    browser = Client(headers={"host": settings.PLATFORM_HOST}, enforce_csrf_checks=name == FORGER)
    if name != STRANGER:
        browser.cookies[settings.SESSION_COOKIE_NAME] = sessions[name]
    with rollback_afterwards():
        yield browser


def test_every_page_is_in_the_matrix():
    assert set(BUSINESS_PATTERNS) == set(ROUTE_PERMISSIONS)
    assert set(STAFF_ROUTES) == STAFF_PATTERNS


def test_every_page_s_door_says_what_the_matrix_says():
    doors = {
        route: (page.callback.permission, {*page.callback.methods} - {"HEAD"})
        for route, page in BUSINESS_PATTERNS.items()
    }

    assert doors == {
        route: (permission, {*ALLOWED_METHODS[route]}) for route, (permission, _words) in ROUTE_PERMISSIONS.items()
    }


@pytest.mark.parametrize("route", ROUTE_PERMISSIONS)
def test_a_page_gives_everybody_what_the_matrix_says(db, sessions, route):
    wrong = []
    for name, answers in wanted_at(route).items():
        with browsing(sessions, name) as browser:
            for method, wanted in answers.items():
                got = shown(browser.generic(method, fill_route(route)))
                wrong += [] if got in wanted else [(name, method, got, wanted)]

    assert wrong == []


@pytest.mark.parametrize("route", STAFF_ROUTES)
def test_a_page_of_one_s_own_gives_everybody_what_the_matrix_says(db, sessions, route):
    got = []
    for name, method in product((STRANGER, CHOOSER), ("get", "post")):
        with browsing(sessions, name) as browser:
            got.append(result(getattr(browser, method)(fill_staff_route(route))))
    with browsing(sessions, FORGER) as browser:
        forged = shown(browser.post(fill_staff_route(route)))

    assert tuple(got) == STAFF_ROUTES[route]
    assert forged == f"403 {AGAIN}"


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\x00"]
)
def test_nobody_who_is_signed_in_is_sent_elsewhere(staff_client, evil):
    answer = staff_client("staff").get("/staff/sign-in/", {"next": evil})

    assert result(answer) == CONSOLE
