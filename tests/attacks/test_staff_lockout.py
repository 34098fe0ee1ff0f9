"""L31: strangers do not keep a member of staff from signing in on a device that is new."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from tenants.models import Person, StaffEmail
from tests.factories import create_member

pytestmark = pytest.mark.slow

SIGN_IN, CODE = "/staff/sign-in/", "/staff/sign-in/code/"
STRANGER = {"REMOTE_ADDR": "198.51.100.9"}
UNKNOWN = "nobody@acme.test"


@pytest.fixture
def sam(acme, outbox) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


@pytest.fixture
def no_wait(settings):
    """Let whoever is told to wait go on at once."""
    settings.ATTACK_MODE_DELAY = timedelta(0)


def ask_patiently(browser, email):
    """Ask for a code, and once more if told to wait."""
    answer = browser.post(SIGN_IN, {"email": email})
    wait_token = answer.context["wait_token"] if answer.status_code == 429 else ""
    return browser.post(SIGN_IN, {"email": email, "wait_token": wait_token}) if wait_token else answer


def ask_from_many_networks(platform_client, email, number):
    browsers = [platform_client(REMOTE_ADDR=f"10.1.{network}.1") for network in range(number)]
    return [browser.post(SIGN_IN, {"email": email}) for browser in browsers]


def sign_in(browser, email, outbox):
    """Enter the newest code, and tell whether it signed somebody in."""
    outbox.deliver_due()
    return browser.post(CODE, {"code": outbox.code(email)}).headers.get("Location") == "/console/"


def test_asks_and_guesses_from_one_network_do_not_keep_staff_out(sam, platform_client, outbox, no_wait):
    for _ask in range(12):
        stranger = platform_client(**STRANGER)
        ask_patiently(stranger, sam.email)
        for _guess in range(3):
            stranger.post(CODE, {"code": "00000000"})
    assert StaffEmail.objects.count() == 6

    browser = platform_client()
    assert browser.post(SIGN_IN, {"email": sam.email}).status_code == 302
    assert sign_in(browser, sam.email, outbox)


def test_resends_of_one_network_do_not_keep_staff_out(sam, platform_client, outbox, no_wait):
    for _ask in range(6):
        stranger = platform_client(**STRANGER)
        ask_patiently(stranger, sam.email)
        for _resend in range(2):
            stranger.post(CODE, {"action": "resend"})
    assert StaffEmail.objects.count() == 6

    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    assert sign_in(browser, sam.email, outbox)


def test_who_waits_gets_a_code_when_many_networks_spent_what_needs_no_wait(
    sam, platform_client, outbox, time_machine, now
):
    time_machine.move_to(now, tick=False)
    answers = ask_from_many_networks(platform_client, sam.email, 10)
    assert [answer.status_code for answer in answers] == [302] * 8 + [429] * 2
    browser = platform_client()
    told = browser.post(SIGN_IN, {"email": sam.email})
    again = {"email": sam.email, "wait_token": told.context["wait_token"]}

    assert (told.status_code, told.headers["Retry-After"]) == (429, "5")
    assert browser.post(SIGN_IN, again).status_code == 429
    outbox.deliver_due()
    time_machine.shift(6)
    assert browser.post(SIGN_IN, again).status_code == 302
    assert sign_in(browser, sam.email, outbox)


def test_a_mailbox_of_staff_gets_ten_codes_an_hour_however_many_networks_wait(sam, platform_client, no_wait):
    answers = [ask_patiently(platform_client(REMOTE_ADDR=f"10.1.{n}.1"), sam.email) for n in range(14)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 4
    assert answers[-1].headers["Retry-After"] == "3600"
    assert StaffEmail.objects.count() == 10


def test_the_limits_are_the_same_for_addresses_of_nobody(sam, platform_client):
    told = {}
    for email in (sam.email, UNKNOWN):
        answers = ask_from_many_networks(platform_client, email, 10)
        answers += [platform_client(**STRANGER).post(SIGN_IN, {"email": email}) for _ask in range(2)]
        told[email] = [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers]

    assert told[sam.email] == told[UNKNOWN]


@pytest.mark.parametrize("forged", ["x", ":", "1:x", "9" * 400, "\x00", "٣:x"])
def test_forged_wait_tokens_gain_nothing(sam, platform_client, forged):
    ask_from_many_networks(platform_client, sam.email, 9)

    assert platform_client().post(SIGN_IN, {"email": sam.email, "wait_token": forged}).status_code == 429


def test_a_wait_for_one_address_is_none_for_another(sam, platform_client, no_wait):
    [*_answers, told] = ask_from_many_networks(platform_client, UNKNOWN, 9)
    ask_from_many_networks(platform_client, sam.email, 9)
    again = {"email": sam.email, "wait_token": told.context["wait_token"]}

    assert platform_client(REMOTE_ADDR="10.1.8.1").post(SIGN_IN, again).status_code == 429


def test_a_known_browser_is_not_affected_by_strangers(sam, platform_client, outbox, no_wait):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    assert sign_in(browser, sam.email, outbox)
    browser.post("/staff/sign-out/")
    for network in range(12):
        ask_patiently(platform_client(REMOTE_ADDR=f"10.1.{network}.1"), sam.email)

    assert browser.post(SIGN_IN, {"email": sam.email}).status_code == 302
    assert sign_in(browser, sam.email, outbox)


def test_too_many_second_factors_are_refused_with_429(sam, platform_client, outbox):
    TOTP.activate(sam, generate_totp_secret())
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    outbox.deliver_due()
    browser.post(CODE, {"code": outbox.code(sam.email)})

    answers = [browser.post("/staff/sign-in/second-factor/", {"code": "000000"}) for _guess in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "3600"


class TestRefusedResend:
    """Another code is requested on the page for the code."""

    @pytest.mark.parametrize("email", ["sam", UNKNOWN])
    def test_is_a_429_that_says_when_to_try_again(self, sam, platform_client, no_wait, email):
        email = sam.email if email == "sam" else email
        browser = platform_client(**STRANGER)
        browser.post(SIGN_IN, {"email": email})
        for _ask in range(5):
            ask_patiently(platform_client(**STRANGER), email)

        refused = browser.post(CODE, {"action": "resend"})

        assert (refused.status_code, refused.context["refusal"]) == (429, "address")
        assert (refused.headers["Retry-After"], refused.context["minutes"]) == ("3600", 60)

    def test_leaves_the_earlier_code_valid(self, sam, platform_client, outbox, no_wait):
        browser = platform_client(**STRANGER)
        browser.post(SIGN_IN, {"email": sam.email})
        outbox.deliver_due()
        code = outbox.code(sam.email)
        for _ask in range(5):
            ask_patiently(platform_client(**STRANGER), sam.email)

        assert browser.post(CODE, {"action": "resend"}).status_code == 429
        assert browser.post(CODE, {"code": code}).headers["Location"] == "/console/"

    def test_leaves_the_other_resend_for_later(self, sam, platform_client, time_machine, now, no_wait):
        time_machine.move_to(now, tick=False)
        stranger = platform_client(**STRANGER)
        for _ask in range(5):
            ask_patiently(platform_client(**STRANGER), sam.email)
        time_machine.shift(timedelta(minutes=45))
        stranger.post(SIGN_IN, {"email": sam.email})
        assert [stranger.post(CODE, {"action": "resend"}).status_code for _ask in range(3)] == [429] * 3

        time_machine.shift(timedelta(minutes=15))

        assert [stranger.post(CODE, {"action": "resend"}).status_code for _ask in range(3)] == [302, 302, 409]

    def test_of_a_third_code_costs_no_guess(self, sam, platform_client, outbox):
        browser = platform_client()
        browser.post(SIGN_IN, {"email": sam.email})
        for _resend in range(6):
            browser.post(CODE, {"action": "resend"})

        assert StaffEmail.objects.count() == 3
        assert set(StaffEmail.objects.values_list("guesses", flat=True)) == {0}
        assert sign_in(browser, sam.email, outbox)

    def test_for_a_wait_is_accepted_from_the_page_that_was_open_so_long(self, sam, platform_client, time_machine, now):
        time_machine.move_to(now, tick=False)
        browser = platform_client()
        browser.post(SIGN_IN, {"email": sam.email})
        ask_from_many_networks(platform_client, sam.email, 7)
        wait_token = browser.get(CODE).context["wait_token"]
        resend = {"action": "resend", "wait_token": wait_token}
        told = browser.post(CODE, resend)
        assert (told.status_code, told.context["refusal"], told.headers["Retry-After"]) == (429, "wait", "5")

        time_machine.shift(5)

        assert browser.post(CODE, resend).status_code == 302


@pytest.mark.parametrize("loss", ["flushed", "gone"])
def test_the_limits_hold_without_redis(sam, platform_client, settings, redis_db, loss):
    for _ask in range(6):
        platform_client(**STRANGER).post(SIGN_IN, {"email": sam.email})
    if loss == "gone":
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_db.flushdb()

    assert platform_client(**STRANGER).post(SIGN_IN, {"email": sam.email}).status_code == 429


def test_one_network_gets_sixty_codes_in_ten_minutes_for_all_addresses(acme, platform_client):
    emails = [f"stranger{number}@example.com" for number in range(62)]
    answers = [platform_client(**STRANGER).post(SIGN_IN, {"email": email}) for email in emails]

    assert [answer.status_code for answer in answers] == [302] * 60 + [429] * 2
    assert answers[-1].context["refusal"] == "network"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 600


def test_a_known_browser_is_not_affected_by_strangers_on_its_own_network(sam, platform_client, outbox):
    browser = platform_client(**STRANGER)
    browser.post(SIGN_IN, {"email": sam.email})
    assert sign_in(browser, sam.email, outbox)
    browser.post("/staff/sign-out/")
    for number in range(61):
        platform_client(**STRANGER).post(SIGN_IN, {"email": f"stranger{number}@example.com"})

    assert browser.post(SIGN_IN, {"email": sam.email}).status_code == 302


@pytest.mark.parametrize("first", ["s", "\N{LATIN SMALL LETTER LONG S}", "\N{FULLWIDTH LATIN CAPITAL LETTER S}"])
def test_every_spelling_of_an_address_counts_towards_its_limit(sam, platform_client, first):
    ask_from_many_networks(platform_client, sam.email.upper(), 8)

    answer = platform_client().post(SIGN_IN, {"email": first + sam.email[1:]})

    assert answer.status_code != 302
    assert StaffEmail.objects.exclude(person=sam).count() == 0


def test_letters_that_a_database_folds_and_python_does_not_find_nobody(sam, platform_client):
    Person.objects.filter(pk=sam.pk).update(email="ina@acme.test")

    platform_client().post(SIGN_IN, {"email": "\N{LATIN SMALL LETTER DOTLESS I}na@acme.test"})

    assert set(StaffEmail.objects.values_list("person", flat=True)) <= {None}


@pytest.mark.parametrize("typed", ["12345", "1234567", "O00000", "000000 111111", "letters"])
def test_what_can_not_be_a_second_factor_costs_no_attempt(sam, platform_client, outbox, typed):
    secret = generate_totp_secret()
    TOTP.activate(sam, secret)
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    outbox.deliver_due()
    browser.post(CODE, {"code": outbox.code(sam.email)})

    answers = [browser.post("/staff/sign-in/second-factor/", {"code": typed}) for _guess in range(11)]

    assert {answer.status_code for answer in answers} == {200}
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert browser.post("/staff/sign-in/second-factor/", {"code": f"Code: {code}"}).status_code == 302


@pytest.mark.parametrize("stored", ["ina@xn--strae-oqa.test", "ina@straße.test"])
def test_a_domain_with_other_letters_finds_its_owner_and_not_the_neighbour(sam, platform_client, stored):
    Person.objects.filter(pk=sam.pk).update(email=stored)
    for email in ("Ina@Straße.test", "ina@xn--strae-oqa.test", "ina@strasse.test"):
        platform_client().post(SIGN_IN, {"email": email})

    assert list(StaffEmail.objects.order_by("created_at").values_list("person", flat=True)) == [sam.pk, sam.pk, None]
