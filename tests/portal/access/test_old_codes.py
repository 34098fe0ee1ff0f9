"""Tests that a code which worked once for its attempt, and works no more, is named as such and costs no guess."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.test import Client

from portal.access.models import Challenge
from portal.activity.models import Entry
from tenants import hostnames
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.conftest import Visitor
from tests.portal.access.sign_in_steps import ANA, STRANGER, current_code

# A second beyond the wait for a further code, and beyond the life of one.
RESEND_WAIT, CODE_LIFETIME = 181, 601


@pytest.fixture
def visitor(acme, ana, portal_client) -> Visitor:
    """Ana at a browser of hers."""
    return Visitor(acme, portal_client(acme))


@pytest.fixture
def advance_time(time_machine):
    """Return a function that moves the clock on by a number of seconds."""
    time_machine.move_to(datetime.now(UTC), tick=True)
    return time_machine.shift


def request_three_codes(visitor, advance_time, identifier=ANA):
    visitor.request_code(identifier)
    for _resend in range(2):
        advance_time(RESEND_WAIT)
        assert visitor.resend().status_code == 302


def read_error(answer) -> str:
    return " ".join(answer.context["error"].split())


def test_the_first_of_three_codes_is_said_to_be_replaced_and_costs_no_guess(visitor, advance_time):
    request_three_codes(visitor, advance_time)

    answer = visitor.submit_code(visitor.code(0))

    assert answer.status_code == 422
    assert read_error(answer) == "That code has been replaced. Enter the one from our newest message."
    assert "attempt left" not in answer.content.decode()
    assert visitor.challenge.failures == 0
    assert visitor.submit_code(visitor.code(1)).status_code == 302


def test_an_expired_code_is_said_to_have_expired_and_costs_no_guess(visitor, advance_time):
    visitor.request_code()
    code = visitor.code()
    advance_time(CODE_LIFETIME)

    answer = visitor.submit_code(code)

    assert (answer.status_code, read_error(answer)) == (422, "That code has expired. You need a new one.")
    assert visitor.challenge.failures == 0
    assert visitor.resend().status_code == 302
    assert visitor.submit_code(visitor.code()).status_code == 302


def test_a_page_without_live_codes_and_sends_leads_to_a_new_attempt(visitor, advance_time):
    request_three_codes(visitor, advance_time)
    advance_time(CODE_LIFETIME)

    page = visitor.submit_code(visitor.code()).content.decode()

    assert "the last ones have expired" in page
    assert "/sign-in/?again=1" in page


def test_from_the_fourth_on_old_codes_count_as_guesses(visitor, advance_time):
    request_three_codes(visitor, advance_time)

    answers = [visitor.submit_code(visitor.code(0)) for _entry in range(9)]

    assert [answer.status_code for answer in answers] == [422] * 8 + [409]
    assert [visitor.challenge.old_codes_entered, visitor.challenge.failures] == [3, 5]


def test_of_many_concurrent_old_codes_three_are_free(committed_db, visitor, advance_time):
    request_three_codes(visitor, advance_time)
    old_code = visitor.code(0)

    answers = run_concurrently(lambda _n: visitor.submit_code(old_code).status_code, range(40))

    assert Counter(answers) == {422: 8, 409: 32}
    assert (visitor.challenge.old_codes_entered, visitor.challenge.failures) == (3, 5)


def test_old_codes_among_wrong_ones_add_no_guess(visitor, advance_time):
    request_three_codes(visitor, advance_time)
    typed = [code for wrong in visitor.wrong_codes()[:5] for code in (visitor.code(0), wrong)]

    for code in typed:
        visitor.submit_code(code)

    assert visitor.challenge.failures == 5
    assert visitor.submit_code(visitor.code()).status_code == 409


def test_a_locked_attempt_says_nothing_of_old_codes(visitor, advance_time):
    request_three_codes(visitor, advance_time)
    for code in visitor.wrong_codes()[:5]:
        visitor.submit_code(code)

    assert visitor.submit_code(visitor.code(0)).status_code == 409
    assert visitor.challenge.old_codes_entered == 0


def test_an_old_code_of_another_attempt_counts_as_a_guess(acme, visitor, advance_time):
    request_three_codes(visitor, advance_time)
    other = Visitor(acme, Client(headers={"host": hostnames.get_portal_host(acme)}, REMOTE_ADDR="198.51.100.9"))
    other.request_code()

    other.submit_code(visitor.code(0))

    assert (other.challenge.failures, other.challenge.old_codes_entered) == (1, 0)


def test_codes_that_were_never_sent_are_not_old(acme, visitor, advance_time):
    request_three_codes(visitor, advance_time, STRANGER)

    answer = visitor.submit_code(visitor.code(0))

    assert (answer.status_code, visitor.challenge.failures) == (422, 1)
    assert read_error(answer).startswith("That code isn’t right.")


def test_an_old_code_is_on_the_timeline_for_who_helps(acme, visitor, advance_time):
    request_three_codes(visitor, advance_time)
    visitor.submit_code(visitor.code(0))

    with use_business(acme):
        entry = Entry.objects.get(event_type="access.old-code-entered")
        assert entry.client_id == Challenge.objects.get().client_id


def test_a_signed_in_client_is_told_of_an_old_code_as_well(acme, visitor, advance_time):
    visitor.request_code()
    visitor.submit_code(visitor.code())
    visitor.browser.post("/account/contact/", {"identifier": "ana@new.example"})
    with use_business(acme):
        challenge = Challenge.objects.get(purpose="new-contact")
        code = current_code(challenge)
    advance_time(CODE_LIFETIME)

    answer = visitor.browser.post("/account/contact/code/", {"code": code})

    assert (answer.status_code, read_error(answer)) == (422, "That code has expired. You need a new one.")
