"""Rows copied to the staging table arrive unchanged, whatever characters they contain."""

from dataclasses import asdict

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.clients.uploads.bulk_copy import format_array, format_copy_line, format_parsed_copy_line
from portal.clients.uploads.row_parsing import ParsedRow

TEXTS = st.text(st.one_of(st.characters(codec="utf-8", exclude_characters="\0"), st.sampled_from('\t\n\r\\"{},')))
LISTS = st.lists(TEXTS, max_size=3)
PARSED_ROWS = st.builds(ParsedRow, TEXTS, LISTS, LISTS, TEXTS, LISTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2))


@given(PARSED_ROWS, TEXTS)
def test_a_parsed_row_is_formatted_as_any_row(row, search):
    values = {"upload_id": "9f", "number": 7, "client_id": "01", "search": search, "outcome": "new"}
    values |= {"reason": "", "reason_detail": "", "would_fill": "f", "would_overwrite": "f"}

    line = format_parsed_copy_line(row, search, upload="9f", number=7, key="01")

    assert line == format_copy_line(**asdict(row), **values)


@pytest.mark.django_db
@pytest.mark.parametrize("values", [[], [""], ["NULL"], ["back\\slash"], ['"quoted"', "{,}"], ["a\tb\nc", " d "]])
def test_postgresql_reads_a_formatted_array_back(values):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [format_array(values)])
        assert cursor.fetchone() == (values,)


@pytest.mark.django_db
def test_postgresql_reads_any_formatted_array_back():
    @given(LISTS)
    def assert_round_trip(values):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text[]", [format_array(values)])
            assert cursor.fetchone() == (values,)

    assert_round_trip()
