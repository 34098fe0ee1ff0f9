"""Numbers as spreadsheets and front desks leave them in German and British lists: read right, or refused by name."""

import pytest

from portal.clients.uploads.row_parsing import InvalidRow, RowParser

GERMAN = {
    "+49 171 3920081": ["+491713920081"],
    "491713920082": ["+491713920082"],
    "030 23125085 DW 12": ["+493023125085"],
    "+49 (0) 171 3920086": ["+491713920086"],
    "0049 171 3920087": ["+491713920087"],
    "1713920088": ["+491713920088"],
    "Handy: 0171 3920089": ["+491713920089"],
    "0171 3920090 oder 0171 3920091": ["+491713920090", "+491713920091"],
    "1713920092.0": ["+491713920092"],
}
GERMAN_REFUSED = {
    "0171 3920083 (Mama)": "bad-phone",
    "0171 3920084/85": "bad-phone",
    "436600000000": "bad-phone",
    "41790000000": "bad-phone",
    "01.02.1985": "bad-phone",
    "4.91714E+11": "shortened-phone",
    "4,91714E+11": "shortened-phone",
}
BRITISH = {
    "07700 900101": ["+447700900101"],
    "447700900102": ["+447700900102"],
    "7700900103": ["+447700900103"],
    "+44 (0)7700 900104": ["+447700900104"],
    "0044 7700 900105": ["+447700900105"],
    "(+44) 7700 900106": ["+447700900106"],
    "tel:+447700900107": ["+447700900107"],
    "020 7946 0018 ext 3": ["+442079460018"],
    "07700900110 or 07700900111": ["+447700900110", "+447700900111"],
    "\u202a+44\u00a07700\u2011900113\u202c": ["+447700900113"],
    "٠٧٧٠٠٩٠٠١١٤": ["+447700900114"],
    "０７７００９００１１５": ["+447700900115"],
    "+4407700900116": ["+447700900116"],
    "07700 900117, 07700 900118": ["+447700900117", "+447700900118"],
    "'+447700900119": ["+447700900119"],
    "n/a": [],
    "-": [],
    "0": [],
    "unknown": [],
}
BRITISH_REFUSED = {
    "07700 900108 (mum)": "bad-phone",
    "07700·900·112": "bad-phone",
    "4.47701E+11": "shortened-phone",
    "4915112345678": "bad-phone",
    "118 118": "bad-phone",
}


def parse(cell, country):
    return RowParser(["name", "email", "phone"], [], country=country).parse_row(["Ida", "ida@example.com", cell])


@pytest.mark.parametrize(
    ("country", "cell", "phones"),
    [*(("DE", *one) for one in GERMAN.items()), *(("GB", *one) for one in BRITISH.items())],
)
def test_a_number_is_read_as_it_was_meant_and_a_placeholder_costs_no_row(country, cell, phones):
    assert parse(cell, country).phones == phones


@pytest.mark.parametrize(
    ("country", "cell", "reason"),
    [*(("DE", *one) for one in GERMAN_REFUSED.items()), *(("GB", *one) for one in BRITISH_REFUSED.items())],
)
def test_a_number_that_nobody_has_is_refused_with_its_reason(country, cell, reason):
    with pytest.raises(InvalidRow) as refused:
        parse(cell, country)

    assert (refused.value.reason, refused.value.detail) == (reason, cell)


def test_groups_of_the_address_book_itself_are_no_tags():
    row = RowParser(["name", "email", "tags"], [], country="DE").parse_row(
        ["Ida", "ida@example.com", "Clients ::: * myContacts ::: * starred"]
    )

    assert row.tags == ["Clients"]
