"""An impersonation token is useless a second time, after a minute, and at any other business."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from portal.access.models import ImpersonationSession
from portal.clients.models import Client as Card
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, ImpersonationToken, Membership
from tenants.tokens import digest_token
from tests.portal.impersonation.impersonation_steps import follow_impersonation, portal_path

DEMO = "/console/acme/portal/demo/"


def portal_browser(business: Business) -> Client:
    return Client(headers={"host": hostnames.get_portal_host(business)})


@pytest.fixture
def token_url(acme, staff_client) -> str:
    """Where the console sends a member of staff, with a fresh pass."""
    return portal_path(staff_client().post(DEMO))


def test_a_token_works_once(acme, token_url):
    assert portal_browser(acme).get(token_url).status_code == 302
    assert portal_browser(acme).get(token_url).status_code == 403


def test_other_methods_do_not_use_up_the_token(acme, token_url):
    for method in ("head", "options", "post"):
        assert getattr(portal_browser(acme), method)(token_url).status_code == 405
    assert portal_browser(acme).get(token_url).status_code == 302


def test_a_token_expires_after_a_minute(acme, staff_client, time_machine):
    time_machine.move_to(datetime.now(UTC), tick=False)
    for seconds, status in ((59, 302), (61, 403)):
        token_url = portal_path(staff_client().post(DEMO))
        time_machine.shift(seconds)
        assert portal_browser(acme).get(token_url).status_code == status


def test_a_token_is_not_accepted_at_another_business_and_not_used_up_there(acme, globex, token_url, now):
    """Not even where its owner works as well, and a demo client has the same key."""
    token = ImpersonationToken.objects.get()
    Membership.objects.create(person=token.person, business=globex, role="owner", created_at=now)
    with use_business(globex):
        Card.objects.create(pk=token.client_id, name="Robin", is_demo=True, created_at=now)

    assert portal_browser(globex).get(token_url).status_code == 403
    assert portal_browser(acme).get(token_url).status_code == 302


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
    token_url = portal_path(staff_client("staff").post(DEMO))
    Membership.objects.filter(business=acme, role="staff").delete()

    assert portal_browser(acme).get(token_url).status_code == 403


def test_only_the_digest_of_a_token_is_stored(acme, token_url):
    token = token_url.partition("token=")[2]
    kept = ImpersonationToken.objects.values_list()[0]

    assert token not in str(kept)
    assert bytes(kept[1]) == digest_token(token)


@pytest.mark.usefixtures("committed_db")
def test_of_twenty_parallel_uses_of_a_token_one_succeeds(acme, staff_client):
    token_url = portal_path(staff_client().post(DEMO))

    def open_token_url(_number: int) -> int:
        try:
            return portal_browser(acme).get(token_url).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(open_token_url, range(20)))

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
        assert set(pool.map(post_demo_impersonation, browsers)) == {302}
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
