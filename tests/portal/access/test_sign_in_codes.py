"""Tests of deriving, comparing and expiring codes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from portal.access import sign_in_codes
from portal.access.models import Challenge

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def build_challenge(*ages: timedelta, digits: int = 6) -> Challenge:
    """Return a challenge whose codes were sent the given ages ago, oldest first."""
    return Challenge(key_id=sign_in_codes.current_key_id(), code_length=digits, sent_at=[NOW - age for age in ages])


def test_a_code_is_derived_deterministically():
    challenge = build_challenge(timedelta(0))
    assert sign_in_codes.derive_code(challenge, 0) == sign_in_codes.derive_code(challenge, 0)


def test_codes_differ_by_challenge_and_by_generation():
    challenge, other = build_challenge(timedelta(0), digits=9), build_challenge(timedelta(0), digits=9)
    assert (
        len(
            {
                sign_in_codes.derive_code(challenge, 0),
                sign_in_codes.derive_code(challenge, 1),
                sign_in_codes.derive_code(other, 0),
            }
        )
        == 3
    )


@pytest.mark.parametrize("digits", [6, 8])
def test_a_code_has_as_many_digits_as_its_challenge_asks_for(digits):
    found = {len(sign_in_codes.derive_code(build_challenge(timedelta(0), digits=digits), 0)) for _ in range(50)}
    assert found == {digits}


@pytest.mark.parametrize(("age", "works"), [("9:59", True), ("10:00", True), ("10:01", False)])
def test_a_code_works_for_ten_minutes(age, works):
    minutes, seconds = age.split(":")
    challenge = build_challenge(timedelta(minutes=int(minutes), seconds=int(seconds)))
    assert (sign_in_codes.match_code(challenge, sign_in_codes.derive_code(challenge, 0), now=NOW) == 0) is works


def test_the_newest_two_codes_live_and_no_other():
    challenge = build_challenge(timedelta(minutes=8), timedelta(minutes=4), timedelta(0))
    found = [
        sign_in_codes.match_code(challenge, sign_in_codes.derive_code(challenge, generation), now=NOW)
        for generation in range(3)
    ]
    assert found == [None, 1, 2]


def test_a_challenge_whose_key_was_retired_has_no_codes():
    challenge = build_challenge(timedelta(0))
    with override_settings(LOGIN_CODE_KEYS={"next": b"x" * 32}), pytest.raises(sign_in_codes.CodeKeyRetired):
        sign_in_codes.derive_code(challenge, 0)


def test_an_older_key_still_verifies_after_a_rotation(settings):
    challenge = build_challenge(timedelta(0))
    before = sign_in_codes.derive_code(challenge, 0)
    settings.LOGIN_CODE_KEYS = {"next": b"x" * 32} | settings.LOGIN_CODE_KEYS
    assert sign_in_codes.current_key_id() == "next"
    assert sign_in_codes.derive_code(challenge, 0) == before
