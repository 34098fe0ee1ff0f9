"""Email addresses and phone numbers are parsed, masked and refused."""

import pytest

from portal.clients.identifiers import InvalidIdentifier, can_receive_sms, parse_identifier

ALLOWED = ["DE", "GB", "US"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana@Example.COM\n", "ana@example.com"),
        ("ａｎａ＠example.com", "ana@example.com"),
        ("ana@Müller.example", "ana@xn--mller-kva.example"),
        ("ana@xn--mller-kva.example", "ana@xn--mller-kva.example"),
        ("ana@Straße.example", "ana@xn--strae-oqa.example"),
        ("+44 7700 900101", "+447700900101"),
        ("+44 (7700) 900-101", "+447700900101"),
        ("0151 12345678", "+4915112345678"),
        ("0049 151 12345678", "+4915112345678"),
        ("＋４４７７００９００１０１", "+447700900101"),
        ("\u202a+44 7700 900101\u202c", "+447700900101"),  # copied from an address book
        ("+44\u00a07700\u2011900101", "+447700900101"),
        ("\u200bana@example.com\ufeff", "ana@example.com"),
    ],
)
def test_spellings_of_an_address_are_normalised(text, expected):
    assert parse_identifier(text, country="DE").value == expected


@pytest.mark.parametrize(
    "text", ["ana", "ana@", "@example.com", "a b@example.com", "+", "12", "0" * 40, "0800 FLOWERS"]
)
def test_an_invalid_identifier_is_refused(text):
    with pytest.raises(InvalidIdentifier):
        parse_identifier(text, country="DE")


@pytest.mark.parametrize(
    ("text", "masked"),
    [("ana@example.com", "a•••@example.com"), ("+447700900101", "+44•••101")],
)
def test_an_address_is_masked_but_for_its_ends(text, masked):
    assert parse_identifier(text, country="DE").masked == masked


@pytest.mark.parametrize("number", ["+447700900101", "+4915112345678", "+12125550123"])
def test_numbers_in_the_chosen_countries_can_receive_sms(number):
    assert can_receive_sms(number, countries=ALLOWED)


@pytest.mark.parametrize(
    "number",
    [
        "+8801712345678",  # another country
        "+499001234567",  # a German premium-rate number
        "+449098765432",  # a British premium-rate number
        "+882161234567",  # a satellite phone
    ],
)
def test_premium_and_foreign_numbers_cannot_receive_sms(number):
    assert not can_receive_sms(number, countries=ALLOWED)
