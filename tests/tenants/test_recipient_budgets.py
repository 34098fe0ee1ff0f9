"""Tests of the budget of messages that an address has over all businesses."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tenants.keyed_digests import KeyedDigest, compute_keyed_digest
from tenants.models import RecipientBudget
from tenants.recipient_budgets import BudgetPool, Spender, spend

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BO = compute_keyed_digest("test", "ana"), compute_keyed_digest("test", "bo")

pytestmark = pytest.mark.django_db


def spend_often(times, *, of=(ANA,), pool=BudgetPool.UNRECOGNISED, now=NOW, network="{}", **spender):
    """Spend once for each of several networks, and return how often there was room."""
    networks = [KeyedDigest(one, one) for one in (network.format(number).encode() for number in range(times))]
    return sum(spend(of, Spender(pool, one, one, **spender), now=now) for one in networks)


def test_strangers_leave_the_reserve_to_who_waits():
    assert spend_often(12) == 8
    assert spend_often(3, network="waiting {}", may_use_reserve=True) == 2


def test_a_network_has_three_fifths_and_its_block_four():
    network, other, block = (KeyedDigest(one, one) for one in (b"n", b"other", b"b"))
    one_network = [spend([ANA], Spender(BudgetPool.UNRECOGNISED, network, block, True), now=NOW) for _ask in range(8)]
    same_block = [spend([ANA], Spender(BudgetPool.UNRECOGNISED, other, block, True), now=NOW) for _ask in range(4)]

    assert (sum(one_network), sum(same_block)) == (6, 2)


@pytest.mark.parametrize("pool", [BudgetPool.RECOGNISED, BudgetPool.STAFF])
def test_other_pools_have_as_many_without_shares(pool):
    spend_often(12)

    assert spend_often(12, pool=pool, network="one") == 10


@pytest.mark.parametrize("pool", [BudgetPool.RECOGNISED, BudgetPool.STAFF, BudgetPool.ACCESS_NOTICES])
def test_what_a_business_says_of_its_clients_counts_for_that_business_alone(pool):
    sent = [spend_often(12, pool=pool, business_id=business) for business in (None, uuid4(), uuid4())]

    assert sent == [10, 10, 10]


def test_strangers_have_one_limit_over_all_businesses():
    sent = [spend_often(6, network=f"{business} {{}}", business_id=business) for business in (uuid4(), uuid4())]

    assert sent == [6, 2]


def test_a_business_sends_three_fifths_of_notices():
    assert spend_often(12, pool=BudgetPool.NOTICES, business_id=uuid4()) == 6


def test_a_day_has_twice_as_many_as_an_hour_and_ends():
    hours = [spend_often(12, now=NOW + hour * 1.01 * HOUR, may_use_reserve=True) for hour in range(4)]

    assert hours == [10, 10, 0, 0]
    assert spend_often(12, now=NOW + timedelta(days=1, seconds=1), may_use_reserve=True) == 10


def test_a_message_to_two_addresses_needs_room_at_both():
    spend_often(8, of=[BO])

    assert spend_often(1, of=[ANA, BO], network="another") == 0
    assert spend_often(1, of=[ANA], network="another") == 1


def test_a_message_that_is_refused_counts_for_nothing():
    spend_often(20)

    [budget] = RecipientBudget.objects.all()
    assert len(budget.sends) == 8


def test_a_budget_forgets_what_is_older_than_a_day():
    spend_often(8)
    spend_often(3, now=NOW + timedelta(days=1, seconds=1))

    [budget] = RecipientBudget.objects.all()
    assert len(budget.sends) == 3


def test_messages_under_either_order_of_the_digest_keys_count_together(settings):
    orders = [{"a": b"a" * 32}, {"a": b"a" * 32, "b": b"b" * 32}, {"b": b"b" * 32, "a": b"a" * 32}]
    sent = []
    for keys in (*orders, *orders[1:]):
        settings.DIGEST_KEYS = keys
        sent.append(spend_often(2, of=[compute_keyed_digest("test", "ana")], network=f"{len(sent)} {{}}"))

    assert sent == [2, 2, 2, 2, 0]
