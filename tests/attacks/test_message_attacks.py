"""U7, U8, U11, T1: nobody can put text into mails, flood staff or read another client's chat."""

import re
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.access import services as access
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.messaging.conversations import services as conversations
from portal.messaging.kinds import ConversationMailKind, NotificationMailKind
from portal.messaging.mail_safe_names import filter_unsafe_name
from portal.messaging.message_templates import services as message_templates
from portal.messaging.models import ChatMessage, Message, MessageTemplate, Notification
from portal.messaging.rendering import render_message
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, Delivery
from tenants.senders import Sender
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA
from tests.portal.messaging.messaging_steps import AFTER_MAIL_DELAY, build_staff_actor, deliver_due, write_chat_message
from workers.providers.base import OutgoingMessage
from workers.providers.smtp import _build_mail

pytestmark = pytest.mark.slow

INJECTIONS = [
    "Acme\r\nBcc: everybody@example.com",
    "Acme\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{portal}{messages}{count}",
    "{{ business.pk }}{% debug %}",
    "Acme\u2028Bcc: everybody@example.com",
]


@pytest.fixture
def mail_client_and_owner(acme, ana, outbox, settings):
    """Return a function that has one mail to Ana and one to the owner sent, and returns both."""

    def mail_client_and_owner():
        with use_business(acme):
            write_chat_message(ana)
        deliver_due(outbox)
        with use_business(acme):
            write_chat_message(ana, by=create_member(acme, "staff"))
        deliver_due(outbox)
        return [mail for mail in outbox.sent() if mail["to"] in (ANA, "owner@acme.test")]

    return mail_client_and_owner


def assert_no_injection(mail):
    """Tell whether a mail has nothing in it that acts, whatever it says."""
    assert not re.search(r"[\r\n\u2028\u2029]", mail["subject"]), mail["subject"]
    assert not re.search(r"<(script|img)|onerror=[^&]*alert\(1\)>", mail["html"]), mail["html"]
    return True


@pytest.mark.parametrize("name", INJECTIONS)
def test_a_business_s_name_is_inert_in_its_mails(acme, mail_client_and_owner, name):
    Business.objects.filter(pk=acme.pk).update(name=name)

    mails = mail_client_and_owner()

    assert len(mails) == 2
    assert all(assert_no_injection(mail) for mail in mails)


@pytest.mark.parametrize("own_text", INJECTIONS)
def test_message_templates_are_inert_in_mails(acme, mail_client_and_owner, own_text):
    with use_business(acme):
        MessageTemplate.objects.create(
            kind=ConversationMailKind.NEW_MESSAGE,
            language="en",
            subject=own_text,
            body=own_text,
            changed_at="2026-01-01T00:00Z",
        )

    [mail] = [mail for mail in mail_client_and_owner() if mail["to"] == ANA]

    assert assert_no_injection(mail)


@pytest.mark.parametrize("own_text", INJECTIONS)
def test_message_templates_add_no_mail_header(acme, ana, own_text):
    """A mail server receives the headers we set and no others."""
    template = MessageTemplate(kind=ConversationMailKind.NEW_MESSAGE, language="en", subject=own_text, body=own_text)
    fields = {"delivery_id": ana.pk, "portal_host": "acme.localhost", "deadline_at": None, "kind": "x", "to": ANA}
    wording = _render_template(acme, template)
    names = {"sender": Sender.NOTICES, "from_name": " ".join(own_text.split())}
    outgoing = OutgoingMessage(channel="email", **names, **fields, **wording)

    mail = message_from_bytes(_build_mail(outgoing).as_bytes(), policy=SMTP_POLICY)

    assert mail["Bcc"] is None
    assert mail["To"] == ANA
    assert {part.get_content_type() for part in mail.walk()} == {"multipart/alternative", "text/plain", "text/html"}


def _render_template(business, template):
    context = message_templates.get_sample_values(template.kind) | {
        "business": business,
        "portal_settings": PortalSettings(),
        "host": "acme.localhost",
        "portal_url": "http://acme.localhost:8000/",
        "sent_at": timezone.now(),
    }
    rendered = render_message(
        Message(kind=template.kind, channel="email", language="en"), context, language="en", template=template
    )
    return {"subject": rendered.subject, "text": rendered.text, "html": rendered.html}


@pytest.mark.parametrize("field", ["subject", "body"])
@pytest.mark.parametrize(
    "own_text", ["{{ business }}", "{% debug %}", "{code}", "{business.schema_name}", "{0.__class__}"]
)
def test_message_templates_allow_no_template_language(acme, staff_client, field, own_text):
    form = {"subject": "Hello", "body": "Hello"} | {field: own_text}

    answer = staff_client("owner").post("/console/acme/settings/message-templates/new-message/en/", form)

    assert answer.status_code == 422
    with use_business(acme):
        assert not MessageTemplate.objects.exists()


LINK_LIKE_NAMES = [
    "http://evil.example",
    "evil.example",
    "Ana www.evil.example",
    "Call 0800 1234",
    "A" * 41,
    "Ana\r\nBcc: x",
    "a@b.c",
]


@pytest.mark.parametrize("name", LINK_LIKE_NAMES)
def test_a_name_like_a_link_is_left_out_of_mails_to_staff(acme, outbox, name):
    with use_business(acme):
        write_chat_message(ClientFactory(name=name, email="lure@example.com"))

    [mail] = [mail for mail in deliver_due(outbox) if mail["to"] == "owner@acme.test"]

    assert mail["subject"] == "New message · Acme Physiotherapy"
    for part in (mail["text"], mail["html"]):
        assert "evil" not in part
        assert "0800" not in part


@pytest.mark.parametrize(
    "name", ["Ana Pereira", "Jean-Luc O’Neill", "Dr. Åsa Öberg", "李小龙", "Anna-Maria von der Heide"]
)
def test_a_plain_name_appears_in_the_email(name):
    assert filter_unsafe_name(name) == name


def test_a_flood_of_chat_messages_is_limited_and_notifies_staff_once(acme, signed_in_ana, settings):
    settings.CHAT_MESSAGES_PER_HOUR = 5

    answers = [signed_in_ana.browser.post("/messages/", {"body": f"Spam {n}"}).status_code for n in range(200)]

    assert answers == [302] * 5 + [429] * 195
    with use_business(acme):
        assert ChatMessage.objects.count() == 5
        assert Notification.objects.count() == 1
        assert Message.objects.filter(kind=NotificationMailKind.STAFF_NOTIFICATION).count() == 1


def test_a_flood_of_chat_messages_delays_no_code(acme, signed_in_ana, open_visitor, settings):
    """Messages wait in their own queue, and a code takes as many statements as before."""
    settings.CHAT_MESSAGES_PER_HOUR = 5
    with use_business(acme):
        for name in ("Bo", "Cy", "Di"):
            ClientFactory(name=name, email=f"{name}@example.com")

    def count_code_statements(identifier: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert open_visitor(acme).request_code(identifier).status_code == 302
        return len(asked)

    count_code_statements("bo@example.com")  # What is looked up once is known now.
    before = count_code_statements("cy@example.com")
    for number in range(50):
        signed_in_ana.browser.post("/messages/", {"body": f"Spam {number}"})

    assert count_code_statements("di@example.com") == before
    queues = set(Delivery.objects.filter(completed_at=None).values_list("queue", flat=True))
    assert queues == {"codes", "notices"}
    with use_business(acme):
        notices = list(
            Message.objects.filter(kind=NotificationMailKind.STAFF_NOTIFICATION).values_list("pk", flat=True)
        )
    assert set(Delivery.objects.filter(message_id__in=notices).values_list("queue", flat=True)) == {"notices"}


def test_a_client_sees_only_their_own_conversation(acme, same_name_clients, attacker, open_visitor):
    with use_business(acme):
        line = write_chat_message(same_name_clients[0], "For Ana alone")
        mine = write_chat_message(Client.objects.get(name="Mallory"), "For Mallory")

    for query in ("", f"?before={line.pk}", f"?before={mine.pk}", f"?client={same_name_clients[0].pk}"):
        assert "For Ana alone" not in attacker.browser.get(f"/messages/{query}").content.decode()


def test_a_chat_message_belongs_to_the_signed_in_client_only(acme, ana, attacker):
    attacker.browser.post(
        "/messages/", {"body": "Hello", "client": str(ana.pk), "side": "staff", "person_id": str(ana.pk)}
    )

    with use_business(acme):
        line = ChatMessage.objects.select_related("client").get()
    assert (line.client.name, line.sender, line.person_id) == ("Mallory", "client", None)


def test_a_session_of_one_business_reads_and_writes_nothing_at_another(acme, globex, same_name_clients, open_visitor):
    visitor = open_visitor(acme)
    visitor.request_code()
    visitor.submit_code(visitor.code())
    with use_business(globex):
        write_chat_message(same_name_clients[1], "For Ana of Globex")
    stranger = Browser(headers={"host": hostnames.get_portal_host(globex)})
    stranger.cookies.update(visitor.browser.cookies)

    assert stranger.get("/messages/").headers["Location"] == "/sign-in/"
    assert stranger.post("/messages/", {"body": "Hello"}).headers["Location"] == "/sign-in/"
    with use_business(globex):
        assert ChatMessage.objects.count() == 1


def test_a_conversation_of_another_business_is_not_found(acme, globex, same_name_clients, staff_client):
    with use_business(globex):
        write_chat_message(same_name_clients[1], "For Globex alone")
    staff = staff_client("owner")

    assert staff.get(f"/console/globex/messages/{same_name_clients[1].pk}/").status_code == 404
    assert "For Globex alone" not in staff.get(f"/console/acme/messages/{same_name_clients[1].pk}/").content.decode()


def test_the_session_of_an_archived_client_sends_no_chat_message(acme, ana, signed_in_ana):
    with use_business(acme):
        access.archive_client(client=ana, now=timezone.now())

    assert signed_in_ana.browser.post("/messages/", {"body": "Still here"}).headers["Location"] == "/sign-in/"
    with use_business(acme):
        assert not ChatMessage.objects.exists()


def test_a_suspended_business_sends_no_mail_about_messages(acme, ana, outbox):
    with use_business(acme):
        write_chat_message(ana, by=create_member(acme, "staff"))
    Business.objects.filter(pk=acme.pk).update(status="suspended")

    assert deliver_due(outbox, AFTER_MAIL_DELAY) == []


def test_a_message_from_another_site_is_refused(acme, signed_in_ana):
    strict = Browser(headers={"host": hostnames.get_portal_host(acme)}, enforce_csrf_checks=True)
    strict.cookies.update(signed_in_ana.browser.cookies)

    assert strict.post("/messages/", {"body": "Hello"}).status_code == 403


def test_staff_names_and_messages_are_escaped_on_both_sides(acme, ana, signed_in_ana, staff_client):
    evil = "<script>alert(1)</script>"
    by = create_member(acme, "staff")
    by.person.name = evil
    with use_business(acme):
        conversations.send_chat_message(client=ana, body=evil, staff=build_staff_actor(by), now=timezone.now())
        write_chat_message(ana, evil)
    pages = [
        signed_in_ana.browser.get("/messages/"),
        signed_in_ana.browser.get("/"),
        staff_client("owner").get("/console/acme/messages/"),
        staff_client("owner").get(f"/console/acme/messages/{ana.pk}/"),
    ]

    for page in pages:
        assert evil not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()
