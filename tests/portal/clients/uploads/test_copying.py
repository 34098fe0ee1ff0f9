"""Does what is copied arrive as it was, whatever signs are in it?"""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.clients.uploads.bulk_copy import format_array, format_parsed_row, format_row
from portal.clients.uploads.row_parsing import ParsedRow

TEXTS = st.text(st.one_of(st.characters(codec="utf-8", exclude_characters="\0"), st.sampled_from('\t\n\r\\"{},')))
LISTS = st.lists(TEXTS, max_size=3)
READINGS = st.builds(ParsedRow, TEXTS, LISTS, LISTS, TEXTS, LISTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2))


@given(READINGS, TEXTS)
def test_the_quick_way_to_write_a_row_writes_what_the_long_one_does(row, search):
    said = row.name, row.emails, row.phones, row.language, row.tags, row.note, row.custom, search
    known = {"upload": "9f", "number": 7, "key": "01"}

    assert format_parsed_row(row, search, **known) == format_row("9f", 7, *said, "new", "", "", "01", "f", "f")


@pytest.mark.django_db
@pytest.mark.parametrize("values", [[], [""], ["NULL"], ["back\\slash"], ['"quoted"', "{,}"], ["a\tb\nc", " d "]])
def test_postgresql_reads_an_array_back_whatever_is_in_it(values):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [format_array(values)])
        assert cursor.fetchone() == (values,)


@pytest.mark.django_db
def test_postgresql_reads_any_array_back():
    @given(LISTS)
    def comes_back(values):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text[]", [format_array(values)])
            assert cursor.fetchone() == (values,)

    comes_back()
