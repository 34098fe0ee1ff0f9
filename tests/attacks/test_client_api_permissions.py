"""T14: every operation of the client API is in the table and gives each caller what its row says.

The first tests find an operation that is not in the table, or whose schema differs from its row; then each operation
has a test that tries it as everybody who may use it, and as everybody who may not.
"""

import json
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client as Browser
from django.utils import timezone

from portal.access.models import ClientSession, TokenGrant
from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import Business, Role
from tenants.nouns import registry
from tests.api.portal.portal_programs import PortalProgram
from tests.attacks.client_api_callers import (
    Caller,
    build_caller,
    create_client_objects,
    format_cookies,
    sign_in_with_browser,
    sign_in_with_program,
)
from tests.attacks.client_api_operations import ACCESS, CLIENT, CLIENT_OPERATIONS, FITTING_BODIES, SECURITY, SIGN_IN
from tests.factories import create_member, create_session
from tests.portal.access.sign_in_steps import ANA
from tests.portal.impersonation.impersonation_steps import follow_impersonation

pytestmark = pytest.mark.slow

MALLORY = "mallory@example.com"
ADMITTED = {200, 201, 204, 404, 409, 412, 422}
# Another code comes only after a wait.
MORE_ADMITTED = {"resend_code": {429}}
UNAUTHENTICATED = (401, "unauthenticated")
# What is wrong with a token wherever one is looked at.
WRONG_TOKENS = {
    "a token that is none": UNAUTHENTICATED,
    "a refresh token": UNAUTHENTICATED,
    "an expired token": (401, "token_expired"),
    "a token whose session ended": UNAUTHENTICATED,
    "a token of another business": UNAUTHENTICATED,
    "a key of the business API": UNAUTHENTICATED,
}
STRANGERS = ("nobody", "a cookie of another business")
CLIENTS = ("a client’s program", "a client’s browser")
STAFF = "staff who see the portal as a client"
# Who may read as a client, and is refused with this when they change something.
READERS = {
    "a client’s browser without the CSRF token": (403, "csrf_failed"),
    STAFF: (403, "forbidden"),
}
NESTED = [name for name, who in ACCESS.items() if who == CLIENT and "{" in CLIENT_OPERATIONS[name].path]


@pytest.fixture(scope="module")
def portals(module_db) -> tuple[list[PortalProgram], dict[str, dict[str, str]], dict[str, Caller]]:
    """Make everybody in one go, since each test counts primary keys from one.

    Ana's program at Acme, Mallory's there, and another Ana's at Globex, where Mallory's rows have the primary keys that
    Ana's have at Acme; then the ids of Ana's objects, and everybody who calls Acme's portal.
    """
    acme, globex = (Business.objects.get(hostnames__slug=slug) for slug in ("acme", "globex"))
    places = ((acme, ANA), (acme, MALLORY), (globex, MALLORY), (globex, ANA))
    ana, mallory, _namesake, other = (sign_in_with_program(business, address) for business, address in places)
    return [ana, mallory, other], create_client_objects(ana), create_callers(ana, other)


@pytest.fixture
def programs(portals) -> list[PortalProgram]:
    """Ana's program, and those of clients whom her objects don't belong to."""
    return portals[0]


@pytest.fixture
def object_ids(portals) -> dict[str, dict[str, str]]:
    """The ids of Ana's objects by operation and parameter of the path."""
    return portals[1]


@pytest.fixture
def callers(portals) -> dict[str, Caller]:
    """Everybody who calls Acme's portal, by what they are."""
    return portals[2]


def create_callers(ana: PortalProgram, other: PortalProgram) -> dict[str, Caller]:
    """Return everybody who calls Ana's portal, by what they are."""
    acme, with_cookie = ana.business, sign_in_with_browser(ana.business)
    tokens = {
        "a client’s program": ana.tokens["access_token"],
        "a token that is none": "x",
        "a refresh token": ana.tokens["refresh_token"],
        "an expired token": create_expired_token(acme),
        "a token whose session ended": create_ended_token(acme),
        "a token of another business": other.tokens["access_token"],
        "a key of the business API": create_key(acme),
    }
    headers = {
        "nobody": {"X-Nobody": "1"},
        "a cookie of another business": sign_in_with_browser(other.business),
        "a client’s browser": with_cookie,
        "a client’s browser without the CSRF token": {"Cookie": with_cookie["Cookie"]},
        STAFF: impersonate_client(acme),
    }
    return {name: build_caller(acme, token) for name, token in tokens.items()} | {
        name: build_caller(acme, headers=sent) for name, sent in headers.items()
    }


def create_expired_token(business: Business) -> str:
    """Return an access token that worked until a second ago."""
    program = sign_in_with_program(business, "bo@example.com")
    with use_business(business):
        grants = TokenGrant.objects.filter(session_id=program.tokens["session_id"])
        grants.update(access_expires_at=timezone.now() - timedelta(seconds=1))
    return program.tokens["access_token"]


def create_ended_token(business: Business) -> str:
    """Return an access token of a session that was signed out."""
    program = sign_in_with_program(business, "cy@example.com")
    assert program.delete(f"me/sessions/{program.tokens['session_id']}/").status_code == 204
    return program.tokens["access_token"]


def create_key(business: Business) -> str:
    """Return a key of the business that may do everything."""
    owner = create_member(business, Role.OWNER)
    return create_api_key(membership=owner, name="Sync", scopes=[*registry.get_api_scopes()], now=timezone.now()).text


def impersonate_client(business: Business) -> dict[str, str]:
    """Return what the browser of a member of the team sends who sees the portal as Ana."""
    console = Browser(headers={"host": configured.PLATFORM_HOST})
    console.cookies[configured.SESSION_COOKIE_NAME] = create_session(create_member(business, Role.OWNER).person)
    with use_business(business):
        client_id = ClientSession.objects.filter(address=ANA).first().client_id
    path = f"/console/acme/portal/impersonation/{client_id}/"
    portal = follow_impersonation(console, path, business, reason="They asked")
    csrf_token = str(portal.get("/account/").context["csrf_token"])
    return {"Cookie": format_cookies(portal), "X-CSRFToken": csrf_token}


def build_expected_answers(name: str) -> dict[str, tuple[int, str] | str]:
    """Return what each caller should get from an operation: a problem, or that they are admitted."""
    who, is_read_only = ACCESS[name], CLIENT_OPERATIONS[name].method == "GET"
    expected = dict.fromkeys(STRANGERS, UNAUTHENTICATED if who == CLIENT else "admitted")
    expected |= dict.fromkeys([*CLIENTS, *READERS], "admitted")
    expected |= dict.fromkeys(WRONG_TOKENS, "admitted") if who == SIGN_IN else WRONG_TOKENS
    if not is_read_only:
        expected |= {STAFF: READERS[STAFF]} if who == SIGN_IN else READERS
    return expected


def test_every_operation_is_listed():
    assert set(CLIENT_OPERATIONS) == set(ACCESS)


def test_the_schema_says_of_every_operation_how_its_callers_authenticate():
    described = {name: operation.details.get("security", []) for name, operation in CLIENT_OPERATIONS.items()}
    assert described == {name: SECURITY[who] for name, who in ACCESS.items()}


def test_there_is_an_object_for_every_parameter(object_ids):
    for name, operation in CLIENT_OPERATIONS.items():
        parameters = [each["name"] for each in operation.details.get("parameters", []) if each.get("in") == "path"]
        assert [parameter for parameter in parameters if not object_ids[name].get(parameter)] == [], name


@pytest.mark.parametrize("name", ACCESS)
def test_every_caller_gets_what_the_row_says(db, callers, object_ids, name):
    expected, got = build_expected_answers(name), {}
    for who, caller in callers.items():
        status, code = caller.send(CLIENT_OPERATIONS[name], object_ids[name])
        got[who] = "admitted" if status in ADMITTED | MORE_ADMITTED.get(name, set()) else (status, code)

    assert got == expected


@pytest.mark.parametrize("name", NESTED)
def test_nobody_finds_an_object_of_another_client(db, programs, object_ids, name):
    operation, body = CLIENT_OPERATIONS[name], json.dumps(FITTING_BODIES.get(name, {})).encode()
    own, *others = (
        build_caller(program.business, program.tokens["access_token"]).send(operation, object_ids[name], body)
        for program in programs
    )

    assert set(others) <= {(404, "not_found"), (409, "challenge_closed")}
    assert own not in others
