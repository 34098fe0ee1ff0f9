"""Tests that pages cover a list once, in both directions, and that no cursor of a stranger breaks them."""

import base64
import json
from datetime import timedelta

import pytest

from portal.clients.models import Note
from portal.ui.keyset_pagination import (
    Keyset,
    get_page,
    parse_cursor_flag,
    parse_cursor_instant,
    parse_cursor_key,
    parse_cursor_text,
)
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory

NEWEST_FIRST = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key})
BY_TEXT = Keyset(
    {"body": parse_cursor_text, "created_at": parse_cursor_instant, "pk": parse_cursor_key}, is_descending=False
)
KEY = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
INVALID = [
    "nonsense",
    "",
    [],
    {},
    None,
    [False],
    [False, "2026-01-01T10:00:00+00:00"],
    [False, "2026-01-01T10:00:00+00:00", KEY, "more"],
    [False, "2026-01-01T10:00:00", KEY],
    [False, "0001-01-01T00:00:00+23:00", KEY],
    [False, "yesterday", KEY],
    [False, 5, KEY],
    [False, None, None],
    ["backwards", "2026-01-01T10:00:00+00:00", KEY],
    [False, "2026-01-01T10:00:00+00:00", "x"],
]


def encode_cursor(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.fixture
def twenty_notes(acme, now):
    """Twenty notes, several at one instant and with one text."""
    with use_business(acme):
        client = ClientFactory(name="Ana Pereira", email="ana@example.com")
        texts = ["b", "a", "c", "a"]
        for number in range(20):
            at = now - timedelta(minutes=number // 3)
            Note.objects.create(client=client, body=texts[number % 4], created_at=at)
        yield Note.objects.all()


@pytest.mark.parametrize(
    ("keyset", "ordering"),
    [(NEWEST_FIRST, ["-created_at", "-pk"]), (BY_TEXT, ["body", "created_at", "pk"])],
    ids=["descending", "ascending"],
)
def test_pages_cover_the_list_once_forwards_and_backwards(twenty_notes, keyset, ordering):
    expected = list(twenty_notes.order_by(*ordering))
    pages = [get_page(twenty_notes, keyset, cursor="", size=6)]
    while pages[-1].next_cursor:
        pages.append(get_page(twenty_notes, keyset, cursor=pages[-1].next_cursor, size=6))

    assert [len(page.rows) for page in pages] == [6, 6, 6, 2]
    assert [note for page in pages for note in page.rows] == expected
    assert pages[0].previous_cursor == ""

    back = [pages[-1]]
    while back[-1].previous_cursor:
        back.append(get_page(twenty_notes, keyset, cursor=back[-1].previous_cursor, size=6))
    assert [note for page in reversed(back) for note in page.rows] == expected


def test_a_page_takes_one_statement(twenty_notes):
    with capture_statements() as captured:
        get_page(twenty_notes, NEWEST_FIRST, cursor=encode_cursor([False, "2026-01-01T10:00:00+00:00", KEY]), size=6)
    assert len(captured.queries) == 1


@pytest.mark.parametrize("value", INVALID, ids=repr)
def test_an_invalid_cursor_is_the_start_of_the_list(twenty_notes, value):
    first = get_page(twenty_notes, NEWEST_FIRST, cursor="", size=6).rows
    for cursor in (encode_cursor(value), str(value), "%00", "\x00", "ü"):
        assert get_page(twenty_notes, NEWEST_FIRST, cursor=cursor, size=6).rows == first, cursor


@pytest.mark.parametrize("text", ["\0", 5, None, []])
def test_a_cursor_text_with_nul_is_invalid(twenty_notes, text):
    first = get_page(twenty_notes, BY_TEXT, cursor="", size=6).rows
    cursor = encode_cursor([False, text, "2026-01-01T10:00:00+00:00", KEY])
    assert get_page(twenty_notes, BY_TEXT, cursor=cursor, size=6).rows == first


@pytest.mark.parametrize("value", ["true", 1, None])
def test_a_cursor_flag_is_a_boolean(value):
    with pytest.raises(ValueError, match="not a boolean"):
        parse_cursor_flag(value)
