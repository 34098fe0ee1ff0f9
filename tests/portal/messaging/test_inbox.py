"""Tests of the inbox's pagination and of invalid query parameters."""

import html
import re
from datetime import timedelta

import pytest

from portal.messaging.models import ChatMessage
from tenants.context import use_business
from tests.portal.messaging.messaging_steps import create_listed_client, write_chat_message

HOME = "/console/acme/"


def get_console_page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_pages_of_the_inbox_list_each_conversation_once(acme, staff_client, now):
    with use_business(acme):
        for number in range(60):
            client = create_listed_client(f"Client {number:03}", f"c{number}@example.com")
            # Many at one instant; half of them wait, the others were read.
            write_chat_message(client, at=now - timedelta(minutes=number // 7))
            if number % 2:
                ChatMessage.objects.filter(client=client).update(read_at=now)
    browser, query, seen = staff_client("staff"), "", []
    while True:
        shown = get_console_page(browser, f"{HOME}messages/{query}")
        names = re.findall(r"Client (\d{3})", shown)
        seen += dict.fromkeys(names)
        if not (more := re.search(r'rel="next"\s+href="([^"]+)"', shown)):
            break
        query = html.unescape(more[1])

    assert len(seen) == len(set(seen)) == 60
    assert [int(name) % 2 for name in seen] == [0] * 30 + [1] * 30, "those that wait come first"
    assert re.search(r'rel="prev"\s+href="([^"]+)"', shown)


@pytest.mark.parametrize(
    "query",
    [
        "cursor=nonsense",
        "cursor=unread~2026-01-01T10:00:00~6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10",
        "cursor=unread~0001-01-01T00:00:00%2B23:00~6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10",
        "cursor=late~2026-01-01T10:00:00%2B00:00~6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10",
        "cursor=%00",
        "search=%00",
        "scope=theirs",
    ],
)
def test_inbox_ignores_invalid_query_parameters(staff_client, query):
    assert staff_client("staff").get(f"{HOME}messages/?{query}").status_code == 200
