"""Files are parsed as their authors meant them, whatever program and country they come from."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.clients import identifiers
from portal.clients.custom_values import InvalidCustomValue, parse_custom_value
from portal.clients.identifiers import InvalidIdentifier
from portal.clients.models import CustomField
from portal.clients.uploads import column_mapping, phone_numbers, services
from portal.clients.uploads.encodings import guess_encoding, guess_separator
from portal.clients.uploads.row_parsing import InvalidRow, RowParser
from portal.clients.uploads.upload_files import UnsupportedFile, sanitise_filename
from portal.ui.formula_escaping import unescape_formula

GERMAN = "Name;E-Mail;Telefon\nJürgen Größer;juergen@example.de;0171 1234567\nZoë Müller;zoe@example.de;0171 1234568\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac-roman"])
def test_any_common_encoding_is_recognised(in_acme, upload_checked_list, listed_clients, import_rows, encoding):
    import_rows(GERMAN, encoding=encoding)

    assert list(listed_clients()) == ["Jürgen Größer", "Zoë Müller"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_although_cells_contain_others(separator):
    head = separator.join(["Name", "Mail", "Note"]) + "\n"
    head += "".join(separator.join([f"N{n}", f"n{n}@x.de", '"a;b,c|d"']) + "\n" for n in range(5))

    assert guess_separator(head) == separator


def test_the_separator_line_for_excel_is_skipped(in_acme, upload_list):
    upload = upload_list("sep=;\nName;Email\nAna;ana@example.com\n")

    assert upload.separator == ";"
    assert [cells for _number, cells in services.preview_rows(upload)] == [
        ["Name", "Email"],
        ["Ana", "ana@example.com"],
    ]


def test_a_wrong_guess_can_be_corrected(in_acme, upload_list):
    upload = upload_list("Name;Mail\nMüller;m@x.de\n", encoding="mac-roman")

    services.set_file_format(upload=upload, encoding="mac-roman", separator=";", has_headings=True)

    assert services.preview_rows(upload)[1][1] == ["Müller", "m@x.de"]


def test_utf_8_is_recognised_even_if_the_first_umlaut_comes_late():
    text = "a@example.com\n" * 20_000 + "Müller\n"

    assert guess_encoding(io.BytesIO(text.encode())) == "utf-8"


def test_quoted_newlines_empty_lines_ragged_rows_and_a_byte_order_mark_are_read(
    in_acme, upload_checked_list, row_outcomes
):
    upload = upload_checked_list(
        "\ufeffName,Email,Note\r\n"
        '"Ana\nPereira",ana@example.com,"one\ntwo"\r\n'
        "\r\n"
        ",,\r\n"
        "Bo,bo@example.com\r\n"
        "Cy, Jr.,cy@example.com,\r\n"
        "Di,di@example.com,hi,there\r\n"
    )

    assert row_outcomes(upload) == [
        (2, "new", ""),
        (5, "new", ""),
        (6, "error", "bad-email"),
        (7, "error", "too-many-cells"),
    ]
    assert upload.rows.get(number=2).name == "Ana Pereira"
    assert upload.rows.get(number=2).note == "one\ntwo"


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        ("Name,E-Mail,Telefon", "name email phone"),
        ("Vorname;Nachname;E-Mail-Adresse;Handy-Nr.;Sprache", "first-name last-name email phone language"),
        ("Vorname;Name;Mail", "first-name last-name email"),
        ("First Name,Last Name,Email 1,Email 2,Mobile,Notes", "first-name last-name email email phone note"),
        ("Company,First Name,Last Name,Email", " first-name last-name email"),
        ("Kundennummer;Kunde;Rufnummer;Schlagwörter;Bemerkung", " name phone tags note"),
        ("Name;Mobil;Telefon (privat);Schlagwoerter", "name phone phone tags"),
    ],
)
def test_columns_are_guessed_from_english_and_german_headings(headings, targets):
    separator = guess_separator(f"{headings}\n")

    assert column_mapping.guess_targets(headings.split(separator), [], [], country="DE") == targets.split(" ")


def test_columns_without_headings_are_guessed_from_their_content(in_acme, upload_list):
    upload = upload_list("Ana,ana@example.com,+49 171 1234567\nBo,bo@example.com,0171 1234568\n")

    assert not upload.has_headings
    assert upload.columns == ["", "email", "phone"]


def test_a_custom_field_is_guessed_from_its_name(in_acme, upload_list):
    field = CustomField.objects.create(name="Insurance No.", kind="text")

    assert upload_list("Name,Email,Insurance No.\nAna,ana@example.com,7\n").columns[2] == f"custom:{field.pk}"


@pytest.mark.parametrize("cell", ["=1+1", "+49 171", "-5", "@name", "\tx", "\rx", "'quoted'", "'=x", "plain", ""])
def test_an_escaped_formula_is_unescaped(cell):
    from portal.ui.formula_escaping import escape_formula

    assert unescape_formula(escape_formula(cell)) == cell


def test_workbook_cells_are_read_as_excel_shows_them(in_acme, import_rows, listed_clients):
    number, when, ok = (
        CustomField.objects.create(name=name, kind=kind)
        for name, kind in [("Number", "number"), ("Since", "date"), ("Member", "yes-no")]
    )
    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "Email", "Phone", "Number", "Since", "Member", "Note"])
    sheet.append(["Ana", "ana@example.com", 491711234567, 3.0, date(2026, 5, 31), True, 1099])
    sheet["C2"].number_format = "+0"
    sheet["G2"].number_format = "00000"
    file = io.BytesIO()
    book.save(file)

    upload = import_rows(file.getvalue().replace(b"", b""), name="clients.xlsx")

    row = upload.rows.get()
    assert (row.outcome, row.reason, row.reason_detail) == ("new", "", "")
    assert row.custom == {str(number.pk): 3, str(when.pk): "2026-05-31", str(ok.pk): True}
    assert row.note == "01099"


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1.234,5", 1234.5),
        ("number", "1,234.5", 1234.5),
        ("number", "12,5", 12.5),
        ("number", "007", 7),
        ("date", "31.5.2026", "2026-05-31"),
        ("date", "2026-05-31 00:00", "2026-05-31"),
        ("yes-no", "Ja", True),
        ("yes-no", "no", False),
        ("choice", "GOLD", "Gold"),
    ],
)
def test_a_custom_value_is_parsed(kind, cell, value):
    assert parse_custom_value(CustomField(kind=kind, choices=["Gold", "Silver"]), cell, country="DE") == value


@pytest.mark.parametrize(
    ("country", "cell", "value"),
    [
        ("GB", "14/03/1985", "1985-03-14"),
        ("GB", "3/4/1985", "1985-04-03"),
        ("GB", "14-03-1985", "1985-03-14"),
        ("US", "3/14/1985", "1985-03-14"),
        ("US", "03/04/1985", "1985-03-04"),
        ("JP", "1985/03/14", "1985-03-14"),
    ],
)
def test_a_date_with_slashes_is_read_as_people_of_the_country_write_it(country, cell, value):
    assert parse_custom_value(CustomField(kind="date"), cell, country=country) == value


@pytest.mark.parametrize(("country", "cell"), [("US", "14/03/1985"), ("GB", "03/14/1985"), ("DE", "3/14/1985")])
def test_a_date_in_another_country_s_order_is_refused_rather_than_guessed(country, cell):
    with pytest.raises(InvalidCustomValue):
        parse_custom_value(CustomField(kind="date"), cell, country=country)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("number", "many"), ("date", "31/5/26"), ("date", "31.2.2026"), ("yes-no", "maybe"), ("choice", "x")],
)
def test_an_invalid_custom_value_is_refused(kind, cell):
    with pytest.raises(InvalidCustomValue):
        parse_custom_value(CustomField(kind=kind, choices=["Gold"]), cell, country="DE")


def test_several_addresses_in_one_cell_and_over_several_columns_are_all_parsed():
    parser = RowParser(["name", "email", "email", "phone"], [], country="DE")

    row = parser.parse_row(["Ana", "Ana <A@Example.com>; b@example.com", "a@example.com", "0171 1234567 / 030 1234567"])

    assert row.emails == ["a@example.com", "b@example.com"]
    assert row.phones == ["+491711234567", "+49301234567"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["Ana", "ana@", ""], "bad-email"),
        (["Ana", "", "12"], "bad-phone"),
        (["Ana", "", ""], "no-address"),
        (["x" * 161, "ana@example.com", ""], "name-too-long"),
        (["An\0a", "ana@example.com", ""], "unreadable"),
        (["Ana \ufffd", "ana@example.com", ""], "unreadable"),
    ],
)
def test_an_invalid_row_has_a_reason(cells, reason):
    with pytest.raises(InvalidRow) as error:
        RowParser(["name", "email", "phone"], [], country="DE").parse_row(cells)
    assert error.value.reason == reason


# Digits in a plan's usual places, so that many of the numbers exist, and anything else.
NUMBERS = st.from_regex(
    r"\A(?:(?:\+|00)(?:49|44|1|39|33|43|41|61|7)[ -]?|0|)(?:1[567]|7[0-9]|20|30|4[0-9]|6)[0-9 ]{5,10}\Z"
) | st.from_regex(r"\A(?:\+|00|0|)[0-9 ()./-]{4,16}\Z")


@given(text=NUMBERS, country=st.sampled_from(["DE", "US", "IT", "GB", "FR", "AR", "CH", "AU", "RU", "MX", "CI", "JP"]))
def test_fast_phone_parsing_never_differs_from_exact_parsing(text, country):
    def try_parse(way):
        try:
            return way(text, country=country)
        except InvalidIdentifier:
            return None

    assert try_parse(phone_numbers.to_e164) == try_parse(
        lambda text, country: identifiers.parse_phone(text, country=country).value
    )


@given(text=st.emails() | st.from_regex(r"\A[a-z0-9_.+-]{1,9}@[a-z0-9.-]{1,9}\.[a-z]{2,4}\Z"))
def test_fast_email_parsing_never_differs_from_exact_parsing(text):
    parser = RowParser(["email"], [], country="DE")
    try:
        expected = identifiers.parse_email(text).value
    except InvalidIdentifier:
        expected = None

    try:
        found = parser._parse_email(text)
    except InvalidRow:
        found = None
    assert found == expected


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\lists\\Kunden.csv", "Kunden.csv"),
        ("a\r\nSet-Cookie: x\0.csv", "a Set-Cookie: x.csv"),
        ("list\u202ecsv.exe", "listcsv.exe"),
        ("..", "list"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_file_name_is_sanitised(name, shown):
    assert sanitise_filename(name) == shown


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file_is_refused(in_acme, upload_list, data):
    with pytest.raises(UnsupportedFile, match="empty"):
        upload_list(data)
