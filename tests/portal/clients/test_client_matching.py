"""Addresses are matched to one client or to none."""

import pytest

from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import ClientStatus
from portal.clients.services import ClientMatch, match_client
from tests.factories import ClientFactory

pytestmark = pytest.mark.usefixtures("in_acme")

MOBILE = parse_phone("+4915112345678", country="DE")


def test_an_exact_email_address_decides():
    ana = ClientFactory(email="ana@example.com")
    ClientFactory(email="anna@example.com")
    assert match_client([parse_email("ANA@example.com ")]) == ClientMatch(client=ana)


def test_a_phone_number_decides_where_no_email_address_does():
    bo = ClientFactory(email="bo@example.com", mobile=MOBILE.value)
    assert match_client([parse_email("new@example.com"), MOBILE]) == ClientMatch(client=bo)


def test_the_email_address_comes_before_the_phone_number():
    ana = ClientFactory(email="ana@example.com")
    ClientFactory(mobile=MOBILE.value)
    assert match_client([MOBILE, parse_email("ana@example.com")]) == ClientMatch(client=ana)


@pytest.mark.parametrize("address", [parse_email("family@example.com"), MOBILE])
def test_several_matches_select_no_client(address):
    family = [ClientFactory(email=address.value), ClientFactory(email=address.value)]
    found = match_client([address])
    assert found.client is None
    assert set(found.candidates) == set(family)


def test_a_phone_number_does_not_decide_between_clients_with_the_same_email_address():
    ClientFactory(email="family@example.com", mobile=MOBILE.value)
    ClientFactory(email="family@example.com")
    assert match_client([parse_email("family@example.com"), MOBILE]).client is None


def test_a_name_never_decides():
    ClientFactory(name="Ana Pereira", email="ana@example.com")
    assert match_client([parse_email("ana.pereira@example.com")]) == ClientMatch()


def test_archived_and_blocked_clients_match():
    archived = ClientFactory(email="gone@example.com", archived=True)
    blocked = ClientFactory(email="out@example.com", status=ClientStatus.BLOCKED)
    assert match_client([parse_email("gone@example.com")]).client == archived
    assert match_client([parse_email("out@example.com")]).client == blocked


def test_demo_merged_and_erased_clients_do_not_match(now):
    stays = ClientFactory(email="stays@example.com")
    ClientFactory(email="demo@example.com", is_demo=True)
    ClientFactory(email="merged@example.com", merged_into=stays)
    ClientFactory(email="erased@example.com", erased_at=now)
    for word in ("demo", "merged", "erased"):
        assert match_client([parse_email(f"{word}@example.com")]) == ClientMatch()


def test_no_identifiers_match_nobody_and_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert match_client([]) == ClientMatch()


def test_any_number_of_addresses_takes_one_query(django_assert_num_queries):
    ClientFactory(email="ana@example.com")
    with django_assert_num_queries(1):
        match_client([parse_email("ana@example.com"), parse_email("b@example.com"), MOBILE])
