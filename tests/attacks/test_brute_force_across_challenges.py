"""L5: the attempts against one address are limited, from however many browsers."""

from collections import Counter

import pytest

from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, count_codes_to

pytestmark = pytest.mark.slow

HOUR_SECONDS = 3600
PER_HOUR, PER_DAY = 5, 10


def guess_in_vain(stranger):
    """Make five wrong guesses and return how many were compared with the code."""
    return sum(stranger.submit_code(code).status_code == 422 for code in stranger.wrong_codes()[:5])


def test_an_address_gets_at_most_ten_wrong_guesses_an_hour_across_browsers(acme, ana, open_visitor, no_wait):
    judged = 0
    for _attempt in range(PER_HOUR):
        stranger = open_visitor(acme)
        assert stranger.request_code_patiently().status_code == 302
        judged += guess_in_vain(stranger)

    assert judged == 10
    assert stranger.submit_code(stranger.code()).status_code in (409, 429)
    assert open_visitor(acme).request_code_patiently().status_code == 429


def test_attempts_opened_beforehand_gain_no_guess(acme, ana, open_visitor, advance_time, no_wait):
    """The attempts of one hour, guessed at in the next along with those of that hour."""
    judged, early = 0, [open_visitor(acme) for _one in range(PER_HOUR)]
    for stranger in early:
        stranger.request_code_patiently()
    advance_time(19 * 60)
    judged += sum(guess_in_vain(stranger) for stranger in early)
    advance_time(42 * 60)

    for stranger in [open_visitor(acme) for _one in range(PER_HOUR)]:
        if stranger.request_code_patiently().status_code == 302:
            judged += guess_in_vain(stranger)

    assert judged == 10


def test_a_refused_guess_says_when_to_retry(acme, ana, open_visitor):
    for _attempt in range(3):
        stranger = open_visitor(acme)
        stranger.request_code()
        answers = [stranger.submit_code(code) for code in stranger.wrong_codes()[:5]]

    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= HOUR_SECONDS
    assert b"for this address" in answers[-1].content


def test_an_address_gets_at_most_twenty_wrong_guesses_a_day(acme, ana, open_visitor, advance_time, no_wait):
    judged = []
    for _hour in range(3):
        strangers = [open_visitor(acme) for _one in range(PER_HOUR)]
        allowed = [stranger for stranger in strangers if stranger.request_code_patiently().status_code == 302]
        judged.append(sum(guess_in_vain(stranger) for stranger in allowed))
        advance_time(HOUR_SECONDS + 1)

    assert judged[0] == 10
    assert sum(judged) <= 20
    assert judged[-1] == 0


def test_concurrent_guesses_across_challenges_are_counted_together(committed_db, acme, ana, open_visitor, no_wait):
    strangers = [open_visitor(acme) for _one in range(PER_HOUR)]
    for stranger in strangers:
        stranger.request_code_patiently()
    guesses = [(stranger, code) for stranger in strangers for code in stranger.wrong_codes()[:5]]

    answers = run_concurrently(lambda guess: guess[0].submit_code(guess[1]).status_code, guesses)

    assert Counter(answers)[422] <= 10
    assert set(answers) <= {422, 429}


def test_all_spellings_of_an_email_address_share_one_limit(acme, ana, open_visitor, no_wait):
    spellings = [ANA, ANA.upper(), f"  {ANA} ", "Ana@Example.com", "ａｎａ@example.com", "ana@EXAMPLE.com"]

    answers = [open_visitor(acme).request_code_patiently(spelling).status_code for spelling in spellings]

    assert answers == [302] * PER_HOUR + [429]
    assert count_codes_to(acme, ANA) == PER_HOUR


def test_all_spellings_of_a_phone_number_share_one_limit(acme, open_visitor, no_wait):
    with use_business(acme):
        ClientFactory(mobile="+4915112345678")
    spellings = [
        "+4915112345678",
        "0151 12345678",
        "0049 151 1234 5678",
        "+49 (151) 12345678",
        "+49-151-12345678",
        "015112345678",
    ]

    answers = [open_visitor(acme).request_code_patiently(spelling).status_code for spelling in spellings]

    assert answers == [302] * PER_HOUR + [429]
    assert count_codes_to(acme, "+4915112345678") == PER_HOUR
