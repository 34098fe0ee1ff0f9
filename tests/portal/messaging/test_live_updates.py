"""Tests of the live updates of an open conversation: what they show, to whom, and what they cost."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.messaging.models import ChatMessage
from tenants.context import use_business
from tests import factories
from tests.portal.messaging.messaging_steps import ANA, write_chat_message


def send_message_at(acme, client, body, *, staff=False):
    with use_business(acme):
        return write_chat_message(client, body, by=factories.create_member(acme, "staff") if staff else None)


def etag_of(html):
    return re.search(r'data-etag="([^"]*)"', html)[1]


def count_unread(acme, side):
    with use_business(acme):
        return ChatMessage.objects.filter(sender=side, read_at=None).count()


def test_polling_returns_a_reply_to_the_client_once(acme, ana, sign_in_client):
    browser = sign_in_client(acme, ANA)
    seen = etag_of(browser.get("/messages/").content.decode())
    assert browser.get("/messages/live/", {"seen": seen}).status_code == 204
    send_message_at(acme, ana, "Yes, at ten.", staff=True)

    answer = browser.get("/messages/live/", {"seen": seen})
    part = answer.content.decode()
    assert "Yes, at ten." in part
    assert "<html" not in part, "only the lines: what is being typed stays"
    assert browser.get("/messages/live/", {"seen": etag_of(part)}).status_code == 204
    assert count_unread(acme, "staff") == 0, "what an open page shows is read"


def test_polling_returns_the_client_s_messages_and_read_receipts_to_staff(acme, ana, staff_client, sign_in_client):
    desk, place = staff_client("staff"), f"/console/acme/messages/{ana.pk}/"
    send_message_at(acme, ana, "Hello?", staff=True)
    seen = etag_of(desk.get(place).content.decode())
    assert desk.get(f"{place}live/", {"seen": seen}).status_code == 204
    sign_in_client(acme, ANA).get("/messages/")

    part = desk.get(f"{place}live/", {"seen": seen}).content.decode()
    assert "Unread" not in part
    send_message_at(acme, ana, "Here I am.")
    assert "Here I am." in desk.get(f"{place}live/", {"seen": etag_of(part)}).content.decode()
    assert count_unread(acme, "client") == 0


def test_polling_returns_a_message_whose_sender_s_clock_is_behind(acme, ana, sign_in_client, now):
    browser = sign_in_client(acme, ANA)
    send_message_at(acme, ana, "First", staff=True)
    seen = etag_of(browser.get("/messages/").content.decode())
    with use_business(acme):
        write_chat_message(ana, "Second", by=factories.create_member(acme, "staff"), at=now - timedelta(seconds=5))

    assert "Second" in browser.get("/messages/live/", {"seen": seen}).content.decode()


def test_polling_by_a_read_only_member_marks_nothing_read(acme, ana, staff_client):
    send_message_at(acme, ana, "Hello?")
    assert staff_client("read-only").get(f"/console/acme/messages/{ana.pk}/live/").status_code == 200
    assert count_unread(acme, "client") == 1


def test_visitors_without_a_session_are_redirected_to_sign_in(acme, ana, portal_client):
    assert portal_client(acme).get("/messages/live/").status_code == 302


def test_polling_without_news_takes_five_statements(acme, ana, staff_client):
    send_message_at(acme, ana, "Hello?")
    desk, place = staff_client("staff"), f"/console/acme/messages/{ana.pk}/"
    seen = etag_of(desk.get(place).content.decode())

    with CaptureQueriesContext(connection) as asked:
        assert desk.get(f"{place}live/", {"seen": seen}).status_code == 204
    assert len(asked) <= 5, [query["sql"] for query in asked]
