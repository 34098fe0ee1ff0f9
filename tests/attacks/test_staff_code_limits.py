"""Strangers neither keep staff out for a day in silence, nor collect waits by which to ask more often."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from portal.team import staff_emails
from tenants.models import Person, StaffEmail
from tenants.staff.code_request_limits import CodeRequest, CodeRequestRefused
from tenants.visitor_networks import build_visitor_network
from tests.factories import create_member

pytestmark = pytest.mark.slow

SIGN_IN, CODE = "/staff/sign-in/", "/staff/sign-in/code/"
UNKNOWN = "nobody@acme.test"
HOUR = 3600
OWNER = {"REMOTE_ADDR": "192.0.2.50"}


@pytest.fixture
def sam(acme, outbox) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


def ask_patiently(browser, email):
    """Ask for a code, and once more if told to wait."""
    answer = browser.post(SIGN_IN, {"email": email})
    wait_token = answer.context["wait_token"] if answer.status_code == 429 else ""
    return browser.post(SIGN_IN, {"email": email, "wait_token": wait_token}) if wait_token else answer


def flood_from_blocks(platform_client, advance_time, email, *blocks):
    """Ask from two networks of each block as often as it helps, for two hours."""
    for _hour in range(2):
        for network in [f"{block}.{host}" for block in blocks for host in (9, 77)]:
            for _ask in range(5):
                ask_patiently(platform_client(REMOTE_ADDR=network), email)
        advance_time(HOUR + 1)


def test_two_blocks_that_wait_do_not_keep_staff_out_for_the_day(sam, platform_client, outbox, no_wait, advance_time):
    flood_from_blocks(platform_client, advance_time, sam.email, "198.51.100", "203.0.113")
    assert StaffEmail.objects.count() == 16
    browser = platform_client(**OWNER)

    assert ask_patiently(browser, sam.email).status_code == 302
    outbox.deliver_due()
    assert browser.post(CODE, {"code": outbox.code(sam.email)}).headers["Location"] == "/console/"


def test_who_gets_no_code_until_tomorrow_is_told_in_hours_and_reads_it(sam, platform_client, no_wait, advance_time):
    pages = {}
    for email, language in ((sam.email, "en"), (UNKNOWN, "de")):
        flood_from_blocks(platform_client, advance_time, email, "198.51.100", "203.0.113", "192.0.3")
        pages[language] = platform_client(**OWNER).post(
            SIGN_IN, {"email": email}, headers={"accept-language": language}
        )

    assert [(page.status_code, page.context["hours"]) for page in pages.values()] == [(429, 22)] * 2
    assert all(int(page.headers["Retry-After"]) > 21 * HOUR for page in pages.values())
    assert "You can request a code in 22 hours." in pages["en"].content.decode()
    assert "Sie können in 22 Stunden einen Code anfordern." in pages["de"].content.decode()


def test_a_mailbox_of_staff_gets_twenty_codes_a_day_however_many_networks_wait(
    sam, platform_client, no_wait, advance_time
):
    answers = []
    for hour in range(3):
        browsers = [platform_client(REMOTE_ADDR=f"10.{hour}.{network}.1") for network in range(12)]
        answers.append([ask_patiently(browser, sam.email).status_code for browser in browsers])
        advance_time(HOUR + 1)

    assert [answer.count(302) for answer in answers] == [10, 10, 0]
    assert StaffEmail.objects.count() == 20


@pytest.fixture
def told_to_wait(sam, platform_client):
    """Return the browser that is told to wait as the ninth that asks, and its wait token."""
    for network in range(8):
        platform_client(REMOTE_ADDR=f"10.1.{network}.1").post(SIGN_IN, {"email": sam.email})
    browser = platform_client(REMOTE_ADDR="198.51.100.9")
    return browser, browser.post(SIGN_IN, {"email": sam.email}).context["wait_token"]


def test_a_wait_counts_for_one_code(sam, platform_client, told_to_wait, advance_time):
    browser, wait_token = told_to_wait
    advance_time(6)
    again = {"email": sam.email, "wait_token": wait_token}

    answers = [one.post(SIGN_IN, again).status_code for one in (browser, platform_client(REMOTE_ADDR="198.51.100.9"))]

    assert answers == [302, 429]


def test_a_wait_of_the_code_page_counts_for_one_code(sam, platform_client, advance_time):
    browser = platform_client(REMOTE_ADDR="198.51.100.9")
    browser.post(SIGN_IN, {"email": sam.email})
    wait_token = browser.get(CODE).context["wait_token"]
    for network in range(7):
        platform_client(REMOTE_ADDR=f"10.1.{network}.1").post(SIGN_IN, {"email": sam.email})
    advance_time(6)

    resend = {"action": "resend", "wait_token": wait_token}

    assert [browser.post(CODE, resend).status_code for _ask in range(2)] == [302, 429]


@pytest.mark.parametrize(("address", "status"), [("203.0.113.5", 429), ("198.51.100.77", 302)])
def test_a_wait_counts_for_the_block_it_was_sat_out_in(
    sam, platform_client, told_to_wait, advance_time, address, status
):
    advance_time(6)
    again = {"email": sam.email, "wait_token": told_to_wait[1]}

    assert platform_client(REMOTE_ADDR=address).post(SIGN_IN, again).status_code == status


def test_a_wait_that_was_refused_a_code_counts_for_the_next(sam, platform_client, told_to_wait, advance_time):
    browser, wait_token = told_to_wait
    again = {"email": sam.email, "wait_token": wait_token}
    assert browser.post(SIGN_IN, again).status_code == 429

    advance_time(6)

    assert browser.post(SIGN_IN, again).status_code == 302


def test_concurrent_requests_use_a_wait_once(committed_db, acme, now):
    sam = create_member(acme, "staff").person
    network = build_visitor_network("10.9.9.1", "10.9.9.0/24")

    def request_code(request):
        try:
            staff_emails.enqueue_code(request, staff_email_id=uuid4(), is_known_browser=lambda _person: False, now=now)
        except CodeRequestRefused:
            return False
        finally:
            connection.close()
        return True

    for number in range(8):
        assert request_code(CodeRequest(sam.email, build_visitor_network(f"10.1.{number}.1", f"10.1.{number}.0/24")))
    wait = CodeRequest(sam.email, network, wait_id=uuid4())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(request_code, [wait] * 8))

    assert answers.count(True) == 1
