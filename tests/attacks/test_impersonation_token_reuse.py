"""An impersonation token is useless a second time, after a minute, and at any other business."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from portal.access.models import ImpersonationSession
from portal.clients.models import Client as Card
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, ImpersonationToken, Membership
from tenants.tokens import digest_token
from tests.portal.impersonation.impersonation_steps import START, follow_impersonation, read_token, submit_token

DEMO = "/console/acme/portal/demo/"


def portal_browser(business: Business) -> Client:
    return Client(headers={"host": hostnames.get_portal_host(business)})


@pytest.fixture
def token(acme, staff_client) -> str:
    """A fresh token, as the console gives it to a member of staff who is signed in."""
    return read_token(staff_client().post(DEMO))


def test_a_token_works_once(acme, token):
    assert submit_token(portal_browser(acme), token).status_code == 302
    assert submit_token(portal_browser(acme), token).status_code == 403


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_other_methods_neither_sign_in_nor_use_up_the_token(acme, token, method):
    browser = portal_browser(acme)

    answer = getattr(browser, method)(f"{START}?token={token}", headers={"origin": settings.PUBLIC_URL})

    assert answer.status_code in (403, 405)
    assert "impersonation" not in browser.cookies
    assert submit_token(browser, token).status_code == 302


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://evil.example",
        "http://acme.localhost:8000",
        "http://globex.localhost:8000",
        "http://localhost",
        "https://localhost:8000",
        "http://localhost:8000.evil.example",
        "http://localhost:8000/",
        "http://LOCALHOST:8000 ",
    ],
)
def test_a_form_of_another_site_neither_signs_in_nor_uses_up_the_token(acme, token, origin):
    """Somebody else's token in one's browser would show one a portal that the attacker prepared."""
    browser = portal_browser(acme)

    answer = submit_token(browser, token, origin=origin)

    assert answer.status_code == 403
    assert "http://localhost:8000/console/acme/portal/" in answer.content.decode(), "the way back"
    assert "impersonation" not in browser.cookies
    assert submit_token(browser, token).status_code == 302


def test_the_console_s_page_tells_the_portal_where_its_form_comes_from(acme, staff_client):
    answer = staff_client().post(DEMO)

    # With "same-origin", the policy of all other pages, browsers send "Origin: null" to another host.
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'action="http://acme.localhost:8000/impersonation/start/"' in answer.content.decode()


def test_the_token_is_in_no_address(acme, staff_client):
    answer = staff_client().post(DEMO)

    assert "Location" not in answer.headers
    assert f"?token={read_token(answer)}" not in answer.content.decode()


def test_a_token_expires_after_a_minute(acme, staff_client, time_machine):
    time_machine.move_to(datetime.now(UTC), tick=False)
    for seconds, status in ((59, 302), (61, 403)):
        token = read_token(staff_client().post(DEMO))
        time_machine.shift(seconds)
        assert submit_token(portal_browser(acme), token).status_code == status


def test_a_token_is_not_accepted_at_another_business_and_not_used_up_there(acme, globex, token, now):
    """Not even where its owner works as well, and a demo client has the same key."""
    issued = ImpersonationToken.objects.get()
    Membership.objects.create(person=issued.person, business=globex, role="owner", created_at=now)
    with use_business(globex):
        Card.objects.create(pk=issued.client_id, name="Robin", is_demo=True, created_at=now)

    assert submit_token(portal_browser(globex), token).status_code == 403
    assert submit_token(portal_browser(acme), token).status_code == 302


def test_an_impersonation_cookie_is_invalid_at_another_business(acme, globex, staff_client):
    visitor = follow_impersonation(staff_client(), DEMO, acme)
    elsewhere = portal_browser(globex)
    elsewhere.cookies.update(visitor.cookies)

    assert elsewhere.get("/").status_code == 302


def test_an_impersonation_is_no_client_session_and_opens_no_console(acme, staff_client, platform_client):
    visitor = follow_impersonation(staff_client(), DEMO, acme)
    outsider = platform_client()
    outsider.cookies.update(visitor.cookies)

    assert outsider.get("/console/acme/portal/").status_code == 302
    elsewhere = portal_browser(acme)
    elsewhere.cookies["session"] = visitor.cookies["impersonation"].value
    assert elsewhere.get("/").status_code == 302


def test_a_token_is_invalid_once_its_owner_left_the_team(acme, staff_client):
    token = read_token(staff_client("staff").post(DEMO))
    Membership.objects.filter(business=acme, role="staff").delete()

    assert submit_token(portal_browser(acme), token).status_code == 403


def test_only_the_digest_of_a_token_is_stored(acme, token):
    kept = ImpersonationToken.objects.values_list()[0]

    assert token not in str(kept)
    assert bytes(kept[1]) == digest_token(token)


@pytest.mark.usefixtures("committed_db")
def test_of_twenty_parallel_uses_of_a_token_one_succeeds(acme, staff_client):
    token = read_token(staff_client().post(DEMO))

    def bring_token(_number: int) -> int:
        try:
            return submit_token(portal_browser(acme), token).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(bring_token, range(20)))

    assert sorted(statuses) == [302] + [403] * 19
    with use_business(acme):
        assert ImpersonationSession.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_of_eight_concurrent_requests_one_creates_the_demo_client(acme, staff_client):
    browsers = [staff_client("staff") for _number in range(8)]

    def post_demo_impersonation(browser: Client) -> int:
        try:
            return browser.post(DEMO).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post_demo_impersonation, browsers)) == {200}
    with use_business(acme):
        assert Card.objects.filter(is_demo=True).count() == 1


@pytest.mark.parametrize("identifier", ["robin@demo.invalid", "+447700900999"])
def test_no_code_signs_the_demo_client_in(acme, staff_client, open_visitor, identifier, outbox):
    follow_impersonation(staff_client(), DEMO, acme)
    with use_business(acme):
        Card.objects.get(is_demo=True).contacts.update(may_sign_in=True)
    outside = open_visitor(acme)
    outside.request_code(identifier)
    outbox.deliver_due()

    assert outbox.sent() == []
    assert outside.submit_code(outside.code()).status_code in (409, 422)
    assert outside.request_home_status() == 302
