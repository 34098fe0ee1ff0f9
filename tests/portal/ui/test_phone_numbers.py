"""Phone numbers are read as people and spreadsheets write them, or refused with a sentence."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clients.identifiers import InvalidIdentifier, parse_phone
from portal.ui.phone_numbers import E164, InvalidPhoneNumber, parse_phone_number

GERMAN = {
    "+49 171 3920081": "+491713920081",
    "491713920082": "+491713920082",
    "+49 (0) 171 3920086": "+491713920086",
    "0049 171 3920087": "+491713920087",
    "0049 (0)171 3920087": "+491713920087",
    "1713920088": "+491713920088",
    "15202345678": "+4915202345678",
    "Handy: 0171 3920089": "+491713920089",
    "Tel.Nr.: 0171 3920089": "+491713920089",
    "0171 3920089 (privat)": "+491713920089",
    "1713920092.0": "+491713920092",
    "0171/3920083": "+491713920083",
    "0171 / 3920083": "+491713920083",
    "+49 171/3920083": "+491713920083",
    "030 23125085 DW 12": "+493023125085",
    "030 23125085 x12": "+493023125085",
    "030 23125085, ext. 12": "+493023125085",
    "tel:+49-30-23125085;ext=12": "+493023125085",
    "+41 79 000 00 00": "+41790000000",
}
BRITISH = {
    "07700 900101": "+447700900101",
    "447700900102": "+447700900102",
    "7700900103": "+447700900103",
    "+44 (0)7700 900104": "+447700900104",
    "0044 7700 900105": "+447700900105",
    "(+44) 7700 900106": "+447700900106",
    "tel:+447700900107": "+447700900107",
    "020 7946 0018 ext 3": "+442079460018",
    "\u202a+44\u00a07700\u2011900113\u202c": "+447700900113",
    "٠٧٧٠٠٩٠٠١١٤": "+447700900114",
    "०७७००९००११४": "+447700900114",
    "０７７００９００１１５": "+447700900115",
    "+4407700900116": "+447700900116",
    "'+447700900119": "+447700900119",
}
REFUSED = [
    ("DE", "0171 3920083 (Mama)"),
    ("DE", "Notfall: 0171 3920083"),
    ("DE", "Fax: 030 23125085"),
    ("DE", "0171 3920084/85"),
    ("DE", "030 23125085/8612"),
    ("DE", "0171 3920090 oder 0171 3920091"),
    ("DE", "436600000000"),
    ("DE", "41790000000"),
    ("DE", "447700900103"),
    ("DE", "01.02.1985"),
    ("DE", "01/02/1985"),
    ("DE", "1985-02-01"),
    ("DE", "4.91714E+11"),
    ("DE", "4,91714E+11"),
    ("DE", "+4917139200836262"),
    ("DE", "+493023125085123456"),
    ("DE", "+49 30 1234567890123"),  # the numbering plan has it, E.164 does not
    ("DE", "+49 10 21985"),
    ("DE", "0171 39200"),
    ("DE", "+999 123456"),
    ("DE", "12"),
    ("DE", "#31#01713920083"),
    ("DE", "0800 FLOWERS"),
    ("DE", "ph" * 100),
    ("GB", "07700900110 or 07700900111"),
    ("GB", "4.47701E+11"),
    ("GB", "4915112345678"),
    ("GB", "118 118"),
    ("GB", "n/a"),
    ("GB", ""),
    ("US", "0044 7700 900103"),
    ("US", "447700900103"),
    ("XX", "0171 3920083"),
]
COUNTRIES = st.sampled_from(["DE", "GB", "US", "IT", "FR", "AR", "CH", "AU", "RU", "MX", "CI", "JP", "HU", "XX", ""])
DIGITS = "0123456789٠١٢٣०१२０１２"


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [("DE", *pair) for pair in GERMAN.items()] + [("GB", *pair) for pair in BRITISH.items()],
)
def test_every_spelling_of_a_number_gives_that_number(country, text, number):
    assert parse_phone_number(text, country=country) == number


@pytest.mark.parametrize(("country", "text"), REFUSED)
def test_what_is_no_single_existing_number_is_refused_with_a_sentence(country, text):
    with pytest.raises(InvalidPhoneNumber, match=r"^[A-Z].+\.$"):
        parse_phone_number(text, country=country)


def test_the_international_prefix_is_that_of_the_country():
    assert parse_phone_number("011 44 7700 900103", country="US") == "+447700900103"


def test_a_number_that_a_spreadsheet_shortened_is_refused_with_that_reason():
    with pytest.raises(InvalidPhoneNumber, match="spreadsheet has shortened"):
        parse_phone_number("4.91714E+11", country="DE")


def test_a_number_with_a_name_beside_it_is_refused_with_that_reason():
    with pytest.raises(InvalidPhoneNumber, match="Enter the number alone"):
        parse_phone_number("0171 3920083 (Mama)", country="DE")


@given(
    text=st.text() | st.text(alphabet=DIGITS + " +()/.-xE,") | st.from_regex(r"\A\+[0-9]{1,20}\Z"),
    country=COUNTRIES,
)
def test_any_text_gives_a_number_that_the_table_takes_or_is_refused(text, country):
    try:
        number = parse_phone(text, country=country).value
    except InvalidIdentifier:
        return
    assert E164.fullmatch(number)
    assert parse_phone(number, country="XX").value == number


# New Caledonia writes its numbers as others write a date.
@given(country=st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS - {"NC"})), kind=st.sampled_from([0, 1]))
def test_a_number_is_the_same_in_national_and_international_spelling(country, kind):
    example = phonenumbers.example_number_for_type(country, kind)
    if example is None:
        return
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)

    for style in (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.RFC3966):
        assert parse_phone_number(phonenumbers.format_number(example, style), country="DE") == number
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert parse_phone_number(national, country=country) == number
