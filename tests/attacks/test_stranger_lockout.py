"""L31: strangers, from one network or from many, do not lock a client out of a browser that is new."""

import pytest

from portal.access.models import Challenge
from portal.clients.models import Client
from portal.messaging.models import Message
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE

pytestmark = pytest.mark.slow

HOUR_SECONDS = 3600
RESEND_WAIT_SECONDS = 181
# All spellings of one stranger: a host, the hosts of an IPv6 subscriber, the hosts of a block.
ONE_NETWORK = {
    "one IPv4 address": ["198.51.100.9"] * 8,
    "one IPv6 subscriber": [f"2001:db8:1:2:{host:x}::{host:x}" for host in range(8)],
}
ONE_BLOCK = {
    "a block of IPv4 addresses": [f"198.51.100.{host}" for host in range(8)],
    "a site of IPv6 subscribers": [f"2001:db8:1:{site:x}::1" for site in range(8)],
}


def count_codes(business, address):
    with use_business(business):
        return Message.objects.filter(to=address, kind="sign-in-code").count()


def spend_all_there_is(open_visitor, business, hosts, *, identifier=ANA):
    """Ask for codes from these hosts, and guess wrong five times at each."""
    strangers = [open_visitor(business, REMOTE_ADDR=host) for host in hosts]
    asked = [one for one in strangers if one.request_code_patiently(identifier).status_code == 302]
    for stranger in asked:
        for code in stranger.wrong_codes()[:5]:
            stranger.submit_code(code)


def sign_in_at_once(visitor, identifier=ANA):
    """Sign in with the first code sent, and return the statuses of the two steps."""
    asked = visitor.request_code(identifier).status_code
    return asked, visitor.submit_code(visitor.code()).status_code


@pytest.mark.parametrize("hosts", ONE_NETWORK.values(), ids=ONE_NETWORK)
def test_after_asks_and_guesses_from_one_network_the_owner_signs_in_at_once(acme, ana, open_visitor, no_wait, hosts):
    spend_all_there_is(open_visitor, acme, hosts)

    owner = open_visitor(acme)
    assert sign_in_at_once(owner) == (302, 302)
    assert owner.request_home_status() == 200


@pytest.mark.parametrize("hosts", ONE_BLOCK.values(), ids=ONE_BLOCK)
def test_after_asks_and_guesses_from_one_block_the_owner_signs_in_after_a_wait(acme, ana, open_visitor, no_wait, hosts):
    spend_all_there_is(open_visitor, acme, hosts)

    owner = open_visitor(acme)
    assert owner.request_code().status_code == 429
    assert owner.request_code_patiently().status_code == 302
    assert owner.submit_code(owner.code()).status_code == 302


def test_the_owner_may_mistype_once_after_a_stranger_guessed_on_one_network(acme, ana, open_visitor, no_wait):
    spend_all_there_is(open_visitor, acme, ONE_NETWORK["one IPv4 address"])
    owner = open_visitor(acme)
    owner.request_code()

    assert owner.submit_code(owner.wrong_codes()[0]).status_code == 422
    assert owner.submit_code(owner.code()).status_code == 302


def test_her_own_right_code_is_accepted_however_many_networks_guessed_wrong(acme, ana, open_visitor, no_wait):
    owner = open_visitor(acme)
    owner.request_code()
    spend_all_there_is(open_visitor, acme, [f"10.99.{network}.1" for network in range(8)])

    assert owner.submit_code(owner.code()).status_code == 302


def test_who_waits_is_served_when_many_networks_spent_what_needs_no_wait(acme, ana, open_visitor, advance_time):
    asked = [open_visitor(acme).request_code() for _stranger in range(8)]
    assert [answer.status_code for answer in asked] == [302] * 4 + [429] * 4
    owner = open_visitor(acme)
    told = owner.request_code()
    wait_token = told.context["wait_token"]

    assert owner.request_code(wait_token=wait_token).status_code == 429
    advance_time(6)
    assert owner.request_code(wait_token=wait_token).status_code == 302
    assert owner.submit_code(owner.code()).status_code == 302
    assert int(told.headers["Retry-After"]) <= 6


def test_a_network_gets_no_more_than_its_share_by_waiting(acme, ana, open_visitor, no_wait, settings):
    hosts = ONE_NETWORK["one IPv4 address"]

    answers = [open_visitor(acme, REMOTE_ADDR=host).request_code_patiently() for host in hosts]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 5
    assert HOUR_SECONDS - 60 <= int(answers[-1].headers["Retry-After"]) <= HOUR_SECONDS
    assert count_codes(acme, ANA) == 3


def test_a_stranger_who_goes_by_another_address_of_the_card_does_not_keep_codes_from_the_owner(
    acme, ana, open_visitor, advance_time, no_wait
):
    """Codes for the mobile number can be sent to the mailbox, whose limits they count towards as well."""
    for _attempt in range(2):
        stranger = open_visitor(acme, REMOTE_ADDR="198.51.100.9")
        stranger.request_code(MOBILE)
        for _resend in range(2):
            stranger.resend(channel="email")
            advance_time(RESEND_WAIT_SECONDS)
    spend_all_there_is(open_visitor, acme, ONE_NETWORK["one IPv4 address"])
    before = count_codes(acme, ANA)

    owner = open_visitor(acme)
    owner.request_code()

    assert count_codes(acme, ANA) == before + 1


def test_a_day_of_asks_and_guesses_from_one_network_leaves_the_owner_a_sign_in(
    acme, ana, open_visitor, advance_time, no_wait
):
    for _hour in range(8):
        spend_all_there_is(open_visitor, acme, ONE_NETWORK["one IPv4 address"])
        advance_time(HOUR_SECONDS + 1)

    assert sign_in_at_once(open_visitor(acme)) == (302, 302)


def test_a_signed_in_client_can_add_an_address_that_many_networks_asked_codes_for(acme, ana, open_visitor):
    new = "ana@new.example"
    for _stranger in range(8):
        open_visitor(acme).request_code(new)
    owner = open_visitor(acme)
    assert sign_in_at_once(owner) == (302, 302)

    assert owner.browser.post("/account/contact/", {"identifier": new}).status_code == 302


def test_a_stranger_learns_nothing_from_the_limits_of_an_address(acme, ana, open_visitor, no_wait):
    """Whoever has spent a share, all that needs no wait, or everything, is told the same of known and unknown."""
    told = {}
    for identifier in (ANA, "nobody@example.com"):
        visitors = [open_visitor(acme, REMOTE_ADDR="198.51.100.9") for _ask in range(4)]
        visitors += [open_visitor(acme) for _ask in range(4)]
        first = [visitor.request_code(identifier) for visitor in visitors]
        again = [visitor.request_code_patiently(identifier) for visitor in visitors]
        told[identifier] = [(answer.status_code, "wait_token" in (answer.context or {})) for answer in first + again]

    assert told[ANA] == told["nobody@example.com"]
    assert {status for status, _waits in told[ANA]} == {302, 429}
    assert {waits for _status, waits in told[ANA]} == {True, False}


def test_no_network_is_stored_where_it_could_be_read(acme, ana, open_visitor):
    open_visitor(acme, REMOTE_ADDR="198.51.100.9").request_code()

    with use_business(acme):
        challenge = Challenge.objects.get()
        stored = f"{list(Challenge.objects.values())}{list(Message.objects.values())}"
    assert "198.51" not in stored
    assert len({bytes(challenge.network_digest), bytes(challenge.block_digest), b""}) == 3


def test_clients_of_one_household_sign_in_from_one_network(acme, open_visitor):
    with use_business(acme):
        for name in ("Maya Family", "Leo Family"):
            ClientFactory(name=name, email="family@example.com")
        assert Client.objects.count() == 2

    for _device in range(3):
        device = open_visitor(acme, REMOTE_ADDR="198.51.100.9")
        assert sign_in_at_once(device, "family@example.com") == (302, 302)
