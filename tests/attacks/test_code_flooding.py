"""L24: the number of codes that strangers can send to somebody is limited."""

from collections import Counter

import pytest
from django.db import transaction

from portal.access.services import CodeRequest, request_code
from portal.branding.models import PortalSettings
from portal.clients.identifiers import parse_phone
from tenants.context import use_business
from tenants.visitor_networks import VisitorNetwork
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, count_codes_to

pytestmark = pytest.mark.slow

HOUR_SECONDS = 3600
PER_HOUR, PER_DAY = 5, 10
# What one network may have sent in an hour, and what all networks may without a wait.
PER_NETWORK, WITHOUT_WAIT = 3, 4
RESEND_WAIT_SECONDS = 181


def test_strangers_can_send_an_address_at_most_five_mails_an_hour(acme, ana, open_visitor, no_wait):
    answers = [open_visitor(acme).request_code_patiently().status_code for _ask in range(8)]

    assert answers == [302] * PER_HOUR + [429] * 3
    assert count_codes_to(acme, ANA) == PER_HOUR


@pytest.mark.parametrize("identifier", [ANA, "nobody@example.com"])
def test_resends_count_towards_the_limit(acme, ana, open_visitor, advance_time, identifier):
    stranger, another = open_visitor(acme), open_visitor(acme)
    answers = [visitor.request_code(identifier).status_code for visitor in (stranger, another)]
    for _resend in range(2):
        advance_time(RESEND_WAIT_SECONDS)
        answers += [visitor.resend().status_code for visitor in (stranger, another)]

    assert answers == [302] * PER_HOUR + [429]


def test_strangers_can_send_an_address_at_most_ten_mails_a_day(acme, ana, open_visitor, advance_time, no_wait):
    for _hour in range(5):
        for _ask in range(6):
            open_visitor(acme).request_code_patiently()
        advance_time(HOUR_SECONDS + 1)

    assert count_codes_to(acme, ANA) == PER_DAY


def test_concurrent_requests_for_one_address_send_at_most_five_mails(committed_db, acme, ana, open_visitor, no_wait):
    answers = run_concurrently(
        lambda visitor: visitor.request_code_patiently().status_code, [open_visitor(acme) for _one in range(40)]
    )

    assert Counter(answers) == {302: PER_HOUR, 429: 40 - PER_HOUR}
    assert count_codes_to(acme, ANA) == PER_HOUR


def test_concurrent_resends_send_one_code(committed_db, acme, ana, open_visitor):
    stranger = open_visitor(acme)
    stranger.request_code()

    answers = run_concurrently(lambda _n: stranger.resend(channel="sms").status_code, range(20))

    assert Counter(answers) == {302: 1, 429: 19}
    assert count_codes_to(acme, MOBILE) == 1


def flood_by_email_and_sms(open_visitor, business, identifiers, advance_time):
    """Send as many codes as possible to a card's second address through its first, then ask for the second itself."""
    through, target = identifiers
    for _attempt in range(2):
        stranger = open_visitor(business)
        stranger.request_code(through)
        for _resend in range(2):
            stranger.resend(channel="email" if "@" in target else "sms")
            advance_time(RESEND_WAIT_SECONDS)
    for _attempt in range(PER_HOUR):
        open_visitor(business).request_code_patiently(target)


@pytest.mark.parametrize("identifiers", [(ANA, MOBILE), (MOBILE, ANA)], ids=["the mobile", "the mailbox"])
def test_addresses_of_one_card_share_the_hourly_limit(acme, ana, open_visitor, advance_time, no_wait, identifiers):
    flood_by_email_and_sms(open_visitor, acme, identifiers, advance_time)

    assert count_codes_to(acme, identifiers[1]) == PER_HOUR


@pytest.mark.parametrize("identifiers", [(ANA, MOBILE), (MOBILE, ANA)], ids=["the mobile", "the mailbox"])
def test_addresses_of_one_card_share_the_daily_limit(acme, ana, open_visitor, advance_time, no_wait, identifiers):
    for _hour in range(4):
        flood_by_email_and_sms(open_visitor, acme, identifiers, advance_time)
        advance_time(HOUR_SECONDS)

    assert count_codes_to(acme, identifiers[1]) == PER_DAY


def test_a_flooded_client_can_sign_in_with_a_recognised_browser(acme, ana, open_visitor):
    victim = open_visitor(acme)
    assert victim.sign_in() == 302
    victim.browser.post("/sign-out/")
    for _attempt in range(12):
        stranger = open_visitor(acme)
        if stranger.request_code().status_code == 302:
            for code in stranger.wrong_codes()[:5]:
                stranger.submit_code(code)

    assert open_visitor(acme).request_code().status_code == 429
    assert victim.sign_in() == 302
    assert victim.request_home_status() == 200


def test_a_flooded_client_gets_a_text_in_a_recognised_browser(acme, ana, open_visitor):
    victim = open_visitor(acme)
    assert victim.sign_in() == 302
    victim.browser.post("/sign-out/")
    for identifier in (ANA, MOBILE):
        for _attempt in range(8):
            stranger = open_visitor(acme)
            stranger.request_code(identifier)
            stranger.resend(channel="sms")
    texts = count_codes_to(acme, MOBILE)

    victim.request_code()
    victim.resend(channel="sms")

    assert count_codes_to(acme, MOBILE) == texts + 1
    assert victim.submit_code(victim.code()).status_code == 302


def test_a_forged_browser_cookie_does_not_raise_the_limit(acme, ana, open_visitor, no_wait):
    answers = []
    for number in range(8):
        stranger = open_visitor(acme)
        stranger.browser.cookies["browser"] = f"made-up-{number}"
        answers.append(stranger.request_code_patiently().status_code)

    assert answers == [302] * PER_HOUR + [429] * 3


def test_another_client_s_recognised_browser_does_not_raise_the_share_of_its_network(acme, ana, open_visitor, no_wait):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = open_visitor(acme)
    mallory.request_code("mallory@example.com")
    mallory.submit_code(mallory.code())
    mallory.browser.post("/sign-out/")

    answers = [mallory.request_code_patiently().status_code for _ask in range(7)]

    assert answers == [302] * PER_NETWORK + [429] * 4


def test_a_signed_in_client_can_not_flood_somebody_by_adding_their_address(acme, ana, open_visitor):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = open_visitor(acme)
    mallory.request_code("mallory@example.com")
    mallory.submit_code(mallory.code())

    answers = [mallory.browser.post("/account/contact/", {"identifier": ANA}).status_code for _ask in range(7)]

    assert answers == [302] * PER_NETWORK + [429] * 4
    assert open_visitor(acme).sign_in() == 302


def test_a_signed_in_client_can_not_send_codes_to_many_strangers(acme, open_visitor, advance_time):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = open_visitor(acme)
    mallory.request_code("mallory@example.com")
    mallory.submit_code(mallory.code())

    answers = []
    for number in range(7):
        fields = {"identifier": f"+49151123456{number:02d}", "kind": "phone"}
        answers.append(mallory.browser.post("/account/contact/", fields).status_code)

    assert answers == [302] * PER_HOUR + [429] * 2


def test_a_signed_in_client_can_not_send_codes_to_many_strangers_concurrently(
    committed_db, acme, open_visitor, settings
):
    settings.LOGIN_REQUESTS_PER_IP = "1000/minute"
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = open_visitor(acme)
    mallory.request_code("mallory@example.com")
    mallory.submit_code(mallory.code())

    def add_contact_in_thread(number: int) -> int:
        return mallory.browser.post("/account/contact/", {"identifier": f"+49151123456{number:02d}"}).status_code

    assert Counter(run_concurrently(add_contact_in_thread, range(20))) == {302: PER_HOUR, 429: 20 - PER_HOUR}


def test_concurrent_requests_through_another_address_share_the_limit(committed_db, acme, ana, open_visitor, now):
    with use_business(acme):
        PortalSettings.objects.update(default_channel="sms")
    for _ask in range(WITHOUT_WAIT - 1):
        open_visitor(acme).request_code(MOBILE)
    last = CodeRequest(
        identifier=parse_phone(MOBILE, country="GB"), browser_digest=b"", network=VisitorNetwork(), language="en"
    )

    with transaction.atomic():
        with use_business(acme):
            request_code(business=acme, code_request=last, under_attack=False, now=now)
        [answer] = run_concurrently(lambda who: open_visitor(acme).request_code(who), [ANA])

    assert answer.status_code == 302
    assert (count_codes_to(acme, MOBILE), count_codes_to(acme, ANA)) == (WITHOUT_WAIT, 1)


def test_concurrent_requests_for_two_addresses_of_one_card_share_the_limit(committed_db, acme, ana, open_visitor):
    with use_business(acme):
        PortalSettings.objects.update(default_channel="sms")

    run_concurrently(lambda who: open_visitor(acme).request_code(who), [ANA, MOBILE] * PER_HOUR)

    assert count_codes_to(acme, MOBILE) == WITHOUT_WAIT
