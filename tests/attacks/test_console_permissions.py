"""T14: every console page is in the table and gives each role what its row says.

The first test finds a page that is not in the table, the second one whose decorator differs from its row; then each
page has a test that tries every method as everybody and reports every difference.
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
    build_console_path,
    build_staff_path,
)
from tests.database_setup import rollback_afterwards
from tests.factories import create_member, create_session

pytestmark = pytest.mark.slow

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Who tries the pages, besides each role.
STRANGER, OUTSIDER, FORGER, MULTI_BUSINESS = "stranger", "owner elsewhere", "owner, from another site", "staff of two"
ADMITTED, CSRF_ERROR = {200, 204, 302, 400, 404, 409, 422}, "Please send the form again"


def summarise_response(answer):
    """Return the path of a redirect without its query, or the status."""
    return answer.headers["Location"].partition("?")[0] if answer.status_code == 302 else answer.status_code


def summarise_status(answer) -> int | str:
    """Return a status; instead, the sign-in path for a redirect there, and a text for the CSRF error page."""
    if answer.streaming:  # a file is closed once it was read
        list(answer.streaming_content)
    elif CSRF_ERROR.encode() in answer.content:
        return f"{answer.status_code} {CSRF_ERROR}"
    return SIGN_IN if summarise_response(answer) == SIGN_IN else answer.status_code


def list_expected_statuses(route: str) -> dict[str, dict[str, set[int | str]]]:
    """Return the statuses that each visitor may get, by method."""
    permission, taken = (
        ROUTE_PERMISSIONS[route][0],
        {*ALLOWED_METHODS[route], *(["HEAD"] if "GET" in ALLOWED_METHODS[route] else [])},
    )
    expected = {}
    for role in Role:
        inside = ADMITTED if has_permission(Membership(role=role), permission) else {403}
        expected[role.value] = {method: inside if method in taken else {NOT_ALLOWED} for method in METHODS}
    expected[STRANGER] = {method: {SIGN_IN} for method in ALLOWED_METHODS[route]}
    expected[OUTSIDER] = {method: {NOT_FOUND} for method in ALLOWED_METHODS[route]}
    expected[FORGER] = {"POST": {f"403 {CSRF_ERROR}"}} if "POST" in taken else {}
    return expected


@pytest.fixture(scope="module")
def session_keys(module_db) -> dict[str, str]:
    """The session keys of everybody by name; they sign in once for all routes, and a stranger has none."""
    acme, globex = (Business.objects.get(hostnames__slug=slug) for slug in ("acme", "globex"))
    people = {role.value: create_member(acme, role).person for role in Role}
    people[OUTSIDER] = create_member(globex, Role.OWNER).person
    people[FORGER] = people[Role.OWNER]
    # With one membership alone, the page to select a business would redirect.
    people[MULTI_BUSINESS] = create_member(acme, Role.STAFF).person
    add_member(business=globex, email=people[MULTI_BUSINESS].email, role=Role.STAFF, now=timezone.now())
    return {name: create_session(person) for name, person in people.items()}


@contextmanager
def open_session_browser(sessions: dict[str, str], name: str) -> Iterator[Client]:
    """Open a browser for one of them, and roll back what they change."""
    browser = Client(headers={"host": settings.PLATFORM_HOST}, enforce_csrf_checks=name == FORGER)
    if name != STRANGER:
        browser.cookies[settings.SESSION_COOKIE_NAME] = sessions[name]
    with rollback_afterwards():
        yield browser


def test_every_page_is_listed():
    assert set(BUSINESS_PATTERNS) == set(ROUTE_PERMISSIONS)
    assert set(STAFF_ROUTES) == STAFF_PATTERNS


def test_every_page_s_decorator_matches_its_row():
    decorators = {
        route: (page.callback.permission, {*page.callback.methods} - {"HEAD"})
        for route, page in BUSINESS_PATTERNS.items()
    }

    assert decorators == {
        route: (permission, {*ALLOWED_METHODS[route]}) for route, (permission, _words) in ROUTE_PERMISSIONS.items()
    }


@pytest.mark.parametrize("route", ROUTE_PERMISSIONS)
def test_every_role_gets_the_expected_status(db, session_keys, route):
    wrong = []
    for name, answers in list_expected_statuses(route).items():
        with open_session_browser(session_keys, name) as browser:
            for method, expected in answers.items():
                got = summarise_status(browser.generic(method, build_console_path(route)))
                wrong += [] if got in expected else [(name, method, got, expected)]

    assert wrong == []


@pytest.mark.parametrize("route", STAFF_ROUTES)
def test_every_visitor_of_a_staff_page_gets_the_expected_status(db, session_keys, route):
    got = []
    for name, method in product((STRANGER, MULTI_BUSINESS), ("get", "post")):
        with open_session_browser(session_keys, name) as browser:
            got.append(summarise_response(getattr(browser, method)(build_staff_path(route))))
    with open_session_browser(session_keys, FORGER) as browser:
        forged = summarise_status(browser.post(build_staff_path(route)))

    assert tuple(got) == STAFF_ROUTES[route]
    assert forged == f"403 {CSRF_ERROR}"


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\x00"]
)
def test_next_never_redirects_staff_to_another_site(staff_client, evil):
    answer = staff_client("staff").get("/staff/sign-in/", {"next": evil})

    assert summarise_response(answer) == CONSOLE
