"""Tests of the prices and deposits that staff type."""

import pytest
from django.core.exceptions import ValidationError

from portal.scheduling.forms.price_rules import format_example_amount, parse_deposit, parse_price
from portal.scheduling.models import DepositKind


def test_no_price_is_not_a_price_of_zero():
    assert (parse_price("", "EUR"), parse_price("0", "EUR")) == (None, 0)


def test_an_example_has_the_decimals_of_its_currency():
    assert [format_example_amount(currency) for currency in ("JPY", "EUR", "KWD")] == ["5000", "45.00", "45.000"]


def test_a_negative_price_is_refused():
    with pytest.raises(ValidationError, match="Enter an amount of zero or more"):
        parse_price("-5", "EUR")


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("20", DepositKind.PERCENT, 20),
        ("20 %", DepositKind.PERCENT, 20),
        ("12,50", DepositKind.AMOUNT, 1250),
        ("", DepositKind.FULL, 0),
        ("99", DepositKind.NONE, 0),
    ],
)
def test_a_deposit_is_read_by_its_kind(typed, kind, value):
    assert parse_deposit(typed, kind, 4500, "EUR") == value


@pytest.mark.parametrize(
    ("typed", "kind", "price"),
    [
        ("101", DepositKind.PERCENT, 4500),
        ("0", DepositKind.PERCENT, 4500),
        ("12.5", DepositKind.PERCENT, 4500),
        ("46", DepositKind.AMOUNT, 4500),
        ("", DepositKind.AMOUNT, 4500),
        ("20", DepositKind.PERCENT, None),
        ("", DepositKind.FULL, 0),
    ],
)
def test_a_deposit_that_can_not_be_is_refused(typed, kind, price):
    with pytest.raises(ValidationError):
        parse_deposit(typed, kind, price, "EUR")
