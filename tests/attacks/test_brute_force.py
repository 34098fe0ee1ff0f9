"""L1–L4, L11: a code can not be found by trying."""

from collections import Counter

import pytest
from django.test import Client

from portal.access.models import Challenge
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently

pytestmark = pytest.mark.slow

MAX_ATTEMPTS = 5


def clone_browser(visitor, count):
    """Return browsers that hold the same cookies, each from a network of its own."""
    cookies, host = visitor.browser.cookies, visitor.browser.defaults["HTTP_HOST"]
    browsers = [Client(headers={"host": host}, REMOTE_ADDR=f"10.200.{n // 250}.{n % 250}") for n in range(count)]
    for browser in browsers:
        browser.cookies.update(cookies)
    return browsers


def test_after_five_wrong_codes_even_the_right_one_is_refused(acme, ana, open_visitor):
    ana_here = open_visitor(acme)
    ana_here.request_code()

    answers = [ana_here.submit_code(code).status_code for code in ana_here.wrong_codes()[: MAX_ATTEMPTS + 1]]

    assert answers == [422] * MAX_ATTEMPTS + [409]
    assert ana_here.submit_code(ana_here.code()).status_code == 409
    assert ana_here.challenge.failures == MAX_ATTEMPTS
    assert ana_here.request_home_status() == 302


def test_a_locked_attempt_gets_no_further_code(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    for code in ana_here.wrong_codes()[:MAX_ATTEMPTS]:
        ana_here.submit_code(code)
    advance_time(200)

    assert ana_here.resend().status_code == 409
    assert ana_here.resend(channel="sms").status_code == 409
    assert len(ana_here.challenge.sent_at) == 1


def test_of_200_parallel_wrong_guesses_only_five_are_checked(committed_db, acme, ana, open_visitor):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    browsers = clone_browser(ana_here, 200)
    guesses = ana_here.wrong_codes()

    answers = run_concurrently(
        lambda n: browsers[n].post("/sign-in/code/", {"code": guesses[n]}).status_code, range(200)
    )

    assert Counter(answers) == {422: MAX_ATTEMPTS, 409: 200 - MAX_ATTEMPTS}
    assert ana_here.challenge.failures == MAX_ATTEMPTS


def test_of_200_parallel_right_codes_one_opens_a_session(committed_db, acme, ana, open_visitor, count_sessions):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    browsers, code = clone_browser(ana_here, 200), ana_here.code()

    answers = run_concurrently(lambda browser: browser.post("/sign-in/code/", {"code": code}), browsers)

    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 199}
    assert [answer for answer in answers if "session" in answer.cookies] == [a for a in answers if a.status_code == 302]
    assert count_sessions(acme) == 1


def test_of_40_parallel_account_choices_one_opens_a_session(committed_db, acme, open_visitor, count_sessions):
    from tests.factories import ClientFactory

    with use_business(acme):
        family = [ClientFactory(email="family@example.com").pk for _one in range(2)]
    somebody = open_visitor(acme)
    somebody.request_code("family@example.com")
    assert somebody.submit_code(somebody.code()).headers["Location"] == "/sign-in/who/"
    browsers = clone_browser(somebody, 40)

    answers = run_concurrently(
        lambda n: browsers[n].post("/sign-in/who/", {"client": str(family[n % 2])}).status_code, range(40)
    )

    assert Counter(answers) == {302: 1, 409: 39}
    assert count_sessions(acme) == 1


def test_a_resend_resets_no_guess_count(acme, ana, open_visitor, advance_time):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    for code in ana_here.wrong_codes()[:4]:
        assert ana_here.submit_code(code).status_code == 422
    advance_time(181)
    assert ana_here.resend().status_code == 302

    answers = [ana_here.submit_code(code).status_code for code in ana_here.wrong_codes()[:4]]

    assert answers == [422, 409, 409, 409]
    assert ana_here.challenge.failures == MAX_ATTEMPTS


def test_a_resend_by_text_resets_no_guess_count(acme, ana, open_visitor):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    for code in ana_here.wrong_codes()[: MAX_ATTEMPTS - 1]:
        ana_here.submit_code(code)
    assert ana_here.resend(channel="sms").status_code == 302

    assert ana_here.submit_code(ana_here.wrong_codes()[0]).status_code == 422
    assert ana_here.submit_code(ana_here.code()).status_code == 409


def test_a_code_entered_in_another_browser_is_refused_and_counts_no_guess(acme, ana, open_visitor):
    owner, thief = open_visitor(acme), open_visitor(acme)
    owner.request_code()
    thief.request_code()

    assert thief.submit_code(owner.code()).status_code == 422
    assert open_visitor(acme).submit_code(owner.code()).status_code == 409

    assert owner.challenge.failures == 0
    assert owner.submit_code(owner.code()).status_code == 302


def test_wrong_guesses_in_one_browser_do_not_affect_another(acme, ana, open_visitor):
    owner = open_visitor(acme)
    owner.request_code()
    thief = open_visitor(acme)
    thief.request_code()
    for code in thief.wrong_codes()[:MAX_ATTEMPTS]:
        thief.submit_code(code)

    assert owner.submit_code(owner.code()).status_code == 302


def test_a_code_that_is_not_digits_or_of_another_length_is_refused(acme, ana, open_visitor):
    ana_here = open_visitor(acme)
    ana_here.request_code()
    code = ana_here.code()

    for odd in [code[:-1], code + "0", "0" + code, f"{code}\x00"[:6] + "x"]:
        assert ana_here.submit_code(odd).status_code == 422, odd


@pytest.mark.parametrize("field", ["generation", "digits", "client", "address"])
def test_extra_form_fields_are_ignored(acme, ana, open_visitor, field):
    ana_here = open_visitor(acme)
    ana_here.request_code()

    answer = ana_here.browser.post("/sign-in/code/", {"code": [ana_here.code(), ana_here.wrong_codes()[0]], field: "0"})

    with use_business(acme):
        assert answer.status_code == 422
        assert Challenge.objects.get().failures == 1
