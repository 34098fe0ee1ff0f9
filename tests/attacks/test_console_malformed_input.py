"""Malformed input at the console never leads to a 500, whoever sends it."""

import base64
import json

import pytest

from portal.clients.services import add_client
from tenants.context import use_business
from tests.attacks.console_routes import ROUTE_PERMISSIONS, STAFF_ROUTES, build_console_path, build_staff_path
from tests.attacks.test_portal_malformed_input import VALUES

pytestmark = pytest.mark.slow

FIELDS = (
    "email code credential next name passwordless action role areas search q sort page tag status value "
    "slug channel subject text file kind id client clients column mapping encoding separator before after"
).split()
SIGN_OUT_ROUTES = {"staff/sign-out/", "staff/sessions/others/sign-out/"}
STAFF_PATHS = [build_staff_path(route) for route in STAFF_ROUTES if route not in SIGN_OUT_ROUTES]
PATHS = [build_console_path(route) for route in ROUTE_PERMISSIONS] + STAFF_PATHS
CREDENTIALS = [
    "[]",
    "{}",
    "null",
    "1",
    '"x"',
    '{"id": 1}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key",'
    ' "response": {"clientDataJSON": "e30", "attestationObject": "e30"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key",'
    ' "response": {"clientDataJSON": "e30", "authenticatorData": "e30", "signature": "eA", "userHandle": "eA"}}',
]


# Those that once broke a page somewhere, or that a database, a number or a header can't hold.
CASES = [
    "nothing",
    "a null byte inside",
    "half a surrogate",
    "not UTF-8",
    "very long",
    "a number beyond 64 bits",
    "not a number",
    "lines",
    "combining marks",
    "a UUID of zeroes",
    "a list",
]


@pytest.mark.parametrize("case", CASES)
def test_malformed_fields_and_queries_cause_no_server_error(staff_client, platform_client, case):
    value = VALUES[case]
    owner, stranger = staff_client("owner"), platform_client()
    # Without a session every console URL redirects to sign-in, so only the sign-in URLs are tried.
    for browser, paths in ((owner, PATHS), (stranger, STAFF_PATHS)):
        for path in paths:
            for answer in (
                browser.post(path, dict.fromkeys(FIELDS, value)),
                browser.get(path, dict.fromkeys(FIELDS, value[:5_000])),
            ):
                assert answer.status_code < 500, path
                if answer.streaming:  # a file is closed once it was read
                    list(answer.streaming_content)


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_forged_passkey_is_refused(staff_client, platform_client, credential):
    owner, stranger = staff_client("owner"), platform_client()

    for browser, path in [(owner, "/staff/security/passkeys/new/"), (stranger, "/staff/sign-in/passkey/")]:
        browser.get(path, headers={"accept": "application/json"})
        assert browser.post(path, {"credential": credential, "name": "x"}).status_code < 500
    assert stranger.get("/console/").status_code == 302


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_no_method_causes_a_server_error(staff_client, method):
    browser = staff_client("owner")
    for path in PATHS:
        assert browser.generic(method, path).status_code < 500, path


# Instants that Python reads and PostgreSQL can't: zones a day away, and the year before the first.
INVALID_CURSORS = ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00-23:59"]
KEY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("at", INVALID_CURSORS)
def test_malformed_list_positions_cause_no_server_error(staff_client, acme, now, at):
    with use_business(acme):
        client = add_client(name="Ana", identifiers=[], now=now)
    cursor = base64.urlsafe_b64encode(json.dumps([False, at, KEY]).encode()).decode()
    owner = staff_client("owner")

    for path, query in {
        "activity/": {},
        f"clients/{client.pk}/timeline/": {},
        "clients/": {"sort": "-added"},
    }.items():
        assert owner.get(f"/console/acme/{path}", query | {"cursor": cursor}).status_code == 200, path
