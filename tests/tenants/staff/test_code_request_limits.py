"""Requests for staff codes are counted one after another, however many are made at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from portal.team import staff_emails
from tenants.models import StaffEmail
from tenants.staff.code_request_limits import CodeRequest, CodeRequestRefused, RefusalReason
from tenants.visitor_networks import build_visitor_network
from tests.factories import create_member


def build_network(number):
    return build_visitor_network(f"10.1.{number}.1", f"10.1.{number}.0/24")


def request_at_once(requests, *, now, is_known=False):
    """Make requests from eight threads; return whether each was accepted, or else why not."""

    def make(request):
        try:
            staff_emails.enqueue_code(
                request, staff_email_id=uuid4(), is_known_browser=lambda _person: is_known, now=now
            )
        except CodeRequestRefused as refusal:
            return refusal.reason
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(make, requests))


@pytest.mark.parametrize("email", ["sam", "nobody@acme.test"])
def test_concurrent_requests_from_many_networks_leave_the_reserve(committed_db, acme, now, email):
    email = create_member(acme, "staff").person.email if email == "sam" else email

    answers = request_at_once([CodeRequest(email, build_network(number)) for number in range(40)], now=now)

    assert (answers.count(True), answers.count(RefusalReason.WAIT)) == (8, 32)
    assert StaffEmail.objects.count() == 8


def test_concurrent_requests_that_waited_get_the_reserve_once(committed_db, acme, now):
    sam = create_member(acme, "staff").person

    answers = request_at_once([CodeRequest(sam.email, build_network(n), wait_id=uuid4()) for n in range(40)], now=now)

    assert (answers.count(True), answers.count(RefusalReason.ADDRESS)) == (10, 30)


def test_concurrent_requests_of_one_network_get_its_share(committed_db, acme, now):
    sam = create_member(acme, "staff").person

    answers = request_at_once(
        [CodeRequest(sam.email, build_network(1), wait_id=uuid4()) for _ask in range(40)], now=now
    )

    assert answers.count(True) == 6


def test_concurrent_requests_of_a_known_browser_have_a_limit_of_their_own(committed_db, acme, now):
    sam = create_member(acme, "staff").person
    request_at_once([CodeRequest(sam.email, build_network(n), wait_id=uuid4()) for n in range(12)], now=now)

    answers = request_at_once([CodeRequest(sam.email, build_network(1))] * 20, now=now, is_known=True)

    assert answers.count(True) == 10


def test_concurrent_requests_of_one_network_for_many_addresses_are_limited(committed_db, acme, now):
    requests = [CodeRequest(f"stranger{number}@example.com", build_network(1)) for number in range(80)]

    answers = request_at_once(requests, now=now)

    assert (answers.count(True), answers.count(RefusalReason.NETWORK)) == (60, 20)
