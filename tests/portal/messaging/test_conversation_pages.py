"""Tests of the pages of conversations, notifications and preferences, and of the statements they take."""

import re

import pytest
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging.conversations.chat_message_pages import PAGE_SIZE
from portal.messaging.models import ChatMessage, Notification, NotificationPreference
from tenants.context import use_business
from tenants.nouns import registry
from tests import factories
from tests.captured_statements import capture_statements
from tests.portal.messaging.messaging_steps import ANA, create_listed_client, write_chat_message

HOME = "/console/acme/"


@pytest.fixture
def browser(acme, ana, sign_in_client):
    return sign_in_client(acme, ANA)


def read_page_text(browser, path, status=200):
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.content.decode()


# --- The client's side


def test_a_client_writes_and_reads_the_answer(acme, ana, browser):
    assert "Write a message" in read_page_text(browser, "/")
    answer = browser.post("/messages/", {"body": "Is Tuesday free?"})
    assert answer.headers["Location"] == "/messages/#write"
    with use_business(acme):
        write_chat_message(ana, "Yes, at ten.", by=factories.create_member(acme, "staff"))

    assert "Read and reply" in read_page_text(browser, "/")
    shown = read_page_text(browser, "/messages/")
    assert shown.index("Is Tuesday free?") < shown.index("Yes, at ten.")
    assert "Staff of Acme" in shown
    assert 'unread-badge">New' in shown
    assert 'unread-badge">New' not in read_page_text(browser, "/messages/")


def test_message_text_is_escaped_and_not_linked(acme, ana, browser):
    browser.post("/messages/", {"body": "<script>alert(1)</script> http://example.com"})

    shown = read_page_text(browser, "/messages/") + read_page_text(browser, "/")

    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert 'href="http://example.com' not in shown


def test_an_empty_message_is_rejected(browser):
    answer = browser.post("/messages/", {"body": " "})

    assert answer.status_code == 422
    assert "Enter a message." in answer.content.decode()


def test_a_rejected_message_stays_in_the_field(browser):
    assert "\nxxx" in browser.post("/messages/", {"body": "x" * 4001}).content.decode()


def test_a_colleague_s_address_is_not_shown_to_clients(acme, ana, browser):
    someone = factories.create_member(acme, "staff")
    someone.person.name = someone.person.email
    with use_business(acme):
        write_chat_message(ana, by=someone)

    shown = read_page_text(browser, "/messages/") + read_page_text(browser, "/")

    assert someone.person.email not in shown


def test_a_long_conversation_is_read_page_by_page(acme, ana, browser, now, settings):
    settings.CHAT_MESSAGES_PER_HOUR = settings.CHAT_MESSAGES_PER_DAY = 1000
    with use_business(acme):
        for number in range(PAGE_SIZE + 5):
            write_chat_message(ana, f"Line {number:03}", at=now)
    latest = read_page_text(browser, "/messages/")
    earlier = read_page_text(browser, "/messages/" + re.search(r"\?before=[\w-]+", latest)[0])

    seen = re.findall(r"Line (\d{3})", earlier) + re.findall(r"Line (\d{3})", latest)
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 5
    assert "Earlier messages" not in earlier
    assert 'id="write"' not in earlier


@pytest.mark.parametrize("key", ["nonsense", "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10", "%00"])
def test_an_unknown_cursor_shows_the_latest_page(browser, key):
    assert 'id="write"' in read_page_text(browser, f"/messages/?before={key}")


def test_a_cursor_of_another_client_shows_the_latest_page(acme, browser):
    with use_business(acme):
        line = write_chat_message(create_listed_client("Bo", "bo@example.com"))

    assert 'id="write"' in read_page_text(browser, f"/messages/?before={line.pk}")


def test_a_prefetched_page_marks_nothing_read(acme, ana, browser):
    with use_business(acme):
        write_chat_message(ana, by=factories.create_member(acme, "staff"))

    browser.get("/messages/", headers={"sec-purpose": "prefetch;prerender"})
    browser.head("/messages/")

    with use_business(acme):
        assert ChatMessage.objects.get().read_at is None


def test_the_pages_are_translated_into_german(acme, ana, browser):
    with use_business(acme):
        Client.objects.update(language="de")

    assert "Ihre Nachricht" in read_page_text(browser, "/messages/")


# --- The console


def test_staff_find_unanswered_messages_reply_and_are_notified(acme, ana, staff_client):
    staff = staff_client("staff")
    with use_business(acme):
        write_chat_message(ana, "Is Tuesday free?")

    assert "Notifications: 1 new" in read_page_text(staff, HOME)
    assert "Is Tuesday free?" in read_page_text(staff, f"{HOME}messages/")
    assert "New message" in read_page_text(staff, f"{HOME}notifications/")
    assert "Is Tuesday free?" in read_page_text(staff, f"{HOME}messages/{ana.pk}/")
    assert "Notifications: 1 new" not in read_page_text(staff, HOME)
    answer = staff.post(f"{HOME}messages/{ana.pk}/messages/", {"body": "Yes"})
    assert answer.headers["Location"] == f"{HOME}messages/{ana.pk}/#write"
    assert "Unread" in read_page_text(staff, f"{HOME}messages/{ana.pk}/")
    with use_business(acme):
        assert Entry.objects.filter(event_type="messaging.chat-message-sent", actor="staff").get().ip == "127.0.0.1"


def test_viewing_without_reply_permission_marks_nothing_read(acme, ana, staff_client):
    with use_business(acme):
        write_chat_message(ana)

    shown = read_page_text(staff_client("read-only"), f"{HOME}messages/{ana.pk}/")

    assert 'id="write"' not in shown
    with use_business(acme):
        assert ChatMessage.objects.get().read_at is None


def test_an_archived_client_s_conversation_is_read_only(acme, ana, staff_client):
    staff = staff_client("staff")
    with use_business(acme):
        write_chat_message(ana, "Bye")
        Client.objects.update(status="archived")

    shown = read_page_text(staff, f"{HOME}messages/{ana.pk}/")

    assert "Bye" in shown
    assert 'id="write"' not in shown
    assert staff.post(f"{HOME}messages/{ana.pk}/messages/", {"body": "x"}).status_code == 422


def test_a_demo_client_s_conversation_is_not_found(acme, staff_client):
    with use_business(acme):
        demo = create_listed_client("Robin Demo", is_demo=True)
        write_chat_message(demo, "Hello from the demo")

    staff = staff_client("owner")
    assert "Robin Demo" not in read_page_text(staff, f"{HOME}messages/")
    assert staff.get(f"{HOME}messages/{demo.pk}/").status_code == 404
    assert staff.post(f"{HOME}messages/{demo.pk}/messages/", {"body": "x"}).status_code == 404


def test_opening_a_notification_redirects_and_marks_it_read(acme, ana, staff_client):
    staff = staff_client("staff")
    with use_business(acme):
        write_chat_message(ana)
        notification = Notification.objects.exclude(person_id=None).last()
        mine = Notification.objects.get(person_id=staff.session["_auth_user_id"])
        others = Notification.objects.exclude(pk=mine.pk).first()

    assert staff.get(f"{HOME}notifications/{others.pk}/").status_code == 404
    assert staff.get(f"{HOME}notifications/{mine.pk}/").headers["Location"] == f"{HOME}messages/{ana.pk}/"
    with use_business(acme):
        assert Notification.objects.get(pk=mine.pk).read_at
        assert Notification.objects.get(pk=others.pk).read_at is None
    assert notification


def test_mark_all_read_applies_to_one_s_own_notifications(acme, ana, staff_client):
    staff = staff_client("staff")
    with use_business(acme):
        write_chat_message(ana)

    staff.post(f"{HOME}notifications/read-marker/")

    with use_business(acme):
        assert [
            notification.read_at is None
            for notification in Notification.objects.filter(person_id=staff.session["_auth_user_id"])
        ] == [False]
        assert Notification.objects.filter(read_at=None).exists()


def test_staff_save_their_notification_preferences(acme, staff_client):
    staff = staff_client("staff")
    chosen = dict.fromkeys(registry.get_notification_kinds(), "console") | {"new-message": "off"}
    assert staff.post(f"{HOME}settings/notifications/", chosen).status_code == 302

    with use_business(acme):
        assert NotificationPreference.objects.get(kind="new-message").method == "off"
    assert staff.post(f"{HOME}settings/notifications/", chosen | {"contact-form": "pigeon"}).status_code == 422


# --- What pages cost


def _create_conversations(business, number):
    with use_business(business):
        now = timezone.now()
        clients = Client.objects.bulk_create(Client(name=f"Client {n}", created_at=now) for n in range(number))
        ChatMessage.objects.bulk_create(
            ChatMessage(client=client, sender="client", body="Hello", written_at=now) for client in clients
        )
        return clients[0]


@pytest.mark.parametrize("number", [1, 60])
@pytest.mark.parametrize(
    "path",
    [
        "messages/",
        "messages/?search=hello&scope=mine",
        "messages/{pk}/",
        "notifications/",
        "settings/notifications/",
        "settings/message-templates/",
        "settings/message-templates/new-message/en/",
    ],
)
def test_the_statement_count_does_not_grow_with_the_rows(acme, staff_client, number, path):
    staff, client = staff_client("owner"), _create_conversations(acme, number)
    with use_business(acme):
        person = staff.session["_auth_user_id"]
        Notification.objects.bulk_create(
            Notification(person_id=person, kind="new-message", path="messages/", at=timezone.now())
            for _n in range(number)
        )
        ChatMessage.objects.bulk_create(
            ChatMessage(
                client=client,
                sender="staff",
                person_id=person,
                body="Hello",
                written_at=timezone.now(),
                is_latest=False,
            )
            for _n in range(number)
        )
    path = HOME + path.format(pk=client.pk)
    staff.get(path)

    with capture_statements() as captured:
        assert staff.get(path).status_code == 200

    assert len(captured.sent) <= 12, captured.sent


def test_the_notification_menu_takes_one_statement(acme, staff_client):
    staff = staff_client("owner")
    staff.get(HOME)

    with capture_statements() as captured:
        staff.get(HOME)

    assert len([statement for statement in captured.sent if "messaging_notification" in str(statement)]) == 1
