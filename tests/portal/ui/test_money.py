"""Tests of amounts of money as people type and read them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.ui.money import InvalidAmount, format_amount, format_amount_for_input, parse_amount


@pytest.mark.parametrize(
    ("typed", "currency", "expected"),
    [
        ("45", "EUR", 4500),
        ("45.5", "EUR", 4550),
        ("45,50", "EUR", 4550),
        ("1.234,50 EUR", "EUR", 123450),
        ("1,234.50", "USD", 123450),
        ("1’234.50", "CHF", 123450),
        ("1.000", "EUR", 100000),
        ("5000", "JPY", 5000),
        ("5,000", "JPY", 5000),
        ("4.500", "KWD", 4500),
        ("4,5", "KWD", 4500),
        ("٤٥", "EUR", 4500),
        ("0", "EUR", 0),
    ],
)
def test_an_amount_is_read_by_the_exponent_of_its_currency(typed, currency, expected):
    assert parse_amount(typed, currency) == expected


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("-5", "EUR"),
        ("five", "EUR"),
        ("", "EUR"),
        (".", "EUR"),
        ("4.50", "JPY"),
        ("4.5055", "EUR"),
        ("4.5005", "KWD"),
        ("1.23.4", "EUR"),
        ("1e5", "EUR"),
        ("9" * 400, "EUR"),
    ],
)
def test_what_is_no_amount_is_refused(typed, currency):
    with pytest.raises(InvalidAmount):
        parse_amount(typed, currency)


@given(st.integers(0, 10**11), st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
def test_what_an_input_shows_is_read_as_the_same_amount(amount, currency):
    assert parse_amount(format_amount_for_input(amount, currency), currency) == amount


def test_an_amount_is_shown_in_the_reader_s_language():
    with translation.override("de"):
        german = format_amount(123450, "EUR")
    with translation.override("en-gb"):
        english = format_amount(123450, "EUR")

    assert (german, english) == ("1.234,50\xa0€", "€1,234.50")
    assert format_amount(5000, "JPY").endswith("5,000")
