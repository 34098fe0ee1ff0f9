"""W15: every key is replaced while codes, forms, sessions and callbacks are under way, and nothing is lost."""

import os
import secrets
import uuid
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from portal.access import attack_mode
from portal.access.address_limits import list_recent_challenges
from portal.access.attack_mode import Waiter
from portal.access.models import Challenge
from tenants.context import use_business
from tenants.keyed_digests import compute_keyed_digest
from tenants.models import ProviderEvent
from tenants.visitor_networks import build_visitor_network
from tests.api.provider_webhooks.conftest import SendGridSigner, TwilioSigner
from tests.factories import create_member
from tests.portal.intake.contact_form_steps import NEW, open_contact_form
from workers.providers import twilio

STAFF_SIGN_IN, STAFF_CODE = "/staff/sign-in/", "/staff/sign-in/code/"
NEW_KEY = os.urandom(32)


@pytest.fixture
def rotate_secret_key(settings):
    """Return a function that replaces SECRET_KEY as the runbook says."""

    def rotate_secret_key() -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        settings.SECRET_KEY = secrets.token_urlsafe(60)

    return rotate_secret_key


@pytest.fixture
def rotate_keyring(settings):
    """Return a function that puts a new key first into a keyring as the runbook says."""

    def rotate_keyring(name: str) -> None:
        setattr(settings, name, {"new": NEW_KEY} | getattr(settings, name))

    return rotate_keyring


@pytest.fixture
def sam(acme, outbox):
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


def sign_in_staff(browser, person, outbox):
    """Sign somebody in by a code, and return the answer."""
    browser.post(STAFF_SIGN_IN, {"email": person.email})
    outbox.deliver_due()
    return browser.post(STAFF_CODE, {"code": outbox.code(person.email)})


def test_staff_stay_signed_in_when_the_secret_key_is_replaced(sam, platform_client, outbox, rotate_secret_key):
    browser = platform_client()
    sign_in_staff(browser, sam, outbox)

    rotate_secret_key()

    assert browser.get("/console/acme/").status_code == 200
    rotate_secret_key()
    assert browser.get("/console/acme/").status_code == 200


def test_a_staff_code_that_was_sent_still_signs_in(sam, platform_client, outbox, rotate_secret_key, rotate_keyring):
    browser = platform_client()
    browser.post(STAFF_SIGN_IN, {"email": sam.email})
    outbox.deliver_due()

    rotate_secret_key()
    rotate_keyring("LOGIN_CODE_KEYS")
    rotate_keyring("DIGEST_KEYS")

    browser.post(STAFF_CODE, {"code": outbox.code(sam.email)})
    assert browser.get("/console/acme/").status_code == 200


def test_a_client_in_the_middle_of_signing_in_gets_in_and_stays_in(
    acme, ana, portal_client, outbox, rotate_secret_key, rotate_keyring
):
    browser = portal_client(acme)
    browser.post("/sign-in/", {"identifier": "ana@example.com"})
    outbox.deliver_due()

    for name in ("LOGIN_CODE_KEYS", "DIGEST_KEYS"):
        rotate_keyring(name)
    rotate_secret_key()

    answer = browser.post("/sign-in/code/", {"code": outbox.code("ana@example.com")})
    assert answer.status_code == 302
    rotate_secret_key()
    assert browser.get("/account/").status_code == 200


def test_a_form_that_was_open_is_accepted(acme, portal_client, time_machine, rotate_secret_key):
    time_machine.move_to(datetime.now(UTC), tick=False)
    browser = portal_client(acme)
    form_token = open_contact_form(browser)

    rotate_secret_key()
    time_machine.shift(10)

    answer = browser.post("/contact/", {"form_token": form_token} | NEW)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/contact/thanks/")


def build_waiter():
    network = build_visitor_network("198.51.100.9", "198.51.100.0/24")
    return Waiter(compute_keyed_digest("test", "an address"), network)


def test_a_wait_of_attack_mode_that_has_begun_counts(acme, now, settings, rotate_secret_key, rotate_keyring):
    wait_token = attack_mode.create_wait_token("token", business=acme, waiter=build_waiter(), now=now)

    rotate_secret_key()
    rotate_keyring("DIGEST_KEYS")

    later = now + settings.ATTACK_MODE_DELAY * 2
    assert attack_mode.redeem_wait_token(wait_token, business=acme, waiter=build_waiter(), now=later) == "token"


def test_a_callback_for_a_text_that_was_sent_before_is_stored(acme, settings, rotate_secret_key):
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_URL = "token-of-then", "https://portico.example"
    path = twilio.build_callback_url(uuid.uuid4()).removeprefix(settings.PUBLIC_URL)

    rotate_secret_key()
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_FALLBACKS = "token-of-now", ["token-of-then"]

    for token in ("token-of-then", "token-of-now"):
        fields = {"MessageSid": f"SM{token[-3:]}", "MessageStatus": "delivered"}
        assert TwilioSigner(token, settings.PUBLIC_URL).post(path, fields).status_code == 204
    assert ProviderEvent.objects.count() == 2
    settings.TWILIO_AUTH_TOKEN_FALLBACKS = []
    assert TwilioSigner("token-of-then", settings.PUBLIC_URL).post(path, {"MessageSid": "SM1"}).status_code == 403


def test_events_signed_with_the_former_key_are_stored(acme, settings):
    former, present = SendGridSigner(), SendGridSigner()
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = present.public_key
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS = [former.public_key]

    assert [signer.post([]).status_code for signer in (former, present)] == [204, 204]
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS = []
    assert former.post([]).status_code == 403


def test_a_browser_that_staff_used_before_is_still_recognised(sam, platform_client, outbox, rotate_keyring):
    browser = platform_client()
    sign_in_staff(browser, sam, outbox)
    browser.post("/staff/sign-out/")
    mails = len(outbox.sent())

    rotate_keyring("DIGEST_KEYS")
    sign_in_staff(browser, sam, outbox)
    outbox.deliver_due()

    assert len(outbox.sent()) == mails + 1, "a mail warned of a new browser"


def test_limits_on_staff_sign_in_are_not_refilled(redis_db, rotate_keyring, rotate_secret_key):
    cache.set("allauth:attempts", [1.5], 60)
    cache.add("allauth.mfa.totp.used:123456", "used", 60)

    rotate_keyring("DIGEST_KEYS")
    rotate_secret_key()

    assert cache.get("allauth:attempts") == [1.5]
    assert cache.add("allauth.mfa.totp.used:123456", "used", 60) is False
    cache.delete("allauth:attempts")
    assert cache.get("allauth:attempts") is None


def ask_for_codes(business, portal_client, count: int) -> list[int]:
    """Ask for codes for Ana from as many new browsers on different networks, and return the answers' statuses."""
    return [
        portal_client(business)
        .post("/sign-in/", {"identifier": "ana@example.com"}, REMOTE_ADDR=f"198.51.{number}.7")
        .status_code
        for number in range(count)
    ]


def test_limits_on_codes_for_an_address_are_not_refilled(
    acme, ana, portal_client, settings, rotate_keyring, rotate_secret_key
):
    settings.LOGIN_SENDS_PER_HOUR = settings.LOGIN_SENDS_PER_DAY = 5
    before = ask_for_codes(acme, portal_client, 8)

    rotate_secret_key()
    rotate_keyring("DIGEST_KEYS")

    assert 429 in before
    assert set(ask_for_codes(acme, portal_client, 3)) == {429}


def test_wrong_guesses_before_a_rotation_count_after_it(acme, ana, portal_client, rotate_keyring, now):
    portal_client(acme).post("/sign-in/", {"identifier": "ana@example.com"})
    rotate_keyring("DIGEST_KEYS")
    portal_client(acme).post("/sign-in/", {"identifier": "ana@example.com"})

    with use_business(acme):
        newest = Challenge.objects.order_by("created_at").last()
        assert len(list_recent_challenges(digest=newest.digest, now=now)) == 2
