"""Every text has a price, a country and a range."""

import pytest

from portal.branding.services import DEFAULT_SMS_COUNTRIES
from tenants.sms_limits.number_ranges import get_country, get_number_range
from tenants.sms_limits.prices import DEFAULT_PRICE, PRICES, get_price


def test_a_country_without_a_price_is_dearer_than_every_one_with():
    assert max(PRICES.values()) < DEFAULT_PRICE
    assert get_price("", segments=1) == get_price("XX", segments=1) == DEFAULT_PRICE


def test_each_segment_costs():
    assert get_price("DE", segments=3) == 3 * get_price("DE", segments=1)


def test_all_countries_that_texts_go_to_by_default_have_a_price():
    assert set(DEFAULT_SMS_COUNTRIES) <= PRICES.keys()


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+491711234567", "DE"),
        ("+447700900101", "GB"),
        ("+12125550123", "US"),
        ("+14165550123", "CA"),
        ("+18765550123", "JM"),
        ("+881612345678", ""),
        ("+1", ""),
    ],
)
def test_the_country_of_a_number_is_told_apart_within_a_calling_code(number, country):
    assert get_country(number) == country


def test_numbers_of_one_block_have_one_range():
    assert get_number_range("+491711234567") == get_number_range("+491711239999") == "+49171123"
    assert get_number_range("+491711244567") != get_number_range("+491711234567")
