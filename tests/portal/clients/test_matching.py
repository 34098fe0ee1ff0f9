"""Whose card is meant by an address?"""

import pytest

from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client
from portal.clients.services import ClientMatch, match_client
from tenants.context import use_business
from tests.factories import ClientFactory

MOBILE = parse_phone("+4915112345678", country="DE")


@pytest.fixture(autouse=True)
def _at_acme(acme):
    with use_business(acme):
        yield


def test_an_exact_mailbox_decides():
    ana = ClientFactory(email="ana@example.com")
    ClientFactory(email="anna@example.com")
    assert match_client([parse_email("ANA@example.com ")]) == ClientMatch(client=ana)


def test_a_number_decides_where_no_mailbox_does():
    bo = ClientFactory(email="bo@example.com", mobile=MOBILE.value)
    assert match_client([parse_email("new@example.com"), MOBILE]) == ClientMatch(client=bo)


def test_the_mailbox_comes_before_the_number():
    ana = ClientFactory(email="ana@example.com")
    ClientFactory(mobile=MOBILE.value)
    assert match_client([MOBILE, parse_email("ana@example.com")]) == ClientMatch(client=ana)


@pytest.mark.parametrize("address", [parse_email("family@example.com"), MOBILE])
def test_two_hits_choose_neither(address):
    twins = [ClientFactory(email=address.value), ClientFactory(email=address.value)]
    found = match_client([address])
    assert found.client is None
    assert set(found.candidates) == set(twins)


def test_a_number_does_not_settle_which_of_two_share_a_mailbox():
    ClientFactory(email="family@example.com", mobile=MOBILE.value)
    ClientFactory(email="family@example.com")
    assert match_client([parse_email("family@example.com"), MOBILE]).client is None


def test_a_name_never_decides():
    ClientFactory(name="Ana Pereira", email="ana@example.com")
    assert match_client([parse_email("ana.pereira@example.com")]) == ClientMatch()


def test_who_is_archived_or_blocked_is_still_known():
    archived = ClientFactory(email="gone@example.com", archived=True)
    blocked = ClientFactory(email="out@example.com", status=Client.Status.BLOCKED)
    assert match_client([parse_email("gone@example.com")]).client == archived
    assert match_client([parse_email("out@example.com")]).client == blocked


def test_demo_merged_and_erased_cards_are_nobody(now):
    stays = ClientFactory(email="stays@example.com")
    ClientFactory(email="demo@example.com", is_demo=True)
    ClientFactory(email="merged@example.com", merged_into=stays)
    ClientFactory(email="erased@example.com", erased_at=now)
    for word in ("demo", "merged", "erased"):
        assert match_client([parse_email(f"{word}@example.com")]) == ClientMatch()


def test_no_address_is_nobody_and_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert match_client([]) == ClientMatch()


def test_any_number_of_addresses_is_one_question(django_assert_num_queries):
    ClientFactory(email="ana@example.com")
    with django_assert_num_queries(1):
        match_client([parse_email("ana@example.com"), parse_email("b@example.com"), MOBILE])
